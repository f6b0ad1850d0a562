"""The forms of the letterhead and of a day off."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from coordinator.forms import DateField, Form, no_identity
from coordinator.people.directory.rules import HEADING_LINES
from coordinator.translation import gettext as _


def _few_lines(_form: Any, field: TextAreaField) -> None:
    lines = [line for line in (field.data or "").splitlines() if line.strip()]
    if len(lines) > HEADING_LINES:
        raise ValidationError(_("Paling banyak tiga baris."))


class LetterheadForm(Form):
    """Heading, address, and the office that answers questions."""

    version = HiddenField()
    heading = TextAreaField(
        _l("Kepala surat"),
        [
            InputRequired(_l("Isi kepala surat.")),
            Length(max=360, message=_l("Paling panjang 360 karakter.")),
            _few_lines,
            no_identity,
        ],
    )
    address = StringField(
        _l("Alamat"),
        [Optional(), Length(max=200, message=_l("Paling panjang 200 karakter.")), no_identity],
    )
    office = StringField(
        _l("Tanya siapa? Nama kantor"),
        [
            InputRequired(_l("Isi nama kantor, bukan nama orang.")),
            Length(max=120, message=_l("Paling panjang 120 karakter.")),
            no_identity,
        ],
    )
    telephone = StringField(
        _l("Telepon kantor"),
        [Optional(), Length(max=60, message=_l("Paling panjang 60 karakter.")), no_identity],
    )
    email = StringField(
        _l("Email kantor"),
        [
            Optional(),
            Length(max=120, message=_l("Paling panjang 120 karakter.")),
            Email(_l("Tulis alamat email seperti sekretariat@contoh.go.id")),
            no_identity,
        ],
    )
    hours = StringField(
        _l("Jam layanan"),
        [Optional(), Length(max=120, message=_l("Paling panjang 120 karakter.")), no_identity],
    )
    emblem = FileField(_l("Lambang daerah"), [Optional()])
    without_emblem = BooleanField(_l("Hapus lambang yang ada"))


class DayOffForm(Form):
    """One day off, with its decree."""

    on = DateField(
        _l("Tanggal"),
        [InputRequired(_l("Tanggal belum ada. Tulis seperti 12/11/2026"))],
    )
    name = StringField(
        _l("Nama"),
        [
            InputRequired(_l("Isi nama hari libur.")),
            Length(max=160, message=_l("Paling panjang 160 karakter.")),
            no_identity,
        ],
    )
    kind = RadioField(_l("Jenis"), [InputRequired(_l("Pilih jenisnya."))], default="national")
    source = StringField(
        _l("Sumber"),
        [
            InputRequired(_l("Tulis sumbernya, misalnya nomor SKB.")),
            Length(max=200, message=_l("Paling panjang 200 karakter.")),
            no_identity,
        ],
    )
