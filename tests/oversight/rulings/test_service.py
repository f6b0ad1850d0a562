"""A ruling: the duty, the open obligations, the reminders, the precedent and both mails."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import disputed_parties
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.mapping.answers import queries as answers
from coordinator.mapping.answers.models import DutyResponse, Precedent, Ruling
from coordinator.mapping.answers.rules import Answer, Outcome
from coordinator.mapping.answers.service import answer_duty
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.mapping.versions.queries import published
from coordinator.mapping.versions.service import publish
from coordinator.oversight.reminders.queries import due_reports
from coordinator.oversight.rulings import service
from coordinator.oversight.rulings.service import NewRuling
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions.rules import PartyKind
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.mapping.duties.builders import reworded

REASON = "Sesuai tupoksi."


class Scene:
    """Dispora leads 1.1 with Dinsos in support, in an open period, and refuses what is behind
    its part."""

    def __init__(self, *, support: tuple[str, ...] = ("dinsos",)) -> None:
        self.secretariat = factories.person(AccessKind.SECRETARIAT)
        self.dispora = factories.person(AccessKind.FOCAL_POINT, "dispora")
        self.dinsos = factories.person(AccessKind.FOCAL_POINT, "dinsos")
        self.nakertrans = factories.person(AccessKind.FOCAL_POINT, "disnakertrans")
        self.period = factories.open_period()
        self.assignment = factories.assign(
            self.secretariat, "1.1", "dispora", support, join=self.period
        )
        self.duties = [link.duty_id for link in self.assignment.lead.duties]
        assert self.duties

    def refuse(self) -> DutyResponse:
        """Dispora refuses every duty behind its part; return the newest refusal."""
        for duty_id in self.duties:
            response = answer_duty(
                duty_id, Answer.NOT_OURS, reason="Urusan ketenagakerjaan.", by=self.dispora
            )
        return response

    def rule(self, response: DutyResponse, outcome: Outcome, **more: str) -> Ruling:
        """The secretariat rules."""
        return service.rule_on(
            response.public_id, NewRuling(outcome, REASON, **more), by=self.secretariat
        )

    def parties(self) -> dict[str, tuple[PartyKind, bool]]:
        """Who takes part, as what, and whether that has ended."""
        db.session.rollback()
        rows = db.session.scalars(
            sa.select(AssignmentParty)
            .where(AssignmentParty.assignment_id == self.assignment.id)
            .order_by(AssignmentParty.id)
        )
        return {row.agency.slug: (row.kind, row.ended_at is not None) for row in rows}

    def owing(self) -> set[str]:
        """The agencies a reminder could go to."""
        db.session.rollback()
        slugs = {a.id: a.slug for a in db.session.scalars(sa.select(service.Agency))}
        return {slugs[item.agency_id] for item in due_reports(factories.task_force())}

    def obligation(self, slug: str) -> Obligation:
        """An agency's newest obligation."""
        db.session.rollback()
        return db.session.scalars(
            sa.select(Obligation)
            .where(Obligation.agency_id == factories.agency(slug).id)
            .order_by(Obligation.id.desc())
            .limit(1)
        ).one()


@pytest.fixture
def scene(in_app: None) -> Scene:
    """One duty behind the lead's part, for the plain case."""
    found = Scene()
    while len(found.duties) > 1:
        _drop_link(found.assignment, found.duties.pop())
    return found


def _drop_link(assignment: Assignment, duty_id: int) -> None:
    @transactional
    def drop() -> None:
        db.session.execute(
            sa.text("DELETE FROM party_duty WHERE party_id = :p AND duty_id = :d"),
            {"p": assignment.lead.id, "d": duty_id},
        )
        db.session().info["audited"] = True

    drop()


def key_of(duty_id: int) -> str:
    """A duty's key."""
    return db.session.get_one(service.Duty, duty_id).key


def test_while_in_dispute_nobody_is_reminded(scene: Scene) -> None:
    assert scene.owing() == {"dispora", "dinsos"}
    scene.refuse()
    assert scene.owing() == {"dinsos"}


def test_a_moved_duty_takes_its_obligation_along(scene: Scene) -> None:
    response = scene.refuse()
    ruling = scene.rule(response, Outcome.MOVED, to_agency="disnakertrans")
    assert scene.parties() == {
        "dispora": (PartyKind.LEAD, True),
        "dinsos": (PartyKind.SUPPORT, False),
        "disnakertrans": (PartyKind.LEAD, False),
    }
    assert scene.obligation("dispora").ended_as == "transferred"
    # Ten working days from Tuesday 13 October 2026.
    assert scene.obligation("disnakertrans").due_on == date(2026, 10, 27)
    assert scene.owing() == {"dinsos", "disnakertrans"}
    mapping = published(factories.task_force().id)
    assert mapping is not None
    duty = next(part for part in mapping.duties if part.id == key_of(response.duty_id))
    assert (duty.agency, duty.status) == ("disnakertrans", BasisStatus.PROPOSAL)
    assert ruling.mapping_version == 2
    assert db.session.get_one(ReportingPeriod, scene.period.id).mapping_version == 1


