"""Letters to every agency as one file: long work, done by the scheduler."""

import io
import zipfile

import flask

from coordinator.assignments.letters import exports, queries, service
from coordinator.assignments.letters.rules import kept_body, kept_head
from coordinator.clock import local
from coordinator.errors import NotFound
from coordinator.people.directory import queries as directory
from coordinator.platform.background_jobs.running import Product, Work
from coordinator.translation import gettext as _

ALL_LETTERS = "all_letters"  # the kind of this work
ZIP_TYPE = "application/zip"


def make_all_letters(work: Work) -> Product:
    """Make a letter to each agency that holds assignments, as PDF and DOCX in a ZIP.

    `params["head"]` is printed on all of them. Running it again makes no second letter.

    Raises NotFound, NotAllowed, InvalidInput, Unavailable.
    """
    viewer = work.viewer
    force = directory.task_force(viewer)
    slugs = [one.slug for one in queries.agencies_with_work(viewer)]
    if force is None or not slugs:
        raise NotFound(_("Belum ada instansi yang ditugasi."))
    code, emblem = force.code, directory.letterhead(force).emblem
    base_url = str(flask.current_app.config["SETTINGS"].base_url)
    head = kept_head({"head": work.params["head"]})
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as files:
        for number, slug in enumerate(slugs):
            work.progress(number, len(slugs))
            letter = service.make_letter(slug, head, by=viewer)
            body, kept, at = kept_body(letter.content), kept_head(letter.content), letter.made_at
            pdf = exports.letter_pdf(body, kept, emblem=emblem, base_url=base_url, at=at)
            docx = exports.letter_docx(body, kept, emblem=emblem, base_url=base_url)
            stamp = local(at, viewer.zone).timetuple()[:6]
            for ending, data in (("pdf", pdf), ("docx", docx)):
                name = f"surat-penugasan_{code}_{slug}.{ending}"
                files.writestr(zipfile.ZipInfo(name, date_time=stamp), data)
    return Product(
        _("%(n)s surat.", n=len(slugs)),
        f"surat-penugasan_{code}_{head.dated_on.isoformat()}.zip",
        ZIP_TYPE,
        archive.getvalue(),
    )
