"""A filled sheet: read it, show what it would do, apply it as a whole or not at all."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import sqlalchemy as sa

from coordinator import child, screening
from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import today
from coordinator.db import db, transactional
from coordinator.errors import DomainError, InvalidInput
from coordinator.permissions import Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.yaml_files import shown
from coordinator.reporting.approval.asking import notify_heads
from coordinator.reporting.drafts.queries import obligation_for, was_sent_with
from coordinator.reporting.drafts.service import save_draft
from coordinator.reporting.reports.labels import kind_labels
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.rules import SURE, ReportState, is_said, read_draft, unlikely_in
from coordinator.reporting.revisions.submission import problem_text
from coordinator.reporting.sheet import exports, queries
from coordinator.reporting.sheet.queries import OpenReport
from coordinator.reporting.sheet.rules import (
    OWN_HIDDEN,
    Expected,
    Noted,
    SheetColumns,
    SheetLine,
    SheetProblem,
    SheetQuestion,
    letter,
    most_values,
    read_lines,
)
from coordinator.reporting.submission.service import submit_report
from coordinator.translation import gettext as _

LARGEST = 5_000_000  # bytes
ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a filled sheet would do, and in sentences what of it was not read."""

    lines: list[SheetLine]
    said: list[str]
    reports: dict[str, OpenReport]
    layout: SheetColumns


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
        answer = json.loads(child.run("coordinator.reporting.sheet.reader", data))
    except child.ChildFailed as error:
        raise InvalidInput({"sheet": _("Berkas ini terlalu besar atau rusak.")}) from error
    if answer.get("refused"):
        raise InvalidInput({"sheet": answer["refused"]})
    rows = answer.get("rows") or []
    layout = SheetColumns(most_values(rows[0], exports.value_head())) if rows else SheetColumns(0)
    if not rows or list(rows[0])[: len(layout.columns)] != exports.heads(layout):
        raise InvalidInput(
            {"sheet": _("Kolomnya tidak dikenali. Unduh lembar baru, lalu salin isian ke sana.")}
        )
    reports = {one.key: one for one in queries.open_reports(by)}
    read = partial(
        read_lines,
        layout=layout,
        kinds={str(label).casefold(): kind.value for kind, label in kind_labels().items()},
        yes=_("ya"),
        no=_("tidak"),
        choices={word.casefold(): kept for kept, word in exports.choice_labels().items()},
        choice_fields=frozenset(
            f"value-{i.id}"
            for one in reports.values()
            for i in one.indicators
            if i.kind in exports.CHOICES
        ),
        noted=[Noted(row + 1, *note) for row, *note in answer["noted"]],
    )
    wanted = {key: _expected(one) for key, one in reports.items()}
    lines = read(rows[1:], wanted)
    hidden = {int(place): cells for place, cells in answer["hidden_rows"].items()}
    blank = [hidden.get(index, []) for index in range(1, len(rows))]
    unseen = {key: one for key, one in wanted.items() if key not in {line.key for line in lines}}
    lines += [replace(line, is_hidden=True) for line in read(blank, unseen)]
    for line in lines:
        _screen(line, hidden.get(line.row - 1) or rows[line.row - 1], layout)
        _say_emptied(line)
        if line.key in reports:
            _look_at(line, reports[line.key], layout, by)
    return Checked(
        lines,
        [*_hidden_columns(answer["hidden_columns"], layout), *answer["said"]],
        reports,
        layout,
    )


def _hidden_columns(places: Sequence[str], layout: SheetColumns) -> list[str]:
    """Return the sentence about columns that somebody hid: they are read, and it is said."""
    heads = {letter(index): head for index, head in enumerate(exports.heads(layout))}
    ours = {letter(layout.columns.index(name)) for name in OWN_HIDDEN}
    named = [
        _("%(head)s (kolom %(at)s)", head=heads.get(at, "–"), at=at)
        for at in places
        if at not in ours
    ]
    return [_("Kolom tersembunyi ikut dibaca: %(names)s.", names=", ".join(named))] if named else []


def recheck(wanted: Sequence["ConfirmedLine"], *, by: Viewer) -> Checked:
    """Return the lines a preview page sent back, checked again. Changes nothing.

    A missing tick needs no new upload.
    """
    reports = {one.key: one for one in queries.open_reports(by)}
    layout = SheetColumns(max((len(one.indicators) for one in reports.values()), default=0))
    lines = []
    for one in wanted:
        report = reports.get(one.key)
        title = report.title if report else ""
        line = SheetLine(
            one.row,
            one.key,
            title,
            one.version,
            dict(one.draft),
            one.send,
            True,
            is_hidden=one.is_hidden,
        )
        if report is None:
            line.problems.append(SheetProblem(f"A{one.row}", "unknown", "key"))
        elif report.version != one.version:
            line.problems.append(SheetProblem(f"B{one.row}", "stale", "version"))
        else:
            _look_at(line, report, layout, by)
        lines.append(line)
    return Checked(lines, [], reports, layout)


