"""The forms of a year's calendar and of more time."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from coordinator.forms import DateField, Form, identity_asked, no_identity

DATE_MISSING = _l("Tanggal belum ada. Tulis seperti 12/11/2026")


class PeriodRow(Form):
    """One period. An empty row is ignored."""

    class Meta(Form.Meta):
        """A row is part of a form that has the token."""

        csrf = False

    public_id = HiddenField()
    label = StringField(
        _l("Nama"),
        [Optional(), Length(max=40, message=_l("Paling panjang 40 karakter.")), no_identity],
    )
    covers_from = DateField(_l("Kegiatan dari"), [Optional()])
    covers_until = DateField(_l("Kegiatan sampai"), [Optional()])
    opens_on = DateField(_l("Lapor mulai"), [Optional()])
    closes_on = DateField(_l("Laporan jatuh tempo"), [Optional()])
    drop = BooleanField(_l("Hapus"))

    DAYS = ("covers_from", "covers_until", "opens_on", "closes_on")

    @property
    def is_empty(self) -> bool:
        """True if nothing was typed in the row, not even an invalid value."""
        fields = [self.label, *(self[name] for name in self.DAYS)]
        return not any(field.data or field.errors or _typed(field) for field in fields)


def _typed(field: object) -> bool:
    return any(str(text).strip() for text in getattr(field, "raw_data", None) or ())


class YearForm(Form):
    """All planned periods of a year, and one empty row."""

    rows = FieldList(FormField(PeriodRow), max_entries=40)


class DatesForm(Form):
    """The days of one planned period."""

    covers_from = DateField(_l("Kegiatan dari"), [InputRequired(DATE_MISSING)])
    covers_until = DateField(_l("Kegiatan sampai"), [InputRequired(DATE_MISSING)])
    opens_on = DateField(_l("Lapor mulai"), [InputRequired(DATE_MISSING)])
    closes_on = DateField(_l("Laporan jatuh tempo"), [InputRequired(DATE_MISSING)])


class ReasonForm(Form):
    """A reason."""

    reason = TextAreaField(
        _l("Alasan"),
        [
            Optional(),
            Length(max=500, message=_l("Paling panjang 500 karakter.")),
            no_identity,
            identity_asked,
        ],
    )


class ExtensionForm(Form):
    """More time for one agency."""

    agency = SelectField(_l("Instansi"), [InputRequired(_l("Pilih satu instansi."))])
    until_on = DateField(_l("Sampai tanggal"), [InputRequired(DATE_MISSING)])
    reason = TextAreaField(
        _l("Alasan"),
        [
            InputRequired(_l("Tulis alasannya.")),
            Length(max=500, message=_l("Paling panjang 500 karakter.")),
            no_identity,
            identity_asked,
        ],
    )


class ReopeningForm(Form):
    """Opening a closed period again."""

    closes_on = DateField(_l("Laporan jatuh tempo"), [InputRequired(DATE_MISSING)])
    reason = TextAreaField(
        _l("Alasan"),
        [
            InputRequired(_l("Tulis alasannya.")),
            Length(max=500, message=_l("Paling panjang 500 karakter.")),
            no_identity,
            identity_asked,
        ],
    )
