"""The forms that change a plan on screen. Choices come from the plan and the mapping."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from coordinator.forms import Form, Longest, no_identity

MOST_INDICATORS = 12


class ChangeForm(Form):
    """What every change carries: the version its writer saw, why, and whether to tell."""

    seen = HiddenField()
    reason = StringField(
        _l("Alasan perubahan"),
        [DataRequired(_l("Tulis alasannya, misalnya nomor surat.")), Longest(300), no_identity],
    )
    notify = BooleanField(_l("Kirim email ke instansi yang terkena perubahan"))


class IndicatorForm(Form):
    """One indicator; left without a name, it is not there."""

    class Meta(Form.Meta):
        """A row has no token of its own."""

        csrf = False

    key = HiddenField()
    name = StringField(_l("Nama indikator"), [Optional(), Longest(500), no_identity])
    # No Optional() here: it would end the check that an indicator with a name has a unit.
    unit = StringField(_l("Satuan"), [Longest(60), no_identity])
    kind = SelectField(_l("Jenis"))
    better = SelectField(_l("Arah"))
    accumulation = SelectField(_l("Cara menghitung setahun"))

    def validate_unit(self, field: Field) -> None:
        """What is measured is measured in something."""
        if (self.name.data or "").strip() and not (field.data or "").strip():
            raise ValidationError(str(_l("Tulis satuannya, misalnya kegiatan")))


class ActionForm(ChangeForm):
    """An action with its indicators; the targets are read separately."""

    code = StringField(_l("Kode"), [DataRequired(_l("Tulis kodenya, misalnya 1.2")), Longest(20)])
    title = TextAreaField(
        _l("Aksi"), [DataRequired(_l("Tulis aksinya.")), Longest(2000), no_identity]
    )
    question = StringField(
        _l("Pertanyaan di formulir laporan"),
        [DataRequired(_l("Tulis pertanyaannya.")), Longest(2000), no_identity],
    )
    strategy = SelectField(_l("Strategi"), [DataRequired(_l("Pilih strategi."))])
    working_group = SelectField(_l("Pokja"), [DataRequired(_l("Pilih pokja."))])
    tag = SelectField(_l("Tugas gugus tugas"), [Optional()])
    lead = SelectField(_l("Usul penanggung jawab"), [Optional()])
    support = SelectMultipleField(
        _l("Usul pendukung"), [Optional()], widget=ListWidget(), option_widget=CheckboxInput()
    )
    duties = SelectMultipleField(
        _l("Uraian tugas di baliknya"),
        [Optional()],
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    national = SelectField(_l("Aksi nasional yang dilaksanakan"), [Optional()])
    basis = StringField(_l("Dasar hukum"), [Optional(), Longest(2000), no_identity])
    origin = StringField(
        _l("Asal aksi ini"),
        [
            DataRequired(_l("Tulis asalnya, misalnya naskah RAN halaman 12.")),
            Longest(2000),
            no_identity,
        ],
    )
    indicators = FieldList(FormField(IndicatorForm), min_entries=1, max_entries=MOST_INDICATORS)
    below_law = BooleanField(_l("Simpan target di bawah kewajiban hukum"))


class StopForm(ChangeForm):
    """Not to be carried on, or taken up again: the reason is said on the action."""


class PlanForm(ChangeForm):
    """What a plan is, and its strategies."""

    title = StringField(
        _l("Judul rencana"), [DataRequired(_l("Tulis judulnya.")), Longest(2000), no_identity]
    )
    status = RadioField(_l("Status"), [DataRequired(_l("Pilih statusnya."))])
    basis = StringField(_l("Dasar penetapan"), [Optional(), Longest(2000), no_identity])
    source = StringField(_l("Sumber naskah"), [Optional(), Longest(2000), no_identity])
    note = TextAreaField(_l("Catatan"), [Optional(), Longest(2000), no_identity])
    strategies = TextAreaField(
        _l("Strategi"), [DataRequired(_l("Tulis paling sedikit satu strategi.")), no_identity]
    )
