"""The one base of all forms: CSRF, Indonesian messages, screening of free text."""

from collections.abc import Iterable
from typing import Any

import email_validator
import flask
import wtforms
from flask_wtf import FlaskForm
from wtforms import Field, ValidationError
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import StopValidation

from coordinator import formatting, numbers, screening, telephones
from coordinator.errors import FieldQuestion, InvalidInput
from coordinator.free_text import identity_refused
from coordinator.translation import gettext as _
from coordinator.translation import marked
from coordinator.typed import FIRST_YEAR, LARGEST, LAST_YEAR, day_of, is_sensible, whole

SHOWN_DAY = "%d/%m/%Y"
# A demo's people live at addresses that end in .test, which the library takes for none otherwise.
email_validator.TEST_ENVIRONMENT = True


class Translations:
    """WTForms has no Indonesian catalogue: the few messages of its own that can be seen."""

    MESSAGES = {
        "Not a valid choice.": marked("Pilih salah satu dari daftar."),
        "Not a valid choice": marked("Pilih salah satu dari daftar."),
        "This field is required.": marked("Bagian ini harus diisi."),
        "Not a valid date value.": marked("Tanggal tidak dikenali. Tulis seperti 12/11/2026"),
        "Not a valid integer value.": marked("Tulis dengan angka, misalnya 3"),
        "Not a valid decimal value.": marked("Tulis dengan angka, misalnya 3"),
    }

    def gettext(self, string: str) -> str:
        """Return the Indonesian for one of WTForms' own messages."""
        return _(self.MESSAGES[string]) if string in self.MESSAGES else string

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the Indonesian (one form for every number)."""
        if "longer than" in singular:
            return _("Paling panjang %(max)s karakter.", max="%(max)d")
        return self.gettext(singular if n == 1 else plural)


class Form(FlaskForm):  # type: ignore[misc]
    """Base of every form."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Own translations instead of WTForms' catalogue."""

        def get_translations(self, _form: Any) -> Translations:
            """Return our table."""
            return Translations()


class Longest:
    """Refuse text of more than `size` characters; the message is made when it is shown."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __call__(self, _form: Any, field: Field) -> None:
        """Check one field."""
        if field.data and len(field.data.strip()) > self.size:
            raise ValidationError(_("Paling panjang %(max)s karakter.", max=self.size))


# Longer than any field may be; looking through what somebody pastes must not take seconds.
LONGEST_SCREENED = 20_000  # characters


def no_identity(_form: Any, field: Field) -> None:
    """Refuse text with a NIK or Kartu Keluarga number (UU 21/2007 arts. 24, 44).

    The match is neither stored nor logged; what was typed stays in the field for the person
    who typed it.
    """
    if field.data and len(str(field.data)) > LONGEST_SCREENED:
        raise StopValidation(_("Terlalu panjang. Ringkas isinya."))
    if field.data and screening.blocks(str(field.data)):
        raise ValidationError(identity_refused())


def telephone_number(_form: Any, field: Field) -> None:
    """Keep a telephone number as +62...; refuse what is none, with the reason.

    One that is kept already, as somebody once typed it, may stay as it is.
    """
    if not field.data or field.data == field.object_data:
        return
    try:
        field.data = telephones.read(field.data)
    except telephones.BadTelephone as bad:
        raise StopValidation(str(bad)) from bad


def identity_asked(_form: Any, field: Any) -> None:
    """Ask about text that may identify a victim or witness.

    That is a phone number, "korban berinisial" or a case number. The text is saved once the person
    ticks that it does not (components/forms.html shows it).

    Use it after `no_identity`, which refuses text without asking.
    """
    text = str(field.data or "")[:LONGEST_SCREENED]
    kinds = {found.kind for found in screening.findings(text) if not field.errors}
    if not kinds:
        return
    field.is_asked = True
    field.is_sure = bool(flask.request.form.get(f"yakin-{field.name}"))
    if not field.is_sure:
        raise ValidationError(
            _(
                "Ada %(what)s di sini. Hapus, atau centang bila bukan milik korban atau saksi.",
                what=formatting.of_kinds(kinds),
            )
        )


def number_question(
    name: str, text: str, *, is_percent: bool, known: str = ""
) -> FieldQuestion | None:
    """Return the question about a number typed into the field `name`, or None.

    There is none if the number is plausible, the tick "memang benar" was set for this exact text,
    or it is the saved value (`known`).
    """
    if text == known or flask.request.form.get(f"yakin-{name}") == text:
        return None
    said = numbers.asked_of(text, is_percent=is_percent)
    return FieldQuestion(said) if said else None


def select_choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return (value, label) pairs as the choices of a select or radio field."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]


def refuse(form: Form, error: InvalidInput) -> None:
    """Attach a service's errors to their fields."""
    for name, message in error.fields.items():
        field = getattr(form, name, None)
        if field is not None:
            field.errors = [*field.errors, message]
            if isinstance(message, FieldQuestion):
                field.is_asked, field.is_sure = True, False
                field.sure_text = field.data
        else:
            form.form_errors = [*form.form_errors, message]


class DateField(wtforms.DateField):
    """The one field for a day: shown and typed day first (31/12/2026), from 2000 (or `first_year`,
    for a law) to 2100."""

    def __init__(
        self,
        label: Any = None,
        validators: list[Any] | None = None,
        *,
        first_year: int = FIRST_YEAR,
        **more: Any,
    ) -> None:
        super().__init__(label, validators, format=[SHOWN_DAY], **more)
        self.first_year = first_year

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day. Raises ValueError, whose text WTForms shows at the field."""
        if not valuelist:
            return
        self.data = None
        day = day_of(valuelist[0])
        if day is None:
            raise ValueError(self.gettext("Not a valid date value."))
        if not is_sensible(day, first_year=self.first_year):
            raise ValueError(
                _(
                    "Tahunnya keliru. Tulis tahun %(first)s sampai %(last)s.",
                    first=self.first_year,
                    last=LAST_YEAR,
                )
            )
        self.data = day


class IntegerField(wtforms.IntegerField):
    """The one field for a whole number: ASCII digits, no larger than a column holds."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number. Raises ValueError, whose text WTForms shows at the field."""
        if not valuelist:
            return
        self.data = None
        number = whole(valuelist[0], LARGEST + 1, least=-LARGEST)
        if number > LARGEST:
            raise ValueError(self.gettext("Not a valid integer value."))
        self.data = number
