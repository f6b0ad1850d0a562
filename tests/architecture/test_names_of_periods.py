"""Where code knows a period and writes an agency's name, the name is that of the period.

`obligations.names` alone knows what an agency was called in a period. Every other
name written next to a period is in one of the lists below, with its reason; a new page that takes
today's name is in none of them.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.engines import ROOT

KNOWS_A_PERIOD = {"Extension", "Obligation", "ReportPage", "ReportingPeriod"}
OF_THEN = ("page.agency", "asked.agency")  # made from obligations.names in their queries
NOW = {
    "reporting/verification/given_queries.py: agency": "made by obligations.names above it",
    "oversight/stuck/queries.py: one": "what obligations.names gave `due_reports`",
    "oversight/calendar/queries.py: row": "the due day of an assignment, of no period",
    "oversight/calendar/queries.py: Agency": "the same",
    "assignments/changes/changes.py: agency": "who takes part from today on",
    "assignments/letters/queries.py: Agency": "whom a letter is written to today",
    "assignments/changes/queries.py: Agency": "what a batch of today gives to whom",
    "assignments/replanning/queries.py: Agency": "who holds the work today",
    "oversight/cards/queries.py: agency": "a role card says today's mapping",
    "oversight/cards/queries.py: lead.agency": "the same",
    "oversight/cards/queries.py: other": "the same",
    "oversight/cards/queries.py: row.agency": "the same",
    "demo/stage.py: agency": "names of sample people",
    "demo/reports.py: leader": "the lead of the day on which it was written",
    "reporting/report_pages/statement_queries.py: Agency": "who the reader is today",
    "reporting/reading/file_queries.py: Agency": "what VersionNames starts from",
    "reporting/reading/file_queries.py: row": "the same",
    "reporting/reading/head_queries.py: of": "the same",
    "reporting/evidence/review_queries.py: use.evidence.agency": "whose review, over all periods",
    "home/search.py: Agency": "looked for by today's name; the former stands beside it",
    "home/search.py: agency": "the same",
    "home/workload.py: Agency": "the work of today",
    "home/workload.py: load": "the same",
    "home/workload.py: row": "the same",
    "oversight/opening/queries.py: part.agency": "a period that is not open yet",
    "oversight/commitments/queries.py: Agency": "who holds the work today",
    "oversight/commitments/queries.py: row": "the same",
    "oversight/rulings/queries.py: Agency": "whom a ruling may give a duty to today",
}
TEMPLATES_NOW = {
    "reporting/decisions/decision.html: agency": "whom the mail of today goes to",
    "reporting/decisions/decision_list.html: one.concerned_agency": "whom a decision concerns",
    "reporting/evidence_pages/detail.html: one.agency": "whose file it is, over all periods",
    "reporting/evidence_pages/review.html: one.asked_for": "whose review it is, over all periods",
    "reporting/report_pages/my_tasks.html: agency": "who the reader is today",
}
TEMPLATES_OF_THEN = {
    "oversight/matrix/agency.html: agency": "oversight.matrix.views",
    "reporting/decisions/decision_list.html: row.agency": "reporting.decisions.queries",
    "reporting/evidence_pages/review.html: place.agency": "reporting.evidence.review_queries",
    "reporting/verification/queue.html: one": "assignments.obligations.names.with_former_names",
}
PAGES = ("oversight/matrix", "reporting")  # whose pages are about reports
SHOWN = re.compile(r"([\w.\[\]']+(?:\([^()]*\))?)\.(?:abbreviation|agency\.name)\b")


def _in_order_by(tree: ast.AST) -> set[ast.AST]:
    return {
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "order_by"
        for argument in node.args
        for part in ast.walk(argument)
    }


def _of_then(tree: ast.AST) -> set[str]:
    """Return what holds names of a period."""
    return set(OF_THEN) | {
        node.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.arg)
        and node.annotation is not None
        and ast.unparse(node.annotation) == "AgencyName"
    }


def _names_of_today(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used |= {
        one.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for one in node.names
    }
    if not used & KNOWS_A_PERIOD:
        return
    sorting, then = _in_order_by(tree), _of_then(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr != "abbreviation" or node in sorting:
            continue
        base = ast.unparse(node.value)
        if not isinstance(node.value, ast.Call) and base not in then:
            yield base


def test_code_that_knows_a_period_writes_its_names() -> None:
    top = ROOT / "coordinator"
    found = {
        f"{path.relative_to(top)}: {base}"
        for path in top.rglob("*.py")
        if path != top / "assignments" / "obligations" / "names.py"
        for base in _names_of_today(path)
    }
    assert found == set(NOW)


def test_pages_about_reports_show_the_names_of_the_period() -> None:
    top = ROOT / "templates"
    found = set()
    for page in PAGES:
        for path in (top / page).rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            if not re.search(r"\bperiod\b", text):
                continue
            bases = set(SHOWN.findall(text)) - set(OF_THEN)
            found |= {
                f"{path.relative_to(top)}: {base}"
                for base in bases
                if not base.startswith("page.called(")
            }
    assert found == set(TEMPLATES_NOW) | set(TEMPLATES_OF_THEN)


def test_a_page_that_forgets_is_found(tmp_path: Path) -> None:
    page = tmp_path / "views.py"
    page.write_text(
        "from coordinator.assignments.obligations.models import Obligation\n"
        "def shown(obligation: Obligation) -> str:\n"
        "    return obligation.party.agency.abbreviation\n",
        encoding="utf-8",
    )
    assert list(_names_of_today(page)) == ["obligation.party.agency"]
