"""The form that gives work."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from coordinator.forms import DATE_FORMATS, Form, no_identity


class AssignmentForm(Form):
    """Who does an action, on what basis, until when. Targets are added per indicator."""

    form_key = HiddenField()
    lead = SelectField(_l("Penanggung jawab"), [InputRequired(_l("Pilih satu penanggung jawab."))])
    support = SelectMultipleField(_l("Pendukung"), [Optional()])
    basis_kind = RadioField(
        _l("Dasar penugasan"), [InputRequired(_l("Pilih surat atau rapat."))], default="letter"
    )
    basis_reference = StringField(
        _l("Nomor surat atau nama rapat"),
        [
            InputRequired(_l("Tulis nomor surat atau nama rapat.")),
            Length(max=160, message=_l("Paling panjang 160 karakter.")),
            no_identity,
        ],
    )
    basis_on = DateField(
        _l("Tanggal surat atau rapat"),
        [InputRequired(_l("Tanggal belum ada. Tulis seperti 12/11/2026"))],
        format=DATE_FORMATS,
    )
    due_on = DateField(
        _l("Batas waktu"),
        [InputRequired(_l("Tanggal belum ada. Tulis seperti 12/11/2026"))],
        format=DATE_FORMATS,
    )
    note = TextAreaField(
        _l("Catatan"),
        [Optional(), Length(max=2000, message=_l("Paling panjang 2.000 karakter.")), no_identity],
    )
    join = BooleanField(_l("Ikutkan dalam periode yang terbuka"), default=True)
