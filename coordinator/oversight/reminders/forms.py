"""The form that notes a contact about late reports."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from coordinator.people.onboarding.forms import ContactNoteForm


class LateContactForm(ContactNoteForm):
    """A contact, and the late reports that it was about."""

    reports = SelectMultipleField(
        _l("Tentang laporan"),
        [InputRequired(_l("Pilih paling sedikit satu laporan."))],
        widget=ListWidget(),
        option_widget=CheckboxInput(),
        validate_choice=False,  # one that was sent meanwhile is left out
    )
