"""The form of whoever decides about a file."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from coordinator.forms import Form, identity_asked, no_identity


class ReviewForm(Form):
    """Why the file is shown again or deleted; which of the two is the button's word."""

    reason = TextAreaField(
        _l("Alasan"),
        [
            InputRequired(_l("Tulis alasannya dalam satu kalimat.")),
            Length(max=500, message=_l("Paling panjang 500 karakter.")),
            no_identity,
            identity_asked,
        ],
    )
