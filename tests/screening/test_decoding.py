"""Escapes that are read as a browser shows them, and nothing else."""

from __future__ import annotations

from coordinator.screening import findings


def test_an_unknown_entity_is_read_as_nothing() -> None:
    number = "647201&#4;5505080001"
    (found,) = findings(f"NIK {number}.")
    assert (found.kind, found.start, found.end) == ("nik", 4, 4 + len(number))
    assert findings("&#4;") == []
