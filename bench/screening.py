"""Processor time of the detector on texts of maximum length and difficulty."""

import time

from coordinator.screening import findings

LENGTH = 200_000  # characters
UNITS = {
    "one digit": "6",
    "digits and blanks": "1 ",
    "digits, two separators": "1 1-",
    "groups of four": "1111 ",
    "numbers": "6472 0155 0508 0001 ",
    "separators": "-",
    "ampersands": "&",
    "entities": "&#49;",
    "percent signs": "%31",
    "tags": "<b>1</b>",
    "tags alone": "<b>",
    "numbers in words": "1 dua ",
    "landlines": "kantor (0541)741234 ",
    "names before": "Ani (korban) ",
    "open tags": "<a ",
    "full width": "６ ",
    "keycaps": "6\ufe0f\u20e3",
    "dates": "11/05/2025 ",
    "labels": "nik 12 ",
    "names": "korban Ani ",
    "sentences": "Rapat koordinasi dihadiri 45 orang dari 12 OPD pada 12 Mei 2026. ",
}


def measure() -> list[tuple[str, float]]:
    """Return seconds of processor time for each text, the slowest first."""
    rows = []
    for name, unit in UNITS.items():
        text = (unit * (LENGTH // len(unit) + 1))[:LENGTH]
        began = time.process_time()
        findings(text)
        rows.append((name, time.process_time() - began))
    return sorted(rows, key=lambda row: -row[1])
