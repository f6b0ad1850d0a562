"""What becomes of an assignment: who owes what afterwards, who hears of it, what is refused."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from coordinator.assignments.changes import service
from coordinator.assignments.changes.amending import AssignmentTerms, amend
from coordinator.assignments.changes.changes import ChangeRequest
from coordinator.assignments.changes.splitting import SplitPart, split
from coordinator.assignments.models import Assignment, AssignmentChange
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.rules import ObligationEnd
from coordinator.assignments.rules import BudgetState, CloseKind, ReportedIn, months_mask
from coordinator.assignments.service import Budget
from coordinator.clock import today
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.oversight.reminders.queries import due_reports
from coordinator.people.directory.queries import days_off
from coordinator.people.directory.rules import working_days_between
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from tests import factories
from tests.assignments.changes.builders import BASIS, contents, request

on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
CLOSED, TRANSFERRED = ObligationEnd.CLOSED, ObligationEnd.TRANSFERRED


@pytest.fixture
def story(in_app: None) -> factories.Story:
    """Dispora leads action 1.1, Disnakertrans supports; the period closes in three days."""
    return factories.story()


def owes() -> dict[str, list[ObligationEnd | None]]:
    """By agency, the state of each of its obligations."""
    db.session.expire_all()
    found: dict[str, list[ObligationEnd | None]] = {}
    for row in db.session.scalars(sa.select(Obligation).order_by(Obligation.id)):
        found.setdefault(row.party.agency.slug, []).append(row.ended_as)
    return found


def asked() -> dict[str, date]:
    """Whom the reminders would ask, and by when."""
    return {row.agency: row.last_day for row in due_reports(factories.task_force())}


def heard(kind: str) -> dict[str, str]:
    """The texts of the mails of a kind that will leave, by receiver."""
    rows = db.session.scalars(
        sa.select(OutgoingEmail).where(
            OutgoingEmail.kind == kind, OutgoingEmail.state == MailState.QUEUED
        )
    )
    return {row.to_address.split("@")[0].split(".")[-1]: row.text for row in rows}


def reassign(story: factories.Story, lead: str, **more: object) -> Assignment:
    """Give the story's assignment to another lead."""
    return service.reassign(
        story.assignment.public_id,
        lead=lead,
        basis=BASIS,
        request=request(story.assignment),
        by=story.secretariat,
        **more,  # type: ignore[arg-type]
    )


# --- to another lead -----------------------------------------------------------------------------


def test_the_former_leads_open_report_moves_and_the_receiver_has_ten_working_days(
    story: factories.Story,
) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dinsos")
    assert set(asked()) == {"Dispora", "Disnakertrans"}
    assignment = reassign(story, "dinsos")
    assert assignment.lead.agency.slug == "dinsos"
    assert assignment.basis_reference == BASIS.reference
    assert owes() == {"dispora": [TRANSFERRED], "disnakertrans": [None], "dinsos": [None]}
    assert working_days_between(today(), asked()["Dinsos"], days_off()) == 10
    assert "Dispora" not in asked(), "the old reminders are dead"
    assert set(heard("assigned")) == {"disnakertrans", "dinsos"}, "not the former lead any more"
    news = heard("assignment_changed")
    assert set(news) == {"dispora", "disnakertrans"}
    assert "dialihkan kepada Dinsos" in news["dispora"]
    assert "tetap milik Anda" in news["dispora"]
    assert "sekarang Dinsos" in news["disnakertrans"]
    [change] = db.session.scalars(sa.select(AssignmentChange))
    assert change.agency is not None
    assert change.to_agency is not None
    assert (change.agency.slug, change.to_agency.slug) == ("dispora", "dinsos")


