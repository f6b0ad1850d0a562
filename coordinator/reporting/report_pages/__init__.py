"""The pages of one agency: its tasks, and one report."""
