"""What is typed from paper, and what the agency says of it."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from coordinator.forms import DateField, Form, IntegerField, identity_asked, no_identity
from coordinator.progress.forms import ReportForm


class PaperForm(ReportForm):
    """A report with the paper behind it."""

    reference = StringField(
        _l("Nomor atau nama laporan kertas"), [Optional(), Length(max=200), no_identity]
    )
    dated_on = DateField(_l("Tanggal laporan kertas"), [Optional()])
    scan = FileField(_l("Pindaian atau foto laporan kertas"), [Optional()])
    # Asked only where a file served before, or the detector found something in one.
    reuse_reason = TextAreaField(
        _l("Mengapa berkas yang sama dipakai lagi?"), [Optional(), Length(max=500), no_identity]
    )
    is_safe = BooleanField(_l("Yang ditemukan sistem bukan milik korban atau saksi"))


class AnswerForm(Form):
    """The agency's word; which of the two buttons was pressed comes as `act`."""

    revision = IntegerField(validators=[InputRequired()])
    remark = TextAreaField(
        _l("Apa yang keliru?"), [Optional(), Length(max=1000), no_identity, identity_asked]
    )
