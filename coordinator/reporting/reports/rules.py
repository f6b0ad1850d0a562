"""States of a report, who may judge it, and the arithmetic of achievement. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum, auto

from coordinator.formatting import parse_number
from coordinator.numbers import NOTHING_KNOWN, NumberComparison, asked_of
from coordinator.people.directory.rules import working_days_between
from coordinator.plans.actions.rules import IndicatorKind
from coordinator.typed import sensible_day

VERIFY_WITHIN = 5  # working days


class ReportState(StrEnum):
    """draft -> (awaiting_head ->) submitted -> verified, or returned -> submitted ..."""

    DRAFT = auto()
    AWAITING_HEAD = auto()
    SUBMITTED = auto()
    RETURNED = auto()
    VERIFIED = auto()


class ReportKind(StrEnum):
    """Capaian, nihil, terhambat: three words that are never added up."""

    ACHIEVEMENT = auto()
    NIL = auto()
    BLOCKED = auto()


class SubmittedVia(StrEnum):
    """How a submission came in."""

    SCREEN = auto()
    MAIL_LINK = auto()
    ON_BEHALF = auto()


class Verdict(StrEnum):
    """What a verifier decided."""

    VERIFIED = auto()
    RETURNED = auto()


class ReturnReason(StrEnum):
    """Why a report goes back to the agency."""

    EVIDENCE_MISSING = auto()
    EVIDENCE_UNDATED = auto()
    EVIDENCE_MISMATCH = auto()
    FIGURE_UNCLEAR = auto()
    IDENTITY_VISIBLE = auto()
    OTHER = auto()


class ShortfallReason(StrEnum):
    """Why less was verified than reported."""

    NO_DATED_REPORT = auto()
    EVIDENCE_COVERS_LESS = auto()
    COUNTED_TWICE = auto()
    OUTSIDE_PERIOD = auto()
    OTHER = auto()


EDITABLE = frozenset({ReportState.DRAFT, ReportState.RETURNED})


def may_edit(state: ReportState | None) -> bool:
    """Return whether an agency may write in a report of this state (None: not begun)."""
    return state is None or state in EDITABLE


def is_locked(state: ReportState | None, *, is_period_closed: bool, was_sent: bool = False) -> bool:
    """Return whether a closed period locks a report.

    It does if nothing of the report was sent, because nothing can be sent any more; what waited for
    the head never left the agency. A report that was sent (`was_sent`) and returned can still be
    revised.
    """
    never_left = state in (None, ReportState.DRAFT) or (
        state is ReportState.AWAITING_HEAD and not was_sent
    )
    return is_period_closed and never_left


def may_verify(
    *, verifier_id: int, own_agencies: Collection[int], agency_id: int, submitted_by_id: int
) -> bool:
    """Return whether a verifier may judge a report.

    Never one of an agency they work for, never one they typed themselves.
    """
    return agency_id not in own_agencies and verifier_id != submitted_by_id


FIELDS = (
    "kind",
    "note",
    "held_on",
    "place",
    "nil_reason",
    "blocked_by",
    "contribution",
    "decision_question",
    "decision_asked_of",
)


SURE = "yakin-"  # a field's tick "memang benar"; it holds the text that it is about


def is_sure(draft: Mapping[str, str], field: str) -> bool:
    """Return whether somebody said that an unlikely number of a field is meant."""
    return (draft.get(SURE + field) or "").strip() == (draft.get(field) or "").strip()


def is_said(draft: Mapping[str, str], field: str) -> bool:
    """Return whether there is a number in a field of which somebody said that it is meant."""
    return bool(draft.get(SURE + field)) and is_sure(draft, field)


@dataclass(frozen=True, slots=True)
class AskedIndicator:
    """What a report form asks for one indicator."""

    indicator_id: int
    kind: IndicatorKind
    known: NumberComparison = NOTHING_KNOWN

    @property
    def field(self) -> str:
        """The name of its input."""
        return f"value-{self.indicator_id}"

    def question(self, text: str) -> str:
        """Return what is asked about a typed value, or ""."""
        if self.kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE):
            return ""
        return asked_of(text, is_percent=self.kind is IndicatorKind.PERCENT, known=self.known)


def unlikely_in(
    draft: Mapping[str, str], *, asked: Sequence[AskedIndicator], is_lead: bool
) -> dict[str, str]:
    """Return what is asked about the numbers of a draft, by field, answered or not."""
    if draft.get("kind") != ReportKind.ACHIEVEMENT:
        return {}
    said = (
        {one.field: one.question((draft.get(one.field) or "").strip()) for one in asked}
        if is_lead
        else {"contribution": asked_of((draft.get("contribution") or "").strip(), is_percent=False)}
    )
    return {name: text for name, text in said.items() if text}


class FieldProblem(StrEnum):
    """What is wrong with a field at submission; the view has the words."""

    MISSING = auto()
    NOT_A_NUMBER = auto()
    ASKED = auto()  # may be meant, and a person says so
    NOT_A_DATE = auto()
    NOT_YET = auto()


@dataclass(frozen=True, slots=True)
class Content:
    """A draft that may be submitted, read into values."""

    kind: ReportKind
    values: dict[int, Decimal]
    note: str
    held_on: date | None
    place: str
    nil_reason: str | None
    blocked_by: str | None
    contribution: Decimal | None
    # Any kind may ask for a decision: which one, and by whom.
    decision_question: str
    decision_asked_of: str


def read_draft(  # noqa: C901
    draft: Mapping[str, str],
    *,
    asked: Sequence[AskedIndicator],
    is_lead: bool,
    on: date,
    asks: bool = True,
) -> tuple[Content | None, dict[str, FieldProblem]]:
    """Read what was typed into what may be submitted; (None, problems by field) where it may not.

    An achievement of the lead needs a value for every indicator; of a supporter, a sentence.
    Nil needs its reason; blocked needs by whom. A decision that is asked for needs who takes it.
    What was done was done by the day `on`, at the latest. `asks`: whether an unlikely number is a
    problem until its writer says that it is meant.
    """
    problems: dict[str, FieldProblem] = {}
    open_questions = {
        name
        for name in (unlikely_in(draft, asked=asked, is_lead=is_lead) if asks else ())
        if not is_sure(draft, name)
    }
    text = {name: (draft.get(name) or "").strip() for name in FIELDS}
    values: dict[int, Decimal] = {}
    contribution: Decimal | None = None
    try:
        kind = ReportKind(text["kind"])
    except ValueError:
        return None, {"kind": FieldProblem.MISSING}
    if kind is ReportKind.ACHIEVEMENT and is_lead:
        for item in asked:
            typed = (draft.get(item.field) or "").strip()
            value, problem = _read_value(typed, item.kind)
            if problem is None and item.field in open_questions:
                problem = FieldProblem.ASKED
            if problem is not None:
                problems[item.field] = problem
            elif value is not None:
                values[item.indicator_id] = value
    elif kind is ReportKind.ACHIEVEMENT:
        if not text["note"]:
            problems["note"] = FieldProblem.MISSING
        if text["contribution"]:
            contribution = parse_number(text["contribution"])
            if contribution is None:
                problems["contribution"] = FieldProblem.NOT_A_NUMBER
            elif "contribution" in open_questions:
                problems["contribution"] = FieldProblem.ASKED
    elif kind is ReportKind.NIL and not text["nil_reason"]:
        problems["nil_reason"] = FieldProblem.MISSING
    elif kind is ReportKind.BLOCKED and not text["blocked_by"]:
        problems["blocked_by"] = FieldProblem.MISSING
    held_on = None
    if kind is ReportKind.ACHIEVEMENT and text["held_on"]:
        held_on = sensible_day(text["held_on"])
        if held_on is None:
            problems["held_on"] = FieldProblem.NOT_A_DATE
        elif held_on > on:
            problems["held_on"] = FieldProblem.NOT_YET
    if bool(text["decision_question"]) != bool(text["decision_asked_of"]):
        empty = "decision_asked_of" if text["decision_question"] else "decision_question"
        problems[empty] = FieldProblem.MISSING
    if problems:
        return None, problems
    return (
        Content(
            kind=kind,
            values=values,
            note=text["note"],
            held_on=held_on,
            place=text["place"],
            nil_reason=text["nil_reason"] if kind is ReportKind.NIL else None,
            blocked_by=text["blocked_by"] if kind is ReportKind.BLOCKED else None,
            contribution=contribution,
            decision_question=text["decision_question"],
            decision_asked_of=text["decision_asked_of"],
        ),
        {},
    )


def _read_value(text: str, kind: IndicatorKind) -> tuple[Decimal | None, FieldProblem | None]:
    if not text:
        return None, FieldProblem.MISSING
    if kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE):
        return (Decimal(text), None) if text in ("0", "1") else (None, FieldProblem.MISSING)
    value = parse_number(text.removesuffix("%") if kind is IndicatorKind.PERCENT else text)
    if value is None:
        return None, FieldProblem.NOT_A_NUMBER
    return value, None


def is_waiting_long(submitted_on: date, on: date, days_off: Collection[date], limit: int) -> bool:
    """Return whether a submission has waited more than `limit` working days for the secretariat.

    It is then "menunggu sekretariat", which never counts against the agency.
    """
    return working_days_between(submitted_on, on, days_off) > limit
