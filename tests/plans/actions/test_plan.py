"""The sample plan: it loads, it is marked as a sample, and it fits the mapping."""

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties import lint
from coordinator.mapping.duties import seed as mapping_seed
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions import queries, service
from coordinator.plans.actions.models import ActionItem, Indicator, Plan, Strategy, Target
from coordinator.plans.actions.rules import PlanKind, PlanStatus
from coordinator.plans.actions.seed import PlanFile, check
from coordinator.plans.versions.rules import below_law
from tests import factories
from tests.engines import ROOT

FILE = ROOT / "seed" / "ran_tppo_2025_2029.yaml"


@pytest.fixture(scope="module")
def plan() -> PlanFile:
    """The checked file."""
    found, findings = check(FILE)
    assert findings == []
    assert found is not None
    return found


@pytest.fixture(scope="module")
def mapping() -> mapping_seed.Mapping:
    """The mapping it refers to."""
    found, _findings = lint.check(ROOT / "seed" / "roles_perpres49.yaml")
    assert found is not None
    return found


def test_it_is_a_draft_and_a_sample_and_says_so(plan: PlanFile) -> None:
    assert plan.plan.status is PlanStatus.DRAFT
    assert plan.plan.sample
    assert "DATA CONTOH" in plan.plan.title
    assert (plan.plan.first_year, plan.plan.last_year) == (2025, 2029)


def test_six_strategies_all_used_and_about_forty_actions(plan: PlanFile) -> None:
    assert [strategy.number for strategy in plan.strategies] == [1, 2, 3, 4, 5, 6]
    assert set(Counter(action.strategy for action in plan.actions)) == {1, 2, 3, 4, 5, 6}
    assert 38 <= len(plan.actions) <= 44
    assert all(action.code.startswith(f"{action.strategy}.") for action in plan.actions)


def test_every_agency_is_a_member_and_no_court_is_asked(
    plan: PlanFile, mapping: mapping_seed.Mapping
) -> None:
    members = {(part.agency, part.working_group) for part in mapping.memberships}
    courts = {agency.id for agency in mapping.agencies if agency.kind.value == "pengadilan"}
    agencies = {agency.id for agency in mapping.agencies}
    assert courts
    for action in plan.actions:
        assert (action.lead, action.working_group) in members, action.code
        assert {action.lead, *action.support} <= agencies, action.code
        assert not {action.lead, *action.support} & courts, action.code


def test_every_duty_behind_an_action_exists_and_the_lead_has_one(
    plan: PlanFile, mapping: mapping_seed.Mapping
) -> None:
    owners = {duty.id: duty.agency for duty in mapping.duties}
    for action in plan.actions:
        assert set(action.duties) <= set(owners), action.code
        assert action.lead in {owners[duty] for duty in action.duties}, action.code
        parties = {action.lead, *action.support}
        assert {owners[duty] for duty in action.duties} <= parties, action.code


def test_every_action_asks_and_measures_something(plan: PlanFile) -> None:
    for action in plan.actions:
        assert action.question.endswith("?"), action.code
        for indicator in action.indicators:
            assert 2026 in indicator.targets, indicator.id
            assert all(value >= 0 for value in indicator.targets.values()), indicator.id
            if indicator.kind.value == "percent":
                assert all(value <= 100 for value in indicator.targets.values()), indicator.id


# What the law asks for already, in all of what the sample plan measures.
FLOORS = {
    "layanan-kesehatan-tepat-waktu-tepat-waktu": (100, "UU 21/2007 Pasal 52 ayat (1) dan Pasal 53"),
    "layanan-sosial-tepat-waktu-tepat-waktu": (100, "UU 21/2007 Pasal 52 ayat (1) dan Pasal 53"),
    "pelaporan-24-jam-tepat-waktu": (100, "PP 9/2008 Pasal 14 ayat (5)"),
    "bantuan-korban-tepat-waktu": (100, "PP 7/2018 Pasal 39 ayat (1)"),
    "tindak-lanjut-laporan-ditindaklanjuti": (100, "PP 9/2008 Pasal 15 ayat (3)"),
    "ruang-pelayanan-khusus-polres": (10, "UU 21/2007 Pasal 45 ayat (1)"),
    "gugus-tugas-kabupaten-kota-daerah": (10, "UU 21/2007 Pasal 58 ayat (3)"),
}


