"""Modules that tests run in a child process."""
