"""Which agencies and which pokja an action names; who is not surely known waits for a person."""

import re
from collections.abc import Mapping

from coordinator.plans.actions.seed import ActionPart
from coordinator.plans.reading.names import NameIndex, as_shown
from coordinator.plans.reading.raw import PlacedText, RawAction
from coordinator.plans.reading.shapes import LEAVE_OUT, Field, Unknown
from coordinator.plans.reading.sheet_context import SheetContext
from coordinator.plans.reading.writings import numbered

MOST_SUGGESTED = 300  # names; no person decides on more in one go

SEVERAL_LEADS = (
    "Beberapa instansi di sini: yang pertama menjadi penanggung jawab, lainnya pendukung."
)
COURT = "{} hanya berbagi data dan tidak dapat diberi penugasan."
IS_LEAD = "{} sudah menjadi penanggung jawab aksi ini."


class Parties:
    """Looks names up."""

    def __init__(self, given: SheetContext) -> None:
        """Take what is known of names, and what a person chose."""
        known, choices = given.known, given.choices
        self.given = given
        self.agencies = NameIndex(
            known.agencies, also=given.base.agency_keys, choices=choices.agencies
        )
        self.groups = NameIndex(
            known.working_groups, also=given.base.group_keys, choices=choices.working_groups
        )
        self.asked_agencies, self.asked_groups = given.shared.agencies, given.shared.groups
        self.has_open = False  # a name of the action at hand waits for a person

    def group(self, action: RawAction, strategy: int, before: ActionPart | None) -> str | None:
        """Return the pokja of an action of a strategy, or None where it is asked for."""
        column = self.given.column(Field.WORKING_GROUP)
        found = action.cells.get(Field.WORKING_GROUP) or (
            None if self.given.exact else action.group
        )
        sure = self.groups.sure(found.text) if found else None
        if sure is None and found is not None:
            # As in: Pokja I Pencegahan, or Sub Gugus Tugas Pencegahan (Pokja I).
            bare = re.sub(r"(?i)\b(?:pokja|sub\s*gugus\s+tugas)\b[\s:.]*", "", found.text).strip()
            bare = numbered(bare)[1]
            sure = self.groups.sure(bare) or self.groups.sure(re.sub(r"^[IVX]+\s+", "", bare))
        sure = sure or self.given.choices.working_groups.get(str(strategy))
        if sure is None and found is None and before is not None:
            sure = before.working_group
        if sure and sure != LEAVE_OUT:
            return sure
        if self.given.exact and found is None:
            self.given.faults.error("Pokja kosong.", action.row, column)
            return None
        name = as_shown(found.text) if found else str(strategy)
        self.asked_groups.setdefault(name, []).append(action.row + 1)
        self.has_open = True
        return None

    def _agencies(self, found: PlacedText) -> list[str | None]:
        if not self.given.faults.screen(found.text, found.row, found.column):
            return [None]
        keys: list[str | None] = []
        for name in self.agencies.split(found.text):
            key = self.agencies.sure(name)
            if key is None:
                self.has_open = True
                rows = self.asked_agencies.setdefault(as_shown(name), [])
                if found.row + 1 not in rows:
                    rows.append(found.row + 1)
            if key in self.given.known.courts:
                self.given.faults.warning(
                    COURT.format(name), found.row, found.column, as_shown(name)
                )
            if key != LEAVE_OUT and key not in keys:
                keys.append(key)
        return keys

    def parties(self, action: RawAction, before: ActionPart | None) -> tuple[str | None, list[str]]:  # noqa: C901
        """Return the lead and the supporters of an action."""
        lead: str | None = before.lead if before and not self.given.has(Field.LEAD) else None
        support: list[str] = []
        if before and not self.given.has(Field.SUPPORT) and not self.given.has(Field.LEAD):
            return lead, list(before.support)
        is_first = True
        for found in action.leads:
            keys = self._agencies(found)
            others = {key for key in keys if key is None or key not in (lead, *support)}
            if len(keys) > 1 or (not is_first and others):
                self.given.faults.warning(
                    SEVERAL_LEADS, found.row, found.column, as_shown(found.text)
                )
            for key in keys:
                if is_first:
                    lead, is_first = key, False
                elif key and key != lead and key not in support:
                    support.append(key)
        for found in action.supports:
            for key in self._agencies(found):
                if key is None or key in support:
                    continue
                if key == lead:
                    say = self.given.faults.error if self.given.exact else self.given.faults.warning
                    say(
                        IS_LEAD.format(self.agencies.label(key)),
                        found.row,
                        found.column,
                        as_shown(found.text),
                    )
                    continue
                support.append(key)
        return lead, support

    def unknown(
        self, strategies: Mapping[int, str], written: Mapping[int, str]
    ) -> tuple[list[Unknown], list[Unknown]]:
        """Return the names of agencies and of pokja that wait for a person's choice. `strategies`:
        their titles by number; `written`: what the file calls them."""
        agencies = [
            Unknown(
                text=name,
                rows=rows,
                suggestions=self.agencies.suggestions(name) if place < MOST_SUGGESTED else [],
            )
            for place, (name, rows) in enumerate(self.asked_agencies.items())
        ]
        titles = {str(number): title for number, title in strategies.items()}
        words = {str(number): text for number, text in written.items()}
        groups = [
            Unknown(
                text=name,
                rows=rows,
                suggestions=self.groups.suggestions(titles.get(name) or name),
                label=words.get(name, ""),
            )
            for name, rows in self.asked_groups.items()
        ]
        return agencies, groups
