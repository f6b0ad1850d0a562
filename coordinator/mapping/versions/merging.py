"""A draft begun on a version that is no longer in force: its changes, carried over. Pure."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from coordinator.mapping.duties.seed import Mapping


def _pair(part: Any) -> Any:
    return getattr(part, "id", None) or (part.agency, part.working_group)


LISTS: tuple[tuple[str, Callable[[Any], str]], ...] = (
    ("sources", lambda part: part.label),
    ("legal_instruments", lambda part: part.short),
    ("working_groups", lambda part: part.name),
    ("agencies", lambda part: part.abbreviation),
    ("memberships", lambda part: f"{part.agency}, {part.working_group}"),
    ("duties", lambda part: part.text),
    ("regency_duties", lambda part: part.text),
)


def merged(base: Mapping, mine: Mapping, theirs: Mapping) -> tuple[Mapping, list[str]]:
    """Carry the changes of `mine` (against `base`) over to `theirs`.

    Returns the mapping and the names of parts that both changed differently; there `mine` stays.
    """
    update: dict[str, Any] = {
        name: getattr(theirs if getattr(mine, name) == getattr(base, name) else mine, name)
        for name in ("title", "note", "task_forces")
    }
    clashes: list[str] = []
    for name, label in LISTS:
        old, own, new = (
            {_pair(part): part for part in getattr(mapping, name)}
            for mapping in (base, mine, theirs)
        )
        kept = []
        for key in [*own, *(key for key in new if key not in own)]:
            before, here, there = old.get(key), own.get(key), new.get(key)
            if here == before:
                part = there
            else:
                part = here
                if there not in (before, here):
                    clashes.append(label(here or there))
            if part is not None:
                kept.append(part)
        update[name] = kept
    return replace(mine, **update), clashes
