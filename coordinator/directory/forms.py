"""The letterhead's form."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from coordinator.directory.rules import HEADING_LINES
from coordinator.forms import Form, no_identity


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
        _l("Surel kantor"),
        [
            Optional(),
            Length(max=120, message=_l("Paling panjang 120 karakter.")),
            Email(_l("Tulis alamat surel seperti sekretariat@contoh.go.id")),
            no_identity,
        ],
    )
    hours = StringField(
        _l("Jam layanan"),
        [Optional(), Length(max=120, message=_l("Paling panjang 120 karakter.")), no_identity],
    )
    emblem = FileField(_l("Lambang daerah"), [Optional()])
    without_emblem = BooleanField(_l("Hapus lambang yang ada"))
