"""The sample plan: loaded when somebody asks, marked while it is there, removed while nothing rests
on it."""

from collections.abc import Callable
from dataclasses import replace

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import Base, db
from coordinator.demo import removal
from coordinator.demo import service as demo
from coordinator.errors import Conflict, NotAllowed, NotFound
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.models import Plan
from coordinator.plans.versions import service
from coordinator.plans.versions.sample_queries import SAMPLE_KEY, sample_plan
from coordinator.plans.versions.sample_service import load_sample_plan, remove_sample_plan
from coordinator.platform.audit.models import AuditEntry
from coordinator.preparation import load_seed
from tests import factories
from tests.conftest import Browser
from tests.plans.versions.plans import regional

ON_ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def _rows() -> int:
    """Count what plans are made of."""
    names = ("plan", "plan_version", "strategy", "action_item", "indicator", "target")
    tables = [Base.metadata.tables[name] for name in (*names, "candidate_party", "action_duty")]
    return sum(
        db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables
    )


def test_a_new_installation_has_no_plan(empty_app: flask.Flask) -> None:
    with empty_app.app_context():
        load_seed()
        assert _rows() == 0


@pytest.mark.usefixtures("in_app")
def test_it_is_removed_whole_and_loaded_again_by_the_secretariat() -> None:
    by = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    loaded = _rows()
    assert sample_plan(by).may_remove
    remove_sample_plan(by=by)
    assert _rows() == 0
    with pytest.raises(NotFound):
        remove_sample_plan(by=by)
    assert sample_plan(by).may_load
    load_sample_plan(by=by)
    assert _rows() == loaded
    assert db.session.scalars(sa.select(Plan)).one().is_sample
    actions = list(
        db.session.scalars(
            sa.select(AuditEntry.action)
            .where(AuditEntry.account_id == by.account_id)
            .order_by(AuditEntry.id)
        )
    )
    assert actions == ["plan.sample_removed", "plan.published"]
    with pytest.raises(Conflict):
        load_sample_plan(by=by)  # it is there


@pytest.mark.usefixtures("in_app")
def test_it_stays_while_something_rests_on_it() -> None:
    by = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    factories.assign(by, "1.1")
    before = _rows()
    assert not sample_plan(by).may_remove
    with pytest.raises(Conflict, match="sudah ada penugasan"):
        remove_sample_plan(by=by)
    assert _rows() == before


@pytest.mark.usefixtures("in_app")
def test_a_regional_plan_that_refers_to_it_keeps_it() -> None:
    by = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    file = plans.in_force(SAMPLE_KEY)
    assert file is not None
    service.publish(regional(file), by=None, reason="uji")
    with pytest.raises(Conflict, match="rencana daerah"):
        remove_sample_plan(by=by)


@pytest.mark.usefixtures("in_app")
@ON_ONE_ENGINE
def test_what_somebody_wrote_into_it_is_not_removed_with_it() -> None:
    by = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    file = plans.in_force(SAMPLE_KEY)
    assert file is not None
    own = replace(file, plan=replace(file.plan, title="Rencana kami (DATA CONTOH)"))
    service.publish(own, by=by, reason="Disesuaikan")
    assert not sample_plan(by).may_remove
    with pytest.raises(Conflict, match="sudah diubah orang"):
        remove_sample_plan(by=by)
    assert plans.in_force(SAMPLE_KEY) == own


@pytest.mark.usefixtures("in_app")
@ON_ONE_ENGINE
def test_a_plan_of_ones_own_is_not_joined_by_a_sample_and_never_removed_as_one() -> None:
    by = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    file = plans.in_force(SAMPLE_KEY)
    assert file is not None
    service.publish(
        replace(file, plan=replace(file.plan, sample=False)), by=by, reason="RAN terbit"
    )
    with pytest.raises(NotFound):
        remove_sample_plan(by=by)
    with pytest.raises(Conflict):
        load_sample_plan(by=by)


@pytest.mark.usefixtures("in_app")
@ON_ONE_ENGINE
def test_only_the_provinces_secretariat_loads_and_removes_it() -> None:
    kota = Viewer(None, AccessKind.SECRETARIAT, factories.task_force("64.71").id)
    focal_point = factories.person(AccessKind.FOCAL_POINT, "dispora")
    for by in (replace(kota, account_id=focal_point.account_id), focal_point):
        assert not sample_plan(by).may_remove
        with pytest.raises(NotAllowed):
            remove_sample_plan(by=by)
        with pytest.raises(NotAllowed):
            load_sample_plan(by=by)


@ON_ONE_ENGINE
def test_the_demo_brings_it_and_takes_it_along(empty_app: flask.Flask) -> None:
    with empty_app.app_context():
        load_seed()
        demo.load_demo()
        assert db.session.scalars(sa.select(Plan)).one().is_sample
        removal.remove_demo()
        assert _rows() == 0


@ON_ONE_ENGINE
def test_a_sample_that_somebody_loaded_stays_without_the_demo(app: flask.Flask) -> None:
    with app.app_context():
        before = _rows()
        demo.load_demo()
        removal.remove_demo()
        assert _rows() == before


@ON_ONE_ENGINE
def test_the_buttons(app: flask.Flask, browser: Callable[[], Browser]) -> None:
    with app.app_context():
        address = factories.email_of(factories.person(AccessKind.SECRETARIAT, home="biro-kesra"))
    strip = "Rencana aksi di sini contoh, bukan rencana pemerintah."
    office = browser().sign_in(address, factories.PASSWORD)
    assert strip in office.get("/beranda").text
    assert 'href="/rencana/contoh"' in office.get("/rencana").text
    answer = office.post("/rencana/contoh/hapus", {}, page="/rencana/contoh")
    assert "Rencana contoh dihapus." in office.get(answer.location).text
    empty = office.get("/rencana").text
    assert "Belum ada rencana aksi" in empty
    assert strip not in empty
    answer = office.post("/rencana/contoh/muat", {}, page="/rencana/contoh")
    said = office.get(answer.location).text
    assert "Rencana contoh dimuat." in said
    assert strip in said
    assert "DATA CONTOH" in office.get("/rencana").text
