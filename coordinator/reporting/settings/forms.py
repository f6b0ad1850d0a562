"""The form of a task force's settings."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from coordinator.forms import Form, IntegerField


class SettingsForm(Form):
    """What mails may carry."""

    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    mail_links = BooleanField(_l("Email membawa tautan tanpa kata sandi"))
    no_links_for = SelectMultipleField(
        _l("Kecuali kepada"), widget=ListWidget(), option_widget=CheckboxInput()
    )
    link_grace_days = IntegerField(
        _l("Tautan masih berlaku setelah batas waktu (hari)"),
        [
            InputRequired(_l("Isi 0 sampai 90 hari.")),
            NumberRange(0, 90, _l("Isi 0 sampai 90 hari.")),
        ],
    )
