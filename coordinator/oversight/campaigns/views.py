"""How far agencies are with their duties, and the campaign that asks them."""

from datetime import timedelta

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import now, today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.mapping.duties.queries import working_groups
from coordinator.mapping.units.queries import unit_counts
from coordinator.oversight.campaigns import (
    candidate_queries,
    exports,
    formatting,
    letter_queries,
    queries,
    service,
)
from coordinator.oversight.campaigns.forms import CampaignForm
from coordinator.oversight.campaigns.labels import scope_hints, scope_labels, step_labels
from coordinator.oversight.campaigns.rules import OFFSETS, CampaignScope
from coordinator.people.directory import queries as directory
from coordinator.people.directory.ladder_rules import step_on
from coordinator.permissions import Permission
from coordinator.platform.documents.rendering import DOCX_TYPE, PDF_TYPE
from coordinator.platform.mail.rules import MailState
from coordinator.translation import gettext as _

bp = flask.Blueprint("campaigns", __name__)

USUAL_DAYS = timedelta(days=14)


@bp.get("/jawab/instansi")
@web.requires(Permission.SEE_ANSWERS)
def progress() -> ResponseReturnValue:
    """Show how far each agency and each pokja is, and the campaign that runs."""
    return _progress_page()


def _progress_page(problem: str = "") -> str:
    viewer = web.viewer()
    every = queries.campaigns(viewer)
    campaign = next((one for one in every if one.ended_at is None), None)
    # Who got a mail can still be read after the end.
    last = campaign or next(iter(every), None)
    force = directory.task_force(viewer)
    found = queries.progress(viewer, last)
    only = flask.request.args.get("keadaan", "")
    shown = [
        one
        for one in found.agencies
        if only not in ("menunggu", "surat")
        or (one.counts.open if only == "menunggu" else one.needs_letter)
    ]
    return flask.render_template(
        "oversight/campaigns/progress.html",
        campaign=campaign,
        last=last,
        problem=problem,
        ticked=flask.request.form.getlist("instansi"),
        found=found,
        shown=sorted(shown, key=lambda one: (-one.counts.open, one.abbreviation.lower())),
        only=only,
        letters=sum(one.needs_letter for one in found.agencies),
        units=unit_counts(viewer),
        former=[one for one in every if one.ended_at is not None],
        may_run=viewer.may(Permission.RUN_CAMPAIGNS),
        may_note=viewer.may(Permission.KEEP_CONTACTS),
        formatting=formatting,
        region=force.region if force else "",
        address=flask.current_app.config["SETTINGS"].base_url + "/jawab",
        letterhead=directory.page_head(viewer),
        on=today(viewer.zone),
        at=now(),
        zone=viewer.zone,
    )


@bp.get("/jawab/kampanye/baru")
@web.requires(Permission.RUN_CAMPAIGNS)
def new() -> ResponseReturnValue:
    """Show the form that starts a campaign."""
    form = _form()
    form.target_on.data = today(web.viewer().zone) + USUAL_DAYS
    wanted = flask.request.args.get("cakupan", "")
    form.scope.data = wanted if wanted in set(CampaignScope) else CampaignScope.ALL.value
    return _form_page(form)


@bp.post("/jawab/kampanye/periksa")
@web.requires(Permission.RUN_CAMPAIGNS)
def check() -> ResponseReturnValue:
    """Show whom the campaign would ask, before it begins."""
    form = _form()
    if "ubah" in flask.request.form:
        return _form_page(form)
    if not form.validate() or form.target_on.data is None:
        return _form_page(form), 422
    scope, group_id = CampaignScope(form.scope.data), _group_id(form)
    try:
        service.check(form.target_on.data, form.message.data or "", today(web.viewer().zone))
        if scope is CampaignScope.GROUP and group_id is None:
            raise InvalidInput({"group": _("Pilih pokja.")})
        found = candidate_queries.candidates(web.viewer(), scope, group_id)
        if not found:
            raise InvalidInput(
                {"scope": _("Tidak ada instansi dengan tugas yang menunggu jawaban.")}
            )
    except InvalidInput as error:
        refuse(form, error)
        return _form_page(form), 422
    return _check_page(form, found, {one.agency.slug for one in found})


@bp.post("/jawab/kampanye/baru")
@web.requires(Permission.RUN_CAMPAIGNS)
def start() -> ResponseReturnValue:
    """Start the campaign."""
    form = _form()
    if not form.validate() or form.target_on.data is None:
        return _form_page(form), 422
    ticked = set(flask.request.form.getlist("instansi"))
    scope, group_id = CampaignScope(form.scope.data), _group_id(form)
    found = candidate_queries.candidates(web.viewer(), scope, group_id)
    try:
        service.start(
            service.NewCampaign(
                scope=scope,
                target_on=form.target_on.data,
                working_group_id=group_id,
                message=form.message.data or "",
                without=frozenset(one.agency.slug for one in found) - ticked,
                again="lagi" in flask.request.form,
            ),
            by=web.viewer(),
        )
    except InvalidInput as error:
        if found and set(error.fields) <= {"instansi", "target_on"}:
            refuse(form, error)
            return _check_page(form, found, ticked, error.fields.get("instansi", "")), 422
        refuse(form, error)
        return _form_page(form), 422
    except Conflict as error:
        refuse(form, InvalidInput({"": error.message}))
        return _form_page(form), 409
    return flask.redirect(flask.url_for("oversight.campaigns.progress", selesai="mulai"), 303)


