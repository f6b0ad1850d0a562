"""The problems of a file, each with its place; never with the text of a secret."""

import functools

from coordinator import screening
from coordinator.plans.reading.layout import letters
from coordinator.plans.reading.shapes import Problem
from coordinator.platform.yaml_files import shown

MOST = 500
IDENTITY = "Ada angka seperti NIK atau nomor KK di sini. Hapus angka itu; jumlah orang cukup."
PERSONAL = "Tampaknya memuat data seseorang (nomor telepon, inisial, atau nomor perkara). Periksa."
TOO_MANY = f"Ada lebih dari {MOST} catatan; perbaiki dahulu yang di atas."


class Faults:
    """The problems of one sheet. Rows and columns count from 0 here and as on screen outside."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.found: list[Problem] = []
        self.notes: list[str] = []
        self.errors = 0
        self.error_rows: set[int] = set()

    @property
    def has_errors(self) -> bool:
        """Whether anything is wrong."""
        return self.errors > 0

    def note(self, text: str) -> None:
        """Say something of the sheet as a whole."""
        if text not in self.notes:
            self.notes.append(text)

    def error(
        self, message: str, row: int | None = None, column: int | None = None, value: object = ""
    ) -> None:
        """Note an error: this row (without one: this file) cannot be applied."""
        self.errors += 1
        self.error_rows.add(-1 if row is None else row)
        self._add("error", message, row, column, value)

    def spoil(self, row: int) -> None:
        """Keep a row from being applied; what is wrong has been said of another row."""
        self.error_rows.add(row)

    def warning(
        self, message: str, row: int | None = None, column: int | None = None, value: object = ""
    ) -> None:
        """Note what a person should look at."""
        self._add("warning", message, row, column, value)

    def _add(
        self, severity: str, message: str, row: int | None, column: int | None, value: object
    ) -> None:
        if len(self.found) > MOST:
            return
        if len(self.found) == MOST:
            severity, message, row, column, value = "warning", TOO_MANY, None, None, ""
        self.found.append(
            Problem(
                severity="error" if severity == "error" else "warning",
                message=message,
                sheet=self.sheet,
                row=None if row is None else row + 1,
                column=None if column is None else letters(column),
                value=shown(" ".join(str(value).split())),
            )
        )

    def screen(self, text: str, row: int, column: int) -> bool:
        """Note what a text may tell of a person; return whether it may be kept."""
        severities = _severities(text)
        if screening.Severity.BLOCK in severities:
            self.error(IDENTITY, row, column)
            return False
        if severities:
            self.warning(PERSONAL, row, column)
        return True


@functools.lru_cache(maxsize=20_000)
def _severities(text: str) -> frozenset[screening.Severity]:
    """What a text may tell, once for each text of a file: a child process reads one file."""
    return frozenset(finding.severity for finding in screening.findings(text))
