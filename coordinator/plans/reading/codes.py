"""What an action is called: its title without the number in front, and the code it is kept under.

A code that the file has is kept. Where the file only counts its rows ("7"), the action is kept
under its strategy and that number ("1.7"), so that a row left out shifts no other.
"""

import re
from collections.abc import Callable, Sequence

from coordinator.plans.reading.raw import PlacedText, RawAction
from coordinator.plans.reading.shapes import Field
from coordinator.plans.reading.sheet_context import SheetContext
from coordinator.plans.reading.writings import numbered, ordinal
from coordinator.platform.yaml_files import shown

MOST_NAMED = 20
RUNNING = re.compile(r"\d+|[A-Za-z]|[ivxIVX]{1,5}")
CODE_TWICE = (
    "Kode {} sudah dipakai di baris {}. Bila seharusnya 1.10, Excel mengubahnya menjadi 1.1: ubah "
    "format kolom menjadi Teks."
)
UNDER_STRATEGY = "Nomor di berkas disimpan dengan nomor strateginya di depan: %s."
OTHER_CODE = (
    "Kode yang disimpan lain daripada nomor di berkas: %s. Bila harus sama, tulis kode lengkap di "
    "berkas, misalnya 1.7."
)


def title_of(given: SheetContext, action: RawAction) -> PlacedText:
    """Return an action's title as written; without a column of actions, its first indicator's."""
    found = action.cells.get(Field.ACTION)
    if found is None and not given.has(Field.ACTION) and action.indicators:
        found = action.indicators[0].cells.get(Field.INDICATOR)
    return found or PlacedText("", action.row, given.column(Field.ACTION) or 0)


def bare_title(given: SheetContext, action: RawAction) -> str:
    """Return the title without the number in front of it."""
    text = title_of(given, action).text
    return text if given.exact else numbered(text)[1] or text


class Codes:
    """Gives the actions of one sheet their codes."""

    def __init__(self, given: SheetContext, strategy_of: Callable[[RawAction], int | None]) -> None:
        self.given, self._strategy_of = given, strategy_of
        self._codes = given.shared.codes
        self._kept: dict[int, str] = {}
        self._changed: dict[str, str] = {}  # what the file says -> what is kept
        self._is_other = False

    def reserve(self, actions: Sequence[RawAction]) -> None:
        """Let what is written keep its code, before codes are made for the others."""
        for action in actions:
            text = self.written(action)
            if not text:
                continue
            place = (self.given.faults.sheet, action.row)
            if text in self._codes:
                sheet, row = self._codes[text]
                where = f"{row + 1}" if sheet == place[0] else f"{row + 1} lembar “{sheet}”"
                self.given.faults.error(
                    CODE_TWICE.format(shown(text), where),
                    action.row,
                    self.given.column(Field.CODE),
                    text,
                )
            self._codes.setdefault(text, place)
        if self.given.exact:
            return
        counted = [action for action in actions if not self.written(action)]
        for action in counted:
            # A row without a code keeps that of the action it means, at any place in the file.
            self._keep(action, self.given.base.code_of(bare_title(self.given, action)))
        for action in counted:
            number, strategy = self.in_file(action), self._strategy_of(action)
            if re.fullmatch(r"[1-9]\d{0,3}", number) and strategy is not None:
                self._keep(action, f"{strategy}.{number}")

    def _keep(self, action: RawAction, code: str) -> None:
        if code and code not in self._codes and action.row not in self._kept:
            self._codes[code] = (self.given.faults.sheet, action.row)
            self._kept[action.row] = code

    def in_file(self, action: RawAction) -> str:
        """Return the code or the running number as the file has it, "" where it has none."""
        found = action.cells.get(Field.CODE)
        text = found.text if found else ""
        if self.given.exact:
            return text
        return (text or numbered(title_of(self.given, action).text)[0]).strip("(). ")

    def written(self, action: RawAction) -> str:
        """Return the code as written, or "" where only a running number or a letter is."""
        text = self.in_file(action)
        return "" if not self.given.exact and RUNNING.fullmatch(text) else text

    def of(self, action: RawAction, strategy: int) -> str:
        """Return the code of an action: as written, as in force, or one that is free."""
        text = self.written(action) or self._kept.get(action.row, "")
        place = 0
        own = (self.given.faults.sheet, action.row)
        while not text or self._codes.get(text, own) != own:
            if text and place == 0:  # written twice: said already
                return text
            place += 1
            text = f"{strategy}.{place}"
        self._codes[text] = own
        number = self.in_file(action)
        if number and number != text:
            self._changed[number] = text
            self._is_other = self._is_other or text != f"{strategy}.{_count(number)}"
        return text

    def say(self) -> None:
        """Say which codes are not those of the file: a warning where the number is another."""
        if not self._changed:
            return
        pairs = [shown(f"{number} → {code}") for number, code in self._changed.items()]
        more = f" dan {len(pairs) - MOST_NAMED} lagi" if len(pairs) > MOST_NAMED else ""
        listed = ", ".join(pairs[:MOST_NAMED]) + more
        if self._is_other:
            faults = self.given.faults
            faults.warning(OTHER_CODE % listed, self.given.layout.bottom, self._column())
        else:
            self.given.faults.note(UNDER_STRATEGY % listed)

    def _column(self) -> int | None:
        column = self.given.column(Field.CODE)
        return self.given.column(Field.ACTION) if column is None else column


def _count(number: str) -> str:
    """Return what a running number counts: 7, VII or g are the seventh."""
    return str(ordinal(number.upper())) if RUNNING.fullmatch(number) else number
