"""A signed decree, and what entering it leaves behind."""

import io
from datetime import date

import flask
import pypdf
from werkzeug.datastructures import FileStorage

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.mapping.decrees import queries, service
from coordinator.mapping.decrees.effect import Choice, NewDecree, usual_choice
from coordinator.mapping.decrees.models import MappingDecree
from coordinator.mapping.duties.seed import DutyPart, Mapping
from coordinator.mapping.versions.queries import published
from coordinator.permissions import Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.files.receiving import Received
from coordinator.platform.files.service import stored_file
from coordinator.platform.files.taking_in import taken_in
from tests.mapping.versions.builders import number

SIGNED = NewDecree(
    "100.3.3.1/K.7/2026", date(2026, 10, 9), "Gugus Tugas (DATA CONTOH)", "Gubernur Contoh"
)
OTHER = NewDecree("UJI/8/2026", date(2026, 10, 12), "Perubahan (DATA CONTOH)", "Gubernur Contoh")


def scan_bytes(pages: int = 1) -> bytes:
    """A PDF without words, as a scanner makes it."""
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(width=595, height=842)
    writer.write(out)
    return out.getvalue()


def received(pages: int = 1) -> Received:
    """A scan that went through the intake."""
    upload = FileStorage(io.BytesIO(scan_bytes(pages)), "sk bertanda tangan.pdf")
    with flask.current_app.test_request_context(), taken_in([upload], field="scan") as taken:
        taken.keep()
    assert taken.first is not None, taken.errors
    return taken.first


def in_force(by: Viewer) -> Mapping:
    """The mapping in force."""
    db.session.rollback()
    mapping = published(by.own_task_force_id)
    assert mapping is not None
    return mapping


def usual(by: Viewer) -> Choice:
    """What is ticked at first."""
    return usual_choice(in_force(by), queries.disputed_keys(by))


def enter(
    by: Viewer,
    new: NewDecree = SIGNED,
    choice: Choice | None = None,
    *,
    seen_version: int | None = None,
    scan: Received | None = None,
) -> MappingDecree:
    """Enter a decree, by default with what is ticked at first."""
    return service.enter_decree(
        new,
        usual(by) if choice is None else choice,
        scan or received(),
        seen_version=number() if seen_version is None else seen_version,
        by=by,
    )


@transactional
def keep_decree(by: Viewer, scan: Received) -> str:
    """A decree in the list, without the version it would have made; return its id."""
    row = MappingDecree(
        task_force_id=by.own_task_force_id,
        number=SIGNED.number,
        signed_on=SIGNED.signed_on,
        about=SIGNED.about,
        office=SIGNED.office,
        file_id=stored_file(scan, field="scan").id,
        file_name=scan.name,
        mapping_version=1,
        duties=1,
        memberships=1,
        recorded_by_id=by.account_id,
        recorded_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    record("uji", by=None, subject=("uji", 1))
    return row.public_id


def duty(mapping: Mapping, key: str) -> DutyPart:
    """One duty of a mapping."""
    return next(one for one in mapping.duties if one.id == key)
