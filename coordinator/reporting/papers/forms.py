"""What the agency says of a report typed for it."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from coordinator.forms import Form, IntegerField, identity_asked, no_identity


class PaperAnswerForm(Form):
    """The agency's answer; which of the two buttons was pressed comes as `act`."""

    revision = IntegerField(validators=[InputRequired()])
    remark = TextAreaField(
        _l("Apa yang keliru?"), [Optional(), Length(max=1000), no_identity, identity_asked]
    )
