"""The form that starts a campaign."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional

from coordinator.forms import DateField, Form, Longest, identity_asked, no_identity
from coordinator.oversight.campaigns.service import LONGEST_MESSAGE


class CampaignForm(Form):
    """Whom to ask, by when, and a sentence of the secretariat's own."""

    scope = RadioField(_l("Siapa yang diminta menjawab?"), [InputRequired(_l("Pilih satu."))])
    group = SelectField(_l("Pokja"), [Optional()])
    target_on = DateField(
        _l("Jawaban paling lambat"),
        [InputRequired(_l("Tanggal belum ada. Tulis seperti 12/11/2026"))],
    )
    message = TextAreaField(
        _l("Kalimat dari Sekretariat"),
        [Optional(), Longest(LONGEST_MESSAGE), no_identity, identity_asked],
    )
