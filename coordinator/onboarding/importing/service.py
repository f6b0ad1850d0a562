"""From a file to a preview, and from a preview to people: all good rows or none."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, auto
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from coordinator import child
from coordinator.accounts import appointments
from coordinator.accounts import queries as people
from coordinator.accounts import service as accounts
from coordinator.accounts.models import AccessGrant
from coordinator.accounts.rules import Standing, is_same_name
from coordinator.audit.service import record
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.directory import queries as directory
from coordinator.directory.models import Agency
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.onboarding.importing.rules import LARGEST_FILE, FileProblem, Role
from coordinator.onboarding.importing.words import file_problem
from coordinator.onboarding.models import PeopleImport
from coordinator.onboarding.rules import IMPORT_LIFE
from coordinator.permissions import AccessKind, Permission, Viewer

STEMS = {Role.FOCAL_POINT: "narahubung", Role.ALTERNATE: "pengganti", Role.HEAD: "kepala"}
Row = dict[str, Any]


class Verdict(StrEnum):
    """What applying a row would do."""

    NEW = auto()
    CHANGED = auto()
    SAME = auto()
    ERROR = auto()


@dataclass(frozen=True, slots=True)
class Judged:
    """A row of the list beside what is known."""

    row: Row
    verdict: Verdict
    agency: Agency | None = None
    grant: AccessGrant | None = None
    changes: list[str] = field(default_factory=list)
    sign_in: str = ""
    mailbox: str | None = None

    @property
    def needs_agency(self) -> bool:
        """True where only the agency's name stands in the way: a person can choose it."""
        return (
            self.verdict is Verdict.ERROR
            and [column for column, problem in self.row["problems"] if problem != "unknown_agency"]
            == []
            and bool(self.row["problems"])
        )


def read(data: bytes, *, by: Viewer) -> list[Row]:
    """Return the rows of a file, read in a child process with limits. Raises InvalidInput."""
    if len(data) > LARGEST_FILE:
        raise _refused(FileProblem.TOO_LARGE)
    agencies = [
        {
            "slug": agency.slug,
            "names": [
                agency.name,
                agency.abbreviation,
                agency.slug,
                *(alias.name for alias in agency.aliases),
            ],
        }
        for agency in directory.agencies(by)
    ]
    db.session.rollback()  # reading takes seconds: hold no transaction over it
    head = json.dumps({"agencies": agencies}).encode()
    try:
        answer = json.loads(
            child.run("coordinator.onboarding.importing.reading", head + b"\n" + data)
        )
    except child.ChildFailed as failed:
        # A crash is a library's word that the file is no table; the others are our limits.
        damaged = failed.why is child.Why.CRASH
        raise _refused(FileProblem.DAMAGED if damaged else FileProblem.TOO_HEAVY) from failed
    if "problem" in answer:
        raise _refused(FileProblem(answer["problem"]))
    rows: list[Row] = answer["rows"]
    return rows


def _refused(problem: FileProblem) -> InvalidInput:
    return InvalidInput({"file": file_problem(problem)})


@transactional
def keep(rows: list[Row], *, by: Viewer) -> PeopleImport:
    """Keep what was read until it is applied, a day at most. Raises NotAllowed."""
    if not by.may(Permission.KEEP_CONTACTS):
        raise NotAllowed(_("Anda tidak dapat mengimpor daftar orang."))
    stored = PeopleImport(
        task_force_id=by.own_task_force_id,
        owner_id=by.account_id,
        created_at=now(),
        expires_at=now() + IMPORT_LIFE,
        rows=rows,
        counts={},
    )
    db.session.add(stored)
    db.session.flush()
    return stored


def judge(rows: list[Row], chosen: Mapping[int, str], *, by: Viewer) -> list[Judged]:
    """Return what applying each row would do. `chosen`: agencies picked by a person, by the row's
    place in the list."""
    agencies = {agency.slug: agency for agency in directory.agencies(by)}
    judged = []
    taken: dict[str, str] = {}  # addresses that rows above will take: a mailbox may be shared
    for place, row in enumerate(rows):
        found = _judge(row, agencies.get(chosen.get(place) or row["slug"] or ""), taken, by)
        judged.append(found)
        if found.verdict is Verdict.NEW and found.sign_in:
            taken.setdefault(found.sign_in, row["cells"]["name"])
    return judged


def _judge(row: Row, agency: Agency | None, taken: dict[str, str], by: Viewer) -> Judged:
    problems = [p for p in row["problems"] if p[1] != "unknown_agency" or agency is None]
    if problems or agency is None:
        return Judged(row, Verdict.ERROR)
    cells = row["cells"]
    kind = _kind(cells)
    same_person = [
        grant
        for grant in people.holders(by, agency.id, today(by.zone))
        if is_same_name(grant.account.name, cells["name"])
    ]
    held = next((grant for grant in same_person if grant.kind is kind), None)
    if held is not None:
        changes = _changes(held, cells)
        return Judged(row, Verdict.CHANGED if changes else Verdict.SAME, agency, held, changes)
    if same_person:
        account = same_person[0].account
        return Judged(row, Verdict.NEW, agency, None, [], account.email)
    stem = f"{agency.slug}.{STEMS[Role(cells['role'])]}"[:60]
    email = cells["email"]
    sign_in, mailbox = people.sign_in_name_for(email, cells["name"], stem)
    other = taken.get(sign_in)
    if other is not None and not is_same_name(other, cells["name"]):
        sign_in, mailbox = stem, email or None
        number = 1
        while sign_in in taken or people.account_by_email(sign_in) is not None:
            number += 1
            sign_in = f"{stem}{number}"
    return Judged(row, Verdict.NEW, agency, None, [], sign_in, mailbox)


