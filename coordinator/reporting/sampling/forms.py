"""Forms of the draw and of a finding."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from coordinator.forms import Form, IntegerField, identity_asked, no_identity
from coordinator.reporting.sampling.rules import LARGEST, SMALLEST

_RANGE = _l("Isi persentase dari 1 sampai 100")


class DrawForm(Form):
    """How much of a period is drawn."""

    percent = IntegerField(
        _l("Persen dari laporan terverifikasi"),
        [InputRequired(_RANGE), NumberRange(SMALLEST, LARGEST, _RANGE)],
    )


class FindingForm(Form):
    """What was found in one report."""

    kind = RadioField(_l("Hasil pemeriksaan"), [InputRequired(_l("Pilih hasil pemeriksaan."))])
    text = TextAreaField(
        _l("Uraian"),
        [
            Optional(),
            Length(max=2000, message=_l("Paling panjang 2.000 karakter.")),
            no_identity,
            identity_asked,
        ],
    )
