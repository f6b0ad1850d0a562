"""The form of a comment."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from coordinator.forms import Form, identity_asked, no_identity


class CommentForm(Form):
    """One comment on a report."""

    form_key = HiddenField(validators=[Length(max=40)])
    text = TextAreaField(
        _l("Komentar atau pertanyaan"),
        [
            InputRequired(_l("Tulis komentarnya.")),
            Length(max=2000, message=_l("Paling panjang 2.000 karakter.")),
            no_identity,
            identity_asked,
        ],
    )
