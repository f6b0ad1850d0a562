"""Giving many actions in one act: choose, say to whom, look, give, take back."""

import secrets
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.assignments.changes import batches, labels, queries
from coordinator.assignments.changes.bulk import Assignee, Prepared, prepare
from coordinator.assignments.changes.forms import BELOW, BulkForm
from coordinator.assignments.changes.queries import Filter
from coordinator.assignments.changes.service import AssignmentBasis
from coordinator.assignments.pages.blueprint import bp
from coordinator.assignments.pages.views import received_scan
from coordinator.assignments.proposals import proposing
from coordinator.assignments.proposals.offering import kinds
from coordinator.assignments.proposals.queries import forces_below, is_of_proposals, may_propose
from coordinator.assignments.proposals.undoing import undo_batch
from coordinator.assignments.queries import Workload, workloads
from coordinator.assignments.rules import BasisKind, ReportedIn
from coordinator.clock import now, today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.mapping.duties import queries as duty_queries
from coordinator.paging import page_number, pages
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.periods import queries as periods
from coordinator.permissions import Permission
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.rules import PartyKind
from coordinator.platform.files.carrying import carried, token_of
from coordinator.platform.files.rules import ACCEPT
from coordinator.platform.mail.rules import MailState
from coordinator.platform.mail.service import GRACE
from coordinator.platform.mail.thread_queries import all_states
from coordinator.translation import gettext as _
from coordinator.typed import whole

PAGE = 100  # ticks fit in an address
SHOWN_OBSTACLES = 20
FORM = "basis-scan"  # what signs the scan that the form carries


def _filter(source: Any) -> Filter:
    """Return the choice that an address or a form names."""
    strategy = whole(source.get("strategi"), -1)
    return Filter(
        working_group=source.get("pokja", ""),
        strategy=strategy if strategy >= 0 else None,
        text=source.get("cari", "")[:100],
        ids=() if source.get("semua") == "1" else tuple(source.getlist("aksi")),
        to_propose=source.get("untuk") == "usulan" and may_propose(web.viewer()),
    )


@bp.get("/penugasan/massal")
@web.requires(Permission.ASSIGN_ACTIONS)
def bulk_choose() -> ResponseReturnValue:
    """The items nobody holds: tick some, or take all that the filter leaves."""
    viewer = web.viewer()
    args = flask.request.args
    wanted = _filter(args)
    page = page_number()
    shown = replace(wanted, ids=())
    items, total = queries.free_items(viewer, shown, page=page, size=PAGE)
    agencies = {one.agency.key: one.agency.abbreviation for one in queries.choices(viewer)}
    return flask.render_template(
        "assignments/pages/bulk_choose.html",
        actions=items,
        total=total,
        ticked=set(wanted.ids),
        page=page,
        pages=pages(total, PAGE),
        groups=duty_queries.working_groups(viewer),
        strategies=plans.strategies(viewer),
        wanted=shown,
        agencies=agencies,
        lead=PartyKind.LEAD,
        may_propose=may_propose(viewer),
        nothing=args.get("kosong") == "1",
        undone=args.get("diurungkan", ""),
    )


@bp.route("/penugasan/massal/isi", methods=["GET", "POST"])
@web.requires(Permission.ASSIGN_ACTIONS)
def bulk_fill() -> ResponseReturnValue:
    """To whom, on what basis, until when; then a look at what would happen; then the act."""
    viewer = web.viewer()
    source = flask.request.form if flask.request.method == "POST" else flask.request.args
    wanted = _filter(source)
    if source.get("semua") != "1" and not wanted.ids:
        return flask.redirect(
            flask.url_for(
                "assignments.pages.bulk_choose",
                kosong=1,
                pokja=wanted.working_group or None,
                strategi=wanted.strategy,
                cari=wanted.text or None,
                untuk="usulan" if wanted.to_propose else None,
            ),
            303,
        )
    period = periods.open_period(viewer, today(viewer.zone))
    form = _prepared_form(only_below=wanted.to_propose)
    act = source.get("act", "")
    token = source.get("scan_token", "")
    if flask.request.method == "POST" and act != "ubah" and form.validate():
        try:
            if form.towards.data == BELOW:
                return proposing.answer(wanted, form, source)
            if not form.lead.data and form.towards.data == Assignee.AGENCY.value:
                raise InvalidInput({"lead": _("Pilih instansi")})
            with received_scan() as taken:
                scan = taken.first or carried(token, form=FORM, by=viewer)
                if act == "tugaskan":
                    batch = batches.assign_together(
                        wanted,
                        Assignee(form.towards.data),
                        _terms(form),
                        lead=form.lead.data or "",
                        join=period if form.join.data else None,
                        scan=scan,
                        fingerprint=source.get("fingerprint", ""),
                        form_key=form.form_key.data or None,
                        by=viewer,
                    )
                    target = flask.url_for(
                        "assignments.pages.bulk_result", batch_id=batch.public_id
                    )
                    return flask.redirect(target, 303)
                batches.require_terms(_terms(form), by=viewer)
                taken.keep()  # the look before the act names it; without the act the sweep has it
                return _preview(wanted, form, source, token_of(scan, form=FORM, by=viewer))
        except InvalidInput as error:
            refuse(form, error)
        except Conflict as error:
            # A scan that came with this very answer is gone; one of the look before is not.
            return _preview(wanted, form, source, token, conflict=error.message)
    _items, total = queries.free_items(viewer, wanted, size=1)
    return flask.render_template(
        "assignments/pages/bulk_fill.html",
        form=form,
        total=total,
        source=source,
        below=BELOW,
        proposing=wanted.to_propose,
        period=period,
        scan=carried(token, form=FORM, by=viewer),
        scan_token=token,
        accept=ACCEPT,
    ), (422 if form.errors else 200)


