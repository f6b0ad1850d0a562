"""The row that bytes have."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime
from coordinator.platform.files.rules import IMAGE_TYPES


class StoredFile(Model):
    """Bytes under their SHA-256, after cleaning. The row goes when no use holds them."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(sa.String(100))
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def is_picture(self) -> bool:
        """A browser can show the file itself; of any other file, only its words and pages."""
        return self.media_type in IMAGE_TYPES
