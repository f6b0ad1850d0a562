"""The verification queue, one report beside what was asked, and taking a verdict back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordinator import screening, web, words
from coordinator.accounts.queries import contacts_of_agencies
from coordinator.clock import local, now, today
from coordinator.directory import queries as directory
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.evidence.rules import IMAGE_TYPES, CheckState
from coordinator.forms import refuse, select_choices
from coordinator.obligations.names import with_former_names
from coordinator.paging import page_number, pages
from coordinator.permissions import Permission
from coordinator.progress import queries as progress
from coordinator.progress import service
from coordinator.progress.decisions import requests_of
from coordinator.progress.evidence_marks import verdict_marks
from coordinator.progress.models import ReportRevision
from coordinator.progress.rules import (
    SURE,
    VERIFY_WITHIN,
    ReportKind,
    ReportState,
    ReturnReason,
    ShortfallReason,
    SubmittedVia,
    Verdict,
    is_waiting_long,
)
from coordinator.progress.threads import timeline
from coordinator.progress.unlikely import unlikely
from coordinator.progress.verification import queries
from coordinator.progress.verification import service as verification
from coordinator.progress.verification.forms import ReopenForm, VerdictForm
from coordinator.progress.verification.queries import Flag, Wanted
from coordinator.progress.withdrawal import note_opening
from coordinator.progress.words import (
    kind_labels,
    return_reason_labels,
    shortfall_reason_labels,
)
from coordinator.roles import queries as roles
from coordinator.roles.queries import AgencyName

bp = flask.Blueprint("verification", __name__)

QUEUES = {
    "": ReportState.SUBMITTED,
    "dikembalikan": ReportState.RETURNED,
    "selesai": ReportState.VERIFIED,
}


def flag_labels() -> dict[Flag, str]:
    """Return the words for what the queue can be narrowed to."""
    return {
        Flag.ON_BEHALF: _("Atas nama"),
        Flag.REUSED_FILE: _("Berkas dipakai ulang"),
        Flag.NO_EVIDENCE: _("Tanpa bukti"),
        Flag.NOT_MINE: _("Perlu verifikator lain"),
    }


def _wanted() -> Wanted:
    asked = flask.request.args
    flag = asked.get("tanda", "")
    return Wanted(
        working_group=asked.get("pokja", ""),
        agency=asked.get("instansi", ""),
        flag=Flag(flag) if flag in set(Flag) else None,
    )


def _query(wanted: Wanted) -> dict[str, str]:
    """Return the filter as it stands in addresses."""
    found = {
        "pokja": wanted.working_group,
        "instansi": wanted.agency,
        "tanda": wanted.flag.value if wanted.flag else "",
    }
    return {name: text for name, text in found.items() if text}


def _agencies() -> list[AgencyName]:
    """Return whose reports can be asked for; older ones stand under the names of then."""
    viewer = web.viewer()
    return with_former_names(viewer, directory.agencies(viewer))


def _in_words(wanted: Wanted) -> list[str]:
    viewer = web.viewer()
    groups = {one.key: f"{one.numeral} {one.short}" for one in roles.working_groups(viewer)}
    names = {one.slug: one.abbreviation for one in _agencies()}
    found = [
        groups.get(wanted.working_group, wanted.working_group),
        names.get(wanted.agency, wanted.agency),
        flag_labels()[wanted.flag] if wanted.flag else "",
    ]
    return [text for text in found if text]


def _waits_long() -> Callable[[datetime], bool]:
    """Return what tells whether a submission has waited too long for the secretariat."""
    zone = web.viewer().zone
    on, days_off = today(zone), directory.days_off()
    return lambda at: is_waiting_long(local(at, zone).date(), on, days_off, VERIFY_WITHIN)


@bp.get("/verifikasi")
@web.requires(Permission.VERIFY_REPORTS)
def queue() -> ResponseReturnValue:
    """Reports by age, in three tabs."""
    viewer = web.viewer()
    tab = flask.request.args.get("tab", "")
    tab = tab if tab in QUEUES else ""
    wanted = _wanted()
    page = page_number()
    rows, total = queries.verification_queue(viewer, QUEUES[tab], wanted, page=page)
    waits_long = _waits_long()
    is_judge = queries.judging(viewer)
    return flask.render_template(
        "progress/queue.html",
        rows=rows,
        marks=verdict_marks(row.public_id for row in rows),
        total=total,
        page=page,
        pages=pages(total),
        tab=tab,
        state=QUEUES[tab],
        states=ReportState,
        groups=roles.working_groups(viewer),
        agencies=_agencies(),
        wanted=wanted,
        query=_query(wanted),
        filters=_in_words(wanted),
        flags=flag_labels(),
        waiting_long={row.public_id for row in rows if waits_long(row.submitted_at)},
        not_mine={
            row.public_id for row in rows if not is_judge(row.agency_id, row.submitted_by_id)
        },
        zone=viewer.zone,
        on=today(viewer.zone),
        local=local,
    )


def _page(report_id: str) -> progress.ReportPage:
    page = progress.report_page(web.viewer(), report_id)
    if page is None or page.report is None or page.report.latest is None:
        raise NotFound(_("Laporan itu tidak ada, atau belum dikirim."))
    return page


def _verdict_form(page: progress.ReportPage) -> VerdictForm:
    form = VerdictForm()
    latest = page.report.latest if page.report else None
    total = service.reported_total(latest) if latest else None
    accept = _("Setujui")
    if latest and len(latest.values) > 1:
        accept = _("Setujui semua seperti dilaporkan")
    elif total is not None:
        accept = _("Setujui %(value)s", value=words.number(total))
    choices = [("verify", accept)]
    if total is not None:
        choices.append(("partial", _("Setujui sebagian")))
    form.verdict.choices = select_choices([*choices, ("return", _("Kembalikan"))])
    form.shortfall_reason.choices = select_choices(
        [("", _("Pilih alasan")), *((k.value, v) for k, v in shortfall_reason_labels().items())]
    )
    form.return_reason.choices = select_choices(
        [("", _("Pilih alasan")), *((k.value, v) for k, v in return_reason_labels().items())]
    )
    if flask.request.method == "GET":
        form.revision.data = latest.number if latest else 0
        form.mend_by_on.data = service.default_mend_by(web.viewer().zone)
    return form


@bp.route("/verifikasi/<report_id>", methods=["GET", "POST"])
@web.requires(Permission.VERIFY_REPORTS)
def verify(report_id: str) -> ResponseReturnValue:
    """What was asked, what was reported, and the decision."""
    viewer = web.viewer()
    if flask.request.method == "GET":
        note_opening(report_id, by=viewer)  # from now on its agency cannot take it back
    page = _page(report_id)
    report, latest = page.report, page.report.latest if page.report else None
    wanted = _wanted()
    if report is None or latest is None or report.state is not ReportState.SUBMITTED:
        if flask.request.method == "POST" and _is_repeat(page):
            place = queries.place_in_queue(viewer, report_id, wanted)
            return _to_next(report_id, place.next_of_mine, wanted)
        return _moved_on(report_id, typed=flask.request.form.get("remark", ""))
    place = queries.place_in_queue(viewer, report_id, wanted)
    form = _verdict_form(page)
    errors: dict[str, str] = {}
    conflict = ""
    if form.validate_on_submit():
        judgement = _judgement(form, page)
        try:
            if form.verdict.data == "return":
                service.return_report(report_id, judgement, by=viewer)
            else:
                service.verify_report(report_id, judgement, by=viewer)
        except InvalidInput as error:
            errors = {k: v for k, v in error.fields.items() if k.startswith(("value-", "file-"))}
            refuse(form, error)
        except Conflict:
            conflict = _("Instansi mengirim pengajuan baru saat Anda memeriksa.")
            page = _page(report_id)
            report, latest = page.report, page.report.latest if page.report else None
            if report is None or latest is None or report.state is not ReportState.SUBMITTED:
                return _moved_on(report_id, typed=judgement.remark)
        else:
            return _to_next(report_id, place.next_of_mine, wanted)
    return flask.render_template(
        "progress/verify.html",
        page=page,
        form=form,
        errors=errors,
        conflict=conflict,
        latest=latest,
        doubtful=_doubtful(latest),
        unlikely=unlikely(page, latest),
        place=place,
        query=_query(wanted),
        filters=_in_words(wanted),
        duties=roles.duties_by_id(page.duty_ids),
        amendments=roles.amendments(),
        on=today(viewer.zone),
        history=timeline.of_report(viewer, page),
        decisions=requests_of(report.id),
        kind_labels=kind_labels(),
        typed={
            f"value-{v.indicator_id}": flask.request.form.get(f"value-{v.indicator_id}", "")
            for v in latest.values
        },
        ticked=set(flask.request.form.getlist("files")),
        uses=queries.other_uses(viewer, latest),
        images=IMAGE_TYPES,
        waiting=CheckState.WAITING,
        may=queries.judging(viewer)(page.agency.id, latest.submitted_by_id),
        told=_told(page),
        first_day=local(report.first_submitted_at or now(), viewer.zone).date(),
        waits_long=_waits_long()(latest.submitted_at),
        kinds=ReportKind,
        on_behalf=SubmittedVia.ON_BEHALF,
        zone=viewer.zone,
    ), (409 if conflict else 422 if form.errors or errors else 200)


def _is_repeat(page: progress.ReportPage) -> bool:
    """Tell whether this very verdict was given already: the form's other copy was quicker."""
    form = _verdict_form(page)
    if not form.validate():
        return False
    is_return = form.verdict.data == "return"
    verdict = Verdict.RETURNED if is_return else Verdict.VERIFIED
    try:
        same = service.judged_already(
            page.obligation.public_id, _judgement(form, page), verdict, by=web.viewer()
        )
    except InvalidInput:
        return False
    return same is not None