def _prepared_form(*, only_below: bool) -> BulkForm:
    viewer = web.viewer()
    form = BulkForm()
    agencies = ((one.agency.slug, labels.choice_label(one)) for one in queries.choices(viewer))
    form.lead.choices = select_choices([("", _("Pilih instansi")), *agencies])
    below = forces_below(viewer) if may_propose(viewer) else []
    if below:
        form.offer_below(below, kinds(viewer), only=only_below)
    if flask.request.method == "GET":
        form.forces.data = [force.code for force in below]
        on = today(viewer.zone)
        form.due_on.data, form.basis_on.data = date(on.year, 12, 31), on
        form.form_key.data = secrets.token_urlsafe(16)
    return form


def _terms(form: BulkForm) -> batches.Terms:
    return batches.Terms(
        basis=AssignmentBasis(
            BasisKind(form.basis_kind.data),
            (form.basis_reference.data or "").strip(),
            form.basis_on.data or date.min,
        ),
        due_on=form.due_on.data or date.min,
        note=(form.note.data or "").strip(),
        reported_in=ReportedIn(form.reported_in.data),
        report_months=form.months,
        budget=form.budget_line,
    )


def _preview(
    wanted: Filter, form: BulkForm, source: Any, scan_token: str, *, conflict: str = ""
) -> ResponseReturnValue:
    """Show what would happen: for each agency, what cannot be given and why, how many mails."""
    viewer = web.viewer()
    on = today(viewer.zone)
    prepared = prepare(viewer, wanted, Assignee(form.towards.data), lead=form.lead.data or "")
    contacts = contacts_of_agencies(set(prepared.agencies), on)
    people = {grant.account_id for grants in contacts.values() for grant in grants}
    period = periods.open_period(viewer, on)
    reasons = Counter(reason for _action, reason in prepared.obstacles)
    return flask.render_template(
        "assignments/pages/bulk_preview.html",
        form=form,
        source=source,
        prepared=prepared,
        lines=_lines(prepared, contacts, workloads(viewer)),
        mails=len(people),
        silent=sum(not grants for grants in contacts.values()),
        reasons=reasons,
        labels=labels.obstacle_labels(),
        obstacles=prepared.obstacles[:SHOWN_OBSTACLES],
        scan=carried(scan_token, form=FORM, by=viewer),
        scan_token=scan_token,
        period=period if form.join.data else None,
        conflict=conflict,
    ), (409 if conflict else 200)


def _lines(
    prepared: Prepared, contacts: dict[int, list[Any]], loads: dict[int, Workload]
) -> list[dict[str, Any]]:
    leads, supports = prepared.leads, prepared.supports
    return sorted(
        (
            {
                "agency": agency.abbreviation,
                "leads": leads[agency.id],
                "supports": supports[agency.id],
                "before": loads.get(agency.id, Workload()).parts,
                "people": len(contacts[agency.id]),
            }
            for agency in prepared.agencies.values()
        ),
        key=lambda line: (-line["leads"] - line["supports"], line["agency"].casefold()),
    )


@bp.get("/penugasan/massal/<batch_id>")
@web.requires(Permission.ASSIGN_ACTIONS)
def bulk_result(batch_id: str) -> ResponseReturnValue:
    """What was given, who will be told when, and the way back."""
    viewer = web.viewer()
    found = queries.batch(viewer, batch_id)
    if found is None:
        raise NotFound(_("Penugasan massal itu tidak ada, atau sudah diurungkan."))
    mails = all_states(found.mail_thread)
    return flask.render_template(
        "assignments/pages/bulk_result.html",
        batch=found,
        count=queries.batch_size(found),
        agencies=queries.batch_counts(found),
        mails=sum(mails.values()),
        sent=mails.get(MailState.SENT, 0),
        may_undo=queries.may_undo(found, at=now()),
        until=found.made_at + GRACE,
        zone=viewer.zone,
    )


@bp.post("/penugasan/massal/<batch_id>/urungkan")
@web.requires(Permission.ASSIGN_ACTIONS)
def undo(batch_id: str) -> ResponseReturnValue:
    """Take a batch back."""
    viewer = web.viewer()
    found = queries.batch(viewer, batch_id)
    page = (
        "assignments.proposals.index"
        if found and is_of_proposals(found)
        else "assignments.pages.bulk_choose"
    )
    count = undo_batch(batch_id, by=viewer)
    return flask.redirect(flask.url_for(page, diurungkan=count), 303)
