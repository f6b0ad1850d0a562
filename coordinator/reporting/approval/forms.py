"""The head's sentence."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from coordinator.forms import Form, IntegerField, identity_asked, no_identity


class ApprovalForm(Form):
    """Which of the two buttons was pressed comes as `act`."""

    version = IntegerField(validators=[InputRequired()])
    remark = TextAreaField(
        _l("Catatan untuk narahubung"),
        [
            Optional(),
            Length(max=1000, message=_l("Paling panjang 1.000 karakter.")),
            no_identity,
            identity_asked,
        ],
    )
