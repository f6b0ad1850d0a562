"""Reports, their frozen submissions, and verification."""
