"""Changes of a plan made on screen, each a function from one plan to another. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from coordinator.plans.actions.seed import ActionPart, PlanFile, PlanPart, StrategyPart
from coordinator.typed import whole

LONGEST_KEY = 100


def action_of(plan: PlanFile | None, key: str) -> ActionPart | None:
    """Return one action of a plan."""
    return next((part for part in plan.actions if part.id == key), None) if plan else None


def with_action(plan: PlanFile, part: ActionPart) -> PlanFile:
    """Return the plan with an action in the place of the one with its id, else at the end."""
    if action_of(plan, part.id) is None:
        return replace(plan, actions=[*plan.actions, part])
    actions = [part if one.id == part.id else one for one in plan.actions]
    return replace(plan, actions=actions)


def stopped(plan: PlanFile, key: str, reason: str | None) -> PlanFile:
    """Return the plan with an action discontinued for `reason`; None takes it up again."""
    part = action_of(plan, key)
    if part is None:
        return plan
    return with_action(plan, replace(part, discontinued=reason))


def with_head(plan: PlanFile, head: PlanPart, strategies: list[StrategyPart]) -> PlanFile:
    """Return the plan with another header and other strategies."""
    return replace(plan, plan=head, strategies=strategies)


def strategies_in(text: str) -> list[StrategyPart] | None:
    """Return the strategies of a text with one a line, "1. Title"; None where a line has no
    number."""
    found = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        match = re.fullmatch(r"([0-9]{1,4})[.)\s]\s*(\S.*)", line)
        if match is None:
            return None
        found.append(StrategyPart.made(number=whole(match[1]), title=match[2][:2000]))
    return found


def fresh_key(text: str, taken: Iterable[str]) -> str:
    """Return a stable id made of a title's words that nothing has yet."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain) or ["aksi"]
    stem = "-".join(words)[:LONGEST_KEY].rstrip("-")
    used = set(taken)
    found, n = stem, 1
    while found in used:
        n += 1
        found = f"{stem}-{n}"
    return found
