"""From a file to a preview, and from a preview to people: all good rows or none."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum, auto
from typing import Any

import sqlalchemy as sa

from coordinator import child, telephones
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.people.accounts import appointments
from coordinator.people.accounts import queries as people
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.accounts.rules import Standing, bare_name, is_same_name, may_be_same_person
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency
from coordinator.people.importing.labels import file_problem
from coordinator.people.importing.rules import LARGEST_FILE, FileProblem, Role
from coordinator.people.onboarding.models import PeopleImport
from coordinator.people.onboarding.rules import IMPORT_LIFE
from coordinator.permissions import AccessKind, Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _

STEMS = {Role.FOCAL_POINT: "narahubung", Role.ALTERNATE: "pengganti", Role.HEAD: "kepala"}
Row = dict[str, Any]


class RowEffect(StrEnum):
    """What applying a row would do."""

    NEW = auto()
    CHANGED = auto()
    SAME = auto()
    ASKED = auto()
    ERROR = auto()


class RowQuestion(StrEnum):
    """A question about a row that only a person can answer."""

    SAME_PERSON = auto()  # the same name as a person of the agency, except for titles
    MOVED = auto()  # holds an access of another agency
    TWICE = auto()  # as a newcomer of another agency, in a row above


class RowDecision(StrEnum):
    """What a person decided about such a row; without a decision it is left out."""

    SAME = auto()
    MOVED = auto()
    BOTH = auto()
    OTHER = auto()


ANSWERS = {
    RowQuestion.SAME_PERSON: (RowDecision.SAME, RowDecision.OTHER),
    RowQuestion.MOVED: (RowDecision.MOVED, RowDecision.BOTH, RowDecision.OTHER),
    RowQuestion.TWICE: (RowDecision.BOTH, RowDecision.OTHER),
}


NOTHING: Mapping[int, RowDecision] = {}


@dataclass(frozen=True, slots=True)
class PeopleList:
    """What was read of a file: its rows, and in sentences what was left out."""

    rows: list[Row]
    said: list[str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A row of the list compared with the known data."""

    row: Row
    verdict: RowEffect
    agency: Agency | None = None
    grant: AccessGrant | None = None
    changes: list[str] = field(default_factory=list)
    sign_in: str = ""
    mailbox: str | None = None
    question: RowQuestion | None = None
    # The person the question is about, or who moves here.
    known: AccessGrant | None = None
    moves: bool = False
    # The new person of a row above that the question is about.
    above: str = ""

    @property
    def answers(self) -> tuple[RowDecision, ...]:
        """Return the possible answers."""
        return ANSWERS[self.question] if self.question else ()

    @property
    def needs_agency(self) -> bool:
        """Return whether the agency's name is the only problem: a person can choose it."""
        return (
            self.verdict is RowEffect.ERROR
            and [column for column, problem in self.row["problems"] if problem != "unknown_agency"]
            == []
            and bool(self.row["problems"])
        )


def read(data: bytes, *, by: Viewer) -> PeopleList:
    """Return what a file lists, read in a child process with limits. Raises InvalidInput."""
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
        answer = json.loads(child.run("coordinator.people.importing.reading", head + b"\n" + data))
    except child.ChildFailed as failed:
        # A crash means that a library could not read the file; the others are our limits.
        damaged = failed.why is child.Failure.CRASH
        raise _refused(FileProblem.DAMAGED if damaged else FileProblem.TOO_HEAVY) from failed
    if "problem" in answer:
        raise _refused(FileProblem(answer["problem"]))
    if "refused" in answer:
        raise InvalidInput({"file": answer["refused"]})
    return PeopleList(answer["rows"], answer["said"])


def _refused(problem: FileProblem) -> InvalidInput:
    return InvalidInput({"file": file_problem(problem)})


