"""What all parts of the reading share: the sheet's columns, what is known, what was decided."""

import re
from dataclasses import dataclass

from coordinator.plan.importing.faults import Faults
from coordinator.plan.importing.guesses import LONGEST_KEY
from coordinator.plan.importing.layout import Layout
from coordinator.plan.importing.matching import BaseActions
from coordinator.plan.importing.rows import Found
from coordinator.plan.importing.shapes import Choices, Field, Known
from coordinator.plan.seed import PlanPart

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_TEXT = 2000

BAD_KEY = "ID hanya boleh berisi huruf kecil, angka, dan tanda hubung."
ONLY_ONE_OF = "Isi dengan salah satu: {}."
KEY_TWICE = "ID “{}” sudah dipakai di atas."


def too_long(most: int) -> str:
    """Return the sentence about a text that is too long."""
    return f"Paling panjang {most} karakter."


@dataclass(frozen=True, slots=True)
class Given:
    """One sheet's reading. `exact`: it is our template, whose texts are taken as they are."""

    layout: Layout
    faults: Faults
    known: Known
    choices: Choices
    base: BaseActions
    plan: PlanPart | None
    exact: bool

    def has(self, name: Field) -> bool:
        """Whether the sheet has a column for a field: one that it has not keeps what was there."""
        return bool(self.layout.of(name))

    def column(self, name: Field) -> int | None:
        """Return the column of a field."""
        return self.layout.first(name)

    def text(self, found: Found | None, most: int = LONGEST_TEXT) -> str | None:
        """Return a text that may be kept, or None; what stands against it is noted."""
        if found is None:
            return None
        is_kept = self.faults.screen(found.text, found.row, found.column)
        if len(found.text) > most:
            self.faults.error(too_long(most), found.row, found.column)
            return None
        return found.text if is_kept else None

    def key(self, found: Found | None) -> str | None:
        """Return an id as written, or None; a wrong one is noted."""
        if found is None:
            return None
        if not KEY.fullmatch(found.text) or len(found.text) > LONGEST_KEY:
            self.faults.error(BAD_KEY, found.row, found.column, found.text)
            return None
        return found.text
