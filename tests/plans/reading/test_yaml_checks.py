"""A YAML plan is looked at as a spreadsheet is: what makes no sense is asked about or refused."""

from dataclasses import replace
from decimal import Decimal

import pytest
import yaml

from coordinator.plans.actions.document import PLAN_FORMAT
from coordinator.plans.actions.rules import Accumulation, Better, IndicatorKind
from coordinator.plans.actions.seed import ActionPart, IndicatorPart, PlanFile, StrategyPart
from coordinator.plans.reading import worker
from coordinator.plans.reading.shapes import Choices, PlanReading
from tests.plans.actions.spreadsheets.case import KNOWN, PLAN

TARGETS = "targets: {2026: 90}"
PERCENT, NUMBER = IndicatorKind.PERCENT, IndicatorKind.NUMBER


def _plan(kind: IndicatorKind = PERCENT, value: str = "90") -> PlanFile:
    part = IndicatorPart(
        id="a-1",
        name="Korban dilayani",
        unit="persen",
        kind=kind,
        better=Better.UP,
        accumulation=Accumulation.PER_PERIOD,
        targets={2026: Decimal(value)},
    )
    action = ActionPart(
        id="a",
        code="1.1",
        strategy=1,
        working_group="pencegahan",
        title="Layanan (DATA CONTOH)",
        question="Berapa?",
        origin="DATA CONTOH",
        lead="dinsos",
        indicators=[part],
    )
    strategies = [StrategyPart(number=1, title="Pencegahan")]
    return PlanFile(schema_="1", plan=PLAN, strategies=strategies, actions=[action])


def _read(
    text: str, kind: IndicatorKind = PERCENT, base: PlanFile | None = None, **answers: str
) -> PlanReading:
    data = PLAN_FORMAT.to_yaml(_plan(kind))
    assert TARGETS in data
    known = replace(KNOWN, base=base)
    chosen = Choices(answers={name.replace("_", "-"): answer for name, answer in answers.items()})
    return worker.read(
        data.replace(TARGETS, text).encode(), "rad.yaml", known=known, choices=chosen
    )


def _value(reading: PlanReading) -> Decimal | None:
    return reading.plan.actions[0].indicators[0].targets[2026] if reading.plan else None


@pytest.mark.parametrize(
    ("kind", "written", "group", "answers"),
    [
        (PERCENT, "0.85", "percent-small", {"as-written": "0.85", "hundredfold": "85"}),
        (PERCENT, "900", "percent-large", {"as-written": "900", "hundredth": "9"}),
        (PERCENT, "1.234", "number", {"desimal": "1.234"}),
        (NUMBER, "1.500", "number", {"ribuan": "1500", "desimal": "1.5"}),
    ],
)
def test_what_may_be_two_numbers_is_asked_at_its_line(
    kind: IndicatorKind, written: str, group: str, answers: dict[str, str]
) -> None:
    asked = _read(f"targets: {{2026: {written}}}", kind)
    [question] = asked.questions
    lines = PLAN_FORMAT.to_yaml(_plan(kind)).splitlines()
    line = next(place for place, text in enumerate(lines, start=1) if TARGETS in text)
    assert asked.plan is None
    assert (question.group, question.row, question.value) == (group, line, written)
    assert "Aksi 1.1" in question.text
    assert "target 2026" in question.text
    for answer, value in answers.items():
        assert _value(_read(f"targets: {{2026: {written}}}", kind, **{group: answer})) == Decimal(
            value
        )


@pytest.mark.parametrize(
    "text",
    [
        "targets: {2026: -5}",
        "targets: {2026: 1.2e21}",
        "level_targets:\n          province: {2026: -5}",
        "targets: {2026: 90}\n        legal_floor: {value: 1.2e21, article: Pasal 1}",
    ],
)
def test_what_no_target_can_be_is_refused_at_its_line(text: str) -> None:
    [problem] = [one for one in _read(text).problems if one.severity == "error"]
    lines = PLAN_FORMAT.to_yaml(_plan()).replace(TARGETS, text).splitlines()
    assert problem.row is not None
    assert text.rpartition("\n")[2].strip() in lines[problem.row - 1]
    assert "kurang dari 1.000.000.000.000" in problem.message


@pytest.mark.parametrize("value", ["0.85", "900", "1.234"])
def test_what_is_in_force_was_decided_once(value: str) -> None:
    found = _read(f"targets: {{2026: {value}}}", base=_plan(value=value))
    assert (found.questions, _value(found)) == ([], Decimal(value))
    assert found.names_plan == PLAN.id


def test_what_is_kept_otherwise_than_written_is_said() -> None:
    said = {
        _read(text, kind).problems[0].message
        for text, kind in (
            ("targets: {2026: 2.00049}", NUMBER),
            ("targets: {2026: 3}", IndicatorKind.YES_NO),
            ("targets: {2026: 1}", PERCENT),
        )
    }
    assert said == {
        "actions.0.indicators.0.targets.2026: Dibulatkan menjadi 2.",
        "actions.0.indicators.0.targets.2026: Target 3 untuk ya/tidak atau tonggak: seharusnya 1 "
        "atau 0.",
        "actions.0.indicators.0: Target persen ini 1. Periksa: dibaca 1 persen, bukan 100 persen.",
    }


def test_years_and_numbers_of_strategies_are_such() -> None:
    data = yaml.safe_load(PLAN_FORMAT.to_yaml(_plan()))
    data["plan"] |= {"last_year": 202600}
    data["strategies"][0]["number"] = data["actions"][0]["strategy"] = 10**20
    found = worker.read(
        yaml.safe_dump(data).encode(), "rad.yaml", known=KNOWN, choices=Choices()
    ).problems
    assert {one.message.split(":")[0] for one in found} == {"plan.last_year", "strategies.0.number"}
