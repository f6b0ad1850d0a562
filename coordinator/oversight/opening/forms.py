"""The wizard's forms."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import Email, InputRequired, Length

from coordinator.forms import Form, no_identity

MAILBOX = [
    InputRequired(_l("Isi alamat email.")),
    Length(max=254, message=_l("Paling panjang 254 karakter.")),
    Email(_l("Tulis alamat email seperti nama@contoh.go.id")),
]


class AddressForm(Form):
    """Another mailbox for one person."""

    account = HiddenField()
    contact_email = EmailField(_l("Email yang benar"), MAILBOX)


class ContactForm(Form):
    """A focal point for an agency that has none."""

    name = StringField(
        _l("Nama"),
        [
            InputRequired(_l("Isi nama.")),
            Length(max=120, message=_l("Paling panjang 120 karakter.")),
            no_identity,
        ],
    )
    email = EmailField(_l("Email"), MAILBOX)


class NameForm(Form):
    """The period's name, typed."""

    name = StringField(_l("Ketik nama periode"), [InputRequired(_l("Ketik nama periode."))])