def test_no_target_of_the_sample_lies_below_a_duty_that_the_law_sets(plan: PlanFile) -> None:
    floors = {
        indicator.id: (indicator.legal_floor.value, indicator.legal_floor.article)
        for action in plan.actions
        for indicator in action.indicators
        if indicator.legal_floor
    }
    assert floors == FLOORS
    assert list(below_law(plan.actions)) == []


def test_the_indicator_of_care_measures_what_its_origin_measures(plan: PlanFile) -> None:
    action = next(one for one in plan.actions if one.id == "pendampingan-korban")
    assert "layanan komprehensif" in action.origin
    assert "layanan komprehensif" in action.question
    assert ["layanan komprehensif" in one.name for one in action.indicators] == [True]


def counts() -> list[int]:
    """How many rows each table of the plan has."""
    return [
        db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
        for model in (Plan, Strategy, ActionItem, Indicator, Target)
    ]


@pytest.mark.usefixtures("in_app")
def test_a_second_load_changes_nothing_and_makes_no_version(plan: PlanFile) -> None:
    before = counts()
    assert before[2] == len(plan.actions)
    assert service.load_plan(plan, by=None).is_new is False
    assert counts() == before
    stored = queries.plan_by_key(plan.plan.id)
    assert stored is not None
    assert queries.document(stored.id, 1) == plan
    assert queries.document(stored.id, 2) is None


@pytest.mark.usefixtures("in_app")
def test_what_is_stored_is_what_the_file_says(plan: PlanFile) -> None:
    stored = {
        (item.code, indicator.key, target.year): target.value
        for item in db.session.scalars(sa.select(ActionItem))
        for indicator in item.indicators
        for target in indicator.targets
    }
    assert stored == {
        (action.code, indicator.id, year): Decimal(value)
        for action in plan.actions
        for indicator in action.indicators
        for year, value in indicator.targets.items()
    }


@pytest.mark.usefixtures("in_app")
def test_a_national_plan_is_read_by_every_task_force_a_regional_one_by_its_own(
    plan: PlanFile,
) -> None:
    regional = replace(
        plan, plan=replace(plan.plan, id="rad-uji", kind=PlanKind.RAD, task_force="64")
    )
    service.load_plan(regional, by=None)
    kaltim, samarinda = (
        Viewer(None, AccessKind.SECRETARIAT, task_force_id=factories.task_force(code).id)
        for code in ("64", "64.72")
    )
    assert [row.key for row in queries.plans(kaltim)] == ["ran-tppo-2025-2029", "rad-uji"]
    assert [row.key for row in queries.plans(samarinda)] == ["ran-tppo-2025-2029"]
    own = db.session.scalars(
        sa.select(ActionItem.public_id).join(Plan).where(Plan.key == "rad-uji")
    ).first()
    assert own is not None
    assert queries.action(kaltim, own) is not None
    assert queries.action(samarinda, own) is None


@pytest.mark.parametrize(
    ("pattern", "replacement", "message"),
    [
        (r'code: "1\.2"', 'code: "1.1"', "sudah dipakai"),
        (r"    strategy: 2\n", "    strategy: 9\n", "Strategi 9 tidak ada"),
        (r"    lead: dispora\n", "    lead: disnakertrans\n", "penanggung jawab"),
        (r"        kind: percent\n", "        kind: persen\n", "salah satu"),
        (r"2026: 12\b", "2031: 12", "di luar masa rencana"),
        (r"2026: 12\b", "2026: -12", "Target harus 0 atau lebih"),
        (r"  sample: true\n", "  contoh: true\n", "tidak dikenal"),
    ],
)
def test_a_broken_plan_is_refused_with_the_line(
    tmp_path: Path, pattern: str, replacement: str, message: str
) -> None:
    text = FILE.read_text()
    place = re.search(pattern, text)
    assert place, pattern
    path = tmp_path / "rencana.yaml"
    path.write_text(text[: place.start()] + replacement + text[place.end() :])
    found, findings = check(path)
    assert found is None
    line = text[: place.start()].count("\n") + 1
    near = [f for f in findings if message in f.message]
    assert near, findings
    assert abs(near[0].line - line) <= 12, (near[0], line)
