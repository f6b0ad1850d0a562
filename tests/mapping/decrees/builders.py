"""A signed decree, and what entering it leaves behind."""

import io
from datetime import date

import flask
import pypdf
from werkzeug.datastructures import FileStorage

from coordinator.db import db
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.decrees import queries, service
from coordinator.mapping.decrees.models import MappingDecree
from coordinator.mapping.decrees.rules import Choice, NewDecree, usual_choice
from coordinator.mapping.duties.seed import DutyPart, Mapping
from coordinator.mapping.versions.queries import published
from coordinator.permissions import Viewer
from coordinator.platform.files.receiving import Received
from coordinator.platform.files.taking_in import taken_in
from tests.mapping.versions.builders import number

SIGNED = NewDecree(
    "100.3.3.1/K.7/2026", date(2026, 10, 9), "Gugus Tugas (DATA CONTOH)", "Gubernur Contoh"
)
OTHER = NewDecree("UJI/8/2026", date(2026, 10, 12), "Perubahan (DATA CONTOH)", "Gubernur Contoh")
ACCEPTED = Answer.ACCEPTED


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
) -> MappingDecree:
    """Enter a decree, by default with what is ticked at first."""
    return service.enter_decree(
        new,
        usual(by) if choice is None else choice,
        received(),
        seen_version=number() if seen_version is None else seen_version,
        by=by,
    )


def duty(mapping: Mapping, key: str) -> DutyPart:
    """One duty of a mapping."""
    return next(one for one in mapping.duties if one.id == key)
