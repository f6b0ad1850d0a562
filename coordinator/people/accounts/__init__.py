"""People who sign in, their dated access, their sessions and one-time links."""