def _doubtful(revision: ReportRevision) -> str:
    """Return in words what the detector asks a person to look at in a submission's own text."""
    texts = (revision.note, revision.place, revision.nil_reason, revision.blocked_by)
    kinds = {found.kind for text in texts for found in screening.findings(text or "")}
    return words.of_kinds(kinds)


def _moved_on(report_id: str, *, typed: str = "") -> ResponseReturnValue:
    """Show the report as it is now; somebody who just decided is told that it was too late, and
    gets the words back."""
    if flask.request.method == "POST" and typed.strip():
        raise Conflict(
            _("Laporan ini sudah berubah. Keputusan Anda tidak disimpan: “%(text)s”", text=typed)
        )
    if flask.request.method == "POST":
        raise Conflict(_("Laporan ini sudah berubah. Keputusan Anda tidak disimpan."))
    return flask.redirect(flask.url_for("progress.report", report_id=report_id))


def _told(page: progress.ReportPage) -> str:
    """Return who would get the mail about a returned report, by function; "" where nobody."""
    grants = contacts_of_agencies({page.agency.id}, today(web.viewer().zone))[page.agency.id]
    functions = dict.fromkeys(_("pengganti") if g.is_alternate else _("narahubung") for g in grants)
    if not functions:
        return ""
    return _("%(who)s %(agency)s", who=_(" dan ").join(functions), agency=page.agency.abbreviation)


