"""The receiver's answers: all at once, one by one, with changes, never; and who knows of them."""

import threading
from dataclasses import asdict, replace
from datetime import timedelta

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.changes.assigning import NewAssignment
from coordinator.assignments.changes.bulk import Obstacle
from coordinator.assignments.models import Assignment, AssignmentTarget
from coordinator.assignments.proposals import answering, offering, queries, service
from coordinator.assignments.proposals.models import Proposal, ProposalBatch
from coordinator.assignments.proposals.rules import ProposalState
from coordinator.assignments.proposals.undoing import undo_batch
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.assignments.changes.builders import contents
from tests.assignments.proposals import builders
from tests.assignments.proposals.builders import TERMS, count, twelve
from tests.conftest import NOW
from tests.statements import statements

on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def officer(province: Viewer) -> Viewer:
    """The secretariat of Balikpapan, whose mapping is a mirror with the region's own offices: the
    twelfth action's lead, an instansi vertikal, is not one of them."""
    builders.mapped(builders.BALIKPAPAN)
    return builders.person(builders.BALIKPAPAN)


@pytest.fixture
def batch_id(province: Viewer, officer: Viewer) -> str:
    """Twelve actions proposed to Balikpapan and Paser."""
    codes = [builders.BALIKPAPAN, builders.PASER]
    return service.propose(twelve(), TERMS, codes=codes, by=province).public_id


def waiting(viewer: Viewer, code: str) -> str:
    """The public id of the open proposal of an action."""
    found = {one.action_item.code: one for one in queries.open_proposals(viewer)}
    return found[code].public_id


def states(viewer: Viewer) -> dict[str, ProposalState]:
    """What became of each action proposed to a task force."""
    rows = db.session.scalars(
        sa.select(Proposal).where(Proposal.task_force_id == viewer.task_force_id)
    )
    return {one.action_item.code: one.state for one in rows}


def test_everything_that_can_be_taken_in_one_act_and_back(
    province: Viewer, officer: Viewer, batch_id: str, clock: time_machine.Traveller
) -> None:
    reporter = builders.person(builders.BALIKPAPAN, AccessKind.FOCAL_POINT, "disdikbud")
    before = contents()
    [act] = offering.by_act(officer)
    assert len(act.prepared.proposals) == 11
    assert [(one.action_item.code, why) for one, why in act.obstacles] == [
        ("1.12", Obstacle.LEAD_NOT_HERE)
    ]
    seen = act.prepared.fingerprint
    given = answering.accept(batch_id, fingerprint=seen, form_key="sekali", by=officer)
    again = answering.accept(batch_id, fingerprint=seen, form_key="sekali", by=officer)
    assert again.id == given.id
    given_id = given.public_id
    own = list(db.session.scalars(sa.select(Assignment)))
    assert len(own) == 11
    assert {one.task_force_id for one in own} == {officer.task_force_id}
    assert {one.assigned_by_id for one in own} == {officer.account_id}
    assert {(one.basis_reference, one.note) for one in own} == {("463/02/UJI", TERMS.note)}
    assert count(AssignmentTarget) > 0
    leads = {one.action_item.code: one.lead.agency.key for one in own}
    assert (leads["1.1"], leads["1.3"], leads["1.4"]) == ("dispora", "disdikbud", "disdikbud")
    linked = db.session.scalars(sa.select(Proposal).where(Proposal.assignment_id.is_not(None)))
    assert all(one.assignment and one.assignment.action_item_id == one.action_item_id
               for one in linked)  # fmt: skip
    mails = db.session.scalars(sa.select(OutgoingEmail).where(OutgoingEmail.kind != "proposed"))
    assert [mail.account_id for mail in mails] == [reporter.account_id]
    with pytest.raises(Conflict):  # what is left cannot be taken just so
        answering.accept(batch_id, by=officer)

    answers = {one.region: one for one in queries.answers_by_force(act.batch)}
    here = answers["Kota Balikpapan"]
    assert (here.open, here.accepted, here.declined, here.withdrawn) == (1, 11, 0, 0)
    assert here.answered_at == NOW
    with pytest.raises(Conflict):  # somebody has answered
        service.undo(batch_id, by=province)

    clock.move_to(NOW + timedelta(seconds=119))
    undo_batch(given_id, by=officer)
    assert contents() == before
    assert queries.count_open(officer) == 12
    [mail] = db.session.scalars(sa.select(OutgoingEmail).where(OutgoingEmail.kind != "proposed"))
    assert mail.state == "cancelled"


