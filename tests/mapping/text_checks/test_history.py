"""Histories of a mapping and its checks: a check counts if and only if the words and the citation
are those that were checked. `SOAK=1` runs many."""

import os
from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coordinator.mapping.duties.rules import TextVerdict
from coordinator.mapping.duties.seed import CitationPart, Mapping
from coordinator.mapping.duties.service import load_mapping
from coordinator.mapping.duties.text_rules import CitedWords
from coordinator.mapping.text_checks import queries
from coordinator.permissions import Viewer
from tests.mapping.duties.small_mapping import GOOD, look
from tests.mapping.text_checks.builders import check, lawyer

pytestmark = [
    pytest.mark.usefixtures("in_app"),
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),
]
SOAK = bool(os.environ.get("SOAK"))
EXAMPLES = 150 if SOAK else 8
KEY = "dispora-mengawasi"
_salt = count(1)

ACTS = st.one_of(
    st.tuples(st.just("word"), st.integers(0, 2)),
    st.tuples(st.just("cite"), st.lists(st.integers(0, 2), min_size=1, max_size=2, unique=True)),
    st.tuples(st.just("evidence"), st.integers(0, 2)),
    st.tuples(st.just("check"), st.sampled_from(TextVerdict)),
)


@dataclass
class World:
    """The mapping of one history, and what was last checked of each pair of words and article."""

    mapping: Mapping
    salt: int
    word: int = 0
    cited: tuple[int, ...] = (0,)
    recipe: int = 0
    checked: dict[tuple[str, str], TextVerdict] = field(default_factory=dict)

    def publish(self) -> None:
        """Put the duty in force as it now is."""
        duties = [
            replace(
                one,
                text=self.text,
                evidence=[f"Contoh bukti {self.recipe}"],
                citations=[
                    CitationPart(instrument="uu-21", article=self.article(n)) for n in self.cited
                ],
            )
            if one.id == KEY
            else one
            for one in self.mapping.duties
        ]
        load_mapping(replace(self.mapping, duties=duties), by=None, reason="uji")

    @property
    def text(self) -> str:
        """The duty's words; no two histories share any."""
        return f"Contoh bunyi {self.salt}-{self.word}"

    def article(self, number: int) -> str:
        """The article of a number."""
        return f"Pasal {57 + number}"


def cited_of_duty(viewer: Viewer) -> list[CitedWords]:
    return [one for step in queries.steps(viewer) for one in step.items if one.part == KEY]


def act(world: World, viewer: Viewer, what: str, value: object) -> None:
    if what == "check":
        assert isinstance(value, TextVerdict)
        for step in queries.steps(viewer):
            if any(one.part == KEY for one in step.items):
                check(viewer, step, value)
                world.checked[world.text, step.article] = value
                return
    elif what == "word":
        world.word = value  # type: ignore[assignment]
    elif what == "evidence":
        world.recipe = value  # type: ignore[assignment]
    else:
        world.cited = tuple(value)  # type: ignore[arg-type]
    world.publish()


@pytest.fixture
def checker() -> Viewer:
    return lawyer()


def test_a_check_counts_only_for_what_was_checked(checker: Viewer) -> None:
    mapping, _findings = look(GOOD)
    assert mapping is not None
    small = mapping

    @settings(
        max_examples=EXAMPLES,
        phases=tuple(Phase) if SOAK else (Phase.generate,),
        derandomize=not SOAK,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(ACTS, min_size=3, max_size=10))
    def history(acts: list[tuple[str, object]]) -> None:
        world = World(small, next(_salt))
        world.publish()
        for what, value in acts:
            act(world, checker, what, value)
            found = cited_of_duty(checker)
            assert {one.article for one in found} == {world.article(n) for n in world.cited}
            for one in found:
                known = one.check.verdict if one.check else None
                assert known == world.checked.get((world.text, one.article)), (what, value)

    history()
