"""A task force has no power over the account of somebody who works, or will work, elsewhere too."""

from collections.abc import Callable
from datetime import date, timedelta

import flask
import pytest
import sqlalchemy as sa

from coordinator.clock import today
from coordinator.db import db
from coordinator.errors import NotAllowed
from coordinator.people.accounts import appointments, codes, service
from coordinator.people.accounts.models import Account, ActivationCode, OneTimeLink
from coordinator.people.onboarding import service as onboarding
from coordinator.permissions import AccessKind, Viewer
from tests import factories

ACTS: dict[str, Callable[[int, Viewer], object]] = {
    "edit": lambda who, by: appointments.edit_person(
        who, appointments.PersonDetails(name="X", contact_email="lain@jauh.example"), by=by
    ),
    "reset": lambda who, by: service.send_reset(who, by=by, secret_key="k"),
    "invitation": lambda who, by: service.send_invitation(who, by=by, secret_key="k"),
    "code": lambda who, by: codes.new_code(who, by=by, secret_key="k"),
    "disable": lambda who, by: service.disable(who, by=by),
}
ACT = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())


@pytest.fixture
def below(app: flask.Flask) -> Viewer:
    """The secretariat of a task force below the province's."""
    with app.app_context():
        force = factories.task_force("64.71")
        account = service.add_person(
            service.NewPerson("kota@uji.example", "Kota", AccessKind.SECRETARIAT, force.id), by=None
        )
        return Viewer(account.id, AccessKind.SECRETARIAT, force.id, zone=force.zone)


def _shared(
    by: Viewer, kind: AccessKind, *, from_on: date, until_on: date | None = None, name: str = "baru"
) -> int:
    """Return the account of somebody with an access at the province to whom `by` gave another."""
    is_administrator = kind is AccessKind.ADMINISTRATOR
    account = service.add_person(
        service.NewPerson(
            name,
            "Orang Provinsi",
            kind,
            None if is_administrator else factories.task_force().id,
            from_on=from_on,
            until_on=until_on,
        ),
        by=None,
    )
    service.add_person(service.NewPerson(name, "X", AccessKind.LEADERSHIP, by.task_force_id), by=by)
    return account.id


def _count(model: type) -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0)


@ACT
@pytest.mark.parametrize(
    ("kind", "days"),
    [(AccessKind.SECRETARIAT, -2), (AccessKind.SECRETARIAT, 2), (AccessKind.ADMINISTRATOR, 2)],
)
def test_an_access_elsewhere_protects_also_before_its_first_day(
    app: flask.Flask,
    below: Viewer,
    act: Callable[[int, Viewer], object],
    kind: AccessKind,
    days: int,
) -> None:
    """Else a stranger would own the account on the day on which its access begins."""
    with app.app_context():
        who = _shared(below, kind, from_on=today() + timedelta(days=days))
        with pytest.raises(NotAllowed):
            act(who, below)
        account = db.session.get_one(Account, who)
        assert (account.is_active, account.contact_email) == (True, None)
        assert (_count(OneTimeLink), _count(ActivationCode)) == (0, 0)


@pytest.mark.parametrize("is_ended", [False, True])
def test_an_access_elsewhere_that_is_over_protects_no_more(
    app: flask.Flask, below: Viewer, is_ended: bool
) -> None:
    with app.app_context():
        last = None if is_ended else today() - timedelta(days=1)
        first = today() - timedelta(days=9)
        who = _shared(below, AccessKind.SECRETARIAT, from_on=first, until_on=last)
        if is_ended:
            grant = db.session.get_one(Account, who).grants[0]
            appointments.end_access(grant.id, by=factories.person(AccessKind.ADMINISTRATOR))
        service.disable(who, by=below)
        assert not db.session.get_one(Account, who).is_active


def test_an_administrator_may_do_it(app: flask.Flask, below: Viewer) -> None:
    with app.app_context():
        who = _shared(below, AccessKind.SECRETARIAT, from_on=today() + timedelta(days=2))
        service.disable(who, by=factories.person(AccessKind.ADMINISTRATOR))
        assert not db.session.get_one(Account, who).is_active


def test_inviting_many_leaves_out_who_works_elsewhere_too(app: flask.Flask, below: Viewer) -> None:
    """One of them must not keep the others from their mail or their letter."""
    with app.app_context():
        soon = today() + timedelta(days=2)
        _shared(below, AccessKind.SECRETARIAT, from_on=soon, name="baru@uji.example")
        _shared(below, AccessKind.SECRETARIAT, from_on=soon, name="tanpa.surel")
        for name in ("sendiri@uji.example", "tanpa.surel.sendiri"):
            service.add_person(
                service.NewPerson(name, "Orang", AccessKind.LEADERSHIP, below.task_force_id),
                by=below,
            )
        everybody = set(db.session.scalars(sa.select(Account.public_id)))
        letters = onboarding.print_letters(everybody, slug="", by=below, secret_key="k")
        assert [letter.user_name for letter in letters] == ["tanpa.surel.sendiri"]
        done = onboarding.invite_people(everybody, pokja="", by=below, secret_key="k")
        # The city's own officer and the one new person; two belong to others as well.
        assert (done.mails, done.without_mailbox, done.elsewhere) == (2, 1, 2)
