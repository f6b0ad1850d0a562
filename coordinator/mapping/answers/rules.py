"""Words of answers and rulings. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto

from coordinator.people.directory.rules import add_working_days, working_days_between


def due_to_rule(answered_on: date, days_off: Collection[date], *, days: int) -> date:
    """Return the day by which a question must be ruled on: `days` working days after it was asked.

    The term is the installation's own (RULING_DAYS); no regulation sets one.
    """
    return add_working_days(answered_on, days, days_off)


def working_days_late(due_on: date, on: date, days_off: Collection[date]) -> int:
    """Return by how many working days `on` is past a question's due day; 0 until then."""
    return working_days_between(due_on, on, days_off)


class Answer(StrEnum):
    """What an agency says of a duty."""

    ACCEPTED = auto()
    NEEDS_EXPLANATION = auto()
    NOT_OURS = auto()


class Outcome(StrEnum):
    """How the secretariat rules on a question or refusal."""

    STAYS = auto()
    MOVED = auto()
    SHARED = auto()
    REWORDED = auto()


class AnswerState(StrEnum):
    """How far an agency is with one duty."""

    OPEN = auto()
    ANSWERED = auto()
    QUESTIONED = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class DutyStanding:
    """One duty in force, whose it is, and how far its agency is with it."""

    duty_id: int
    agency_id: int
    working_group_id: int
    substance_since: int
    state: AnswerState


class CampaignPurpose(StrEnum):
    """Why agencies are asked: the first answer, or a confirmation by a head who is new."""

    ANSWER = auto()
    CONFIRM = auto()


def answer_state(answer: Answer | None, *, is_ruled: bool, is_asked_again: bool) -> AnswerState:
    """Return the state of a duty from the newest answer to its wording.

    A question or refusal is open to nobody but the secretariat until it is ruled on. An answer that
    a campaign asks to confirm is open again.
    """
    if answer is None or is_asked_again:
        return AnswerState.OPEN
    if answer is Answer.ACCEPTED or is_ruled:
        return AnswerState.ANSWERED
    return AnswerState.QUESTIONED if answer is Answer.NEEDS_EXPLANATION else AnswerState.REFUSED


def is_asked_again(answer: Answer, answered_at: datetime, confirm_since: datetime | None) -> bool:
    """Return whether a campaign asks to confirm an answer: an acceptance given before the instant
    `confirm_since`, at which the present head of the agency began."""
    return confirm_since is not None and answer is Answer.ACCEPTED and answered_at < confirm_since
