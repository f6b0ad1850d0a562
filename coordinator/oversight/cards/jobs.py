"""Every card of a task force as one file: long work, done by the scheduler."""

import io
import zipfile

import flask

from coordinator.clock import local, now, today
from coordinator.errors import NotFound
from coordinator.oversight.cards import exports, queries
from coordinator.oversight.cards.rules import Card
from coordinator.people.directory import queries as directory
from coordinator.platform.background_jobs.running import Product, Work
from coordinator.platform.documents.rendering import PDF_TYPE
from coordinator.translation import gettext as _

ALL_CARDS = "all_cards"  # the kind of this task
ZIP_TYPE = "application/zip"
ONE_PDF_SECONDS = 60


def make_all_cards(work: Work) -> Product:
    """Make all cards of the requester's task force. Raises NotFound, Unavailable.

    `params["form"]` is "pdf" (one file with an outline) or "zip" (a file per agency).
    """
    viewer = work.viewer
    force = directory.task_force(viewer)
    if force is None:
        raise NotFound(_("Gugus tugas itu tidak ada."))
    code, on, at = force.code, today(viewer.zone), now()
    letterhead = directory.letterhead(force)
    base_url = str(flask.current_app.config["SETTINGS"].base_url)
    ids = queries.agency_ids(viewer)
    as_zip = work.params.get("form") == "zip"
    # One PDF is rendered in one step at the end: that counts as one more.
    total = len(ids) + (0 if as_zip else 1)
    cards: list[tuple[Card, bool]] = []
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as files:
        for number, agency_id in enumerate(ids):
            work.progress(number, total)
            found = queries.card_of(viewer, agency_id, on=on)
            if found is None:
                continue
            cards.append(found)
            if as_zip:
                body = exports.card_pdf(
                    found[0],
                    letterhead,
                    is_published=found[1],
                    base_url=base_url,
                    at=at,
                    zone=viewer.zone,
                )
                info = zipfile.ZipInfo(
                    f"kartu-peran_{code}_{found[0].slug}.pdf",
                    date_time=local(at, viewer.zone).timetuple()[:6],
                )
                files.writestr(info, body)
    note = _("%(n)s kartu.", n=len(cards))
    stem = f"kartu-peran_{code}_{on.isoformat()}"
    if as_zip:
        return Product(note, f"{stem}.zip", ZIP_TYPE, archive.getvalue())
    if not cards:
        raise NotFound(_("Gugus tugas ini belum punya instansi."))
    work.progress(len(ids), total)
    body = exports.cards_pdf(
        cards, letterhead, base_url=base_url, at=at, zone=viewer.zone, seconds=ONE_PDF_SECONDS
    )
    return Product(note, f"{stem}.pdf", PDF_TYPE, body)
