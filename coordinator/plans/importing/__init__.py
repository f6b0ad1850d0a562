"""A plan's file: read by the scheduler in a child process, matched, shown, applied as a whole."""
