"""What is reported about a file that was read. Plain values, JSON both ways."""

from enum import StrEnum, auto

from coordinator.checked import CheckedData

MOST_PLACES = 12  # named in one sentence


class Sheet(CheckedData):
    """A sheet of the file."""

    name: str
    is_visible: bool
    rows: int


class Reason(StrEnum):
    """Why something in a file is left out unless somebody chooses it."""

    HIDDEN_SHEET = auto()
    HIDDEN_ROW = auto()
    HIDDEN_COLUMN = auto()
    STRUCK_ROW = auto()
    STRUCK_CELL = auto()
    UNSEEN_NUMBER = auto()


# What was left out, and what was read because somebody chose it.
SENTENCES: dict[Reason, tuple[str, str]] = {
    Reason.HIDDEN_SHEET: (
        "Lembar tersembunyi tidak dibaca: {}.",
        "Lembar tersembunyi ikut dibaca: {}.",
    ),
    Reason.HIDDEN_ROW: (
        "Baris tersembunyi tidak dibaca: {}.",
        "Baris tersembunyi ikut dibaca: {}.",
    ),
    Reason.HIDDEN_COLUMN: (
        "Kolom tersembunyi tidak dibaca: {}.",
        "Kolom tersembunyi ikut dibaca: {}.",
    ),
    Reason.STRUCK_ROW: ("Baris yang dicoret tidak dibaca: {}.", "Baris dicoret ikut dibaca: {}."),
    Reason.UNSEEN_NUMBER: (
        "Angka yang disembunyikan oleh format selnya tidak dibaca: {}.",
        "Angka yang disembunyikan oleh format selnya ikut dibaca: {}.",
    ),
    Reason.STRUCK_CELL: ("Isi yang dicoret tidak dibaca: {}.", "Isi yang dicoret ikut dibaca: {}."),
}


class LeftOut(CheckedData):
    """What is hidden or struck out in a file: a sheet, rows, columns or cells with content.

    `places` as a person finds them: names of sheets, "6" for a row, "C" for a column, "B7".
    """

    reason: Reason
    sheet: str = ""
    places: list[str]
    is_taken: bool = False

    @property
    def sentence(self) -> str:
        """What is said of it in every importer."""
        named = ", ".join(self.places[:MOST_PLACES])
        more = len(self.places) - MOST_PLACES
        if more > 0:
            named += f", dan {more} lagi"
        return SENTENCES[self.reason][self.is_taken].format(named)
