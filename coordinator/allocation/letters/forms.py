"""The form of a letter: number, date and offices. No field takes a person's name."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from coordinator.allocation.letters.rules import Nature
from coordinator.forms import DateField, Form, no_identity, select_choices

LONG = Length(max=160, message=_l("Paling panjang 160 karakter."))


class LetterForm(Form):
    """What the secretariat writes on a letter; what stays empty is printed as a dotted line."""

    number = StringField(
        _l("Nomor"),
        [Optional(), Length(max=80, message=_l("Paling panjang 80 karakter.")), no_identity],
    )
    place = StringField(
        _l("Tempat"),
        [Optional(), Length(max=60, message=_l("Paling panjang 60 karakter.")), no_identity],
    )
    dated_on = DateField(
        _l("Tanggal surat"),
        [InputRequired(_l("Tanggal belum ada. Tulis seperti 12/11/2026"))],
    )
    nature = RadioField(
        _l("Sifat"),
        choices=select_choices(
            [(Nature.USUAL.value, _l("Biasa")), (Nature.URGENT.value, _l("Segera"))]
        ),
        default=Nature.USUAL.value,
    )
    signer = StringField(_l("Jabatan penanda tangan"), [Optional(), LONG, no_identity])
    acknowledged_by = StringField(_l("Jabatan yang mengetahui"), [Optional(), LONG, no_identity])
    copies = TextAreaField(
        _l("Tembusan"),
        [Optional(), Length(max=600, message=_l("Paling panjang 600 karakter.")), no_identity],
    )
