"""Limits of duties: what they rest on, and as columns of a row. Pure."""

from collections.abc import Mapping as Mappings
from dataclasses import replace
from typing import Any

from coordinator.mapping.duties.seed import DutyPart

LARGEST_LIMIT = 999


def is_founded(duty: DutyPart) -> bool:
    """Return whether a duty's limit, if it names law, names an article that the duty cites."""
    limit = duty.limit
    if limit is None or limit.source is not None:
        return True
    cited = {(one.instrument, one.article) for one in duty.citations}
    return (limit.instrument, limit.article) in cited


def founded(duty: DutyPart) -> DutyPart:
    """Return the duty without its limit where that names an article it does not cite any more."""
    return duty if is_founded(duty) else replace(duty, limit=None)


def step_columns(duty: DutyPart, labels: Mappings[str, str]) -> dict[str, Any]:
    """Return the step and the limit of a duty as columns; `labels` are those of the sources."""
    limit = duty.limit
    is_model = limit is not None and limit.source is not None
    return {
        "step": duty.step,
        "step_as": duty.step_as,
        "limit_value": limit.value if limit else None,
        "limit_unit": limit.unit if limit else None,
        "limit_at": limit.at if limit else None,
        "limit_instrument": limit.instrument if limit and not is_model else None,
        "limit_article": limit.article if limit and not is_model else None,
        "limit_source_label": labels[limit.source] if limit and limit.source else None,
    }
