"""Loading the demo through the same services that people use."""

import contextlib
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from coordinator.assignments.obligations.extensions import grant_extension
from coordinator.clock import frozen_time
from coordinator.db import db, transactional
from coordinator.demo import queries
from coordinator.demo.answering import answer_duties
from coordinator.demo.below import load_below
from coordinator.demo.mails import deliver, remind
from coordinator.demo.reports import ReportWriter
from coordinator.demo.scenario import (
    ASSIGNED,
    BACKUP,
    FIXED,
    OUTCOMES_FIRST,
    OUTCOMES_OPEN,
    OUTCOMES_SECOND,
    OUTCOMES_SECOND_LEADS,
    PASSWORD,
    PEOPLE,
    PUBLISHED_CARDS,
    TASK_FORCE,
)
from coordinator.demo.stage import ASSIGNED as ASSIGNED_AGO
from coordinator.demo.stage import BEGAN, Stage, outcomes_of
from coordinator.errors import Conflict, DomainError
from coordinator.oversight.cards.service import publish_card
from coordinator.people.accounts import passwords
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.people.directory.rules import (
    usual_heading,
    working_day_on_or_after,
    working_day_on_or_before,
)
from coordinator.people.directory.service import NewLetterhead, save_letterhead
from coordinator.permissions import AGENCY_KINDS, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.rules import PartyKind
from coordinator.plans.versions.sample_service import bring_sample_plan
from coordinator.platform.audit.service import record
from coordinator.platform.operations.backup import create_backup, place_of_app, record_backup


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One line of `flask demo accounts --json`."""

    email: str
    password: str
    access: str
    agency: str | None
    task_force: str | None


def is_loaded() -> bool:
    """Return whether demo accounts are in the database."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Account.is_sample))))


def demo_accounts() -> list[DemoAccount]:
    """Return the demo accounts that are in the database.

    Of a kabupaten/kota only those of its secretariat: `agency` is an agency of the province.
    """
    is_agency = AccessGrant.kind.in_(AGENCY_KINDS)
    rows = db.session.execute(
        sa.select(Account.email, AccessGrant.kind, Agency.slug, TaskForce.code)
        .join(AccessGrant, AccessGrant.account_id == Account.id)
        .outerjoin(Agency, Agency.id == AccessGrant.agency_id)
        .outerjoin(TaskForce, TaskForce.id == AccessGrant.task_force_id)
        .where(
            Account.is_sample,
            sa.or_(TaskForce.code.is_(None), TaskForce.code == TASK_FORCE, ~is_agency),
        )
        .order_by(Account.id)
    )
    return [
        DemoAccount(email, PASSWORD, kind.value, slug, code) for email, kind, slug, code in rows
    ]


def load_demo() -> None:
    """Load the demo: people, assignments, two past periods and an open one, reports in every state,
    the newest morning's mails, three kabupaten/kota, and a backup of it all.

    One transaction, after the password is hashed. Raises Conflict where it is there already.
    """
    _load(passwords.hasher.hash(PASSWORD))
    _back_up()


def _back_up() -> None:
    """Keep a backup, as a night would have; a demo without one (PostgreSQL, a full disk) works."""
    with contextlib.suppress(DomainError, OSError):
        place = place_of_app()
        target = place.data_dir / BACKUP
        report = create_backup(target, place=place, overwrite=True)
        record_backup(name=target.name, size=report.size)


@transactional
def _load(password_hash: str) -> None:
    if is_loaded():
        raise Conflict("Data contoh sudah dimuat.")
    force = directory.task_force_by_code(TASK_FORCE)
    if force is None:
        raise Conflict("Muat pemetaan lebih dahulu.")
    brought = bring_sample_plan()
    stage = Stage(force)
    with frozen_time(stage.ago(BEGAN)):
        for person in PEOPLE:
            stage.add_person(person, password_hash)
    secretariat = stage.viewers["sekretariat"]
    actions = {
        action.code: action
        for strategy in plans.strategies(secretariat)
        if strategy.plan.is_sample
        for action in strategy.actions
    }
    with frozen_time(stage.ago(ASSIGNED_AGO)):
        _assign(stage, actions, secretariat)
        _write_letterhead(force, secretariat)
        for slug in PUBLISHED_CARDS:
            publish_card(slug, by=secretariat)
    answer_duties(stage)
    _report(stage, secretariat)
    stages = [stage, *load_below(stage, actions, password_hash)]
    was_run = [one.force.code for one in stages if remind(one)]
    deliver(stage)
    record(
        "demo.loaded",
        by=None,
        subject=("task_force", TASK_FORCE),
        task_force_id=force.id,
        # Whose run of that morning is the demo's own, and is removed with it.
        reminded_on=stage.reminded_on.isoformat() if TASK_FORCE in was_run else "",
        brought_plan=brought,
    )


def _assign(stage: Stage, actions: dict[str, ActionItem], by: Viewer) -> None:
    keys = {agency.key: agency.slug for agency in stage.agencies.values()}
    for place, (code, more) in enumerate(ASSIGNED.items(), start=1):
        parties = [(one.kind, keys[one.agency_key]) for one in actions[code].candidates]
        stage.assign(
            actions[code],
            next(slug for kind, slug in parties if kind is PartyKind.LEAD),
            (*(slug for kind, slug in parties if kind is PartyKind.SUPPORT), *more),
            place=place,
            by=by,
        )


def _write_letterhead(force: TaskForce, by: Viewer) -> None:
    if directory.letterhead(force).version:
        return  # the secretariat wrote its own
    save_letterhead(
        NewLetterhead(
            lines=usual_heading(force.region),
            office="Sekretariat Gugus Tugas",
            telephone="(nomor contoh)",
            hours="Hari kerja 08.00–16.00 WITA",
        ),
        version=0,
        by=by,
        is_sample=True,
    )


def _report(stage: Stage, secretariat: Viewer) -> None:
    """Fill two past periods and the open one."""
    first_closes = working_day_on_or_before(stage.on - timedelta(days=35), stage.days_off)
    windows = (
        (stage.on - timedelta(days=75), first_closes),
        stage.past_window(),
        stage.open_window(),
    )
    others = (OUTCOMES_FIRST, OUTCOMES_SECOND, OUTCOMES_OPEN)
    leads = (OUTCOMES_FIRST, OUTCOMES_SECOND_LEADS, OUTCOMES_OPEN)
    writer = ReportWriter(
        stage, focal_point="narahubung.{}", offices=("sekretariat", "sekretariat2")
    )
    for number, (opens_on, closes_on) in enumerate(windows, start=1):
        with frozen_time(stage.at(opens_on, 8)):
            period = stage.open_period(3 - number, opens_on, closes_on, by=secretariat)
            if number == 2:
                grant_extension(
                    period.id,
                    stage.agencies["dishub"].id,
                    until_on=working_day_on_or_after(stage.on + timedelta(days=5), stage.days_off),
                    reason="Sistem penganggaran sedang dipindahkan.",
                    by=secretariat,
                )
        fixed = {(code, slug): word for (code, slug, n), word in FIXED.items() if n == number}
        for obligation, outcome in outcomes_of(
            queries.all_obligations(period.id),
            leads=leads[number - 1],
            others=others[number - 1],
            fixed=fixed,
        ):
            writer.report(obligation, outcome, closes_on)
