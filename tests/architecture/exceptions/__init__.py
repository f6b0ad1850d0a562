"""Where a rule of the house does not hold yet: one file a rule, one line an exception.

A list may only shrink. `require` fails on an offence that is not listed, and on a line whose
offence is gone; a rule with a measure ("path 412") fails when the measure grows.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

FOLDER = Path(__file__).parent


def _listed(rule: str) -> list[str]:
    path = FOLDER / f"{rule}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line for line in lines if line and not line.startswith("#")]


def require(rule: str, offences: Iterable[str]) -> None:
    """Assert that `offences` are those listed for `rule`."""
    found, listed = set(offences), set(_listed(rule))
    assert sorted(found - listed) == [], f"{rule}: new offences"
    assert sorted(listed - found) == [], f"{rule}: cured; take them off exceptions/{rule}.txt"


def require_at_most(rule: str, measures: Mapping[str, int], limit: int) -> None:
    """Assert that no measure is above `limit`, but for those listed with the most they may have."""
    listed = {name: int(most) for name, _, most in (x.rpartition(" ") for x in _listed(rule))}
    found = {name: size for name, size in measures.items() if size > limit}
    grown = {name: size for name, size in found.items() if size > listed.get(name, limit)}
    assert grown == {}, f"{rule}: more than {limit}, or than exceptions/{rule}.txt allows"
    slack = {name: most for name, most in listed.items() if found.get(name, 0) < most}
    assert slack == {}, f"{rule}: smaller now; lower or remove them in exceptions/{rule}.txt"
