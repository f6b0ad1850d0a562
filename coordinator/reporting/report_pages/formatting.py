"""The rows of "Tugas saya" as text; what many rows share is composed once for a page."""

import functools
from dataclasses import dataclass
from datetime import date

from coordinator.formatting import day_and_month, plain_date, relative_day
from coordinator.reporting.report_pages.queries import TaskLine
from coordinator.reporting.report_pages.statement_queries import TaskPart
from coordinator.reporting.reports.rules import ReportKind, ReportState
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One row as it is shown; `due` is bold, `tags` are the states and texts of tags."""

    public_id: str
    title: str
    meta: str
    due: str
    date: str
    tags: tuple[tuple[str, str], ...]


class TaskFormatter:
    """Says the rows of one page on the day `on`."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._relative = functools.cache(
            lambda day, is_revision: relative_day(day, on, is_revision=is_revision)
        )
        self._day_and_month = functools.cache(day_and_month)
        self._plain_date = functools.cache(plain_date)
        self._part_of = functools.cache(
            lambda lead: _("mendukung %(lead)s", lead=lead) if lead else _("penanggung jawab")
        )

    def row(self, task: TaskLine) -> TaskRow:
        """Return a task as a row of its part."""
        if task.part is TaskPart.TYPED:
            meta = _("Diketik dari laporan kertas, menunggu jawaban Anda")
            return TaskRow(task.public_id, task.number, meta, "", "", (("on_behalf", ""),))
        if task.part is TaskPart.QUIET:
            meta, due, day = self._why_quiet(task), "", self._since(task)
        else:
            meta = self.meta(task)
            due, day = self._distance(task), self._day_and_month(task.last_day)
        return TaskRow(task.public_id, task.title, meta, due, day, tuple(self._tags(task)))

    def meta(self, task: TaskLine) -> str:
        """Return pokja, part and period: "Pokja II Ekonomi · penanggung jawab · Triwulan III"."""
        part = self._part_of(task.lead)
        return f"{_('Pokja')} {task.numeral} {task.working_group} · {part} · {task.period}"

    def _why_quiet(self, task: TaskLine) -> str:
        if task.is_disputed:
            return _("Ada uraian tugas yang belum jelas. Tidak ada pengingat sampai ada ketetapan.")
        if task.is_locked:
            return _("Periode sudah ditutup; laporan ini tidak dapat dikirim lagi.")
        if task.verify_by:
            return _(
                "Sekretariat memeriksa paling lambat %(day)s",
                day=self._day_and_month(task.verify_by),
            )
        return self.meta(task)

    def _since(self, task: TaskLine) -> str:
        if task.submitted_at is None:
            return ""
        if task.verified_at is not None:
            return _("Diverifikasi %(day)s", day=self._plain_date(task.verified_at))
        return _("Dikirim %(day)s", day=self._plain_date(task.submitted_at))

    def _distance(self, task: TaskLine) -> str:
        return self._relative(task.last_day, task.state is ReportState.RETURNED)

    def _tags(self, task: TaskLine) -> list[tuple[str, str]]:
        is_late = task.last_day < self._on
        late = [("late", self._distance(task).capitalize())] if is_late else []
        if task.is_disputed:
            return [("disputed", "")]
        if task.is_locked:
            return [("silent", "")]
        if task.state is ReportState.RETURNED:
            return [("returned", ""), *late]
        if task.is_open and late:
            return [*late, ("draft", "")] if task.state else late
        found = [(task.state.value if task.state else "none", "")]
        if task.mark:
            found.append((task.mark.value, ""))
        if task.report_kind in (ReportKind.NIL, ReportKind.BLOCKED):
            found.append((task.report_kind.value, ""))
        return found
