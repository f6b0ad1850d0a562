"""Publishing a plan: identity kept, told once, gathered, taken back exactly or not at all."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.models import AssignmentTarget
from coordinator.db import Base, db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.home.workload import free_actions
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.models import ActionItem, Indicator, Plan, PlanVersion
from coordinator.plans.actions.rules import TargetLevel, targets_for
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.versions import queries, service
from coordinator.plans.versions.held_queries import all_held_by_version
from coordinator.plans.versions.rules import Missing
from coordinator.platform.mail import service as mail
from coordinator.platform.mail.rules import MailState
from tests import factories
from tests.plans.versions.plan_mails import mails, paths, receivers, send_all
from tests.plans.versions.plans import changed, new_action, regional, with_new, without

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
KEY = "ran-tppo-2025-2029"
TABLES = (
    ("plan", ()),
    ("strategy", ()),
    ("action_item", ()),
    ("indicator", ()),
    ("target", ("id",)),
    ("candidate_party", ("id",)),
    ("action_duty", ("id",)),
)


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the plan in force, with ids and addresses; not of its versions. Targets and the
    like have no address of their own."""
    db.session.rollback()
    found = {}
    for name, left_out in TABLES:
        table = Base.metadata.tables[name]
        columns = [column for column in table.c if column.name not in left_out]
        found[name] = sorted(
            (tuple(row) for row in db.session.execute(sa.select(*columns))), key=repr
        )
    return found


def number() -> int:
    """The version in force."""
    return queries.newest_number(KEY)


def test_a_version_keeps_who_is_who_and_comes_back_exactly(
    secretariat: Viewer, plan: PlanFile
) -> None:
    before = rows()
    first = factories.action("1.1")
    address, indicator = first.public_id, first.indicators[0].id
    wanted = changed(plan, "1.1", title="Judul lain", code="1.2", lead="satpol-pp", support=[])
    wanted = changed(wanted, "1.3", indicators=new_action(plan, "1.3").indicators)
    # The one that had 1.2 takes 1.1: they change codes.
    wanted = replace(
        wanted,
        actions=[
            replace(part, code="1.1") if part.id == plan.actions[1].id else part
            for part in with_new(without(wanted, "6.7"), new_action(plan)).actions
        ],
    )
    done = service.publish(wanted, by=secretariat, reason="Uji", notify=False)
    assert (done.number, done.is_new) == (2, True)
    assert rows() != before
    again = plans.action(secretariat, address)
    assert again is not None
    assert (again.title, again.code, again.indicators[0].id) == ("Judul lain", "1.2", indicator)
    assert service.publish(wanted, by=secretariat, reason="Lagi").is_new is False
    undone = service.undo(KEY, 2, by=secretariat)
    assert undone.number == 3
    assert plans.in_force(KEY) == plan
    after = rows()
    # The figures of 1.3 were referred to by nothing: they are new rows with the same words.
    assert {name for name in before if before[name] != after[name]} <= {"indicator", "target"}
    assert len(after["target"]) == len(before["target"])
    assert [part[1:] for part in _words_of(after)] == [part[1:] for part in _words_of(before)]


