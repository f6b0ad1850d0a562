"""What a letter of assignment says, as plain values. Pure."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum, auto
from typing import Any

# Offices whose head is called "Kepala"; of every other body the letter goes to its "Pimpinan".
HEADED = ("Dinas", "Badan", "Biro", "Balai", "Kantor", "Kepolisian", "Kejaksaan", "Satuan", "UPTD")


class Nature(StrEnum):
    """Sifat surat."""

    USUAL = auto()
    URGENT = auto()


@dataclass(frozen=True, slots=True)
class LetterDuty:
    """A duty behind an assignment, and what it rests on in words."""

    text: str
    basis: str
    unit: str = ""  # that does it, as the agency says


@dataclass(frozen=True, slots=True)
class LetterAction:
    """One assignment of the agency."""

    code: str
    title: str
    part: str
    indicators: tuple[str, ...]
    basis: str
    due: str
    duties: tuple[LetterDuty, ...]


@dataclass(frozen=True, slots=True)
class LetterBody:
    """What is assigned to an agency, without the number and date of the letter."""

    addressee: str
    agency: str
    leads: int
    supports: int
    bases: tuple[str, ...]
    unsettled: str
    actions: tuple[LetterAction, ...]
    periods: tuple[str, ...]
    path: str  # where the code leads, below the site's address; never a token
    office: tuple[str, ...]
    kop_lines: tuple[str, ...]
    kop_address: str
    is_sample: bool

    @property
    def substance(self) -> str:
        """A hash of what is assigned: another letter is due when it changes.

        Which unit of the agency does it is the agency's own affair, and calls for no other letter.
        """
        actions = [asdict(action) for action in self.actions]
        for action in actions:
            action["duties"] = [
                {"text": duty["text"], "basis": duty["basis"]} for duty in action["duties"]
            ]
        parts = json.dumps(actions, sort_keys=True)
        return hashlib.sha256(parts.encode()).hexdigest()

    def data(self) -> dict[str, Any]:
        """Return the body as it is kept."""
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class LetterHead:
    """What the secretariat writes on a letter. Offices only, never a person's name."""

    number: str
    place: str
    dated_on: date
    nature: Nature
    signer: str
    acknowledged_by: str
    copies: tuple[str, ...]

    def data(self) -> dict[str, Any]:
        """Return the head as it is kept."""
        return {**asdict(self), "dated_on": self.dated_on.isoformat(), "copies": list(self.copies)}


def kept_body(content: dict[str, Any]) -> LetterBody:
    """Return the body of a kept letter."""
    body = dict(content["body"])
    actions = tuple(
        LetterAction(
            **{
                **action,
                "indicators": tuple(action["indicators"]),
                "duties": tuple(LetterDuty(**duty) for duty in action["duties"]),
            }
        )
        for action in body.pop("actions")
    )
    tuples = ("bases", "periods", "office", "kop_lines")
    return LetterBody(
        **{**body, **{name: tuple(body[name]) for name in tuples}, "actions": actions}
    )


def kept_head(content: dict[str, Any]) -> LetterHead:
    """Return what was written on a kept letter."""
    head = content["head"]
    return LetterHead(
        **{
            **head,
            "dated_on": date.fromisoformat(head["dated_on"]),
            "nature": Nature(head["nature"]),
            "copies": tuple(head["copies"]),
        }
    )


def addressee(name: str) -> str:
    """Return to whom a letter to an agency goes: "Kepala Dinas Sosial", "Pimpinan LPSK"."""
    return f"{'Kepala' if name.startswith(HEADED) else 'Pimpinan'} {name}"
