"""Tests of what is stuck."""