@transactional
def keep(listed: PeopleList, *, by: Viewer) -> PeopleImport:
    """Keep what was read until it is applied, a day at most. Raises NotAllowed."""
    if not by.may(Permission.KEEP_CONTACTS):
        raise NotAllowed(_("Anda tidak dapat mengimpor daftar orang."))
    stored = PeopleImport(
        task_force_id=by.own_task_force_id,
        owner_id=by.account_id,
        created_at=now(),
        expires_at=now() + IMPORT_LIFE,
        rows=listed.rows,
        said=listed.said,
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
    taken: Taken = {}  # names that rows above will take: a mailbox may be shared
    for place, row in enumerate(rows):
        agency = agencies.get(chosen.get(place) or row["slug"] or "")
        found = _judge(row, agency, taken, None, by)
        judged.append(found)
        if found.verdict is RowEffect.NEW and found.sign_in:
            slug = agency.slug if agency else ""
            cells = row["cells"]
            newcomer = Newcomer(cells["name"], bare_name(cells["name"]), slug, cells["email"])
            taken.setdefault(found.sign_in, newcomer)
    return judged


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person created by a row above. `bare` is the name used for comparison."""

    name: str
    bare: str
    slug: str
    email: str

    def may_be(self, bare: str, email: str) -> bool:
        """Return whether a row may be about the same person, as `_may_be` does of an access."""
        return bare == self.bare and (email in ("", self.email) or not self.email)


Taken = dict[str, Newcomer]  # by the name to sign in with


def _judge(
    row: Row, agency: Agency | None, taken: Taken, answer: RowDecision | None, by: Viewer
) -> Judged:
    problems = [p for p in row["problems"] if p[1] != "unknown_agency" or agency is None]
    if problems or agency is None:
        return Judged(row, RowEffect.ERROR)
    cells = row["cells"]
    on = today(by.zone)
    holders = people.holders(by, agency.id, on)
    same_person = [grant for grant in holders if is_same_name(grant.account.name, cells["name"])]
    if not same_person:
        alike = [grant for grant in holders if _may_be(grant, cells)]
        if alike and answer is RowDecision.SAME:
            same_person = alike
        elif alike and answer is not RowDecision.OTHER:
            return _asked(row, agency, RowQuestion.SAME_PERSON, alike[0])
    kind = _kind(cells)
    held = next((grant for grant in same_person if grant.kind is kind), None)
    if held is not None:
        changes = _changes(held, cells)
        return Judged(row, RowEffect.CHANGED if changes else RowEffect.SAME, agency, held, changes)
    if same_person:
        account = same_person[0].account
        return Judged(row, RowEffect.NEW, agency, None, [], account.email)
    before = next(
        (grant for grant in people.holders_elsewhere(by, agency.id, on) if _may_be(grant, cells)),
        None,
    )
    if before is not None and answer in (RowDecision.MOVED, RowDecision.BOTH):
        moves = answer is RowDecision.MOVED
        sign_in = before.account.email
        return Judged(row, RowEffect.NEW, agency, sign_in=sign_in, known=before, moves=moves)
    if before is not None and answer is not RowDecision.OTHER:
        return _asked(row, agency, RowQuestion.MOVED, before)
    return _newcomer(row, agency, taken, answer)


def _newcomer(row: Row, agency: Agency, taken: Taken, answer: RowDecision | None) -> Judged:
    """Return a row about somebody who has no access, with the name they will sign in with."""
    cells = row["cells"]
    bare = bare_name(cells["name"])
    same = (
        sign_in
        for sign_in, one in taken.items()
        if one.slug == agency.slug and is_same_name(one.name, cells["name"])
    )
    if sign_in := next(same, ""):
        return Judged(row, RowEffect.NEW, agency, sign_in=sign_in)
    alike = [one for one in taken.values() if one.may_be(bare, cells["email"])]
    here = next((one for one in alike if one.slug == agency.slug), None)
    if here is not None:
        return replace(_asked(row, agency, RowQuestion.SAME_PERSON, None), above=here.name)
    if alike:
        return _asked(row, agency, RowQuestion.TWICE, None)
    stem = f"{agency.slug}.{STEMS[Role(cells['role'])]}"[:60]
    email = cells["email"]
    name = "" if answer is RowDecision.OTHER else cells["name"]  # they have no account
    sign_in, mailbox = people.sign_in_name_for(email, name, stem)
    other = taken.get(sign_in)
    if other is not None and not is_same_name(other.name, cells["name"]):
        sign_in, mailbox = stem, email or None
        number = 1
        while sign_in in taken or people.account_by_email(sign_in) is not None:
            number += 1
            sign_in = f"{stem}{number}"
    return Judged(row, RowEffect.NEW, agency, None, [], sign_in, mailbox)


def _may_be(grant: AccessGrant, cells: Mapping[str, str]) -> bool:
    """Return whether a row may be about the holder of an access: their name but for titles, and no
    other mailbox."""
    account = grant.account
    return may_be_same_person(account.name, cells["name"]) and (
        cells["email"] in ("", account.email, account.mail_address) or not account.mail_address
    )


def _asked(row: Row, agency: Agency, question: RowQuestion, known: AccessGrant | None) -> Judged:
    return Judged(row, RowEffect.ASKED, agency, question=question, known=known)


def _kind(cells: Mapping[str, str]) -> AccessKind:
    return AccessKind.AGENCY_HEAD if cells["role"] == Role.HEAD else AccessKind.FOCAL_POINT


def _changes(grant: AccessGrant, cells: Mapping[str, str]) -> list[str]:
    """Return the columns that differ from the known data. An empty cell is no change."""
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
    if "telephone" in changed and telephones.is_same(cells["telephone"], known["telephone"]):
        changed.remove("telephone")
    if grant.kind is AccessKind.FOCAL_POINT and grant.is_alternate != (
        cells["role"] == Role.ALTERNATE
    ):
        changed.append("role")
    return changed


@transactional
def apply(
    public_id: str,
    chosen: Mapping[int, str],
    answers: Mapping[int, RowDecision] = NOTHING,
    *,
    by: Viewer,
) -> dict[str, int]:
    """Apply every good row of a kept list in one transaction; return how many were new, changed,
    the same and left out. The rows are deleted, except for the place of each left-out row and the
    reason; a second call returns the same counts.

    This invites nobody. Raises NotFound (expired, not the viewer's), NotAllowed.
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
    counts, left = _apply(stored.rows, chosen, answers, by)
    stored.rows, stored.counts, stored.applied_at = left, counts, now()
    return counts


@transactional
def apply_rows(
    rows: list[Row],
    chosen: Mapping[int, str],
    answers: Mapping[int, RowDecision] = NOTHING,
    *,
    by: Viewer,
) -> dict[str, int]:
    """Apply every good row, and those asked about that have an answer, by the row's place in the
    list; return the counts. Raises NotAllowed."""
    counts, _left = _apply(rows, chosen, answers, by)
    return counts


def _apply(
    rows: list[Row], chosen: Mapping[int, str], answers: Mapping[int, RowDecision], by: Viewer
) -> tuple[dict[str, int], list[Row]]:
    if not by.may(Permission.KEEP_CONTACTS):
        raise NotAllowed(_("Anda tidak dapat mengimpor daftar orang."))
    counts = dict.fromkeys((verdict.value for verdict in RowEffect), 0)
    agencies = {agency.slug: agency for agency in directory.agencies(by)}
    left: list[Row] = []
    for place, row in enumerate(rows):
        # One by one: a row may name a person, or take a mailbox, that a row above has just made.
        agency = agencies.get(chosen.get(place) or row["slug"] or "")
        found = _judge(row, agency, {}, answers.get(place), by)
        counts[found.verdict.value] += 1
        if found.verdict is RowEffect.NEW:
            _add(found, by)
            if found.moves and found.known is not None:
                appointments.end_access(found.known.id, by=by)
        elif found.verdict is RowEffect.CHANGED:
            _change(found, by)
        elif found.verdict in (RowEffect.ASKED, RowEffect.ERROR):
            left.append(
                {
                    "sheet": row["sheet"],
                    "row": row["row"],
                    "problems": [] if found.question else row["problems"],
                    "question": found.question.value if found.question else "",
                }
            )
    record("people.imported", by=by, subject=("task_force", by.own_task_force_id), **counts)
    return counts, left


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
        # People who also work for another task force keep their own telephone and mailbox.
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
    return child.run("coordinator.people.importing.template", json.dumps(payload).encode())


@transactional
def forget_old_imports() -> int:
    """Delete kept lists that have expired, applied or not; return how many."""
    done = db.session.execute(sa.delete(PeopleImport).where(PeopleImport.expires_at <= now()))
    return int(done.rowcount)  # type: ignore[attr-defined]