def _judgement(form: VerdictForm, page: progress.ReportPage) -> service.Judgement:
    latest = page.report.latest if page.report else None
    judgement = service.Judgement(
        revision_number=form.revision.data or 0,
        identity_checked=bool(form.identity_checked.data),
        checked_files=frozenset(flask.request.form.getlist("files")),
        remark=(form.remark.data or "").strip(),
    )
    if form.verdict.data == "return":
        return replace(
            judgement,
            return_reason=ReturnReason(form.return_reason.data)
            if form.return_reason.data
            else None,
            mend_by_on=form.mend_by_on.data,
        )
    if form.verdict.data == "partial" and latest is not None:
        return replace(
            judgement,
            remark="",
            values={
                v.indicator_id: flask.request.form.get(f"value-{v.indicator_id}", "")
                for v in latest.values
            },
            meant={
                v.indicator_id: flask.request.form.get(f"{SURE}value-{v.indicator_id}", "")
                for v in latest.values
            },
            shortfall_reason=ShortfallReason(form.shortfall_reason.data)
            if form.shortfall_reason.data
            else None,
        )
    return replace(judgement, remark="")


def _to_next(report_id: str, upcoming: str | None, wanted: Wanted) -> ResponseReturnValue:
    """Go on with the next report of the same queue; to the queue when none is left."""
    query: dict[str, Any] = {"selesai": report_id, **_query(wanted)}
    if upcoming is None:
        target = flask.url_for("verification.queue", **query)
    else:
        target = flask.url_for("verification.verify", report_id=upcoming, **query)
    return flask.redirect(target, 303)


@bp.route("/verifikasi/<report_id>/buka-kembali", methods=["GET", "POST"])
@web.requires(Permission.VERIFY_REPORTS)
def reopen(report_id: str) -> ResponseReturnValue:
    """Take a verdict back, with a reason."""
    viewer = web.viewer()
    page = _page(report_id)
    report, latest = page.report, page.report.latest if page.report else None
    if report is None or latest is None or report.state is not ReportState.VERIFIED:
        return _moved_on(report_id)
    form = ReopenForm()
    if flask.request.method == "GET":
        form.mend_by_on.data = service.default_mend_by(viewer.zone)
    if form.validate_on_submit():
        try:
            verification.reopen_report(
                report_id,
                revision_number=form.revision.data or 0,
                reason=form.reason.data or "",
                mend_by_on=form.mend_by_on.data,
                by=viewer,
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(
                flask.url_for("progress.report", report_id=report_id, selesai="dibuka"), 303
            )
    return flask.render_template(
        "progress/reopen.html",
        page=page,
        form=form,
        latest=latest,
        told=_told(page),
        may=queries.judging(viewer)(page.agency.id, latest.submitted_by_id),
    ), (422 if form.errors else 200)
