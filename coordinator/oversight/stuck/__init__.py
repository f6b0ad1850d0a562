"""What is stuck in a task force, with whom, since when, and who can be asked."""
