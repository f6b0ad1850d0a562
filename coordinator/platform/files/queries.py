"""Reading the rows of stored bytes. Who may know of a file is decided by what uses it."""

import sqlalchemy as sa

from coordinator.db import Base, db
from coordinator.platform.files.models import StoredFile


def stored_file(sha256: str) -> StoredFile | None:
    """Return the row of bytes with this hash."""
    return db.session.scalar(sa.select(StoredFile).where(StoredFile.sha256 == sha256))


def all_hashes() -> list[str]:
    """Return the hashes of all files there must be."""
    return list(db.session.scalars(sa.select(StoredFile.sha256)))


def is_held(file: StoredFile) -> bool:
    """Tell whether any row of any table still points at a stored file.

    Every table is asked, by its foreign keys: what uses files is kept by rooms above.
    """
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is StoredFile.__table__ and db.session.scalar(
                sa.select(sa.literal(1)).where(key.parent == file.id).limit(1)
            ):
                return True
    return False
