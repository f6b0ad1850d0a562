"""Refuse text with an identity number: the one check for all services."""

from coordinator import screening
from coordinator.errors import InvalidInput
from coordinator.translation import gettext as _


def refuse_identity(**texts: str | None) -> None:
    """Refuse texts with a NIK or Kartu Keluarga number (UU 21/2007 arts. 24, 44).

    Every service that keeps what a person typed passes it through here or says it better itself;
    a form that forgets a validator is then no hole. Raises InvalidInput with each field's name.
    """
    found = {
        name: identity_refused() for name, text in texts.items() if screening.blocks(text or "")
    }
    if found:
        raise InvalidInput(found)


def identity_refused() -> str:
    """Return the sentence about a text with an identity number."""
    return _("Ada angka seperti NIK atau nomor KK di sini. Hapus angka itu; jumlah orang cukup.")
