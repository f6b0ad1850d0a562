"""Labels of assignments and of the changes made to them."""

from coordinator.assignments.changes.bulk import Obstacle
from coordinator.assignments.changes.queries import AgencyChoice
from coordinator.assignments.models import Assignment, AssignmentChange
from coordinator.assignments.rules import (
    BudgetState,
    ChangeKind,
    CloseKind,
    ReportedIn,
    months_of,
)
from coordinator.formatting import month_name, plain_date, rupiah
from coordinator.translation import gettext as _


def choice_label(choice: AgencyChoice) -> str:
    """ "Dispora · 7 aksi (3 sebagai penanggung jawab)" """
    load = choice.load
    if not load.parts:
        return _("%(agency)s · belum ada aksi", agency=choice.agency.abbreviation)
    return _(
        "%(agency)s · %(n)s aksi (%(leads)s sebagai penanggung jawab)",
        agency=choice.agency.abbreviation,
        n=load.parts,
        leads=load.leads,
    )


def short_label(choice: AgencyChoice) -> str:
    """ "Dispora · 7", for a long list of ticks whose hint says what the number is."""
    return f"{choice.agency.abbreviation} · {choice.load.parts}"


def budget_text(assignment: Assignment) -> str:
    """What is known of the money, in words."""
    if assignment.budget is BudgetState.NONE:
        return _("Belum dianggarkan")
    if assignment.budget is BudgetState.UNSTATED:
        return _("Belum diketahui")
    parts = [
        assignment.budget_code or "",
        rupiah(assignment.budget_amount) if assignment.budget_amount is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def reporting_text(assignment: Assignment) -> str:
    """In which periods it is reported, in words."""
    if assignment.reported_in is ReportedIn.LAST:
        return _("Periode terakhir saja")
    if assignment.reported_in is ReportedIn.MONTHS:
        names = ", ".join(month_name(month) for month in months_of(assignment.report_months))
        return _("Periode yang berakhir %(months)s", months=names)
    return _("Setiap periode sampai ditutup")


def close_labels() -> dict[CloseKind, str]:
    """Why an assignment was closed, in words."""
    return {
        CloseKind.DONE: _("Selesai"),
        CloseKind.DISCONTINUED: _("Tidak dilanjutkan"),
        CloseKind.MISTAKEN: _("Salah tugas"),
        CloseKind.OTHER: _("Alasan lain"),
    }


def change_text(change: AssignmentChange) -> tuple[str, str]:
    """Return (verb, what follows it) of a line of history."""
    agency = change.agency.abbreviation if change.agency else ""
    receiver = change.to_agency.abbreviation if change.to_agency else ""
    verbs = {
        ChangeKind.REASSIGNED: (
            _("Dialihkan"),
            _("dari %(agency)s kepada %(receiver)s.", agency=agency, receiver=receiver),
        ),
        ChangeKind.SUPPORT_ADDED: (_("Pendukung ditambah:"), f"{agency}."),
        ChangeKind.SUPPORT_REMOVED: (_("Pendukung dikeluarkan:"), f"{agency}."),
        ChangeKind.SPLIT: (
            _("Dibagi"),
            _("dari bagian yang ditugaskan kepada %(agency)s.", agency=agency)
            if agency
            else _("menjadi beberapa bagian."),
        ),
        ChangeKind.AMENDED: (_("Diubah"), _("isi penugasannya.")),
        ChangeKind.CLOSED: (_("Ditutup."), ""),
    }
    if change.kind is ChangeKind.DUE_MOVED:
        if change.due_before and change.due_after:
            return _("Batas waktu diubah"), _(
                "dari %(before)s menjadi %(after)s.",
                before=plain_date(change.due_before),
                after=plain_date(change.due_after),
            )
        return _("Batas laporan diubah."), ""
    return verbs[change.kind]


def obstacle_labels() -> dict[Obstacle, str]:
    """Why an item cannot be given, in words."""
    return {
        Obstacle.HELD: _("Sudah ditugaskan"),
        Obstacle.NO_LEAD_IN_PLAN: _("Rencana tidak menyebut penanggung jawab"),
        Obstacle.LEAD_NOT_HERE: _("Penanggung jawabnya tidak ada di gugus tugas ini"),
        Obstacle.LEAD_IS_COURT: _("Pengadilan hanya berbagi data"),
        Obstacle.NO_GROUP: _("Pokjanya tidak ada di gugus tugas ini"),
        Obstacle.NO_COORDINATOR: _("Pokjanya belum punya koordinator"),
        Obstacle.GONE: _("Tidak dilanjutkan, atau tidak ada lagi di rencana"),
    }
