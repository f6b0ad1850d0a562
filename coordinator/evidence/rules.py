"""What files are taken. Pure."""

from enum import StrEnum, auto

LARGEST_FILE = 10_000_000  # bytes
IMAGE_TYPES = frozenset({"image/jpeg", "image/png"})
DOCUMENT_TYPES = frozenset(
    {
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
ACCEPT = ".jpg,.jpeg,.png,.pdf,.docx,.xlsx"


class CheckState(StrEnum):
    """Whether a person has looked for victims' identity. Nothing passes as clean by itself."""

    WAITING = auto()
    CLEAN = auto()
    REFUSED = auto()


def clean_name(name: str, media_type: str) -> str:
    """Return a file name fit to be shown and downloaded: no path, no controls, right ending.

    Right-to-left overrides and other invisible characters are dropped: they make "gpj.exe" look
    like "exe.jpg".
    """
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in base if c.isprintable() and c not in '<>:"|?*')
    stem = base.rsplit(".", 1)[0].strip(" .") or "berkas"
    return stem[:120] + EXTENSIONS[media_type]
