"""Taking back the version that a ministry's matrix made: everything is as it was."""

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.changes.changes import ChangeRequest
from coordinator.assignments.changes.service import close
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.queries import changes
from coordinator.assignments.replanning.service import unsettle
from coordinator.assignments.rules import CloseKind
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import NotAllowed
from coordinator.people.accounts.service import NewPerson, add_person
from coordinator.people.directory.task_forces import add_task_force
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.versions.service import undo
from coordinator.platform.audit.service import record
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from tests import factories
from tests.assignments.replanning.evening import (
    HELD,
    STOPPED,
    Evening,
    assignment_of,
    read_matrix,
    targets_of,
)
from tests.plans.versions.importing import KEY, apply_import

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def _waiting() -> list[str]:
    """Who is written to about the plan."""
    return sorted(
        db.session.scalars(
            sa.select(OutgoingEmail.to_address).where(
                OutgoingEmail.kind == "plan_changed", OutgoingEmail.state == MailState.QUEUED
            )
        )
    )


@transactional
def _leave() -> None:
    """The mails that wait reach a server."""
    db.session.execute(
        sa.update(OutgoingEmail)
        .where(OutgoingEmail.state == MailState.QUEUED)
        .values(state=MailState.SENT, sent_at=now())
    )
    record("uji", by=None, subject=("uji", 1))


def _take_back(evening: Evening, number: int) -> None:
    page = f"/rencana/versi/{KEY}/{number}"
    evening.office.post(f"{page}/urungkan", {}, page=page)


def _state(evening: Evening) -> list[object]:
    """What an undo must bring back: assignments, targets, obligations, the plan."""
    db.session.expire_all()
    assignments = [assignment_of(evening, slug) for slug in HELD]
    targets = [dict(sorted(targets_of(evening, slug).items())) for slug in HELD]
    obligations = db.session.execute(
        sa.select(Obligation.public_id, Obligation.ended_as, Obligation.ended_at).order_by(
            Obligation.id
        )
    ).all()
    closed = [(one.closed_at, one.closed_kind, one.closed_reason) for one in assignments]
    return [closed, targets, [tuple(row) for row in obligations], plans.in_force(KEY)]


def test_taking_the_version_back_brings_everything_back(app: flask.Flask, evening: Evening) -> None:
    with app.app_context():
        before = _state(evening)
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, missing="discontinue", missing_reason="Tidak ada")
    with app.app_context():
        assert _state(evening)[:2] != before[:2]
    page = f"/rencana/versi/{KEY}/2"
    assert "Urungkan" in evening.office.get(page).text
    evening.office.post(f"{page}/urungkan", {}, page=page)
    with app.app_context():
        assert _state(evening) == before
        reasons = [one.reason for one in changes(evening.assignments["dpmpd"])]
        assert reasons == ["RAN PP TPPO 2025-2029 versi 2 diurungkan", "Tidak ada"]
        waiting = sa.select(OutgoingEmail.id).where(
            OutgoingEmail.kind == "plan_changed", OutgoingEmail.state == MailState.QUEUED
        )
        assert db.session.scalars(waiting).all() == []


def test_it_is_not_taken_back_over_what_somebody_decided_since(
    app: flask.Flask, evening: Evening
) -> None:
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, missing="discontinue", missing_reason="Tidak ada")
    with app.app_context():
        given = assignment_of(evening, "dispora")
        close(
            given.public_id,
            kind=CloseKind.DONE,
            request=ChangeRequest(version=given.version, reason="Selesai"),
            by=evening.secretariat,
        )
        now_there = _state(evening)
    page = f"/rencana/versi/{KEY}/2"
    answer = evening.office.post(f"{page}/urungkan", {}, page=page, status=409)
    assert "penugasan 1.1 sudah diubah sesudahnya" in answer.text
    with app.app_context():
        assert _state(evening) == now_there


def test_applied_again_and_taken_back_again_everybody_hears_of_it(
    app: flask.Flask, evening: Evening
) -> None:
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        first = _waiting()
        _leave()
    assert first
    _take_back(evening, 2)
    with app.app_context():
        assert _waiting() == first
    # Applied again before the mails about taking it back leave: what everybody knows is in force.
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        assert _waiting() == []
    _take_back(evening, 4)
    with app.app_context():
        assert _waiting() == first


def _secretariat_of(code: str, region: str) -> Viewer:
    """The secretariat of a task force that is added to the installation."""
    force = add_task_force(code, region, by=factories.person(AccessKind.ADMINISTRATOR))
    account = add_person(
        NewPerson(
            email="biro@lain.example",
            name="Biro",
            kind=AccessKind.SECRETARIAT,
            task_force_id=force.id,
            from_on=today(),
        ),
        by=None,
    )
    return Viewer(account_id=account.id, kind=AccessKind.SECRETARIAT, task_force_id=force.id)


@pytest.mark.parametrize(
    ("code", "region"),
    [("63.71", "Kota Banjarmasin"), ("63", "Kalimantan Selatan")],
    ids=["kota", "province"],
)
def test_another_task_force_does_not_take_the_version_back(
    app: flask.Flask, evening: Evening, code: str, region: str
) -> None:
    """Neither a kota whose province is not here, nor another province."""
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, missing="discontinue", missing_reason="Tidak ada")
    with app.app_context():
        other = _secretariat_of(code, region)
        version = plans.version(other, KEY, 2)
        assert version is not None
        with pytest.raises(NotAllowed, match="RAN hanya diubah Sekretariat"):
            undo(KEY, 2, by=other)
        with pytest.raises(NotAllowed):  # nor is it done with the assignments alone
            unsettle(version.id, version="versi 2", titles={}, by=other)
        db.session.expire_all()
        assert assignment_of(evening, "dpmpd").closed_at is not None
        undo(KEY, 2, by=evening.secretariat)
        assert assignment_of(evening, "dpmpd").closed_at is None