@on_sqlite
def test_what_was_submitted_stays_and_is_not_asked_again(story: factories.Story) -> None:
    obligation = factories.obligation_of(story.assignment, "dispora")
    factories.submit(obligation, story.focal_point)
    reassign(story, "dinsos")
    assert owes() == {"dispora": [None], "disnakertrans": [None]}
    assert factories.open_period(
        label="Triwulan IV", position=4, covers=(date(2026, 10, 1), date(2026, 12, 31))
    )
    assert owes()["dinsos"] == [None], "from the next period on"
    assert owes()["dispora"] == [None]


@on_sqlite
def test_a_supporter_that_becomes_the_lead_supports_no_longer(story: factories.Story) -> None:
    later = date(2026, 11, 30)
    assignment = reassign(story, "disnakertrans", report_due_on=later)
    assert [party.agency.slug for party in assignment.active_parties] == ["disnakertrans"]
    assert owes() == {"dispora": [TRANSFERRED], "disnakertrans": [TRANSFERRED, None]}
    assert asked() == {"Disnakertrans": later}


@on_sqlite
def test_a_reassignment_that_makes_no_sense_is_refused_whole(story: factories.Story) -> None:
    before = contents()
    too_soon = {"report_due_on": date(2026, 10, 26)}
    for lead, more, field in (
        ("dispora", {}, "lead"),
        ("pengadilan-tinggi", {}, "lead"),
        ("tidak-ada", {}, "lead"),
        ("dinsos", too_soon, "report_due_on"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            reassign(story, lead, **more)
        assert set(refusal.value.fields) == {field}
    assert contents() == before


# --- supporters ----------------------------------------------------------------------------------


@on_sqlite
def test_supporters_come_and_go_and_nobody_is_asked_twice(story: factories.Story) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dinsos")
    public_id = story.assignment.public_id

    def set_to(*slugs: str) -> None:
        one = db.session.scalars(sa.select(Assignment)).one()
        service.set_support(public_id, support=slugs, request=request(one), by=story.secretariat)

    factories.submit(factories.obligation_of(story.assignment, "disnakertrans"), story.supporter)
    set_to("dinsos")
    assert owes() == {"dispora": [None], "disnakertrans": [None], "dinsos": [None]}
    assert set(heard("assignment_changed")) == {"disnakertrans"}
    set_to("disnakertrans")
    assert owes()["disnakertrans"] == [None], "it has answered for this period already"
    assert owes()["dinsos"] == [CLOSED]
    set_to("disnakertrans", "dinsos")
    assert owes()["dinsos"] == [CLOSED, None]
    for wrong in ("dispora", "pengadilan-tinggi", "tidak-ada"):
        with pytest.raises(InvalidInput):
            set_to(wrong)


# --- parts ---------------------------------------------------------------------------------------


def test_a_split_item_has_one_lead_a_part_and_its_targets_are_shared(
    story: factories.Story,
) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dinsos")
    indicator = story.assignment.action_item.indicators[0].id
    parts = split(
        story.assignment.public_id,
        label="Wilayah utara",
        own_targets={indicator: Decimal(8)},
        parts=[
            SplitPart("Wilayah selatan", "dinsos", {indicator: Decimal(4)}),
            SplitPart("Kota", "disnakertrans"),
        ],
        request=request(story.assignment, key="bagi-1"),
        by=story.secretariat,
    )
    shares = {
        (one.part, one.lead.agency.slug): [t.value for t in one.targets if t.year == 2026]
        for one in parts
    }
    assert shares == {
        ("Wilayah utara", "dispora"): [8],
        ("Wilayah selatan", "dinsos"): [4],
        ("Kota", "disnakertrans"): [],
    }
    # The former supporter has its own part now and is asked for it alone.
    assert owes() == {"dispora": [None], "disnakertrans": [TRANSFERRED, None], "dinsos": [None]}
    assert len(asked()) == 3
    assert "Bagian Anda: Wilayah utara" in heard("assignment_changed")["dispora"]
    assert "(Wilayah selatan)" in heard("assigned")["dinsos"]
    again = split(
        story.assignment.public_id,
        label="Wilayah utara",
        own_targets={},
        parts=[],
        request=ChangeRequest(1, "", "bagi-1"),
        by=story.secretariat,
    )
    assert {one.id for one in again} == {one.id for one in parts}
    with pytest.raises(Conflict):  # the item is held: nobody may take it whole
        factories.assign(story.secretariat, "1.1", "dinkes", targets={})
    for one, lead in ((parts[1], "dispora"), (parts[1], "disnakertrans")):
        with pytest.raises(InvalidInput):
            service.reassign(
                one.public_id,
                lead=lead,
                basis=BASIS,
                request=request(one),
                by=story.secretariat,
            )
    with db.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(sa.text("UPDATE assignment SET part = 'Kota'"))


@on_sqlite
def test_a_split_that_makes_no_sense_is_refused_whole(story: factories.Story) -> None:
    before = contents()
    for label, parts, field in (
        ("", [SplitPart("B", "dinsos")], "label"),
        ("A", [], "label-0"),
        ("A", [SplitPart("a", "dinsos")], "label-0"),
        ("A", [SplitPart("B", "dispora")], "lead-0"),
        ("A", [SplitPart("B", "dinsos"), SplitPart("C", "dinsos")], "lead-1"),
        ("A", [SplitPart("B", "pengadilan-tinggi")], "lead-0"),
        ("A", [SplitPart("Korban 6472015505080001", "dinsos")], "label-0"),
        ("A", [SplitPart(str(n), "dinsos") for n in range(6)], "label-0"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            split(
                story.assignment.public_id,
                label=label,
                own_targets={},
                parts=parts,
                request=request(story.assignment),
                by=story.secretariat,
            )
        assert field in refusal.value.fields, parts
    assert contents() == before


# --- dates, money, periods -----------------------------------------------------------------------


def as_is(assignment: Assignment, **change: object) -> AssignmentTerms:
    """An amendment that changes nothing but `change`."""
    targets = {t.indicator_id: t.value for t in assignment.targets if t.year == 2026}
    return replace(
        AssignmentTerms(
            due_on=assignment.due_on,
            targets=targets,
            note=assignment.note or "",
            reported_in=ReportedIn.EVERY,
            report_months=None,
            budget=Budget(),
        ),
        **change,  # type: ignore[arg-type]
    )


@on_sqlite
def test_a_moved_date_is_sent_with_its_reason_and_reminders_follow(story: factories.Story) -> None:
    one, public_id = story.assignment, story.assignment.public_id
    later = as_is(one, due_on=date(2027, 3, 31), report_due_on=date(2026, 11, 6))
    with pytest.raises(InvalidInput):
        amend(public_id, to=later, request=request(one, ""), by=story.secretariat)
    amend(public_id, to=later, request=request(one, "Anggaran bergeser."), by=story.secretariat)
    assert asked() == {"Dispora": date(2026, 11, 6), "Disnakertrans": date(2026, 11, 6)}
    news = heard("assignment_changed")
    assert set(news) == {"dispora", "disnakertrans"}
    assert "Anggaran bergeser." in news["dispora"]
    assert "31 Maret 2027" in news["dispora"]
    [change] = db.session.scalars(sa.select(AssignmentChange))
    assert (change.due_before, change.due_after) == (date(2026, 12, 31), date(2027, 3, 31))
    db.session.refresh(one)
    for wrong in (
        as_is(one, due_on=today() - timedelta(days=1)),
        as_is(one, report_due_on=date(2026, 10, 15)),  # the window is open until the 16th
        as_is(one, reported_in=ReportedIn.MONTHS),
        as_is(one, budget=Budget(BudgetState.STATED)),
        as_is(one, note="Korban 6472015505080001"),
    ):
        with pytest.raises(InvalidInput):
            amend(public_id, to=wrong, request=request(one), by=story.secretariat)


@on_sqlite
def test_a_period_that_is_not_reported_any_more_is_not_asked(story: factories.Story) -> None:
    one = story.assignment
    factories.submit(factories.obligation_of(one, "disnakertrans"), story.supporter)
    half_yearly = as_is(
        one,
        reported_in=ReportedIn.MONTHS,
        report_months=months_mask([6, 12]),
        budget=Budget(BudgetState.STATED, "2.08.03", 5_000_000),
    )
    amend(one.public_id, to=half_yearly, request=request(one, ""), by=story.secretariat)
    assert owes() == {"dispora": [CLOSED], "disnakertrans": [None]}, "what was sent stays"
    assert heard("assignment_changed") == {}
    factories.open_period(
        label="Triwulan IV", position=4, covers=(date(2026, 10, 1), date(2026, 12, 31))
    )
    assert owes() == {"dispora": [CLOSED, None], "disnakertrans": [None, None]}
    factories.open_period(
        label="Triwulan I", position=1, covers=(date(2027, 1, 1), date(2027, 3, 31))
    )
    assert len(owes()["dispora"]) == 2, "after the due date nothing is asked"


# --- closing -------------------------------------------------------------------------------------


def test_a_closed_assignment_asks_nobody_and_may_be_reassigned(story: factories.Story) -> None:
    one = story.assignment
    factories.submit(factories.obligation_of(one, "dispora"), story.focal_point)
    service.close(
        one.public_id, kind=CloseKind.MISTAKEN, request=request(one), by=story.secretariat
    )
    assert owes() == {"dispora": [None], "disnakertrans": [CLOSED]}
    assert asked() == {}
    assert set(heard("assignment_changed")) == {"dispora", "disnakertrans"}
    assert heard("assigned") == {}, "nobody is told that they were assigned"
    db.session.refresh(one)
    with pytest.raises(Conflict):
        service.close(
            one.public_id, kind=CloseKind.DONE, request=request(one), by=story.secretariat
        )
    assert factories.assign(story.secretariat, "1.1", "dinsos").id != one.id


@dataclass(frozen=True)
class Try:
    """One act, as somebody might try it."""

    name: str

    def on(self, one: Assignment, act: ChangeRequest, by: Viewer) -> object:
        """Do it."""
        public_id = one.public_id
        if self.name == "reassign":
            return service.reassign(public_id, lead="dinsos", basis=BASIS, request=act, by=by)
        if self.name == "support":
            return service.set_support(public_id, support=["dinsos"], request=act, by=by)
        if self.name == "split":
            return split(
                public_id,
                label="A",
                own_targets={},
                parts=[SplitPart("B", "dinsos")],
                request=act,
                by=by,
            )
        if self.name == "amend":
            return amend(public_id, to=as_is(one, due_on=date(2027, 1, 31)), request=act, by=by)
        return service.close(public_id, kind=CloseKind.DONE, request=act, by=by)


@on_sqlite
@pytest.mark.parametrize("name", ["reassign", "support", "split", "amend", "close"])
def test_each_act_is_guarded_locked_screened_and_done_once(
    story: factories.Story, name: str
) -> None:
    one, trial = story.assignment, Try(name)
    before = contents()
    one = db.session.scalars(sa.select(Assignment)).one()
    good = request(one, key="kunci")
    stranger = replace(story.secretariat, task_force_id=factories.task_force("64.72").id)
    for by, act, error in (
        (story.leadership, good, NotAllowed),
        (story.focal_point, good, NotAllowed),
        (stranger, good, NotFound),
        (story.secretariat, replace(good, version=99), Conflict),
        (story.secretariat, replace(good, reason="NIK 6472015505080001"), InvalidInput),
    ):
        with pytest.raises(error):
            trial.on(one, act, by)
    assert contents() == before
    trial.on(one, good, story.secretariat)
    after = contents()
    assert after != before
    one = db.session.scalars(sa.select(Assignment).order_by(Assignment.id)).first()
    assert one is not None
    trial.on(one, good, story.secretariat)
    assert contents() == after, "the same form twice is one act"