def _expected(report: queries.OpenReport) -> Expected:
    return Expected(
        key=report.key,
        title=report.title,
        version=report.version,
        fields=tuple(f"value-{one.id}" for one in report.indicators),
        is_lead=report.is_lead,
        draft=report.draft,
    )


def _say_emptied(line: SheetLine) -> None:
    """Name each cell that would take something out of a draft."""
    wrong = {problem.cell for problem in line.problems}
    for one in line.emptied:
        if one.cell not in wrong:
            was = shown(one.what)
            text = _("Sel ini kosong: isi draf “%(was)s” akan dihapus.", was=was)
            line.remarks.append(replace(one, what=text))


def _screen(line: SheetLine, cells: Sequence[str], layout: SheetColumns) -> None:
    """Look for NIK and KK numbers in every cell, locked ones too, and over neighbouring cells."""
    names = layout.columns
    for index, text in enumerate(cells):
        if screening.blocks(text):
            name = names[index] if index < len(names) else ""
            line.problems.append(SheetProblem(f"{letter(index)}{line.row}", "identity", name))
    if not line.problems and screening.blocks(" ".join(cells[7:])):
        line.problems.append(SheetProblem(f"{letter(7)}{line.row}", "identity", names[7]))


def _look_at(line: SheetLine, report: OpenReport, layout: SheetColumns, by: Viewer) -> None:
    """Ask what the form asks about a line that is to be sent, and say what it still lacks."""
    for name, text in report.draft.items():  # said on the form already, about this very text
        if name.startswith(SURE) and line.draft.get(name.removeprefix(SURE)) == text:
            line.draft[name] = text
    if not line.send or line.problems:
        return
    names = {one.field: f"value{n}" for n, one in enumerate(report.asked, start=1)}
    units = {f"value-{one.id}": one.unit for one in report.indicators}

    def cell(name: str) -> tuple[str, str]:
        column = names.get(name, name)
        return f"{letter(layout.columns.index(column))}{line.row}", column

    _content, problems = read_draft(
        line.draft, asked=report.asked, is_lead=report.is_lead, on=today(by.zone), asks=False
    )
    for name, problem in problems.items():
        at, column = cell(name)
        text = problem_text(name, problem, units.get(name, _("dukungan")))
        line.problems.append(SheetProblem(at, text, column))
    for name, said in unlikely_in(line.draft, asked=report.asked, is_lead=report.is_lead).items():
        at, column = cell(name)
        line.questions.append(SheetQuestion(at, said, column, name, is_said(line.draft, name)))


@dataclass(frozen=True, slots=True)
class ConfirmedLine:
    """One report of a checked sheet, as the preview page sends it back."""

    key: str
    version: int
    draft: dict[str, str]
    send: bool
    row: int = 0
    is_hidden: bool = False


@transactional
def apply_sheet(
    wanted: Sequence[ConfirmedLine], *, form_key: str, confirmed: bool, by: Viewer
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
    _require_answers(wanted, by)
    for_head: list[Obligation] = []
    for number, one in enumerate(wanted):
        key = f"{form_key[:30]}-{number}"
        try:
            if _is_done(one.key, key, by):
                sent += 1
                continue
            report = save_draft(one.key, one.draft, version=one.version, by=by)
            if one.send:
                report = submit_report(
                    one.key,
                    version=report.version,
                    form_key=key,
                    confirmed=True,
                    by=by,
                    is_told=False,
                )
                if report.state is ReportState.AWAITING_HEAD:
                    for_head.append(obligation_for(one.key, by)[0])
        except DomainError as error:
            raise InvalidInput(
                {"sheet": _("Tidak ada yang diterapkan. %(why)s", why=error.message)}
            ) from error
        sent += one.send
        drafts += not one.send
    if for_head:
        notify_heads(for_head)
    record(
        "sheet.applied",
        by=by,
        subject=("agency", by.own_agency_id),
        agency_id=by.agency_id,
        drafts=drafts,
        sent=sent,
    )
    return drafts, sent


def _require_answers(wanted: Sequence[ConfirmedLine], by: Viewer) -> None:
    """Raise InvalidInput where a number was asked about and nobody said that it is meant."""
    lines = recheck([one for one in wanted if one.send], by=by).lines
    if any(not question.is_sure for one in lines for question in one.questions):
        raise InvalidInput({"sheet": _("Jawab pertanyaan tentang angkanya, lalu terapkan lagi.")})


def _is_done(public_id: str, form_key: str, by: Viewer) -> bool:
    report_id = db.session.scalar(
        sa.select(Report.id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .where(Obligation.public_id == public_id, Obligation.agency_id == by.own_agency_id)
    )
    return report_id is not None and was_sent_with(report_id, form_key, by)
