"""The forms that give, move, divide and close work."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from coordinator.assignments.changes.bulk import Assignee
from coordinator.assignments.rules import (
    BasisKind,
    BudgetState,
    CloseKind,
    ReportedIn,
    months_mask,
    parse_rupiah,
)
from coordinator.assignments.service import Budget
from coordinator.formatting import month_name
from coordinator.forms import (
    DateField,
    Form,
    IntegerField,
    identity_asked,
    no_identity,
    select_choices,
)
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.translation import gettext as _
from coordinator.typed import whole

BELOW = "below"  # not to agencies here: a proposal to task forces below
NO_DATE = _l("Tanggal belum ada. Tulis seperti 12/11/2026")


def _is_rupiah(_form: Form, field: StringField) -> None:
    if parse_rupiah(field.data or "") is None:
        raise ValidationError(_("Tulis jumlah rupiah dengan angka, misalnya 12.500.000"))


def _month(text: Any) -> int:
    """Refuse, as WTForms asks, what is no month."""
    month = whole(text, least=1, most=12)
    if not month:
        raise ValueError(text)
    return month


class BasisFields(Form):
    """The letter or meeting that work rests on."""

    basis_kind = RadioField(
        _l("Dasar penugasan"), [InputRequired(_l("Pilih surat atau rapat."))], default="letter"
    )
    basis_reference = StringField(
        _l("Nomor surat atau nama rapat"),
        [
            InputRequired(_l("Tulis nomor surat atau nama rapat.")),
            Length(max=160, message=_l("Paling panjang 160 karakter.")),
            no_identity,
        ],
    )
    basis_on = DateField(_l("Tanggal surat atau rapat"), [InputRequired(NO_DATE)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.basis_kind.choices = select_choices(
            [(BasisKind.LETTER.value, _("Surat")), (BasisKind.MEETING.value, _("Rapat"))]
        )


class TermsFields(Form):
    """Due date, note, the periods it is reported in, and the money."""

    due_on = DateField(_l("Batas waktu"), [InputRequired(NO_DATE)])
    note = TextAreaField(
        _l("Catatan"),
        [
            Optional(),
            Length(max=2000, message=_l("Paling panjang 2.000 karakter.")),
            no_identity,
            identity_asked,
        ],
    )
    reported_in = RadioField(_l("Dilaporkan dalam"), default=ReportedIn.EVERY.value)
    report_months = SelectMultipleField(
        _l("Periode yang berakhir bulan"), [Optional()], coerce=_month
    )
    budget = RadioField(_l("Anggaran"), default=BudgetState.UNSTATED.value)
    budget_code = StringField(
        _l("Kode sub-kegiatan"),
        [Optional(), Length(max=40, message=_l("Paling panjang 40 karakter.")), no_identity],
    )
    budget_amount = StringField(
        _l("Jumlah (rupiah)"),
        [Optional(), Length(max=30, message=_l("Paling panjang 30 karakter.")), _is_rupiah],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reported_in.choices = select_choices(
            [
                (ReportedIn.EVERY.value, _("Setiap periode sampai ditutup")),
                (ReportedIn.LAST.value, _("Periode terakhir saja")),
                (ReportedIn.MONTHS.value, _("Periode tertentu")),
            ]
        )
        self.report_months.choices = select_choices(
            [(str(month), month_name(month)) for month in range(1, 13)]
        )
        self.budget.choices = select_choices(
            [
                (BudgetState.UNSTATED.value, _("Belum diketahui")),
                (BudgetState.NONE.value, _("Belum dianggarkan")),
                (BudgetState.STATED.value, _("Sudah dianggarkan")),
            ]
        )

    @property
    def months(self) -> int | None:
        """The chosen months as `rules.months_mask`; None unless months are what was chosen."""
        if self.reported_in.data != ReportedIn.MONTHS.value:
            return None
        return months_mask(self.report_months.data or [])

    @property
    def budget_line(self) -> Budget:
        """What was said of the money; code and amount only where there is a line."""
        state = BudgetState(self.budget.data)
        if state is not BudgetState.STATED:
            return Budget(state)
        amount = parse_rupiah(self.budget_amount.data or "")
        return Budget(state, (self.budget_code.data or "").strip(), amount)


class ScanField(Form):
    """The scan of the letter or minutes."""

    scan = FileField(_l("Salinan surat atau notulen"), [Optional()])


class AssignmentForm(BasisFields, TermsFields, ScanField):
    """Who does an action, on what basis, until when. Targets are added per indicator."""

    form_key = HiddenField()
    lead = SelectField(_l("Penanggung jawab"), [InputRequired(_l("Pilih satu penanggung jawab."))])
    support = SelectMultipleField(_l("Pendukung"), [Optional()])
    join = BooleanField(_l("Ikutkan dalam periode yang terbuka"), default=True)


def _ways() -> list[tuple[str, str]]:
    return [
        (Assignee.PLAN.value, _("Usul rencana")),
        (Assignee.COORDINATOR.value, _("Koordinator pokja")),
        (Assignee.AGENCY.value, _("Satu instansi")),
    ]


class BulkForm(BasisFields, TermsFields, ScanField):
    """To whom many items go, and what they have in common."""

    form_key = HiddenField()
    towards = RadioField(_l("Ditugaskan kepada"), default=Assignee.PLAN.value)
    lead = SelectField(_l("Instansi"), [Optional()], validate_choice=False)
    join = BooleanField(_l("Ikutkan dalam periode yang terbuka"), default=True)
    agency_kind = SelectField(
        _l("Jenis instansi penanggung jawab"), [Optional()], choices=[], validate_choice=False
    )
    forces = SelectMultipleField(_l("Kabupaten/kota"), [Optional()], choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.towards.choices = select_choices(_ways())

    def offer_below(
        self, forces: Iterable[TaskForce], kinds: Mapping[str, Agency], *, only: bool
    ) -> None:
        """Let the items also be proposed to task forces below; `only`: nothing but that."""
        below = (BELOW, _("Usulkan ke kabupaten/kota"))
        self.towards.choices = select_choices([below] if only else [*_ways(), below])
        if only and self.towards.data not in ("", BELOW):
            self.towards.data = BELOW
        self.forces.choices = select_choices([(one.code, one.region) for one in forces])
        self.agency_kind.choices = select_choices(
            [
                ("", _("Menurut saran rencana, aksi demi aksi")),
                *((lineage, agency.abbreviation) for lineage, agency in kinds.items()),
            ]
        )


class ChangeFields(Form):
    """What every change of an assignment carries."""

    form_key = HiddenField()
    version = IntegerField(default=0)
    reason = TextAreaField(
        _l("Alasan"),
        [
            Optional(),
            Length(max=1000, message=_l("Paling panjang 1.000 karakter.")),
            no_identity,
            identity_asked,
        ],
    )


class ReassignForm(BasisFields, ChangeFields):
    """Another lead."""

    lead = SelectField(
        _l("Penanggung jawab baru"), [InputRequired(_l("Pilih satu penanggung jawab."))]
    )
    report_due_on = DateField(_l("Batas laporan penerima"), [Optional()])


class SupportForm(ChangeFields):
    """The supporters."""

    support = SelectMultipleField(_l("Pendukung"), [Optional()])


class SplitForm(ChangeFields):
    """The name of the part that stays; the new parts are fields of their own."""

    label = StringField(_l("Nama bagian yang tetap"), [Length(max=80), no_identity])


class AmendForm(TermsFields, ChangeFields):
    """Due date, targets, note, budget, periods."""

    report_due_on = DateField(_l("Batas laporan yang sedang diminta"), [Optional()])


class CloseForm(ChangeFields):
    """Why an assignment ends."""

    kind = RadioField(_l("Mengapa ditutup"), [InputRequired(_l("Pilih satu."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = select_choices(
            [
                (CloseKind.DONE.value, _("Selesai")),
                (CloseKind.DISCONTINUED.value, _("Tidak dilanjutkan")),
                (CloseKind.MISTAKEN.value, _("Salah tugas")),
                (CloseKind.OTHER.value, _("Alasan lain")),
            ]
        )
