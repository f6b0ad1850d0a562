"""Files next to reports, as the tests of evidence need them."""

import io

import sqlalchemy as sa
from PIL import Image

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.permissions import Viewer
from coordinator.platform.files import storage
from coordinator.platform.files.receiving import Received
from coordinator.platform.files.rules import Reading
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.submission import service as submission
from tests import factories
from tests.factories import Story


def received(data: bytes = b"isi", *, name: str = "bukti.jpg", **more: object) -> Received:
    """A file the readers took."""
    facts: dict[str, object] = {"reading": Reading.NONE, **more}
    return Received(storage.store(data), len(data), "image/jpeg", name, **facts)  # type: ignore[arg-type]


def lay(owed: Obligation, by: Viewer, *files: Received) -> str:
    """Attach files to a draft; return the id of the last."""
    drafts.save_draft(
        owed.public_id,
        factories.draft_for(owed),
        version=factories.obligation_version(owed),
        files=files,
        by=by,
    )
    return (
        db.session.scalars(sa.select(Evidence.public_id).order_by(Evidence.id.desc())).first() or ""
    )


def send(owed: Obligation, by: Viewer) -> None:
    """Submit the draft."""
    version = factories.obligation_version(owed)
    submission.submit_report(
        owed.public_id,
        version=version,
        form_key=f"{owed.public_id}-{version}",
        confirmed=True,
        by=by,
    )


def use(public_id: str) -> Evidence:
    """A use as it is in the database now."""
    db.session.rollback()
    return db.session.scalars(sa.select(Evidence).where(Evidence.public_id == public_id)).one()


def first_again(story: Story) -> Obligation:
    """What Dispora owes for another action."""
    assignment = factories.assign(story.secretariat, "1.2", join=story.period)
    return factories.obligation_of(assignment, "dispora")


def picture(name: str = "kegiatan.jpg") -> tuple[io.BytesIO, str]:
    """A small photo to upload."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (90, 120, 90)).save(out, "JPEG")
    out.seek(0)
    return out, name
