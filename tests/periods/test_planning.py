"""A year's calendar, what is left out, and opening what was planned."""

import threading
from datetime import UTC, date, datetime

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import disputed_parties
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.mapping.answers import service as answers
from coordinator.mapping.answers.rules import Answer, Outcome
from coordinator.oversight.opening import service
from coordinator.oversight.rulings import service as rulings
from coordinator.periods import planning, queries
from coordinator.periods.models import ReportingPeriod
from coordinator.periods.rules import Window
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.periods.builders import planned
from tests.statements import statements

SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def secretariat(in_app: None) -> Viewer:
    """Who plans."""
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")


def row(period: ReportingPeriod, **changed: object) -> planning.PlannedPeriod:
    """A planned period as its row, with changes."""
    fields = {
        "public_id": period.public_id,
        "label": period.label,
        "covers_from": period.covers_from,
        "covers_until": period.covers_until,
        "window": period.window,
    }
    return planning.PlannedPeriod(**{**fields, **changed})  # type: ignore[arg-type]


def test_two_periods_may_swap_their_names_and_one_be_dropped(secretariat: Viewer) -> None:
    first = planned(secretariat, label="Satu")
    second = planned(secretariat, label="Dua")
    third = planned(secretariat, label="Tiga")
    count = planning.plan_year(
        2026,
        [row(first, label="Dua"), row(second, label="Satu")],
        drop=[third.public_id],
        by=secretariat,
    )
    assert count == 3
    found = {p.public_id: p.label for p in queries.planned_periods(secretariat)}
    assert found == {first.public_id: "Dua", second.public_id: "Satu"}


@SQLITE
def test_what_is_wrong_is_said_at_its_row(secretariat: Viewer) -> None:
    factories.open_period()
    window = Window(date(2026, 10, 14), date(2026, 10, 30))
    with pytest.raises(InvalidInput) as refusal:
        planning.plan_year(
            2026,
            [
                planning.PlannedPeriod(
                    "", "triwulan iii", date(2026, 7, 1), date(2026, 9, 30), window
                ),
                planning.PlannedPeriod("", "B", date(2025, 12, 1), date(2026, 1, 1), window),
                planning.PlannedPeriod(
                    "",
                    "b",
                    date(2026, 3, 2),
                    date(2026, 3, 1),
                    Window(date(2026, 4, 2), date(2026, 4, 1)),
                ),
            ],
            by=secretariat,
        )
    assert set(refusal.value.fields) == {
        "rows-0-label",
        "rows-1-covers_from",
        "rows-2-label",
        "rows-2-covers_until",
        "rows-2-closes_on",
    }
    leadership = factories.person(AccessKind.LEADERSHIP, home="biro-kesra")
    with pytest.raises(NotAllowed):
        planning.plan_year(2026, [], by=leadership)


@SQLITE
def test_an_opened_period_is_changed_only_by_its_own_acts(secretariat: Viewer) -> None:
    period = planned(secretariat)
    service.open_planned_period(period.public_id, by=secretariat)
    for act in (
        lambda: planning.plan_year(2026, [row(period, label="X")], by=secretariat),
        lambda: planning.plan_year(2026, [], drop=[period.public_id], by=secretariat),
        lambda: planning.change_dates(
            period.public_id,
            covers=(period.covers_from, period.covers_until),
            window=period.window,
            by=secretariat,
        ),
        lambda: planning.leave_out(
            period.public_id, among=[], left_out=[], reason="", by=secretariat
        ),
    ):
        with pytest.raises(Conflict):
            act()
    abroad = Viewer(
        secretariat.account_id,
        AccessKind.SECRETARIAT,
        task_force_id=factories.task_force("64.71").id,
    )
    with pytest.raises(NotFound):
        service.open_planned_period(period.public_id, by=abroad)


def test_nothing_is_left_out_for_a_reason_with_a_nik(secretariat: Viewer) -> None:
    out = factories.assign(secretariat, "1.1", "dispora")
    period = planned(secretariat)
    with pytest.raises(InvalidInput) as refusal:
        planning.leave_out(
            period.public_id,
            among=[out.public_id],
            left_out=[out.public_id],
            reason="Korban 6472015505080001 dirawat.",
            by=secretariat,
        )
    assert set(refusal.value.fields) == {"reason"}
    assert period.left_out is None


