"""What is typed from paper."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from coordinator.forms import DateField, no_identity
from coordinator.reporting.reports.forms import ReportForm


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
