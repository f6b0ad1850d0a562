"""Work that changes while a plan is on its way, and plans that nobody works under."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.changes.changes import ChangeRequest
from coordinator.assignments.changes.service import set_support
from coordinator.assignments.models import Assignment
from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.people.directory.models import Agency
from coordinator.permissions import AccessKind
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.document import PLAN_FORMAT
from coordinator.plans.actions.rules import PlanKind, PlanStatus
from coordinator.plans.reading import template
from coordinator.plans.reading.queries import known
from coordinator.plans.versions.service import publish
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from tests import factories
from tests.assignments.replanning.evening import (
    BASIS,
    HELD,
    STOPPED,
    Evening,
    assignment_of,
    read_matrix,
)
from tests.conftest import Browser
from tests.plans.actions.builders import seed_plan
from tests.plans.versions.importing import KEY, apply_import, read_waiting, upload
from tests.plans.versions.ministry import Ministry

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

VERSION = f"/rencana/versi/{KEY}"


def test_a_province_that_has_assigned_nothing_takes_the_plan_as_it_is(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        names = {row.key: row.abbreviation for row in db.session.scalars(sa.select(Agency))}
        address = factories.email_of(secretariat)
    office = browser().sign_in(address, factories.PASSWORD)
    ministry = Ministry(seed_plan(), names, measured_otherwise=())
    path, page = read_matrix(app, Evening(secretariat, office, ministry, {}, ""))
    assert "tidak ada di berkas ini" not in page
    apply_import(office, path, missing="", reason="Perpres terbit")
    with app.app_context():
        plan = plans.in_force(KEY)
        assert plan is not None
        assert not plan.plan.sample
        assert not [part for part in plan.actions if part.discontinued]


def test_an_assignment_that_came_meanwhile_is_shown_before_anything_is_closed(
    app: flask.Flask, evening: Evening
) -> None:
    path, _page = read_matrix(app, evening)
    shown = evening.office.get(path).text
    with app.app_context():
        given = factories.assign(evening.secretariat, "1.8", "diskominfo").id
    answer = apply_import(evening.office, path, status=409, **_of(shown), **STOPPED)
    assert "Sementara itu" in answer.text
    with app.app_context():
        assert db.session.get_one(Assignment, given).closed_at is None
        assert plans.in_force(KEY) == seed_plan()
    assert "Sementara itu ada aksi yang ditugaskan" in evening.office.get(path).text


def test_one_that_was_changed_meanwhile_is_looked_at_again(
    app: flask.Flask, evening: Evening
) -> None:
    path, _page = read_matrix(app, evening)
    shown = evening.office.get(path).text
    with app.app_context():
        row = assignment_of(evening, "dispora")
        request = ChangeRequest(version=row.version)
        set_support(row.public_id, support=["dinsos"], request=request, by=evening.secretariat)
    answer = apply_import(evening.office, path, status=409, **_of(shown), **STOPPED)
    assert "Sementara itu penugasan berubah" in answer.text
    # What the page shows now can be applied.
    apply_import(evening.office, path, **STOPPED)


def _of(page: str) -> dict[str, str]:
    """The fingerprint that a page carries."""
    return {"seen": page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]}


def test_after_an_undo_the_agency_is_asked_in_the_period_that_was_opened(
    app: flask.Flask, evening: Evening
) -> None:
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        covers = (date(2026, 10, 1), date(2026, 12, 31))
        period = factories.open_period(label="Triwulan IV", position=4, covers=covers).id
    evening.office.post(f"{VERSION}/2/urungkan", {}, page=f"{VERSION}/2")
    with app.app_context():
        for slug in HELD:
            ids = [party.id for party in assignment_of(evening, slug).parties]
            owed = db.session.scalars(
                sa.select(Obligation.ended_as).where(
                    Obligation.period_id == period, Obligation.party_id.in_(ids)
                )
            ).all()
            assert owed == [None], slug


def test_mails_of_the_version_before_are_sent_after_all(app: flask.Flask, evening: Evening) -> None:
    with app.app_context():
        plan = seed_plan()
        actions = [
            replace(one, basis="Dasar baru") if one.code == "1.1" else one for one in plan.actions
        ]
        publish(replace(plan, actions=actions), by=evening.secretariat, reason="Dasar")
        told = _waiting()
    assert told
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)
    evening.office.post(f"{VERSION}/3/urungkan", {}, page=f"{VERSION}/3")
    with app.app_context():
        assert _waiting() == told


def _waiting() -> list[str]:
    """Who is written to about the plan."""
    return sorted(
        db.session.scalars(
            sa.select(OutgoingEmail.to_address).where(
                OutgoingEmail.kind == "plan_changed", OutgoingEmail.state == MailState.QUEUED
            )
        )
    )


def test_an_action_that_a_regional_plan_refers_to_stays_in_sight(
    app: flask.Flask, evening: Evening
) -> None:
    plan = seed_plan()
    national = next(one for one in plan.actions if one.code == "1.8")
    own = [replace(one, id=f"rad-{one.id}"[:100]) for one in national.indicators]
    action = replace(national, id="rad-aksi", indicators=own, national=national.id)
    head = replace(
        plan.plan, id="rad-uji", kind=PlanKind.RAD, task_force="64", national=plan.plan.id
    )
    regional = replace(plan, plan=head, actions=[action])
    with app.app_context():
        publish(regional, by=None, reason="RAD", notify=False)
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        again = replace(regional, plan=replace(head, title="RAD lain"))
        assert publish(again, by=None, reason="Judul", notify=False).is_new


def test_our_own_template_says_itself_what_the_plan_is(app: flask.Flask, evening: Evening) -> None:
    sample = seed_plan()
    head = replace(
        sample.plan,
        sample=False,
        title="RAN PP TPPO 2025-2029",
        status=PlanStatus.ENACTED,
        basis="Perpres 1/2026 (DATA CONTOH)",
        note=None,
    )
    with app.app_context():
        data = template.template(known(evening.secretariat), replace(sample, plan=head))
    path = upload(app, evening.office, data, name="templat.xlsx")
    page = evening.office.get(path).text
    assert "sama dengan yang berlaku" not in page
    assert "Status rencana" in page
    apply_import(evening.office, path, missing="")
    with app.app_context():
        plan = plans.in_force(KEY)
        assert plan is not None
        assert (plan.plan.sample, plan.plan.status) == (False, PlanStatus.ENACTED)


def test_who_loses_an_assignment_is_written_to_in_any_case(
    app: flask.Flask, evening: Evening
) -> None:
    path, page = read_matrix(app, evening)
    assert "selalu menerima emailnya" in page
    with app.app_context():
        # An agency that the new plan names, and that holds nothing yet.
        other = factories.email_of(factories.person(AccessKind.FOCAL_POINT, "diskominfo"))
    apply_import(evening.office, path, notify="", **STOPPED)
    with app.app_context():
        mails = db.session.scalars(
            sa.select(OutgoingEmail).where(OutgoingEmail.kind == "plan_changed")
        ).all()
        assert any("ditutup" in mail.text for mail in mails)
        assert other not in {mail.to_address for mail in mails}


def test_read_again_the_plan_keeps_what_a_colleague_published(
    app: flask.Flask, evening: Evening
) -> None:
    path, _page = read_matrix(app, evening)
    with app.app_context():
        plan = seed_plan()
        other = replace(plan.plan, last_year=2030, title="RAN contoh (DATA CONTOH)")
        publish(replace(plan, plan=other), by=evening.secretariat, reason="Tahun akhir")
    evening.office.post(path, {"act": "ulang"}, page=path)
    read_waiting(app)
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        now_in_force = plans.in_force(KEY)
        assert now_in_force is not None
        head = now_in_force.plan
        assert (head.last_year, head.title) == (2030, "RAN PP TPPO 2025-2029")
        assert (head.basis, head.sample) == (BASIS, False)


def test_the_shell_names_the_assignments_that_it_leaves_as_they_are(
    app: flask.Flask, evening: Evening, tmp_path: Path
) -> None:
    file = tmp_path / "rencana.yaml"
    runner = app.test_cli_runner()
    assert runner.invoke(args=["plan", "export", str(file)]).exit_code == 0
    same = runner.invoke(args=["plan", "import", str(file), "--dry-run"])
    assert "penugasan" not in same.stderr
    with app.app_context():
        actions = [one for one in seed_plan().actions if one.code != "1.5"]
    file.write_text(PLAN_FORMAT.to_yaml(replace(seed_plan(), actions=actions)), "utf-8")
    stop = ["--missing", "discontinue", "--missing-reason", "Tidak ada"]
    said = runner.invoke(args=["plan", "import", str(file), *stop, "--dry-run"])
    assert "1 penugasan" in said.stderr
    assert "(aksi 1.5)" in said.stderr
