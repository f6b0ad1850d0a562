"""Check the consistency of a mapping. Only the child process of `roles.lint` imports this."""
