"""Forms about accounts."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Length, Optional

from coordinator.forms import Form, no_identity


class SignInForm(Form):
    """E-mail and password."""

    email = EmailField(
        _l("Surel"),
        [InputRequired(_l("Isi alamat surel Anda."))],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Kata sandi"),
        [InputRequired(_l("Isi kata sandi Anda."))],
        render_kw={"autocomplete": "current-password"},
    )


class NewPasswordForm(Form):
    """A password to set by link."""

    password = PasswordField(
        _l("Kata sandi baru"),
        [InputRequired(_l("Isi kata sandi baru."))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(Form):
    """The old and the new password."""

    old = PasswordField(
        _l("Kata sandi lama"),
        [InputRequired(_l("Isi kata sandi lama."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _l("Kata sandi baru"),
        [InputRequired(_l("Isi kata sandi baru."))],
        render_kw={"autocomplete": "new-password"},
    )


class InvitationForm(Form):
    """Who is invited to what."""

    email = EmailField(
        _l("Surel"),
        [
            InputRequired(_l("Isi alamat surel.")),
            Email(_l("Tulis alamat surel yang lengkap, misalnya narahubung@dispora.go.id")),
        ],
    )
    name = StringField(
        _l("Nama atau jabatan"),
        [InputRequired(_l("Isi nama atau jabatan.")), Length(max=120), no_identity],
    )
    kind = SelectField(_l("Akses"), [InputRequired(_l("Pilih akses."))])
    agency = SelectField(_l("Instansi"), [Optional()])
    is_alternate = BooleanField(_l("Sebagai pengganti"))
