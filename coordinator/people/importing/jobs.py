"""Housekeeping of lists that were uploaded and never applied."""

from coordinator.people.importing import service


def forget_old_imports() -> str:
    """Delete uploaded lists of people that are a day old."""
    return f"{service.forget_old_imports()} daftar dihapus"
