"""The one form of a handover."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from coordinator.forms import DateField, no_identity, telephone_number
from coordinator.people.accounts.forms import MAILBOX, AppointmentFields


class HandoverForm(AppointmentFields):
    """Who takes over, when, by which letter. `position` and `standing` are the successor's."""

    successor = RadioField(_l("Penerus"), [InputRequired(_l("Pilih penerus."))])
    name = StringField(
        _l("Nama penerus"),
        [Optional(), Length(max=120, message=_l("Paling panjang 120 karakter.")), no_identity],
    )
    email = EmailField(_l("Email penerus"), [Optional(), MAILBOX])
    telephone = StringField(
        _l("Telepon penerus"), [Optional(), Length(max=40), no_identity, telephone_number]
    )
    position = StringField(
        _l("Jabatan penerus"),
        [Optional(), Length(max=120, message=_l("Paling panjang 120 karakter.")), no_identity],
    )
    on = DateField(
        _l("Tanggal serah terima"),
        [InputRequired(_l("Tanggal belum ada. Tulis seperti 12/11/2026"))],
    )
