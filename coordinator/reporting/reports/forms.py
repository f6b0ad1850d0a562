"""Forms of reports and verdicts. Values per indicator are added by the view: they differ."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    MultipleFileField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length, Optional

from coordinator.forms import Form, IntegerField, no_identity, select_choices
from coordinator.reporting.reports.labels import kind_labels
from coordinator.reporting.reports.models import LONGEST_KEY

_TOO_LONG = _l("Paling panjang 2.000 karakter.")


def _kinds() -> list[SelectChoice]:
    return select_choices((kind.value, label) for kind, label in kind_labels().items())


class ReportForm(Form):
    """One report. What is required is decided at submission: a draft may be half empty."""

    form_key = HiddenField(validators=[Length(max=LONGEST_KEY)])
    version = IntegerField()
    kind = RadioField(_l("Apa yang Anda laporkan?"), [Optional()], choices=_kinds)
    held_on = StringField(_l("Tanggal"), [Optional(), Length(max=30), no_identity])
    place = StringField(_l("Tempat (kecamatan)"), [Optional(), Length(max=200), no_identity])
    contribution = StringField(_l("Jumlah dukungan"), [Optional(), Length(max=30)])
    note = TextAreaField(
        _l("Catatan singkat"), [Optional(), Length(max=2000, message=_TOO_LONG), no_identity]
    )
    nil_reason = TextAreaField(
        _l("Alasan nihil"), [Optional(), Length(max=2000, message=_TOO_LONG), no_identity]
    )
    blocked_by = TextAreaField(
        _l("Pihak yang ditunggu, dan apa yang ditunggu"),
        [Optional(), Length(max=2000, message=_TOO_LONG), no_identity],
    )
    decision_question = TextAreaField(
        _l("Keputusan apa yang dibutuhkan?"),
        [Optional(), Length(max=2000, message=_TOO_LONG), no_identity],
    )
    decision_asked_of = StringField(
        _l("Siapa yang perlu memutuskan?"), [Optional(), Length(max=200), no_identity]
    )
    files = MultipleFileField(_l("Tambah foto atau berkas"), [Optional()])
    confirmed = BooleanField(_l("Tidak ada identitas korban"))
