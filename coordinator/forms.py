"""The one base of all forms: CSRF, Indonesian messages, screening of free text."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, ValidationError
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from coordinator import screening
from coordinator.errors import InvalidInput


class Translations:
    """WTForms has no Indonesian catalogue: the few messages of its own that can be seen."""

    MESSAGES = {
        "Not a valid choice.": "Pilih salah satu dari daftar.",
        "Not a valid choice": "Pilih salah satu dari daftar.",
        "This field is required.": "Bagian ini harus diisi.",
        "Not a valid date value.": "Tanggal belum ada. Tulis seperti 12/11/2026",
        "Not a valid integer value.": "Tulis dengan angka, misalnya 3",
        "Not a valid decimal value.": "Tulis dengan angka, misalnya 3",
    }

    def gettext(self, string: str) -> str:
        """Return the Indonesian for one of WTForms' own messages."""
        return self.MESSAGES.get(string, string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the Indonesian (one form for every number)."""
        if "longer than" in singular:
            return _("Paling panjang %(max)s karakter.", max="%(max)d")
        return self.MESSAGES.get(singular if n == 1 else plural, plural)


class Form(FlaskForm):  # type: ignore[misc]
    """Base of every form."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Own translations instead of WTForms' catalogue."""

        def get_translations(self, _form: Any) -> Translations:
            """Return our table."""
            return Translations()


def no_identity(_form: Any, field: Field) -> None:
    """Refuse text with a NIK or Kartu Keluarga number (UU 21/2007 arts. 24, 44).

    The match is neither stored nor logged; what was typed stays in the field for the person
    who typed it.
    """
    if field.data and screening.blocks(str(field.data)):
        raise ValidationError(
            _("Ada angka seperti NIK atau nomor KK di sini. Hapus angka itu; jumlah orang cukup.")
        )


def select_choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return (value, label) pairs as the choices of a select or radio field."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]


def refuse(form: Form, error: InvalidInput) -> None:
    """Put a service's objections beside the fields they are about."""
    for name, message in error.fields.items():
        field = getattr(form, name, None)
        if field is not None:
            field.errors = [*field.errors, message]
        else:
            form.form_errors = [*form.form_errors, message]


# The browser's own date field sends the first; people type the others, day first.
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