def test_one_by_one_as_it_is_with_changes_as_held_and_not_at_all(
    province: Viewer, officer: Viewer, batch_id: str
) -> None:
    answering.accept(batch_id, proposal_id=waiting(officer, "1.1"), by=officer)
    assert count(Assignment) == 1

    changed = waiting(officer, "1.12")
    item = factories.action("1.12")
    new = NewAssignment(
        action_id=item.public_id,
        lead="dpmpd",
        support=("dinsos",),
        basis_kind=builders.BASIS.kind,
        basis_reference="500/9/BPP",
        basis_on=builders.BASIS.on,
        due_on=TERMS.due_on,
        form_key="satu",
    )
    other = replace(new, action_id=factories.action("1.2").public_id)
    with pytest.raises(NotFound):
        answering.accept_as(changed, other, by=officer)
    first = answering.accept_as(changed, new, by=officer).id
    assert answering.accept_as(changed, new, by=officer).id == first
    assert count(Assignment) == 2

    # Somebody gave 1.3 without a look at the proposals: it is said, and not given twice.
    [act] = offering.by_act(officer)
    seen = act.prepared.fingerprint
    factories.assign(officer, "1.3", "dinsos", targets={})
    with pytest.raises(Conflict):
        answering.accept(batch_id, fingerprint=seen, by=officer)
    [act] = offering.by_act(officer)
    assert [(one.action_item.code, why) for one, why in act.obstacles] == [("1.3", Obstacle.HELD)]
    held = waiting(officer, "1.3")
    with pytest.raises(Conflict):
        answering.accept_held(waiting(officer, "1.4"), by=officer)
    answering.accept_held(held, by=officer)
    assert count(Assignment) == 3

    declined = waiting(officer, "1.4")
    with pytest.raises(InvalidInput):
        answering.decline(declined, reason="", by=officer)
    answering.decline(declined, reason="Sekolahnya urusan provinsi.", by=officer)
    answering.decline(declined, reason="Sekolahnya urusan provinsi.", by=officer)
    for late in (changed, held, declined):
        with pytest.raises(Conflict):
            answering.accept_held(late, by=officer)
    found = states(officer)
    assert {code for code, state in found.items() if state is ProposalState.ACCEPTED} == {
        "1.1",
        "1.3",
        "1.12",
    }
    assert found["1.4"] is ProposalState.DECLINED

    # An action that is not carried on is not given, no matter what was proposed.
    with db.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE action_item SET discontinued = 'uji' WHERE code = '1.5'")
        )
    db.session.rollback()
    [act] = offering.by_act(officer)
    assert [(one.action_item.code, why) for one, why in act.obstacles] == [("1.5", Obstacle.GONE)]


@on_sqlite
def test_one_kind_of_agency_for_all(province: Viewer, officer: Viewer) -> None:
    """The kind is known by its lineage: a kota that renamed its office is still asked of it."""
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE agency SET key = 'dinsos-p3a', slug = 'dinsos-p3a' "
                "WHERE key = 'dinsos' AND task_force_id = :id"
            ).bindparams(id=officer.task_force_id)
        )
    db.session.rollback()
    sent = service.propose(twelve(), TERMS, codes=[builders.BALIKPAPAN], kind="dinsos", by=province)
    answering.accept(sent.public_id, by=officer)
    leads = {one.lead.agency.key for one in db.session.scalars(sa.select(Assignment))}
    assert leads == {"dinsos-p3a"}
    assert count(Assignment) == 12
    # Paser has no mapping yet: it can take nothing just so.
    other = builders.person(builders.PASER)
    sent = service.propose(twelve(), TERMS, codes=[builders.PASER], kind="dinsos", by=province)
    [act] = offering.by_act(other)
    assert {why for _one, why in act.obstacles} == {Obstacle.NO_GROUP}
    with pytest.raises(Conflict):
        answering.accept(sent.public_id, by=other)
    assert count(Assignment) == 12


@on_sqlite
def test_what_is_past_is_not_accepted_as_it_is(
    officer: Viewer, batch_id: str, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOW + timedelta(days=100))
    with pytest.raises(InvalidInput):
        answering.accept(batch_id, by=officer)
    assert count(Assignment) == 0


