"""Forms of the note and of the decision."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from coordinator.forms import DateField, Form, identity_asked, no_identity

_LENGTH = Length(max=2000, message=_l("Paling panjang 2.000 karakter."))


class NoteForm(Form):
    """The secretariat's words, and the other agency the request is about."""

    note = TextAreaField(
        _l("Catatan Sekretariat"),
        [InputRequired(_l("Tulis catatan Sekretariat.")), _LENGTH, no_identity, identity_asked],
    )
    concerned = SelectField(_l("Instansi lain yang terkait"), [Optional()])


class DecisionForm(Form):
    """The leadership's decision."""

    decision = TextAreaField(
        _l("Keputusan"),
        [InputRequired(_l("Tulis keputusannya.")), _LENGTH, no_identity, identity_asked],
    )
    decided_on = DateField(_l("Tanggal keputusan"), [InputRequired(_l("Isi tanggal keputusan."))])
    basis = StringField(
        _l("Dasar"),
        [
            InputRequired(_l("Tulis dasarnya, misalnya nomor surat atau rapat.")),
            Length(max=200, message=_l("Paling panjang 200 karakter.")),
            no_identity,
            identity_asked,
        ],
    )