def test_what_was_submitted_stays_its_own(scene: Scene) -> None:
    factories.submit(factories.obligation_of(scene.assignment, "dispora"), scene.dispora)
    scene.rule(scene.refuse(), Outcome.MOVED, to_agency="disnakertrans")
    assert scene.obligation("dispora").ended_as is None
    assert scene.obligation("disnakertrans").due_on == date(2026, 10, 27)


def test_a_supporter_that_receives_becomes_the_lead(scene: Scene) -> None:
    scene.rule(scene.refuse(), Outcome.MOVED, to_agency="dinsos")
    rows = db.session.scalars(
        sa.select(AssignmentParty).where(
            AssignmentParty.assignment_id == scene.assignment.id, AssignmentParty.ended_at.is_(None)
        )
    ).all()
    assert [(row.agency.slug, row.kind) for row in rows] == [("dinsos", PartyKind.LEAD)]
    assert scene.owing() == {"dinsos"}


def test_a_part_with_other_duties_stays_and_the_receiver_joins(in_app: None) -> None:
    scene = Scene()
    if len(scene.duties) == 1:
        _add_second_duty(scene)
    first, second = scene.duties[:2]
    for extra in scene.duties[2:]:
        _drop_link(scene.assignment, extra)
    response = answer_duty(first, Answer.NOT_OURS, reason="Bukan.", by=scene.dispora)
    assert scene.owing() == {"dispora", "dinsos"}  # the other duty is still clear
    scene.rule(response, Outcome.MOVED, to_agency="disnakertrans")
    assert scene.parties() == {
        "dispora": (PartyKind.LEAD, False),
        "dinsos": (PartyKind.SUPPORT, False),
        "disnakertrans": (PartyKind.SUPPORT, False),
    }
    db.session.rollback()
    lead = db.session.get_one(Assignment, scene.assignment.id).lead
    assert [link.duty_id for link in lead.duties] == [second]


def _add_second_duty(scene: Scene) -> None:
    @transactional
    def add() -> None:
        other = db.session.scalar(
            sa.text(
                "SELECT duty_id FROM duty_revision WHERE agency_id = :a AND duty_id != :d "
                "AND until IS NULL ORDER BY duty_id LIMIT 1"
            ),
            {"a": factories.agency("dispora").id, "d": scene.duties[0]},
        )
        assert isinstance(other, int)
        db.session.execute(
            sa.text("INSERT INTO party_duty (party_id, duty_id) VALUES (:p, :d)"),
            {"p": scene.assignment.lead.id, "d": other},
        )
        db.session().info["audited"] = True
        scene.duties.append(other)

    add()


def test_a_shared_duty_brings_a_supporter(scene: Scene) -> None:
    scene.rule(scene.refuse(), Outcome.SHARED, to_agency="disnakertrans")
    assert scene.parties()["dispora"] == (PartyKind.LEAD, False)
    assert scene.parties()["disnakertrans"] == (PartyKind.SUPPORT, False)
    assert scene.owing() == {"dispora", "dinsos", "disnakertrans"}
    own = [d for d in published(factories.task_force().id).duties if d.agency == "disnakertrans"]  # type: ignore[union-attr]
    assert any(duty.id.startswith(key_of(scene.duties[0])) for duty in own)


@pytest.mark.parametrize(
    ("outcome", "more"),
    [(Outcome.STAYS, {}), (Outcome.REWORDED, {"new_text": "Mengawasi lembaga pelatihan pemuda."})],
)
def test_a_duty_that_stays_is_asked_again_with_time(
    scene: Scene, outcome: Outcome, more: dict[str, str]
) -> None:
    ruling = scene.rule(scene.refuse(), outcome, **more)
    assert scene.owing() == {"dispora", "dinsos"}
    assert scene.obligation("dispora").due_on == date(2026, 10, 20)  # 5 working days
    assert scene.obligation("dinsos").due_on == scene.period.closes_on
    assert ruling.mapping_version == 2


