"""The card anybody may read, its PDF, and the secretariat's list."""

from urllib.parse import quote

import flask
import flask_login
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import now, today
from coordinator.errors import NotFound
from coordinator.mapping.answers.queries import published_questions
from coordinator.oversight.cards import exports, formatting, queries, service
from coordinator.oversight.cards.jobs import ALL_CARDS
from coordinator.oversight.cards.overview import card_rows
from coordinator.people.directory import queries as directory
from coordinator.permissions import Permission, Viewer
from coordinator.platform.background_jobs import service as background_jobs
from coordinator.platform.documents.qr import qr_code
from coordinator.platform.documents.rendering import PDF_TYPE
from coordinator.translation import gettext as _

bp = flask.Blueprint("cards", __name__)


def _reader() -> Viewer | None:
    """Return who reads, or None for anybody."""
    found = getattr(flask_login.current_user, "viewer", None)
    return found if isinstance(found, Viewer) else None


def _found(code: str, slug: str) -> queries.FoundCard:
    found = queries.find_card(code, slug, _reader())
    if found is None:
        raise NotFound(_("Kartu ini tidak ada, atau belum diterbitkan."))
    return found


def _base_url() -> str:
    return str(flask.current_app.config["SETTINGS"].base_url)


@bp.get("/kartu-peran/<code>/<slug>")
@web.public
def card(code: str, slug: str) -> ResponseReturnValue:
    """Show an agency's role card."""
    present = queries.present_slug(code, slug)
    if present is not None:
        return flask.redirect(flask.url_for("oversight.cards.card", code=code, slug=present), 301)
    found = _found(code, slug)
    viewer = _reader()
    force = found.force
    shown = queries.card(force, found.agency, on=today(force.zone))
    address = _base_url() + shown.path
    answers = queries.answers_shown(viewer, found)
    frame = {}
    if viewer is None:
        # Visitors who scanned the code see which region the card belongs to.
        frame["masthead"] = {"region": force.region, "region_short": force.short_region}
    return flask.render_template(
        "oversight/cards/card.html",
        card=shown,
        letterhead=directory.letterhead(force),
        is_published=found.is_published,
        answers=answers,
        waiting=any(
            duty.duty_id not in (answers or {}) or not (answers or {})[duty.duty_id].is_current
            for duty in shown.duties
        ),
        questions=published_questions(found.agency.id),
        is_own=viewer is not None and viewer.agency_id == found.agency.id,
        may_manage=viewer is not None
        and viewer.may(Permission.PUBLISH_CARDS)
        and viewer.task_force_id == force.id,
        signed_in=viewer is not None,
        formatting=formatting,
        qr=qr_code(address) if found.is_published else None,
        whatsapp="https://wa.me/?text="
        + quote(_("Kartu Peran %(name)s: %(address)s", name=shown.full_name, address=address)),
        **frame,
    )


@bp.get("/kartu-peran/<code>/<slug>.pdf")
@web.public
def card_pdf(code: str, slug: str) -> ResponseReturnValue:
    """Return the card as an A4 PDF to anyone who may read it."""
    present = queries.present_slug(code, slug)
    if present is not None:
        return flask.redirect(
            flask.url_for("oversight.cards.card_pdf", code=code, slug=present), 301
        )
    found = _found(code, slug)
    zone = found.force.zone
    body = exports.card_pdf(
        queries.card(found.force, found.agency, on=today(zone)),
        directory.letterhead(found.force),
        is_published=found.is_published,
        base_url=_base_url(),
        at=now(),
        zone=zone,
    )
    name = f"kartu-peran_{code}_{slug}.pdf"
    return edge.download(body, PDF_TYPE, name, is_shown=True)


@bp.get("/kartu-peran")
@web.requires(Permission.PUBLISH_CARDS)
def cards() -> ResponseReturnValue:
    """List the cards of the secretariat's task force: which are published, what changed since."""
    viewer = web.viewer()
    force = directory.task_force(viewer)
    if force is None:
        raise NotFound(_("Gugus tugas itu tidak ada."))
    return flask.render_template(
        "oversight/cards/cards.html",
        rows=card_rows(viewer),
        code=force.code,
        zone=viewer.zone,
        done=flask.request.args.get("selesai", ""),
    )


@bp.post("/kartu-peran/<slug>/terbitkan")
@web.requires(Permission.PUBLISH_CARDS)
def publish(slug: str) -> ResponseReturnValue:
    """Publish one card."""
    service.publish_card(slug, by=web.viewer())
    return flask.redirect(flask.url_for("oversight.cards.cards", selesai="terbit"), 303)


@bp.post("/kartu-peran/<slug>/tarik")
@web.requires(Permission.PUBLISH_CARDS)
def withdraw(slug: str) -> ResponseReturnValue:
    """Take one card back."""
    service.withdraw_card(slug, by=web.viewer())
    return flask.redirect(flask.url_for("oversight.cards.cards", selesai="tarik"), 303)


@bp.post("/kartu-peran/terbitkan-semua")
@web.requires(Permission.PUBLISH_CARDS)
def publish_all() -> ResponseReturnValue:
    """Publish every card that is not yet."""
    service.publish_all_cards(by=web.viewer())
    return flask.redirect(flask.url_for("oversight.cards.cards", selesai="semua"), 303)


@bp.post("/kartu-peran/semua")
@web.requires(Permission.PUBLISH_CARDS)
def all_cards() -> ResponseReturnValue:
    """Have every card made as one PDF, or as a ZIP of PDFs; long work with progress."""
    form = "zip" if flask.request.form.get("bentuk") == "zip" else "pdf"
    task_id = background_jobs.enqueue(
        ALL_CARDS,
        title=_("Semua Kartu Peran (%(form)s)", form=form.upper()),
        params={"form": form},
        by=web.viewer(),
    )
    return flask.redirect(flask.url_for("platform.background_jobs.task", task_id=task_id), 303)