def test_opening_makes_what_was_not_left_out_and_twice_makes_none_more(
    secretariat: Viewer,
) -> None:
    kept = factories.assign(secretariat, "1.1", "dispora", ("dinsos",))
    out = factories.assign(secretariat, "1.2", "dispora")
    period = planned(secretariat)
    with pytest.raises(InvalidInput):
        planning.leave_out(
            period.public_id,
            among=[kept.public_id, out.public_id],
            left_out=[out.public_id],
            reason=" ",
            by=secretariat,
        )
    planning.leave_out(
        period.public_id,
        among=[kept.public_id, out.public_id],
        left_out=[out.public_id, "foreign"],
        reason="Mulai triwulan depan",
        by=secretariat,
    )
    for _again in range(2):
        opened = service.open_planned_period(period.public_id, by=secretariat)
    assert opened.left_out == {out.public_id: "Mulai triwulan depan"}
    found = db.session.scalars(sa.select(Obligation)).all()
    assert sorted(one.party.agency.slug for one in found) == ["dinsos", "dispora"]
    assert {one.party.assignment_id for one in found} == {kept.id}


def test_two_officers_at_once_open_it_once(app: flask.Flask) -> None:
    with app.app_context():
        viewer = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        factories.assign(viewer, "1.1", "dispora", ("dinsos",))
        public_id = planned(viewer).public_id
        db.session.remove()
    ready = threading.Barrier(2)
    errors: list[BaseException] = []

    def officer() -> None:
        with app.app_context():
            ready.wait()
            try:
                service.open_planned_period(public_id, by=viewer)
            except BaseException as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=officer) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Obligation)) == 2
        opened = db.session.scalar(
            sa.text("SELECT count(*) FROM audit_entry WHERE action = 'period.opened'")
        )
        assert opened == 1


@SQLITE
def test_a_period_whose_last_day_is_past_is_not_opened(
    secretariat: Viewer, clock: time_machine.Traveller
) -> None:
    period = planned(secretariat)
    clock.move_to(datetime(2026, 10, 30, 16, tzinfo=UTC))  # midnight WITA
    with pytest.raises(InvalidInput):
        service.open_planned_period(period.public_id, by=secretariat)
    assert period.opened_at is None


@SQLITE
def test_opening_asks_the_database_equally_often_for_many(
    app: flask.Flask, secretariat: Viewer
) -> None:
    def count(position: int) -> int:
        with statements(app) as sent:
            factories.open_period(label=f"P{position}", position=position)
        return len(sent)

    factories.assign(secretariat, "1.1", "dispora")
    one = count(1)
    for code in ("1.2", "1.3", "2.1"):
        factories.assign(secretariat, code, "dispora", ("dinsos", "dinkes"))
    assert count(2) == one


@SQLITE
def test_a_dispute_is_seen_before_opening_and_a_ruling_holds_in_later_periods(
    secretariat: Viewer,
) -> None:
    assignment = factories.assign(secretariat, "1.1", "dispora")
    focal_point = factories.person(AccessKind.FOCAL_POINT, "dispora")
    party = assignment.lead
    duty_ids = [link.duty_id for link in party.duties]
    assert duty_ids
    questions = [
        answers.answer_duty(duty, Answer.NOT_OURS, reason="Bukan kami", by=focal_point).public_id
        for duty in duty_ids
    ]
    period = planned(secretariat)
    force = factories.task_force().id
    assert disputed_parties(force, planned=period).covers(party.id, period.id)
    for question in questions:
        rulings.rule_on(
            question, rulings.NewRuling(outcome=Outcome.STAYS, reason="Tetap."), by=secretariat
        )
    assert not disputed_parties(force, planned=period).covers(party.id, period.id)
    service.open_planned_period(period.public_id, by=secretariat)
    assert not disputed_parties(force).covers(party.id, period.id)
