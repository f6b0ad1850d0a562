"""How a task force and its agencies report: links in mails, the head's approval."""
