"""A filled sheet: read it, say what it would do, do it as a whole or not at all."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from coordinator import child, screening
from coordinator.audit.service import record
from coordinator.clock import today
from coordinator.db import db, transactional
from coordinator.errors import DomainError, InvalidInput
from coordinator.periods.models import Obligation
from coordinator.permissions import Viewer
from coordinator.progress import service as progress
from coordinator.progress.approval.asking import tell_heads
from coordinator.progress.models import Report
from coordinator.progress.rules import SURE, Asked, Problem, ReportState, read_draft
from coordinator.progress.sheet import exports, queries
from coordinator.progress.sheet.rules import (
    Expected,
    Layout,
    Line,
    Noted,
    SheetProblem,
    letter,
    most_values,
    read_lines,
)
from coordinator.progress.submission import problem_text, question_text
from coordinator.progress.words import kind_labels
from coordinator.seedfile import shown

LARGEST = 5_000_000  # bytes
ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a filled sheet would do, and in sentences what of it was not read."""

    lines: list[Line]
    said: list[str]


def preview(data: bytes, *, by: Viewer) -> Checked:
    """Return what a filled sheet would do, line by line, with its problems. Changes nothing.

    Raises InvalidInput about the field `sheet` where the file is not ours to read.
    """
    if not data:
        raise InvalidInput({"sheet": _("Berkas kosong. Pilih berkas lain.")})
    if len(data) > LARGEST:
        raise InvalidInput({"sheet": _("Berkas paling besar 5 MB.")})
    if not data.startswith(ZIP):
        raise InvalidInput({"sheet": _("Unggah berkas XLSX yang diunduh dari halaman ini.")})
    try:
        answer = json.loads(child.run("coordinator.progress.sheet.reader", data))
    except child.ChildFailed as error:
        raise InvalidInput({"sheet": _("Berkas ini terlalu besar atau rusak.")}) from error
    if answer.get("refused"):
        raise InvalidInput({"sheet": answer["refused"]})
    rows = answer.get("rows") or []
    layout = Layout(most_values(rows[0], exports.value_head())) if rows else Layout(0)
    if not rows or list(rows[0])[: len(layout.columns)] != exports.heads(layout):
        raise InvalidInput(
            {"sheet": _("Kolomnya tidak dikenali. Unduh lembar baru, lalu salin isian ke sana.")}
        )
    reports = {one.key: one for one in queries.open_reports(by)}
    lines = read_lines(
        rows[1:],
        {key: _expected(one) for key, one in reports.items()},
        layout=layout,
        kinds={str(label).casefold(): kind.value for kind, label in kind_labels().items()},
        yes=_("ya"),
        no=_("tidak"),
        choices={word.casefold(): kept for kept, word in exports.choice_words().items()},
        choice_fields=frozenset(
            f"value-{i.id}"
            for one in reports.values()
            for i in one.indicators
            if i.kind in exports.CHOICES
        ),
        noted=[Noted(row + 1, *note) for row, *note in answer["noted"]],
    )
    place = {name: index for index, name in enumerate(layout.columns)}
    for line in lines:
        _screen(line, rows[line.row - 1])
        _say_emptied(line)
        if line.send and not line.problems:
            _require_complete(line, reports[line.key], place, by)
    return Checked(lines, answer["said"])


def _expected(report: queries.OpenReport) -> Expected:
    return Expected(
        key=report.key,
        title=report.title,
        version=report.version,
        fields=tuple(f"value-{one.id}" for one in report.indicators),
        is_lead=report.is_lead,
        draft=report.draft,
    )


def _say_emptied(line: Line) -> None:
    """Ask about each cell that would take something out of a draft."""
    wrong = {problem.cell for problem in line.problems}
    for one in line.emptied:
        if one.cell not in wrong:
            was = shown(one.what)
            text = _("Sel ini kosong: isi draf “%(was)s” akan dihapus.", was=was)
            line.questions.append(SheetProblem(one.cell, text))


def _screen(line: Line, cells: Sequence[str]) -> None:
    """Look for NIK and KK numbers in every cell, locked ones too, and over neighbouring cells."""
    for index, text in enumerate(cells):
        if screening.blocks(text):
            line.problems.append(SheetProblem(f"{letter(index)}{line.row}", "identity"))
    if not line.problems and screening.blocks(" ".join(cells[7:])):
        line.problems.append(SheetProblem(f"{letter(7)}{line.row}", "identity"))


def _require_complete(
    line: Line, report: queries.OpenReport, place: Mapping[str, int], by: Viewer
) -> None:
    asked = [Asked(one.id, one.kind) for one in report.indicators]
    _content, problems = read_draft(
        line.draft, asked=asked, is_lead=report.is_lead, on=today(by.zone)
    )
    names = {one.field: f"value{n}" for n, one in enumerate(asked, start=1)}
    units = {f"value-{one.id}": one.unit for one in report.indicators}
    for name, problem in problems.items():
        column = place[names.get(name, name)]
        if problem is Problem.ASKED:
            of = next((one for one in asked if one.field == name), None)
            said = question_text(of, line.draft[name])
            line.questions.append(SheetProblem(f"{letter(column)}{line.row}", said))
            line.draft[SURE + name] = line.draft[name]
            continue
        text = problem_text(name, problem, units.get(name, _("dukungan")))
        line.problems.append(SheetProblem(f"{letter(column)}{line.row}", text))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One report of a checked sheet, as the preview page sends it back."""

    key: str
    version: int
    draft: dict[str, str]
    send: bool


@transactional
def apply_sheet(
    wanted: Sequence[Wanted], *, form_key: str, confirmed: bool, by: Viewer
) -> tuple[int, int]:
    """Keep and send everything of a checked sheet, or nothing; return (drafts, sent).

    The same sheet twice changes nothing more. Raises InvalidInput where a report moved on since the
    preview (its words name the report), or the tick is missing.
    """
    if any(one.send for one in wanted) and not confirmed:
        raise InvalidInput(
            {"confirmed": _("Centang setelah Anda memastikan tidak ada identitas korban")}
        )
    drafts = sent = 0
    for_head: list[Obligation] = []
    for number, one in enumerate(wanted):
        key = f"{form_key[:30]}-{number}"
        try:
            if _is_done(one.key, key, by):
                sent += 1
                continue
            report = progress.save_draft(one.key, one.draft, version=one.version, by=by)
            if one.send:
                report = progress.submit_report(
                    one.key,
                    version=report.version,
                    form_key=key,
                    confirmed=True,
                    by=by,
                    is_told=False,
                )
                if report.state is ReportState.AWAITING_HEAD:
                    for_head.append(report.obligation)
        except DomainError as error:
            raise InvalidInput(
                {"sheet": _("Tidak ada yang diterapkan. %(why)s", why=error.message)}
            ) from error
        sent += one.send
        drafts += not one.send
    if for_head:
        tell_heads(for_head)
    record(
        "sheet.applied",
        by=by,
        subject=("agency", by.own_agency_id),
        agency_id=by.agency_id,
        drafts=drafts,
        sent=sent,
    )
    return drafts, sent


def _is_done(public_id: str, form_key: str, by: Viewer) -> bool:
    report = db.session.scalar(
        sa.select(Report)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .where(Obligation.public_id == public_id, Obligation.agency_id == by.own_agency_id)
    )
    return report is not None and progress.was_sent_with(report, form_key, by)
