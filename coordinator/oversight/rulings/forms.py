"""The form of a ruling."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from coordinator.forms import Form, identity_asked, no_identity
from coordinator.mapping.answers.rules import Outcome

_TOO_LONG = _l("Paling panjang 2.000 karakter.")
_LENGTH = Length(max=2000, message=_TOO_LONG)


class RulingForm(Form):
    """What is ruled, why, and whether others may read it."""

    outcome = RadioField(_l("Ketetapan"), [InputRequired(_l("Pilih satu ketetapan."))])
    moved_to = SelectField(_l("Instansi penerima"), [Optional()])
    shared_with = SelectField(_l("Dibagi dengan"), [Optional()])
    new_text = TextAreaField(
        _l("Bunyi tugas yang baru"), [Optional(), _LENGTH, no_identity, identity_asked]
    )
    reason = TextAreaField(
        _l("Alasan ketetapan"),
        [InputRequired(_l("Tulis alasan ketetapan.")), _LENGTH, no_identity, identity_asked],
    )
    share = BooleanField(_l("Bagikan ketetapan ini"))
    shared_reason = TextAreaField(
        _l("Alasan yang ditulis untuk dibagikan"),
        [Optional(), _LENGTH, no_identity, identity_asked],
    )

    @property
    def receiver_field(self) -> SelectField:
        """Return the select field of the chosen outcome."""
        return self.shared_with if self.outcome.data == Outcome.SHARED else self.moved_to
