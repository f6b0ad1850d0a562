"""What was sent: frozen as a revision, or withdrawn."""