def _kind(cells: Mapping[str, str]) -> AccessKind:
    return AccessKind.AGENCY_HEAD if cells["role"] == Role.HEAD else AccessKind.FOCAL_POINT


def _changes(grant: AccessGrant, cells: Mapping[str, str]) -> list[str]:
    """Return the columns that say something else than we know. An empty cell says nothing."""
    account = grant.account
    known = {
        "position": grant.position or "",
        "standing": grant.standing.value if grant.standing else "",
        "letter_number": grant.letter_number or "",
        "letter_on": grant.letter_on.isoformat() if grant.letter_on else "",
        "telephone": account.telephone or "",
        "email": account.mail_address,
    }
    changed = [column for column, value in known.items() if cells[column] not in ("", value)]
    if grant.kind is AccessKind.FOCAL_POINT and grant.is_alternate != (
        cells["role"] == Role.ALTERNATE
    ):
        changed.append("role")
    return changed


@transactional
def apply(public_id: str, chosen: Mapping[int, str], *, by: Viewer) -> dict[str, int]:
    """Apply every good row of a kept list in one transaction; return how many were new, changed,
    the same and left out. The rows are forgotten; pressing again answers what was done.

    Nobody is invited by this. Raises NotFound (expired, not the viewer's), NotAllowed.
    """
    stored = db.session.scalar(
        sa.select(PeopleImport).where(
            PeopleImport.public_id == public_id,
            PeopleImport.task_force_id == by.own_task_force_id,
            PeopleImport.owner_id == by.account_id,
            PeopleImport.expires_at > now(),
        )
    )
    if stored is None:
        raise NotFound(_("Daftar itu sudah kedaluwarsa. Unggah lagi."))
    if stored.applied_at is not None:
        return stored.counts
    counts = apply_rows(stored.rows, chosen, by=by)
    stored.rows, stored.counts, stored.applied_at = [], counts, now()
    return counts


@transactional
def apply_rows(rows: list[Row], chosen: Mapping[int, str], *, by: Viewer) -> dict[str, int]:
    """Apply every good row; return the counts. Raises NotAllowed."""
    if not by.may(Permission.KEEP_CONTACTS):
        raise NotAllowed(_("Anda tidak dapat mengimpor daftar orang."))
    counts = dict.fromkeys((verdict.value for verdict in Verdict), 0)
    agencies = {agency.slug: agency for agency in directory.agencies(by)}
    for place, row in enumerate(rows):
        # One by one: a row may name a person, or take a mailbox, that a row above has just made.
        found = _judge(row, agencies.get(chosen.get(place) or row["slug"] or ""), {}, by)
        counts[found.verdict.value] += 1
        if found.verdict is Verdict.NEW:
            _add(found, by)
        elif found.verdict is Verdict.CHANGED:
            _change(found, by)
    record("people.imported", by=by, subject=("task_force", by.own_task_force_id), **counts)
    return counts


def _add(found: Judged, by: Viewer) -> None:
    cells = found.row["cells"]
    assert found.agency is not None, "a new row has its agency"
    accounts.add_person(
        accounts.NewPerson(
            email=found.sign_in,
            contact_email=found.mailbox,
            name=cells["name"],
            telephone=cells["telephone"],
            kind=_kind(cells),
            task_force_id=by.task_force_id,
            agency_id=found.agency.id,
            is_alternate=cells["role"] == Role.ALTERNATE,
            position=cells["position"],
            standing=Standing(cells["standing"]) if cells["standing"] else None,
            letter_number=cells["letter_number"],
            letter_on=_day(cells["letter_on"]),
        ),
        by=by,
    )
    db.session.flush()


def _change(found: Judged, by: Viewer) -> None:
    cells, grant = found.row["cells"], found.grant
    assert grant is not None, "a changed row has its access"
    account = grant.account
    if {"telephone", "email"} & set(found.changes):
        # Who also works for another task force keeps their own telephone and mailbox.
        with contextlib.suppress(NotAllowed):
            appointments.edit_person(
                account.id,
                appointments.PersonDetails(
                    name=account.name,
                    telephone=cells["telephone"] or account.telephone,
                    contact_email=cells["email"] or account.contact_email,
                ),
                by=by,
            )
    appointments.edit_appointment(
        grant.id,
        appointments.Appointment(
            from_on=grant.from_on,
            until_on=grant.until_on,
            position=cells["position"] or grant.position,
            standing=Standing(cells["standing"]) if cells["standing"] else grant.standing,
            letter_number=cells["letter_number"] or grant.letter_number,
            letter_on=_day(cells["letter_on"]) or grant.letter_on,
            is_alternate=cells["role"] == Role.ALTERNATE,
        ),
        by=by,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def template(*, by: Viewer) -> bytes:
    """Return the empty list to fill in, as XLSX with the task force's agencies to choose from."""
    force = directory.task_force(by)
    payload = {
        "agencies": [agency.abbreviation for agency in directory.agencies(by)],
        "region": force.region if force else "",
    }
    db.session.rollback()
    return child.run("coordinator.onboarding.importing.template", json.dumps(payload).encode())


@transactional
def forget_old_imports() -> int:
    """Delete kept lists that have expired, applied or not; return how many."""
    done = db.session.execute(sa.delete(PeopleImport).where(PeopleImport.expires_at <= now()))
    return int(done.rowcount)  # type: ignore[attr-defined]
