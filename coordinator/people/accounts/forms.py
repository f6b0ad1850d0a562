"""Forms about accounts."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from coordinator.clock import today
from coordinator.forms import DateField, Form, no_identity, select_choices, telephone_number
from coordinator.people.accounts.rules import Standing, is_user_name, normal_email

MAILBOX = Email(_l("Tulis alamat email yang lengkap, misalnya narahubung@dispora.go.id"))
STANDINGS = {Standing.DEFINITIF: "Definitif", Standing.PLT: "Plt.", Standing.PLH: "Plh."}


def sign_in_name(form: Any, field: StringField) -> None:
    """Accept an address, or a user name where the person has no mailbox of their own."""
    name = normal_email(field.data or "")
    if "@" in name:
        MAILBOX(form, field)
    elif not is_user_name(name):
        raise ValidationError(
            _l("Tulis alamat email, atau nama pengguna seperti dispora.pengganti")
        )


class SignInForm(Form):
    """E-mail (or user name) and password."""

    email = StringField(
        _l("Email atau nama pengguna"),
        [InputRequired(_l("Isi alamat email atau nama pengguna Anda."))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Kata sandi"),
        [InputRequired(_l("Isi kata sandi Anda."))],
        render_kw={"autocomplete": "current-password"},
    )


class ForgottenForm(Form):
    """Whose password is forgotten."""

    email = StringField(
        _l("Email atau nama pengguna"),
        [InputRequired(_l("Isi alamat email atau nama pengguna Anda."))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )


class ActivationForm(Form):
    """The user name and the code of the letter, and a password of one's own."""

    email = StringField(
        _l("Nama pengguna"),
        [InputRequired(_l("Isi nama pengguna dari surat Anda."))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    code = StringField(
        _l("Kode dari surat"),
        [InputRequired(_l("Isi kode dari surat Anda."))],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Kata sandi baru"),
        [InputRequired(_l("Isi kata sandi baru."))],
        render_kw={"autocomplete": "new-password"},
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


class AppointmentFields(Form):
    """The office behind an access: jabatan, standing and letter."""

    position = StringField(
        _l("Jabatan"),
        [Optional(), Length(max=120, message=_l("Paling panjang 120 karakter.")), no_identity],
    )
    standing = SelectField(_l("Status jabatan"), [Optional()])
    letter_number = StringField(
        _l("Nomor surat penunjukan"),
        [Optional(), Length(max=80, message=_l("Paling panjang 80 karakter.")), no_identity],
    )
    letter_on = DateField(_l("Tanggal surat"), [Optional()])
    until_on = DateField(_l("Berlaku sampai"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing.choices = select_choices(
            [("", "–"), *((standing.value, label) for standing, label in STANDINGS.items())]
        )

    @property
    def chosen_standing(self) -> Standing | None:
        """Return the standing that was chosen, or None."""
        return Standing(self.standing.data) if self.standing.data else None


class InvitationForm(AppointmentFields):
    """Who is invited to what."""

    form_key = HiddenField(validators=[Length(max=40)])
    email = StringField(
        _l("Email, atau nama pengguna"),
        [InputRequired(_l("Isi alamat email atau nama pengguna.")), sign_in_name, no_identity],
    )
    contact_email = EmailField(_l("Email kantor yang dipakai bersama"), [Optional(), MAILBOX])
    name = StringField(
        _l("Nama"),
        [InputRequired(_l("Isi nama.")), Length(max=120), no_identity],
    )
    telephone = StringField(
        _l("Telepon"), [Optional(), Length(max=40), no_identity, telephone_number]
    )
    kind = SelectField(_l("Akses"), [InputRequired(_l("Pilih akses."))])
    agency = SelectField(_l("Instansi"), [Optional()])
    home = SelectField(_l("Instansi tempat bekerja"), [Optional()])
    from_on = DateField(_l("Berlaku mulai"), [Optional()])
    is_alternate = BooleanField(_l("Sebagai pengganti"))

    @property
    def is_fold_wrong(self) -> bool:
        """Tell whether something is wrong outside the four fields that everybody fills in."""
        return bool(set(self.errors) - {"name", "email", "kind", "agency"})

    def validate_until_on(self, field: DateField) -> None:
        """Refuse an access that is over before anybody is invited to it."""
        if field.data is not None and field.data < today():
            raise ValidationError(_l("Tanggal itu sudah lewat."))


class AppointmentForm(AppointmentFields):
    """An access that is there already."""

    from_on = DateField(
        _l("Berlaku mulai"),
        [InputRequired(_l("Tanggal belum ada. Tulis seperti 12/11/2026"))],
    )
    is_alternate = BooleanField(_l("Sebagai pengganti"))


class PersonForm(Form):
    """How a person is called and reached."""

    name = StringField(_l("Nama"), [InputRequired(_l("Isi nama.")), Length(max=120), no_identity])
    telephone = StringField(
        _l("Telepon"), [Optional(), Length(max=40), no_identity, telephone_number]
    )
    contact_email = EmailField(_l("Email untuk dihubungi"), [Optional(), MAILBOX])
