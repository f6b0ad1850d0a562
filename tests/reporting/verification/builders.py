"""Reports that wait for a verdict, with photos that wait for a person."""

import io

import sqlalchemy as sa
from PIL import Image
from werkzeug.datastructures import FileStorage

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.permissions import Viewer
from coordinator.platform.files.receiving import Received, receive
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.evidence.service import explain_reuse
from coordinator.reporting.reports.evidence_queries import REPORTS
from coordinator.reporting.submission import service
from tests import factories


def photo(colour: tuple[int, int, int] = (90, 120, 90)) -> Received:
    """The same stored picture, again and again; another one in another colour."""
    out = io.BytesIO()
    Image.new("RGB", (20, 20), colour).save(out, "JPEG")
    out.seek(0)
    return receive(FileStorage(out, filename="kegiatan.jpg"), field="files")


def send(obligation: Obligation, by: Viewer, *, files: int = 0) -> None:
    """Submit a first report, with files."""
    report = drafts.save_draft(
        obligation.public_id,
        factories.draft_for(obligation),
        version=0,
        files=[photo() for _ in range(files)],
        by=by,
    )
    for one in db.session.scalars(
        sa.select(Evidence).where(Evidence.obligation_id == obligation.id)
    ).all():
        if one.needs_reason:
            explain_reuse(one.public_id, "Satu kegiatan bersama.", reports=REPORTS, by=by)
    service.submit_report(
        obligation.public_id,
        version=report.version,
        form_key=obligation.public_id,
        confirmed=True,
        by=by,
    )