def _check_page(
    form: CampaignForm,
    found: list[candidate_queries.CampaignCandidate],
    ticked: set[str],
    problem: str = "",
) -> str:
    viewer = web.viewer()
    days_off = directory.days_off()
    return flask.render_template(
        "oversight/campaigns/check.html",
        form=form,
        found=found,
        ticked=ticked,
        problem=problem,
        scope=scope_labels()[CampaignScope(form.scope.data)],
        group=next(
            (one for one in working_groups(viewer) if one.key == form.group.data)
            if form.scope.data == CampaignScope.GROUP.value
            else iter(()),
            None,
        ),
        steps=[
            (step_labels()[step], step_on(form.target_on.data, offset, days_off))
            for step, offset in OFFSETS.items()
            if form.target_on.data is not None
        ],
        on=today(viewer.zone),
    )


@bp.get("/jawab/kampanye/<campaign_id>")
@web.requires(Permission.SEE_ANSWERS)
def campaign(campaign_id: str) -> ResponseReturnValue:
    """Show whom a campaign asked, and who got a mail."""
    viewer = web.viewer()
    found = _campaign(campaign_id)
    return flask.render_template(
        "oversight/campaigns/campaign.html",
        campaign=found,
        agencies=queries.progress(viewer, found).agencies,
        formatting=formatting,
        zone=viewer.zone,
    )


def _campaign(campaign_id: str) -> queries.CampaignLine:
    found = next(
        (one for one in queries.campaigns(web.viewer()) if one.public_id == campaign_id), None
    )
    if found is None:
        raise NotFound(_("Permintaan jawaban itu tidak ada."))
    return found


@bp.post("/jawab/kampanye/<campaign_id>/tambah")
@web.requires(Permission.RUN_CAMPAIGNS)
def add(campaign_id: str) -> ResponseReturnValue:
    """Ask further agencies in the campaign that runs."""
    ticked = flask.request.form.getlist("instansi")
    try:
        count = service.add_agencies(campaign_id, ticked, by=web.viewer())
    except (InvalidInput, Conflict) as error:
        problem = error.message if isinstance(error, Conflict) else error.fields["instansi"]
        return _progress_page(problem), 409 if isinstance(error, Conflict) else 422
    return flask.redirect(
        flask.url_for("oversight.campaigns.progress", selesai="tambah", n=count), 303
    )


@bp.route("/jawab/kampanye/<campaign_id>/akhiri", methods=["GET", "POST"])
@web.requires(Permission.RUN_CAMPAIGNS)
def end(campaign_id: str) -> ResponseReturnValue:
    """Show what ending the campaign does, then end it."""
    viewer = web.viewer()
    found = _campaign(campaign_id)
    if flask.request.method == "POST":
        service.end(campaign_id, by=viewer)
        return flask.redirect(flask.url_for("oversight.campaigns.progress", selesai="akhir"), 303)
    if found.ended_at is not None:
        return flask.redirect(flask.url_for("oversight.campaigns.progress"), 303)
    agencies = queries.progress(viewer, found).agencies
    return flask.render_template(
        "oversight/campaigns/end.html",
        campaign=found,
        waiting=[one for one in agencies if one.asked_open],
        mails=sum(mail.state is MailState.QUEUED for one in agencies for mail in one.told),
    )


@bp.get("/jawab/instansi/<slug>/surat.pdf")
@web.requires(Permission.RUN_CAMPAIGNS)
def letter_pdf(slug: str) -> ResponseReturnValue:
    """Return the letter that asks one agency, as PDF."""
    return _letter(slug, "pdf")


@bp.get("/jawab/instansi/<slug>/surat.docx")
@web.requires(Permission.RUN_CAMPAIGNS)
def letter_docx(slug: str) -> ResponseReturnValue:
    """Return the same letter as DOCX, to be edited."""
    return _letter(slug, "docx")


def _letter(slug: str, kind: str) -> ResponseReturnValue:
    viewer = web.viewer()
    words = letter_queries.letter(viewer, slug)
    if words is None:
        raise NotFound(_("Tidak ada tugas yang menunggu jawaban instansi itu."))
    base_url = flask.current_app.config["SETTINGS"].base_url
    name = f"permintaan-jawaban_{slug}_{today(viewer.zone).isoformat()}.{kind}"
    if kind == "pdf":
        return edge.download(exports.letter_pdf(words, base_url=base_url, at=now()), PDF_TYPE, name)
    return edge.download(exports.letter_docx(words, base_url=base_url), DOCX_TYPE, name)


def _form() -> CampaignForm:
    form = CampaignForm()
    form.scope.choices = select_choices((key.value, label) for key, label in scope_labels().items())
    form.group.choices = select_choices(
        [
            ("", _("Pilih pokja")),
            *(
                (group.key, f"{group.numeral} {group.short}")
                for group in working_groups(web.viewer())
            ),
        ]
    )
    return form


def _group_id(form: CampaignForm) -> int | None:
    return next(
        (group.id for group in working_groups(web.viewer()) if group.key == form.group.data), None
    )


def _form_page(form: CampaignForm) -> str:
    viewer = web.viewer()
    hints = {key.value: text for key, text in scope_hints().items()}
    return flask.render_template(
        "oversight/campaigns/new.html",
        form=form,
        hints=hints,
        group=CampaignScope.GROUP.value,
        running=queries.running(viewer),
    )
