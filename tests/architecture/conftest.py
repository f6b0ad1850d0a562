"""The people of every kind of access, for the tests that go through all addresses."""

from tests.architecture.people import world

__all__ = ["world"]
