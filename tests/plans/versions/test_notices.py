"""Who is notified of a version of a plan, and in which words."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.db import db
from coordinator.people.directory.models import Agency
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions.rules import PlanStatus
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.versions import service
from coordinator.plans.versions.told_queries import ELSEWHERE_KIND
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from tests import factories
from tests.assignments.proposals.builders import mapped
from tests.assignments.proposals.builders import person as person_of
from tests.plans.versions.plan_mails import KEY, mails, paths, receivers, send_all
from tests.plans.versions.plans import changed

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
SAMARINDA = "64.72"


def elsewhere(state: MailState = MailState.QUEUED) -> list[OutgoingEmail]:
    """The mails to secretariats of other task forces."""
    db.session.rollback()
    query = sa.select(OutgoingEmail).where(
        OutgoingEmail.kind == ELSEWHERE_KIND, OutgoingEmail.state == state
    )
    return list(db.session.scalars(query.order_by(OutgoingEmail.id)))


@pytest.fixture
def samarinda(in_app: None) -> Viewer:
    """The secretariat of Samarinda, where one agency holds 1.1; Balikpapan holds nothing."""
    for code in (SAMARINDA, "64.71"):
        mapped(code)
    viewer = person_of(SAMARINDA)
    person_of("64.71")
    factories.assign(viewer, "1.1", "dispora")
    return viewer


def test_head_and_focal_point_are_notified_once_each_and_an_alternate_only_alone(
    secretariat: Viewer, plan: PlanFile
) -> None:
    factories.person(AccessKind.AGENCY_HEAD, "dispora")
    factories.person(AccessKind.FOCAL_POINT, "dispora")
    factories.person(AccessKind.FOCAL_POINT, "dispora", email="a@uji.example", alternate=True)
    factories.person(AccessKind.FOCAL_POINT, "satpol-pp", email="b@uji.example", alternate=True)
    wanted = changed(plan, "1.1", title="Judul lain", lead="dispora", support=["satpol-pp"])
    assert service.publish(wanted, by=secretariat, reason="Uji").mails == 3
    assert receivers() == ["agency_head.dispora", "b", "focal_point.dispora"]
    text = {one.to_address.split("@")[0]: one.text for one in mails()}
    assert text["focal_point.dispora"].startswith("Yth. Narahubung Dispora,")
    assert text["agency_head.dispora"].startswith("Yth. Kepala Dispora,")


def test_a_secretariat_elsewhere_is_notified_of_its_assignments_without_a_tick(
    secretariat: Viewer, samarinda: Viewer, plan: PlanFile, clock: time_machine.Traveller
) -> None:
    former = next(part.title for part in plan.actions if part.code == "1.1")
    wanted = changed(plan, "1.1", title="Judul lain")
    done = service.publish(wanted, by=secretariat, reason="Uji", notify=False)
    (told,) = elsewhere()
    assert done.mails == 1
    assert told.task_force_id == samarinda.own_task_force_id
    assert "1 penugasan gugus tugas Anda ada pada aksi yang berubah" in told.text
    assert f"- 1.1 Judul lain (semula “{former}”)" in told.text
    assert paths(told) == {f"/rencana/versi/{KEY}/2"}
    # A version at once after it: one mail that says both.
    service.publish(
        changed(wanted, "1.1", basis="Pasal 1"), by=secretariat, reason="Lagi", notify=False
    )
    (told,) = elsewhere()
    assert "semula" in told.text
    assert paths(told) == {f"/rencana/versi/{KEY}/3?dari=1"}
    # Taken back while it waits: what the first changed is still said.
    service.undo(KEY, 3, by=secretariat)
    (told,) = elsewhere()
    assert paths(told) == {f"/rencana/versi/{KEY}/4?dari=1"}
    clock.shift(timedelta(minutes=3))
    send_all()
    # Nothing that it holds changes: no mail.
    service.publish(changed(wanted, "1.3", title="X"), by=secretariat, reason="c", notify=False)
    assert elsewhere() == []


def test_what_others_know_is_taken_back_there_too(
    secretariat: Viewer, samarinda: Viewer, plan: PlanFile, clock: time_machine.Traveller
) -> None:
    former = next(part.title for part in plan.actions if part.code == "1.1")
    wanted = changed(plan, "1.1", title="Judul lain")
    service.publish(wanted, by=secretariat, reason="Uji")
    service.undo(KEY, 2, by=secretariat)
    assert elsewhere() == []
    assert len(elsewhere(MailState.CANCELLED)) == 1
    clock.shift(timedelta(minutes=3))
    service.publish(wanted, by=secretariat, reason="Uji")
    clock.shift(timedelta(minutes=3))
    send_all()
    assert service.undo(KEY, 4, by=secretariat).mails == 1
    (told,) = elsewhere()
    assert "versi 4 ditarik kembali" in told.subject
    assert f"- 1.1 {former} (semula “Judul lain”)" in told.text


def test_agencies_that_a_task_force_does_not_have_are_named(
    secretariat: Viewer, samarinda: Viewer, plan: PlanFile
) -> None:
    person_of(SAMARINDA, AccessKind.FOCAL_POINT, "dispora")
    only_here = "polda"
    assert factories.agency(only_here).abbreviation != only_here
    of_samarinda = sa.select(Agency.key).where(Agency.task_force_id == samarinda.own_task_force_id)
    assert only_here not in set(db.session.scalars(of_samarinda))
    wanted = changed(plan, "1.1", support=[only_here])
    service.publish(wanted, by=secretariat, reason="Uji")
    (told,) = [one for one in mails() if one.task_force_id == samarinda.own_task_force_id]
    assert factories.agency(only_here).abbreviation in told.text
    assert only_here not in told.text.split()


def test_an_enacted_plan_says_so_first_with_its_basis(secretariat: Viewer, plan: PlanFile) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dispora")
    head = replace(
        plan.plan, sample=False, status=PlanStatus.ENACTED, basis="Perpres 1/2026 (DATA CONTOH)"
    )
    actions = [
        replace(part, title="Judul lain", code="1.99") if part.code == "1.1" else part
        for part in plan.actions
    ]
    service.publish(replace(plan, plan=head, actions=actions), by=secretariat, reason="Uji")
    (told,) = mails()
    former = next(part.title for part in plan.actions if part.code == "1.1")
    lines = [line for line in told.text.splitlines() if line]
    assert "kini ditetapkan: Perpres 1/2026 (DATA CONTOH)." in lines[1]
    assert "terbit dalam versi" not in told.text
    # Its code is what the box shows; the title before is said all the same.
    assert f"Semula berjudul: {former}" in told.text


def test_more_than_a_mail_shows_is_on_the_versions_page(
    secretariat: Viewer, plan: PlanFile
) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dispora")
    wanted = replace(
        plan,
        actions=[
            replace(part, support=[*part.support, "dispora"])
            if part.strategy == 1 and "dispora" not in (part.lead, *part.support)
            else part
            for part in plan.actions
        ],
    )
    service.publish(wanted, by=secretariat, reason="Uji")
    (told,) = mails()
    assert "perubahan lain di halaman versi." in told.text
    assert "berubah (versi 2 rencana ini)." in told.text
