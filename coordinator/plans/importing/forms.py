"""The forms of an import."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, NumberRange, Optional

from coordinator.forms import Form, IntegerField, Longest, no_identity


class UploadPlanForm(Form):
    """A file, and which plan it is of."""

    file = FileField(_l("Berkas rencana"), [FileRequired(_l("Pilih berkas rencana."))])
    plan = SelectField(_l("Rencana"))


class HeadForm(Form):
    """What a plan not known yet is called."""

    class Meta(Form.Meta):
        """No token of its own: it is part of the form of the columns."""

        csrf = False

    title = StringField(
        _l("Judul rencana"), [DataRequired(_l("Tulis judulnya.")), Longest(300), no_identity]
    )
    kind = RadioField(_l("Jenis"), [DataRequired(_l("Pilih jenisnya."))])
    first_year = IntegerField(
        _l("Tahun pertama"), [NumberRange(2000, 2100, _l("Tulis tahunnya, misalnya 2025"))]
    )
    last_year = IntegerField(
        _l("Tahun terakhir"), [NumberRange(2000, 2100, _l("Tulis tahunnya, misalnya 2029"))]
    )


class PlanStandingForm(Form):
    """What the plan that a file replaces is from now on."""

    class Meta(Form.Meta):
        """No token of its own: it is part of the form of the columns."""

        csrf = False

    standing = RadioField(_l("Naskah ini"), [DataRequired(_l("Pilih naskah apa ini."))])
    title = StringField(
        _l("Judul rencana"), [DataRequired(_l("Tulis judulnya.")), Longest(300), no_identity]
    )
    first_year = IntegerField(
        _l("Tahun pertama"), [NumberRange(2000, 2100, _l("Tulis tahunnya, misalnya 2025"))]
    )
    last_year = IntegerField(
        _l("Tahun terakhir"), [NumberRange(2000, 2100, _l("Tulis tahunnya, misalnya 2029"))]
    )
    basis = StringField(_l("Dasar penetapan"), [Optional(), Longest(300), no_identity])
    source = StringField(_l("Sumber naskah"), [Optional(), Longest(300), no_identity])


class ApplyForm(Form):
    """Applying what was read."""

    round = HiddenField()
    seen = HiddenField()
    missing = RadioField(_l("Aksi yang tidak ada di berkas ini"))
    missing_reason = StringField(
        _l("Mengapa tidak dilanjutkan"), [Optional(), Longest(300), no_identity]
    )
    new_targets = RadioField(_l("Target indikator yang baru"))
    follow = SelectMultipleField(_l("Ikut target rencana"), validate_choice=False)
    reason = StringField(
        _l("Alasan versi ini"),
        [DataRequired(_l("Tulis alasannya, misalnya nomor surat.")), Longest(300), no_identity],
    )
    notify = BooleanField(_l("Kirim email ke instansi yang terkena perubahan"))
