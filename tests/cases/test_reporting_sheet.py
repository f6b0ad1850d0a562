"""A cell that shows 90 % is 90 percent, and the preview shows it."""

from datetime import date

import flask
import pytest

from coordinator.permissions import AccessKind
from coordinator.plans.actions.models import Indicator
from coordinator.plans.actions.rules import IndicatorKind
from coordinator.reporting.reports.rules import AskedIndicator, read_draft
from coordinator.reporting.sheet import queries, service
from coordinator.reporting.sheet.queries import OpenReport
from tests import factories
from tests.assignments.letters.builders import seated, session_of
from tests.cases import FILES, REPORTING_SHEET

REPORT = "ZV86G12WuzAW"  # the one that is filled in
SERVED = Indicator(id=25, kind=IndicatorKind.PERCENT, unit="persen")
DAYS = Indicator(id=27, kind=IndicatorKind.NUMBER, unit="hari")
KEPT = {
    "kind": "achievement",
    "value-27": "1",
    "place": "Sangatta",
    "note": "DATA CONTOH. Peserta dari tiga kecamatan.",
}


def _open(key: str, indicator: Indicator, version: int = 0, **draft: str) -> OpenReport:
    return OpenReport(
        key, key, "", date(2026, 12, 2), "", True, version, [indicator], {}, dict(draft)
    )


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_percentage_is_read_as_it_is_shown(
    app: flask.Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = [
        _open("b3XuPQfl865G", SERVED),
        _open("CVDGExAUlqGj", DAYS, 3, **KEPT),
        _open(REPORT, SERVED),
        _open("jPwZUhAkR6-f", DAYS),
    ]
    monkeypatch.setattr(queries, "open_reports", lambda _viewer: reports)
    with app.app_context():
        viewer = factories.person(AccessKind.FOCAL_POINT, "dinsos")
        person = seated(app, session_of(viewer))
        lines = service.preview((FILES / REPORTING_SHEET).read_bytes(), by=viewer).lines
    assert [(one.key, one.problems, one.questions) for one in lines] == [
        (report.key, [], []) for report in reports
    ]
    [filled] = [one for one in lines if one.is_changed]
    assert (filled.key, filled.send) == (REPORT, True)
    asked = [AskedIndicator(SERVED.id, SERVED.kind)]
    content, problems = read_draft(filled.draft, asked=asked, is_lead=True, on=date(2026, 10, 13))
    assert problems == {}
    assert content is not None
    assert content.values == {25: 90}
    with (FILES / REPORTING_SHEET).open("rb") as file:
        shown = person.post(
            "/tugas-saya/lembar", {"sheet": (file, REPORTING_SHEET)}, status=200
        ).text
    assert "(persen): 90%</span>" in shown
