"""Forms of verdicts. Values per indicator and ticks per file are read by the view: they differ."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from coordinator.forms import DateField, Form, IntegerField, identity_asked, no_identity

_LENGTH = Length(max=2000, message=_l("Paling panjang 2.000 karakter."))


class VerdictForm(Form):
    """What the verifier decides."""

    revision = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    verdict = RadioField(_l("Keputusan Anda"), [InputRequired(_l("Pilih keputusan."))])
    shortfall_reason = SelectField(_l("Alasan selisih"), [Optional()])
    return_reason = SelectField(_l("Alasan pengembalian"), [Optional()])
    remark = TextAreaField(
        _l("Apa yang perlu diperbaiki"), [Optional(), _LENGTH, no_identity, identity_asked]
    )
    mend_by_on = DateField(_l("Diperbaiki paling lambat"), [Optional()])
    identity_checked = BooleanField(_l("Tidak memuat identitas korban/saksi"))


class ReopenForm(Form):
    """Why a verified report goes back."""

    revision = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    reason = TextAreaField(
        _l("Alasan membuka kembali"),
        [InputRequired(_l("Tulis alasannya.")), _LENGTH, no_identity, identity_asked],
    )
    mend_by_on = DateField(
        _l("Diperbaiki paling lambat"),
        [InputRequired(_l("Isi tanggal sesudah hari ini."))],
    )
