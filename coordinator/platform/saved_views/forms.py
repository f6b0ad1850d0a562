"""The name of a view."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from coordinator.forms import Form, no_identity
from coordinator.platform.saved_views.rules import LONGEST_NAME


class ViewForm(Form):
    """A view of a list under a name."""

    name = StringField(
        _l("Nama tampilan"),
        [
            InputRequired(_l("Beri nama, misalnya Pokja I belum ditugaskan.")),
            Length(max=LONGEST_NAME, message=_l("Paling panjang 60 karakter.")),
            no_identity,
        ],
    )
    place = HiddenField()
    query = HiddenField()
