"""Suggest which part an unknown id may mean; a suggestion is never applied."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from coordinator.platform.yaml_files import shown

CLOSE = 75.0  # of 100; measured on misspelt and shortened names of agencies
AS_CLOSE = 5.0  # candidates within this distance of the best are suggested too
MOST = 3


@dataclass(frozen=True, slots=True)
class NamedPart:
    """A part that can be referred to: its id, what it is called on screen, other names."""

    id: str
    label: str
    names: tuple[str, ...] = ()


class NamedParts:
    """All parts of one list, to find the nearest among them."""

    def __init__(self, noun: str, choices: Iterable[NamedPart]) -> None:
        self.noun = noun
        self._by_id = {choice.id: choice for choice in choices}
        pairs = [
            (utils.default_process(name), choice.id)
            for choice in self._by_id.values()
            for name in (choice.id, choice.label, *choice.names)
        ]
        self._names = [name for name, _id in pairs]
        self._ids = [key for _name, key in pairs]
        self._said: dict[str, str] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._by_id

    def unknown(self, word: str) -> str:
        """Return the sentence that says that `word` is none of the ids, and which may be meant."""
        if word not in self._said:
            self._said[word] = (
                f"{self.noun} “{shown(word)}” tidak ada di daftar{self._advice(word)}"
            )
        return self._said[word]

    def _advice(self, word: str) -> str:
        near = self.nearest(word)
        if not near:
            return "."
        names = [f"“{key}” ({shown(self._by_id[key].label)})" for key in near[:MOST]]
        if len(near) == 1:
            return f". Maksud Anda {names[0]}?"
        more = ", atau lainnya" if len(near) > MOST else ""
        return f", dan ambigu: {', '.join(names)}{more}. Tulis salah satu id."

    def nearest(self, word: str) -> list[str]:
        """Return the ids that `word` may mean, best first: those about as near as the best."""
        asked = utils.default_process(word)
        same = {key for name, key in zip(self._names, self._ids, strict=True) if name == asked}
        if len(same) == 1:
            return [same.pop()]
        found = process.extract(
            asked, self._names, scorer=fuzz.WRatio, score_cutoff=CLOSE, limit=None
        )
        best: dict[str, float] = {}
        for _name, score, index in found:  # best first
            best.setdefault(self._ids[index], score)
        top = max(best.values(), default=0.0)
        return [key for key, score in best.items() if score >= top - AS_CLOSE]
