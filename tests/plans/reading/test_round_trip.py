"""A plan written out and read back is the same plan, no matter what its texts are."""

import os
import subprocess
import unicodedata
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coordinator import screening
from coordinator.plans.actions.document import PLAN_FORMAT
from coordinator.plans.actions.rules import (
    Accumulation,
    Better,
    IndicatorKind,
    PlanKind,
    PlanStatus,
    TargetLevel,
)
from coordinator.plans.actions.seed import (
    ActionPart,
    IndicatorPart,
    PlanFile,
    PlanPart,
    StrategyPart,
)
from coordinator.plans.reading import worker, writer
from coordinator.plans.reading.shapes import Choices, KnownNames, PlanReading, Shape
from coordinator.typed import clean
from tests.plans.actions.builders import sheet_plan
from tests.plans.actions.spreadsheets.case import KNOWN

EXAMPLES = 400 if os.environ.get("SOAK") else 12
YEARS = range(2025, 2030)
NASTY = ["=1+1", "+62", "-", "@x", "'=a", "''-b", "'", '"', "a;b", "-5", "_x0041_", "1.10", "n/a"]
ALPHABET = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"), include_characters="\n"
)


def is_kept(text: str) -> bool:
    """Whether a text is no secret and as short as it looks."""
    return bool(text.strip()) and not screening.blocks(text)


def texts(most: int = 60) -> st.SearchStrategy[str]:
    """Texts that people might write, and worse."""
    free = st.text(ALPHABET, min_size=1, max_size=most).map(lambda one: clean(one).strip())
    return st.one_of(st.sampled_from(NASTY), free).filter(is_kept)


def keys() -> st.SearchStrategy[str]:
    """Ids."""
    return st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)


AGENCIES = st.one_of(st.sampled_from(sorted(KNOWN.agencies)), keys())
GROUPS = st.one_of(st.sampled_from(sorted(KNOWN.working_groups)), keys())
TARGETS = st.dictionaries(
    st.sampled_from(YEARS),
    st.decimals(0, 10**9, places=3, allow_nan=False).map(lambda value: value + Decimal(0)),
    max_size=5,
)
LEVELS = st.dictionaries(
    st.sampled_from(TargetLevel), TARGETS.filter(lambda found: bool(found)), max_size=2
)


@st.composite
def plans(draw: st.DrawFn) -> PlanFile:
    """Any plan that can be checked without a fault."""
    numbers = draw(st.lists(st.integers(1, 99), min_size=1, max_size=3, unique=True))
    count = draw(st.integers(1, 4))
    ids = draw(st.lists(keys(), min_size=count, max_size=count, unique=True))
    codes = draw(st.lists(texts(12), min_size=count, max_size=count, unique=True))
    actions = []
    used: set[str] = set()
    for key, code in zip(ids, codes, strict=True):
        parties = draw(st.lists(AGENCIES, max_size=4, unique=True))
        lead = parties[0] if parties and draw(st.booleans()) else None
        names = draw(
            st.lists(
                keys().filter(lambda name: name not in used), min_size=1, max_size=3, unique=True
            )
        )
        used.update(names)
        actions.append(
            ActionPart(
                id=key,
                code=code,
                strategy=draw(st.sampled_from(numbers)),
                working_group=draw(
                    st.one_of(st.sampled_from(sorted(KNOWN.working_groups)), keys())
                ),
                title=draw(texts()),
                question=draw(texts()),
                tag=draw(st.sampled_from([None, "koordinasi", "pelaporan"])),
                origin=draw(texts()),
                basis=draw(st.none() | texts()),
                lead=lead,
                support=parties[1:] if lead else parties,
                duties=draw(st.lists(keys(), max_size=2, unique=True)),
                national=draw(st.none() | keys()),
                discontinued=draw(st.none() | texts()),
                indicators=[
                    IndicatorPart(
                        id=name,
                        name=draw(texts()),
                        unit=draw(texts(20)),
                        kind=draw(st.sampled_from(IndicatorKind)),
                        better=draw(st.sampled_from(Better)),
                        accumulation=draw(st.sampled_from(Accumulation)),
                        targets=draw(TARGETS),
                        level_targets=draw(LEVELS),
                    )
                    for name in names
                ],
            )
        )
    plan = PlanPart(
        id=draw(keys()),
        kind=draw(st.sampled_from(PlanKind)),
        title=draw(texts()),
        status=draw(st.sampled_from(PlanStatus)),
        sample=draw(st.booleans()),
        first_year=YEARS[0],
        last_year=YEARS[-1],
        note=draw(st.none() | texts()),
        basis=draw(st.none() | texts()),
        source=draw(st.none() | texts()),
        task_force=draw(st.sampled_from([None, "64", "64.72"])),
        national=draw(st.none() | keys()),
    )
    return PlanFile.checked(
        {
            "schema": "1",
            "plan": plan,
            "strategies": [StrategyPart(number=n, title=draw(texts())) for n in numbers],
            "actions": actions,
        }
    )


