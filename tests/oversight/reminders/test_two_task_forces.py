"""One person who serves a province and a city: neither task force's digest is lost."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.changes.assigning import NewAssignment, assign_action
from coordinator.assignments.rules import BasisKind
from coordinator.db import db
from coordinator.mapping.copies.copying import copied_mapping, proposals
from coordinator.mapping.duties.service import load_mapping
from coordinator.mapping.versions.queries import published
from coordinator.oversight.opening import service as opening
from coordinator.oversight.reminders import queries, service
from coordinator.oversight.reminders.models import ReminderNotice
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import Account
from coordinator.people.directory.ladder_rules import NoticeOutcome
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories

CITY = "64.71"
CLOSES_ON = date(2026, 10, 16)


def _city() -> TaskForce:
    """Balikpapan, whose mapping mirrors the province's."""
    mapping = published(factories.task_force().id)
    assert mapping is not None
    part = next(one for one in mapping.task_forces if one.code == CITY)
    load_mapping(
        copied_mapping(mapping, part, proposals(mapping, region=part.region)), by=None, reason="uji"
    )
    return factories.task_force(CITY)


def _owe(force: TaskForce, office: Viewer) -> None:
    """Dispora of a task force owes a report by Friday."""
    period = opening.open_new_period(
        force.id,
        opening.NewPeriod(
            year=2026,
            label="Triwulan III",
            position=3,
            periods_in_year=4,
            covers_from=date(2026, 7, 1),
            covers_until=date(2026, 9, 30),
            opens_on=date(2026, 10, 1),
            closes_on=CLOSES_ON,
        ),
        by=None,
    )
    assign_action(
        NewAssignment(
            action_id=factories.action("1.1").public_id,
            lead="dispora",
            support=(),
            basis_kind=BasisKind.LETTER,
            basis_reference="463/01/UJI",
            basis_on=date(2026, 9, 1),
            due_on=date(2026, 12, 31),
            targets={},
        ),
        by=office,
        join=period,
    )


@pytest.fixture
def both(in_app: None) -> tuple[Account, list[TaskForce]]:
    """A focal point of Dispora in the province and in the city, who owes a report in each."""
    forces = [factories.task_force(), _city()]
    person = factories.person(AccessKind.FOCAL_POINT, "dispora")
    account = db.session.get_one(Account, person.account_id)
    accounts.add_person(
        accounts.NewPerson(
            email=account.email,
            name=account.name,
            kind=AccessKind.FOCAL_POINT,
            task_force_id=forces[1].id,
            agency_id=factories.agency("dispora", CITY).id,
            from_on=date(2026, 9, 1),
        ),
        by=None,
    )
    for force in forces:
        office = accounts.add_person(
            accounts.NewPerson(
                email=f"kantor.{force.code}@uji.example",
                name="Kantor",
                kind=AccessKind.SECRETARIAT,
                task_force_id=force.id,
            ),
            by=None,
        )
        service.ensure_ladder(force.id)
        _owe(force, Viewer(office.id, AccessKind.SECRETARIAT, force.id))
    return db.session.get_one(Account, person.account_id), [
        factories.task_force(),
        factories.task_force(CITY),
    ]


def test_each_task_force_tells_them_in_its_own_mail(
    both: tuple[Account, list[TaskForce]], clock: time_machine.Traveller
) -> None:
    account, forces = both
    clock.move_to(datetime(2026, 10, 13, 0, 5, tzinfo=UTC))
    for force in forces:
        service.queue_reminders(force.id)
    mails = db.session.scalars(sa.select(OutgoingEmail).where(OutgoingEmail.kind == "digest")).all()
    assert sorted(mail.task_force_id or 0 for mail in mails) == sorted(one.id for one in forces)
    assert {mail.to_address for mail in mails} == {account.email}
    assert len({mail.message_id for mail in mails}) == len({mail.thread for mail in mails}) == 2
    for force, mail in zip(forces, mails, strict=True):
        assert force.short_region in mail.html
    notices = db.session.scalars(sa.select(ReminderNotice)).all()
    assert {notice.email_id for notice in notices} == {mail.id for mail in mails}
    clock.shift(timedelta(days=1))
    for force in forces:
        assert service.digests(force, date(2026, 10, 14)) == []
        assert queries.last_run(Viewer(None, AccessKind.SECRETARIAT, force.id)) is not None


@pytest.mark.usefixtures("both")
def test_no_notice_can_say_sent_without_its_mail(clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 10, 13, 0, 5, tzinfo=UTC))
    service.queue_reminders(factories.task_force().id)
    notice = db.session.scalars(
        sa.select(ReminderNotice).where(ReminderNotice.outcome == NoticeOutcome.SENT)
    ).first()
    assert notice is not None
    wrong = sa.update(ReminderNotice).where(ReminderNotice.id == notice.id).values(email_id=None)
    with pytest.raises(sa.exc.IntegrityError, match="sent_has_mail"), db.engine.begin() as one:
        one.execute(wrong)
