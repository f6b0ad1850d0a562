"""The action plan: its rows, reading one from a file, and its versions."""
