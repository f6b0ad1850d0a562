"""What waits for a decision of the leadership, and what was decided."""
