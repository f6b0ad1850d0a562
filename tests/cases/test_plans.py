"""Plans: each row as it will stand, what is asked first, and what is said of the rest."""

import pytest

from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.rules import PlanKind, PlanStatus
from coordinator.plans.actions.seed import PlanPart
from coordinator.plans.reading import queries, worker
from coordinator.plans.reading.shapes import Ambiguity, Choices, KnownNames, RowState, ShownRow
from tests import factories
from tests.cases import FILES
from tests.cases.plans import CASES, EDITED, OWN_TEMPLATE, Case

AGENCIES = {  # the first name is the one that is shown
    "dkp3a": ["DKP3A"],
    "dpmpd": ["DPMPD"],
    "dinkes": ["Dinkes", "Dinas Kesehatan"],
    "dinsos": ["Dinsos", "Dinas Sosial"],
    "dishub": ["Dishub", "Dinas Perhubungan"],
    "diskominfo": ["Diskominfo", "Dinas Komunikasi dan Informatika"],
    "ksop": ["KSOP"],
    "polda": ["Polda Kaltim"],
    "uptd-ppa": ["UPTD PPA"],
}
KNOWN = KnownNames(
    agencies=AGENCIES,
    working_groups={"pencegahan": ["Pencegahan"], "penanganan": ["Penanganan"]},
)
PLAN = PlanPart(
    id="rad-uji",
    kind=PlanKind.RAD,
    title="RAD uji (DATA CONTOH)",
    status=PlanStatus.DRAFT,
    sample=True,
    first_year=2026,
    last_year=2028,
)
GROUPS = {"1": "pencegahan", "2": "penanganan", "3": "penanganan"}


def _line(row: ShownRow) -> str:
    doubt = "? " if row.state is RowState.ASKED else ""
    targets = ", ".join(f"{one.label} {one.text}" for one in row.targets)
    who = ", ".join([row.lead, *row.support])
    return f"{row.action} | {row.indicator} | {doubt}{targets} {row.unit} | {who}"


def _question(one: Ambiguity) -> str:
    answers = " | ".join(option.label.split(":")[0] for option in one.options)
    return f"{one.column}{one.row}: {answers}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_a_plan_is_read_as_a_person_reads_it(case: Case) -> None:
    choices = Choices(plan=PLAN, working_groups=GROUPS, **case.choices)
    data = (FILES / case.file).read_bytes()
    found = worker.read(data, case.file, known=KNOWN, choices=choices)
    assert " ".join(" ".join(map(_line, found.table)).split()) == " ".join(case.rows.split())
    asked = [_question(one) for one in found.questions if not one.answer]
    asked += [f"{one.text}: {one.suggestions[0].key}" for one in found.unknown_agencies]
    assert asked == list(case.asked)
    assert [one.message for one in found.problems if one.severity == "error"] == list(case.wrong)
    assert (found.refused, found.unknown_working_groups) == (None, [])
    assert (found.plan is None) == bool(case.asked or case.wrong)
    said = "\n".join([*found.notes, *(one.message for one in found.problems)])
    for words in case.said:
        assert words in said


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_doubtful_percentages_in_our_own_template_are_asked_about(in_app: None) -> None:
    by = Viewer(None, AccessKind.SECRETARIAT, factories.task_force().id)
    known = queries.known(by, plans.in_force("ran-tppo-2025-2029"))
    data = (FILES / OWN_TEMPLATE).read_bytes()
    found = worker.read(data, OWN_TEMPLATE, known=known, choices=Choices())
    assert [_question(one) for one in found.questions] == [
        f"{cell}: {answers}" for cell, answers in EDITED.items()
    ]
    assert found.plan is None
    answers = {"percent-small": "hundredfold", "percent-large": "hundredth"}
    found = worker.read(data, OWN_TEMPLATE, known=known, choices=Choices(answers=answers))
    assert found.plan is not None
    targets = {row.row: {one.label: one.text for one in row.targets} for row in found.table}
    assert [targets[row]["2026"] for row in (7, 13, 29)] == ["90", "80", "90"]
