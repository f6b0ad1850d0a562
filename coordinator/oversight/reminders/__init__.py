"""Who is reminded of what, today."""
