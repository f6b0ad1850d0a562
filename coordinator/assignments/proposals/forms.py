"""The forms that answer a proposal or take one back."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import Length, Optional

from coordinator.forms import Form, no_identity


class AcceptForm(Form):
    """Accepting: what was seen, and whether the work is reported in the open period."""

    form_key = HiddenField()
    fingerprint = HiddenField()
    join = BooleanField(_l("Ikutkan dalam periode yang terbuka"), default=True)


class ProposalReasonForm(Form):
    """Why a proposal is declined, or taken back."""

    reason = TextAreaField(
        _l("Alasan"),
        [Optional(), Length(max=1000, message=_l("Paling panjang 1.000 karakter.")), no_identity],
    )
