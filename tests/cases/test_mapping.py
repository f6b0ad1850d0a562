"""Word's quotation marks around a name are a finding with its line; nothing is loaded."""

from datetime import date

from coordinator.mapping.duties import lint
from tests.cases import FILES, MAPPING


def test_quotation_marks_from_word_are_found() -> None:
    mapping, findings = lint.check(FILES / MAPPING, date(2026, 10, 13))
    assert mapping is None
    [finding] = findings
    assert (finding.line, finding.key, finding.severity) == (440, "agencies.5.name", "error")
    assert "Tanda kutip ini dari Word" in finding.message
