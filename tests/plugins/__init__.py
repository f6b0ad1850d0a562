"""What `tests/conftest.py` loads besides its own fixtures: hooks and fixtures of pytest."""