@on_sqlite
def test_withdrawn_while_accepted_stays_withdrawn_when_that_is_undone(
    province: Viewer, officer: Viewer, batch_id: str
) -> None:
    given = answering.accept(batch_id, by=officer).public_id
    service.withdraw(batch_id, reason="Salah rencana.", by=province)
    undo_batch(given, by=officer)
    assert set(states(officer).values()) == {ProposalState.WITHDRAWN}


@on_sqlite
def test_nobody_answers_for_another_task_force(
    province: Viewer, officer: Viewer, batch_id: str
) -> None:
    one = waiting(officer, "1.1")
    stranger = builders.person(builders.SAMARINDA)
    for other in (stranger, province):
        assert offering.by_act(other) == []
        assert queries.proposal(other, one) is None
        assert queries.answered(other) == []
        for answer in (
            lambda by: answering.accept(batch_id, by=by),
            lambda by: answering.accept_held(one, by=by),
            lambda by: answering.decline(one, reason="Uji.", by=by),
        ):
            with pytest.raises(NotFound):
                answer(other)
    with pytest.raises(NotAllowed):
        answering.accept(batch_id, by=replace(officer, kind=AccessKind.LEADERSHIP))
    assert queries.sent(officer) == []
    assert queries.sent_batch(officer, batch_id) is None
    assert set(states(officer).values()) == {ProposalState.OPEN}


def test_the_proposer_learns_numbers_and_nothing_else(
    app: flask.Flask, province: Viewer, officer: Viewer, batch_id: str
) -> None:
    """What the province's queries return holds no name, no reason, no assignment of the kota."""
    answering.accept(batch_id, by=officer)
    answering.decline(waiting(officer, "1.12"), reason="Rahasia Setempat.", by=officer)
    db.session.rollback()
    with statements(app) as read:
        [act] = queries.sent(province)
        rows = queries.answers_by_force(act.batch)
        items = queries.items_of(act.batch)
        offer = offering.prepare(province, twelve(), [builders.BALIKPAPAN])
    text = repr((act, [asdict(row) for row in rows], items, offer))
    assert builders.MARK not in text
    # Columns that a kota keeps to itself are not even read. `secretariat_of` counts people and is
    # the one query that joins accounts.
    columns = [one.split("FROM")[0] for one in read if "access_grant" not in one]
    for private in ("assignment_proposal.reason", "assignment_proposal.assignment_id",
                    "agency.abbreviation", "agency.name", "account.", "basis_file"):  # fmt: skip
        own = [one for one in columns if private in one]
        assert own == [], private


def test_accepting_and_withdrawing_at_once_never_both(
    app: flask.Flask,
) -> None:
    with app.app_context():
        proposer = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        builders.mapped(builders.BALIKPAPAN)
        receiver = builders.person(builders.BALIKPAPAN)
        batch_id = service.propose(
            twelve(), TERMS, codes=[builders.BALIKPAPAN], by=proposer
        ).public_id
        db.session.remove()
    barrier = threading.Barrier(2)
    results: dict[str, str] = {}

    def act(name: str, viewer: Viewer) -> None:
        with app.app_context():
            barrier.wait()
            try:
                if name == "accept":
                    answering.accept(batch_id, by=viewer)
                else:
                    service.withdraw(batch_id, reason="Uji.", by=viewer)
                results[name] = "done"
            except Conflict:
                results[name] = "conflict"
            except BaseException as error:
                results[name] = repr(error)
            db.session.remove()

    threads = [
        threading.Thread(target=act, args=pair)
        for pair in (("accept", receiver), ("withdraw", proposer))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        found = states(receiver)
        given = count(Assignment)
        batch = db.session.scalars(sa.select(ProposalBatch)).one()
        # The twelfth cannot be accepted: no matter who is first, it is withdrawn in the end.
        assert results["withdraw"] == "done"
        assert batch.withdrawn_at is not None
        accepted = [code for code, state in found.items() if state is ProposalState.ACCEPTED]
        assert len(accepted) == given
        assert given == (11 if results["accept"] == "done" else 0)
        assert set(found.values()) <= {ProposalState.ACCEPTED, ProposalState.WITHDRAWN}
        db.session.remove()
