"""What was typed into a form whose session is over comes back after signing in. Nothing is kept
here meanwhile: the text travels through the sign-in page, sealed."""