def test_in_a_period_that_had_closed_it_stays_unclear(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    response = scene.refuse()
    clock.shift(timedelta(days=10))
    later = factories.open_period(
        label="Triwulan IV",
        position=4,
        covers=(date(2026, 10, 1), date(2026, 12, 31)),
        closes_on=date(2026, 11, 20),
    )
    force = factories.task_force().id
    party = scene.assignment.lead.id
    assert disputed_parties(force).covers(party, scene.period.id)
    assert disputed_parties(force).covers(party, later.id)
    scene.rule(response, Outcome.STAYS)
    assert disputed_parties(force).covers(party, scene.period.id)
    assert not disputed_parties(force).covers(party, later.id)


def test_a_period_keeps_its_mapping_and_a_new_wording_is_a_new_question(scene: Scene) -> None:
    """A dispute about words the period does not know leaves the period as it was."""
    force = factories.task_force().id
    mapping = published(force)
    assert mapping is not None
    key = key_of(scene.duties[0])
    publish(reworded(mapping, key, text="Bunyi lain."), by=scene.secretariat, reason="SK")
    scene.refuse()
    assert answers.disputed_duties(force) == {scene.duties[0]}
    assert not disputed_parties(force).covers(scene.assignment.lead.id, scene.period.id)


def test_both_agencies_are_notified_once(scene: Scene) -> None:
    response = scene.refuse()
    scene.rule(response, Outcome.MOVED, to_agency="disnakertrans")
    mails = db.session.scalars(sa.select(OutgoingEmail).where(OutgoingEmail.kind == "ruled")).all()
    assert sorted(mail.to_address for mail in mails) == sorted(
        factories.email_of(viewer) for viewer in (scene.dispora, scene.nakertrans)
    )
    for mail in mails:
        assert REASON in mail.text
        assert "dialihkan dari Dispora ke Disnakertrans" in mail.text
        assert f"/tanya/{response.public_id}" in {link.path for link in mail.mail_links}


def test_a_precedent_shows_the_ruling_and_not_the_thread(scene: Scene) -> None:
    response = scene.refuse()
    scene.rule(
        response,
        Outcome.MOVED,
        to_agency="disnakertrans",
        shared_reason="Magang luar negeri adalah urusan ketenagakerjaan.",
    )
    duty = response.duty
    here = answers.precedents(scene.secretariat, [duty], "dispora")
    assert here == {}  # one's own ruling is no precedent for oneself
    elsewhere = replace(scene.secretariat, task_force_id=factories.task_force("64.71").id)
    (found,) = answers.precedents(elsewhere, [duty], "dispora")[duty.lineage]
    assert found.summary == "Magang luar negeri adalah urusan ketenagakerjaan."
    assert answers.precedents(elsewhere, [duty], "dinsos") == {}
    shown = {column.name for column in Precedent.__table__.columns}
    assert not shown & {"reason", "text", "author_id", "ruled_by_id", "response_id"}


def test_without_a_reason_for_sharing_nothing_is_shared(scene: Scene) -> None:
    scene.rule(scene.refuse(), Outcome.STAYS)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Precedent)) == 0


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewRuling(Outcome.STAYS, " "), "reason"),
        (NewRuling(Outcome.STAYS, "NIK 6472015505080001"), "reason"),
        (NewRuling(Outcome.MOVED, REASON), "to_agency"),
        (NewRuling(Outcome.MOVED, REASON, to_agency="dispora"), "to_agency"),
        (NewRuling(Outcome.SHARED, REASON, to_agency="tidak-ada"), "to_agency"),
        (NewRuling(Outcome.REWORDED, REASON), "new_text"),
        (NewRuling(Outcome.REWORDED, REASON, new_text="NIK 6472015505080001"), "new_text"),
        (NewRuling(Outcome.STAYS, REASON, shared_reason="NIK 6472015505080001"), "shared_reason"),
    ],
)
def test_a_ruling_that_says_too_little_is_refused(scene: Scene, new: NewRuling, field: str) -> None:
    response = scene.refuse()
    with pytest.raises(InvalidInput) as refusal:
        service.rule_on(response.public_id, new, by=scene.secretariat)
    assert set(refusal.value.fields) == {field}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Ruling)) == 0


def test_a_court_gets_no_duty(scene: Scene) -> None:
    response = scene.refuse()
    court = db.session.scalars(
        sa.select(service.Agency).where(service.Agency.kind == "pengadilan")
    ).first()
    assert court is not None
    with pytest.raises(InvalidInput):
        scene.rule(response, Outcome.MOVED, to_agency=court.slug)


def test_once_is_enough(scene: Scene) -> None:
    response = scene.refuse()
    scene.rule(response, Outcome.STAYS)
    with pytest.raises(Conflict):
        scene.rule(response, Outcome.STAYS)


def test_an_answer_taken_back_needs_no_ruling(scene: Scene) -> None:
    response = scene.refuse()
    answer_duty(response.duty_id, Answer.ACCEPTED, by=scene.dispora)
    with pytest.raises(Conflict):
        scene.rule(response, Outcome.STAYS)
    assert scene.owing() == {"dispora", "dinsos"}


def test_only_the_secretariat_of_the_task_force_rules(scene: Scene) -> None:
    response = scene.refuse()
    new = NewRuling(Outcome.STAYS, REASON)
    for viewer in (scene.dispora, factories.person(AccessKind.LEADERSHIP)):
        with pytest.raises(NotAllowed):
            service.rule_on(response.public_id, new, by=viewer)
    elsewhere = replace(scene.secretariat, task_force_id=factories.task_force("64.71").id)
    with pytest.raises(NotFound):
        service.rule_on(response.public_id, new, by=elsewhere)


def test_who_reads_the_thread(scene: Scene, in_app: None) -> None:
    response = answer_duty(
        scene.duties[0],
        Answer.NOT_OURS,
        reason="Bukan.",
        suggested_agency_id=factories.agency("disnakertrans").id,
        by=scene.dispora,
    )

    def reads(viewer: Viewer) -> bool:
        return answers.thread(viewer, response.public_id) is not None

    assert reads(scene.secretariat)
    assert reads(scene.dispora)
    assert reads(scene.nakertrans)  # it was named
    assert not reads(scene.dinsos)
    assert not reads(replace(scene.secretariat, task_force_id=factories.task_force("64.71").id))
