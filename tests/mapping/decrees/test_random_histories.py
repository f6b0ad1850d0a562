"""Random histories of answers, edits, rulings and decrees.

After every step: no duty is both a proposal and decreed; an answer holds if and only if words and
place are those that were answered, on the same basis or set by a decree since. `SOAK=1` runs many.
"""

from dataclasses import dataclass, field, replace
from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from coordinator.db import db
from coordinator.errors import DomainError
from coordinator.mapping.answers.queries import current_answers
from coordinator.mapping.answers.rules import Answer, Outcome
from coordinator.mapping.answers.service import answer_duty
from coordinator.mapping.decrees.effect import Choice
from coordinator.mapping.duties.document import MAPPING_FORMAT, document
from coordinator.mapping.duties.models import Duty, DutyRevision
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.mapping.duties.seed import CitationPart, DutyPart, Mapping
from coordinator.mapping.versions.service import publish
from coordinator.oversight.rulings.service import NewRuling, rule_on
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.files.receiving import Received
from tests import factories
from tests.histories import histories
from tests.mapping.decrees.builders import SIGNED, enter, in_force, received
from tests.mapping.duties.builders import reworded
from tests.mapping.duties.small_mapping import look
from tests.mapping.versions.builders import number

SLUGS = ("dispora", "lpsk", "disdikbud")  # proposals, duties of a law, proposals with articles
PLACE = st.integers(0, 20)
STEP = st.one_of(
    st.tuples(st.just("answer"), PLACE, st.sampled_from(Answer)),
    st.tuples(st.just("rule"), PLACE, st.sampled_from(Outcome), st.integers(0, 2)),
    st.tuples(st.just("reword"), PLACE, st.integers(0, 1)),
    st.tuples(st.just("rebase"), PLACE, st.sampled_from(["law", "article", "proposal"])),
    st.tuples(st.just("decree"), st.sets(PLACE, min_size=1), st.booleans()),
    st.tuples(st.just("go back"), st.integers(1, 3)),
)


def holds(former: DutyPart, part: DutyPart) -> bool:
    """The promise in words: the same words in the same place; set by a decree, or the same law."""
    if (former.agency, former.working_group, former.text, former.unit) != (
        part.agency,
        part.working_group,
        part.text,
        part.unit,
    ):
        return False
    if part.status is BasisStatus.DECREE:
        return True
    was, now_is = (
        [(one.instrument, one.article) for one in duty.citations] for duty in (former, part)
    )
    return former.status is part.status and was == now_is