def _words_of(found: dict[str, list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    return sorted(found["indicator"], key=lambda row: repr(row[1:]))


def test_undoing_new_and_changed_items_leaves_no_difference(
    secretariat: Viewer, plan: PlanFile
) -> None:
    factories.person(AccessKind.FOCAL_POINT, "satpol-pp")
    before = rows()
    wanted = with_new(
        changed(plan, "2.1", title="Lain"), new_action(plan), new_action(plan, "1.91")
    )
    assert service.publish(wanted, by=secretariat, reason="Uji").mails == 1
    service.undo(KEY, 2, by=secretariat)
    assert rows() == before
    assert mails() == []
    assert [one.state for one in mails(None)] == [MailState.CANCELLED]
    with pytest.raises(Conflict):
        service.undo(KEY, 3, by=secretariat)  # an undoing is not undone


def test_what_is_referred_to_stays_and_comes_back_under_its_id(
    secretariat: Viewer, plan: PlanFile
) -> None:
    factories.assign(secretariat, "1.1")
    item = factories.action("1.1")
    old = item.indicators[0].id
    wanted = changed(plan, "1.1", indicators=new_action(plan).indicators)
    service.publish(wanted, by=secretariat, reason="Uji", notify=False)
    item = factories.action("1.1")
    assert [one.key for one in item.indicators] == ["uji-1-90-angka"]
    assert db.session.get_one(Indicator, old).left_in == 2
    service.publish(plan, by=secretariat, reason="Kembali", notify=False)
    assert old in [one.id for one in factories.action("1.1").indicators]
    assert (
        db.session.scalars(sa.select(Indicator).where(Indicator.left_in.is_not(None))).all() == []
    )


def test_a_version_is_not_taken_back_once_something_refers_to_what_it_brought(
    secretariat: Viewer, plan: PlanFile
) -> None:
    wanted = with_new(plan, new_action(plan))
    wanted = changed(
        wanted,
        "2.1",
        indicators=[*wanted.actions[16].indicators, *new_action(plan, "8").indicators],
    )
    service.publish(wanted, by=secretariat, reason="Uji", notify=False)
    version = plans.version(secretariat, KEY, 2)
    assert version is not None
    assert all_held_by_version(version) == []
    factories.assign(secretariat, "1.90", "satpol-pp")
    factories.assign(
        secretariat,
        "2.1",
        "dinkes",
        targets={factories.action("2.1").indicators[-1].id: Decimal(4)},
    )
    version = plans.version(secretariat, KEY, 2)
    assert version is not None
    held = all_held_by_version(version)
    assert [(one.code, one.who) for one in held] == [
        ("2.1", "Dinkes, Provinsi Kalimantan Timur"),
        ("1.90", "Satpol PP, Provinsi Kalimantan Timur"),
    ]
    with pytest.raises(Conflict, match=r"1\.90 \(Satpol PP"):
        service.undo(KEY, 2, by=secretariat)
    assert number() == 2


def test_taking_back_ends_after_a_day_and_with_the_next_version(
    secretariat: Viewer, plan: PlanFile, clock: time_machine.Traveller
) -> None:
    service.publish(changed(plan, "1.1", title="Satu"), by=secretariat, reason="a", notify=False)
    service.publish(changed(plan, "1.1", title="Dua"), by=secretariat, reason="b", notify=False)
    with pytest.raises(Conflict):
        service.undo(KEY, 2, by=secretariat)
    clock.shift(timedelta(hours=24))
    with pytest.raises(Conflict):
        service.undo(KEY, 3, by=secretariat)
    with pytest.raises(NotFound):
        service.undo(KEY, 9, by=secretariat)
    assert number() == 3


@SQLITE_ONLY
def test_a_new_plan_is_taken_back_to_an_empty_draft(secretariat: Viewer, plan: PlanFile) -> None:
    head = type(plan.plan).checked(
        {
            **plan.plan.to_plain(),
            "id": "ran-baru",
            "status": "enacted",
            "basis": "Perpres contoh",
            "sample": False,
        }
    )
    service.publish(replace(plan, plan=head), by=secretariat, reason="x", notify=False)
    assert service.undo("ran-baru", 1, by=secretariat).number == 2
    stored = plans.plan(secretariat, "ran-baru")
    assert stored is not None
    assert stored.status == "draft"
    assert (
        db.session.scalars(sa.select(ActionItem).where(ActionItem.plan_id == stored.id)).all() == []
    )


def test_one_mail_an_agency_with_its_own_changes(secretariat: Viewer, plan: PlanFile) -> None:
    for slug in ("dispora", "satpol-pp", "disdikbud", "dinkes"):
        factories.person(AccessKind.FOCAL_POINT, slug)
    factories.person(AccessKind.AGENCY_HEAD, "dispora")
    factories.assign(secretariat, "1.16", "disdikbud")  # it holds what the plan gives to another
    wanted = changed(plan, "1.1", title="Judul lain", discontinued=None)
    wanted = changed(wanted, "1.16", discontinued="Tidak ada anggaran")
    wanted = with_new(wanted, new_action(plan), new_action(plan, "1.91", support=["pn-samarinda"]))
    done = service.publish(wanted, by=secretariat, reason="Uji")
    assert done.mails == 4
    assert receivers() == [
        "agency_head.dispora",
        "focal_point.disdikbud",
        "focal_point.dispora",
        "focal_point.satpol-pp",
    ]
    by_name = {one.to_address.split("@")[0]: one for one in mails()}
    text = by_name["agency_head.dispora"].text
    assert "Yth. Kepala Dispora" in text
    assert "1.1 Judul lain" in text
    assert "Semula:" in text
    assert "1.90" not in text
    assert "rancangan, belum ditetapkan" in text
    assert "DATA CONTOH" in text
    police = by_name["focal_point.satpol-pp"].text
    assert "Aksi baru. Anda usul penanggung jawab" in police
    assert "belum menjadi tugas" in police
    assert paths(by_name["focal_point.satpol-pp"]) == {f"/rencana/versi/{KEY}/2?instansi=satpol-pp"}
    assert "Tidak ada anggaran" in by_name["focal_point.disdikbud"].text
    for one in mails():
        assert len(one.text.split()) <= 150, one.text
        assert one.not_before == one.queued_at + mail.GRACE


@SQLITE_ONLY
def test_saves_within_two_minutes_become_one_mail_and_after_that_another(
    secretariat: Viewer, plan: PlanFile, clock: time_machine.Traveller
) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dispora")
    first = changed(plan, "1.1", title="Satu")
    service.publish(first, by=secretariat, reason="a")
    second = changed(first, "1.1", basis="Pasal 1")
    service.publish(second, by=secretariat, reason="b")
    (waiting,) = mails()
    assert "dan 1 isian lain" in waiting.text
    assert paths(waiting) == {f"/rencana/versi/{KEY}/3?instansi=dispora&dari=1"}
    # The second is taken back: what the first changed is still told.
    service.undo(KEY, 3, by=secretariat)
    (waiting,) = mails()
    assert paths(waiting) == {f"/rencana/versi/{KEY}/4?instansi=dispora&dari=1"}
    assert "isian lain" not in waiting.text
    clock.shift(timedelta(minutes=3))
    send_all()
    service.publish(changed(first, "1.1", title="Tiga"), by=secretariat, reason="c")
    (waiting,) = mails()
    assert "dari=" not in str(paths(waiting))
    # This one leaves as well, and is then taken back: those who were notified get a mail again.
    clock.shift(timedelta(minutes=3))
    send_all()
    assert service.undo(KEY, 5, by=secretariat).mails == 1
    (waiting,) = mails()
    assert "versi 5 ditarik kembali" in waiting.subject
    assert "Menjadi: Satu" in waiting.text


def test_who_may_change_which_plan(secretariat: Viewer, plan: PlanFile) -> None:
    below = factories.task_force("64.72").id
    samarinda = Viewer(secretariat.account_id, AccessKind.SECRETARIAT, task_force_id=below)
    focal = factories.person(AccessKind.FOCAL_POINT, "dispora")
    other = changed(plan, "1.1", title="Lain")
    for by in (samarinda, focal):
        with pytest.raises(NotAllowed):
            service.publish(other, by=by, reason="x")
    own = regional(plan, new_action(plan, national=plan.actions[0].id), code="64.72")
    with pytest.raises(NotAllowed):
        service.publish(own, by=secretariat, reason="x")
    assert service.publish(own, by=samarinda, reason="x").is_new
    with pytest.raises(NotFound):
        service.undo("rad-64-72", 1, by=secretariat)
    assert number() == 1


def test_a_regional_plan_refers_to_the_national_one(secretariat: Viewer, plan: PlanFile) -> None:
    with pytest.raises(InvalidInput, match="aksi nasional tidak-ada tidak ada"):
        service.publish(
            regional(plan, new_action(plan, national="tidak-ada")), by=secretariat, reason="x"
        )
    service.publish(with_new(plan, new_action(plan)), by=secretariat, reason="x", notify=False)
    rad = regional(plan, new_action(plan, "1.1", national="uji-1-90"))
    service.publish(rad, by=secretariat, reason="x", notify=False)
    own = plans.plan(secretariat, "rad-64")
    assert own is not None
    item = db.session.scalars(sa.select(ActionItem).where(ActionItem.plan_id == own.id)).one()
    national = queries.national_action(item)
    assert national is not None
    assert national.code == "1.90"
    assert [one.id for one in queries.regional_actions(secretariat, national)] == [item.id]
    with pytest.raises(Conflict, match=r"1\.90 \(RAD Provinsi Kalimantan Timur\)"):
        service.undo(KEY, 2, by=secretariat)


def test_a_discontinued_action_stays_in_sight_and_is_given_to_nobody(
    secretariat: Viewer, plan: PlanFile
) -> None:
    free = free_actions(secretariat).total
    service.publish(
        without(plan, "1.1"),
        by=secretariat,
        reason="x",
        missing=Missing.DISCONTINUE,
        missing_reason="Diganti",
        notify=False,
    )
    assert factories.action("1.1").discontinued == "Diganti"
    shown, _total = queries.listed_actions(secretariat, queries.PlanFilter(holding="henti"))
    assert [one.code for one in shown] == ["1.1"]
    assert free_actions(secretariat).total == free - 1
    with pytest.raises(Conflict):
        factories.assign(secretariat, "1.1")
    with pytest.raises(InvalidInput):
        service.publish(
            without(plan, "1.2"), by=secretariat, reason="x", missing=Missing.DISCONTINUE
        )


def test_targets_are_those_of_the_task_forces_level(secretariat: Viewer, plan: PlanFile) -> None:
    item = plan.actions[0].indicators[0]
    levels = {
        TargetLevel.PROVINCE: {2026: Decimal(20), 2027: Decimal(21)},
        TargetLevel.DISTRICT: {2026: Decimal(3)},
    }
    indicators = [
        replace(item, level_targets=levels),
        *plan.actions[0].indicators[1:],
    ]
    service.publish(
        changed(plan, "1.1", indicators=indicators), by=secretariat, reason="x", notify=False
    )
    stored = factories.action("1.1").indicators[0]
    assert targets_for(stored.targets, TargetLevel.PROVINCE)[2026] == 20
    assert targets_for(stored.targets, TargetLevel.DISTRICT)[2026] == 3
    assert targets_for(stored.targets, TargetLevel.DISTRICT)[2027] == item.targets[2027]
    made = factories.assign(secretariat, "1.1", due_on=factories.date(2027, 6, 30), targets={})
    later = db.session.scalars(
        sa.select(AssignmentTarget.value).where(
            AssignmentTarget.assignment_id == made.id,
            AssignmentTarget.indicator_id == stored.id,
            AssignmentTarget.year == 2027,
        )
    ).one()
    assert later == 21
    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO target (indicator_id, level, year, value) "
                "SELECT indicator_id, level, year, value FROM target WHERE level IS NULL LIMIT 1"
            )
        )


def test_somebody_elses_version_in_between_is_not_overwritten(
    secretariat: Viewer, plan: PlanFile
) -> None:
    service.publish(changed(plan, "1.2", title="Orang lain"), by=None, reason="x", notify=False)
    with pytest.raises(Conflict):
        service.publish(
            changed(plan, "1.1", title="Saya"), by=secretariat, reason="x", base_number=1
        )
    bad = changed(plan, "1.1", code="1.2")
    before = rows()
    with pytest.raises(InvalidInput):
        service.publish(bad, by=secretariat, reason="x")
    assert rows() == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlanVersion)) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Plan)) == 1
