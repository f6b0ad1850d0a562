"""Housekeeping of stored files."""

from coordinator.platform.files import removal


def sweep_evidence() -> str:
    """Remove files that no row names and are a day old; tell of rows whose file is missing."""
    removed, missing = removal.delete_orphans()
    told = f"{removed} berkas yatim dihapus"
    return f"{told}; {missing} BERKAS HILANG, ambil dari cadangan" if missing else told