@dataclass
class History:
    """What was published and answered, by hand."""

    scan: Received
    secretariat: Viewer = field(init=False)
    people: dict[str, Viewer] = field(init=False)
    seen: int = 0  # versions
    states: dict[str, list[tuple[DutyPart, int]]] = field(default_factory=dict)
    said: dict[tuple[str, str, int], int] = field(default_factory=dict)
    decrees: int = 0

    def begin(self) -> None:
        """Set the scene."""
        self.secretariat = factories.person(AccessKind.SECRETARIAT)
        self.people = {slug: factories.person(AccessKind.FOCAL_POINT, slug) for slug in SLUGS}

    def keys(self, mapping: Mapping) -> list[str]:
        """The duties that this history is about."""
        return sorted(part.id for part in mapping.duties if part.agency in SLUGS)

    def step(self, name: str, *values: object) -> None:
        """Do one thing; a refusal is fine, a fault is not."""
        db.session.rollback()
        try:
            getattr(self, name.replace(" ", "_"))(*values)
        except DomainError:
            db.session.rollback()

    def _one(self, which: int) -> DutyPart:
        mapping = in_force(self.secretariat)
        keys = self.keys(mapping)
        return next(one for one in mapping.duties if one.id == keys[which % len(keys)])

    def answer(self, which: int, answer: Answer) -> None:
        """An agency answers one of its duties."""
        part = self._one(which)
        row = db.session.scalars(sa.select(Duty).where(Duty.key == part.id)).one()
        said = answer_duty(row.id, answer, reason="Alasan uji", by=self.people[part.agency])
        self.said[part.id, part.agency, self.states[part.id][-1][1]] = said.id

    def rule(self, which: int, outcome: Outcome, to: int) -> None:
        """The secretariat rules on one question that waits."""
        waiting = sorted(
            (one for one in current_answers(1).values() if one.is_disputed),
            key=lambda one: one.response_id,
        )
        if waiting:
            chosen = waiting[which % len(waiting)].public_id
            new = NewRuling(outcome, "Alasan uji", SLUGS[to], f"Bunyi ketetapan {number()}")
            rule_on(chosen, new, by=self.secretariat)

    def reword(self, which: int, words: int) -> None:
        """The secretariat edits the words of a duty, at times back to words it had."""
        part = self._one(which)
        self._publish(reworded(in_force(self.secretariat), part.id, text=f"Bunyi {words}"))

    def rebase(self, which: int, basis: str) -> None:
        """The secretariat edits what a duty rests on."""
        part, mapping = self._one(which), in_force(self.secretariat)
        law = [CitationPart(instrument="uu-21-2007", article="Pasal 58")]
        source = mapping.sources[0].id
        change: dict[str, object] = {
            "law": {"status": BasisStatus.REGULATION, "source": None, "citations": law},
            "article": {"citations": [*part.citations[:1], *law]},
            "proposal": {"status": BasisStatus.PROPOSAL, "source": source, "citations": law},
        }[basis]
        self._publish(reworded(mapping, part.id, **change))

    def decree(self, which: set[int], is_everything: bool) -> None:
        """A decree sets some duties, or all of them."""
        mapping = in_force(self.secretariat)
        keys = self.keys(mapping)
        chosen = keys if is_everything else [keys[one % len(keys)] for one in which]
        self.decrees += 1
        new = replace(SIGNED, number=f"UJI/{self.decrees}", signed_on=date(2026, 10, 1))
        before = {one.id: one for one in mapping.duties}
        enter(self.secretariat, new, Choice(frozenset(chosen)), scan=self.scan)
        for one in in_force(self.secretariat).duties:
            if one.id in chosen:
                assert one.status is BasisStatus.DECREE
                assert holds(before[one.id], one)
            else:
                assert one == before[one.id]

    def go_back(self, steps: int) -> None:
        """An earlier version is published again."""
        former = document(factories.task_force().id, max(1, number() - steps))
        assert former is not None
        self._publish(former)

    def _publish(self, mapping: Mapping) -> None:
        publish(mapping, by=self.secretariat, reason="uji", notify=False)

    def check(self) -> None:
        """What must hold after any step."""
        mapping = in_force(self.secretariat)
        self._note_versions()
        decrees = {one.id for one in mapping.legal_instruments if one.kind == "keputusan"}
        for part in (*mapping.duties, *mapping.memberships):
            cites_a_decree = any(one.instrument in decrees for one in part.citations)
            assert cites_a_decree == (part.status is BasisStatus.DECREE)
            assert (part.source is not None) == (part.status is BasisStatus.PROPOSAL)
        rows = db.session.execute(
            sa.select(Duty.key, DutyRevision.status)
            .join(DutyRevision)
            .where(DutyRevision.until.is_(None))
        ).all()
        assert sorted(map(tuple, rows)) == sorted((one.id, one.status) for one in mapping.duties)
        expected = {
            key: self.said[key, states[-1][0].agency, states[-1][1]]
            for key, states in self.states.items()
            if (key, states[-1][0].agency, states[-1][1]) in self.said
            and any(one.id == key for one in mapping.duties)
        }
        keys = {one: key for one, key in db.session.execute(sa.select(Duty.id, Duty.key))}  # noqa: C416
        found = {keys[one.duty_id]: one.response_id for one in current_answers(1).values()}
        assert found == expected

    def _note_versions(self) -> None:
        """Note what each new version says of each duty, and since when it has said it."""
        for version in range(self.seen + 1, number() + 1):
            mapping = document(1, version)
            assert mapping is not None
            for part in mapping.duties:
                states = self.states.setdefault(part.id, [])
                if states and states[-1][0] == part:
                    continue
                since = next((s for old, s in reversed(states) if holds(old, part)), version)
                states.append((part, since))
        self.seen = number()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_random_histories(in_app: None) -> None:
    """Each history begins with the first mapping again; what was answered before is kept."""
    history = History(received())
    history.begin()
    history.check()

    @histories(5, soak=120)
    @given(st.lists(STEP, min_size=3, max_size=9))
    def one_history(steps: list[tuple[object, ...]]) -> None:
        history.step("go back", number())
        history.check()
        for name, *values in steps:
            history.step(str(name), *values)
            history.check()
        mapping, findings = look(MAPPING_FORMAT.to_json(in_force(history.secretariat)))
        assert mapping is not None, findings

    one_history()
    assert history.decrees > 3
