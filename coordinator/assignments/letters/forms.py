"""The form of a letter: number, date and offices. No field takes a person's name."""

from typing import Any

import flask
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from coordinator.assignments.letters.rules import Nature
from coordinator.forms import DateField, Form, no_identity, select_choices
from coordinator.platform.documents.printable import MISSING, not_printable
from coordinator.translation import gettext as _


def printing_asked(_form: Any, field: Any) -> None:
    """Ask about letters that no font of the paper has, before it is made and signed."""
    letters = not_printable(str(field.data or ""))
    if not letters or field.errors:
        return
    field.is_asked, field.sure_text = True, letters
    field.is_sure = flask.request.form.get(f"yakin-{field.name}") == letters
    if not field.is_sure:
        raise ValidationError(
            _(
                "Huruf %(letters)s tidak ada di fon surat dan akan tercetak %(mark)s. Ganti, atau "
                "centang bila memang demikian.",
                letters=letters[:20],
                mark=MISSING,
            )
        )


LONG = Length(max=160, message=_l("Paling panjang 160 karakter."))


class LetterForm(Form):
    """What the secretariat writes on a letter; what stays empty is printed as a dotted line."""

    number = StringField(
        _l("Nomor"),
        [
            Optional(),
            Length(max=80, message=_l("Paling panjang 80 karakter.")),
            no_identity,
            printing_asked,
        ],
    )
    place = StringField(
        _l("Tempat"),
        [
            Optional(),
            Length(max=60, message=_l("Paling panjang 60 karakter.")),
            no_identity,
            printing_asked,
        ],
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
    signer = StringField(
        _l("Jabatan penanda tangan"), [Optional(), LONG, no_identity, printing_asked]
    )
    acknowledged_by = StringField(
        _l("Jabatan yang mengetahui"), [Optional(), LONG, no_identity, printing_asked]
    )
    copies = TextAreaField(
        _l("Tembusan"),
        [
            Optional(),
            Length(max=600, message=_l("Paling panjang 600 karakter.")),
            no_identity,
            printing_asked,
        ],
    )