def read(data: bytes, name: str, base: PlanFile | None) -> PlanReading:
    """Read a file with the plan that is in force."""
    known = replace(KNOWN, base=base)
    return worker.read(data, name, known=known, choices=Choices())


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not os.environ.get("SOAK"),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking takes minutes
    suppress_health_check=list(HealthCheck),
)
@given(plans())
def test_a_plan_comes_back_from_each_format(plan: PlanFile) -> None:
    for name, data in (
        ("a.xlsx", writer.xlsx_of(plan, KNOWN)),
        ("a.csv", writer.csv_of(plan, KNOWN)),
        ("a.yaml", PLAN_FORMAT.to_yaml(plan).encode()),
    ):
        result = read(data, name, plan)
        assert (result.refused, result.unknown_agencies) == (None, []), name
        assert result.plan == plan, (name, result.problems)
    assert PLAN_FORMAT.from_json(PLAN_FORMAT.to_json(plan)) == plan


def test_a_plan_nobody_knows_yet_comes_back_too() -> None:
    plan = sheet_plan()
    known = KnownNames(
        agencies={key: [key] for a in plan.actions for key in (a.lead, *a.support) if key},
        working_groups={a.working_group: [a.working_group] for a in plan.actions},
    )
    data = writer.xlsx_of(plan, known)
    result = worker.read(data, "rencana.xlsx", known=known, choices=Choices())
    assert (result.plan, result.problems, result.shape) == (plan, [], Shape.TEMPLATE)


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_plan_comes_back_from_libreoffice(ending: str, tmp_path: Path) -> None:
    plan = sheet_plan()
    (tmp_path / "a.xlsx").write_bytes(writer.xlsx_of(plan, KNOWN))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    target = ["--convert-to", ending, "--outdir", str(tmp_path / "out"), str(tmp_path / "a.xlsx")]
    subprocess.run(
        ["soffice", profile, "--headless", *target], check=True, capture_output=True, timeout=120
    )
    result = read((tmp_path / "out" / f"a.{ending}").read_bytes(), f"a.{ending}", plan)
    assert (result.plan, result.problems) == (plan, [])


def test_what_a_person_changes_is_all_that_changes() -> None:
    plan = sheet_plan()
    assert unicodedata.is_normalized("NFC", plan.plan.title)
    text = writer.csv_of(plan, KNOWN).decode("utf-8-sig")
    changed = text.replace("Pengawasan program pelatihan", "Pengawasan ketat pelatihan")
    assert changed != text
    result = read(changed.encode(), "rencana.csv", plan)
    assert result.plan is not None
    differ = [
        (before.code, before.title != after.title, before.indicators == after.indicators)
        for before, after in zip(plan.actions, result.plan.actions, strict=True)
        if before != after
    ]
    assert differ == [("1.1", True, True)]
