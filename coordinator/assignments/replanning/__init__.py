"""What a new version of a plan does to the assignments that run under it."""
