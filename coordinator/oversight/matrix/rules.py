"""The arithmetic of compliance: targets due by now, ratios, bands, and how a cell sums up. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum, auto

from coordinator.plans.actions.rules import Accumulation, Better, IndicatorKind

ON_TARGET = Decimal("0.90")
ATTENTION = Decimal("0.66")
COMPLETE = Decimal(1)


class Layer(StrEnum):
    """The four layers of the matrix, by their name in the address."""

    PAHAM = auto()
    LAPOR = auto()
    TERVERIFIKASI = auto()
    CAPAIAN = auto()


class Band(StrEnum):
    """What a cell says; each has its own word, symbol and fill."""

    SILENT = auto()
    BELOW = auto()
    ATTENTION = auto()
    DISPUTED = auto()
    NOT_DUE = auto()  # has a task whose last day has not come
    SUPPORT = auto()  # layer Capaian: only supports others, so no target is its own
    NO_TASK = auto()  # a member of the pokja that was given nothing (layer Paham: has no duty)
    WAITING = auto()  # reported, not verified yet: waits for the secretariat, not for the agency
    NIL = auto()
    BLOCKED = auto()
    NO_TARGET = auto()
    ON_TARGET = auto()
    COMPLETE = auto()
    NONE = auto()


# From worst to best: a cell takes the band of its lowest action.
SEVERITY = (Band.SILENT, Band.BELOW, Band.ATTENTION, Band.ON_TARGET, Band.COMPLETE)
# What a cell without any counted action shows, the first that applies.
UNCOUNTED = (
    Band.DISPUTED,
    Band.BLOCKED,
    Band.WAITING,
    Band.NIL,
    Band.NOT_DUE,
    Band.NO_TARGET,
)
WITHOUT_TASK = frozenset({Band.NO_TASK, Band.SUPPORT})  # nobody can be on time, or late, with these
NEEDS_ATTENTION = frozenset({Band.SILENT, Band.BELOW, Band.ATTENTION, Band.DISPUTED})


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator of one lead's assignment in one period."""

    kind: IndicatorKind
    better: Better
    accumulation: Accumulation
    yearly_target: Decimal | None
    period_target: Decimal | None
    # Verified in this period, and in the year up to and including it.
    verified_now: Decimal | None
    verified_so_far: Decimal | None
    position: int
    periods_in_year: int


def target_due(measure: Measure) -> Decimal | None:
    """Return the target due by the end of the period, or None where there is none.

    The period's own target if given; else, for cumulative numbers, the yearly target times elapsed
    periods over periods in the year; for per-period numbers and percentages the target as it
    stands; yes/no and milestone only at the end of the year.
    """
    parts = _target_parts(measure)
    return None if parts is None else parts[0] / parts[1]


def _target_parts(measure: Measure) -> tuple[Decimal, int] | None:
    """Return the target due as (amount, divisor): a third of a year is no exact decimal."""
    if measure.period_target is not None:
        return measure.period_target, 1
    if measure.yearly_target is None:
        return None
    if measure.kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE):
        return (measure.yearly_target, 1) if measure.position == measure.periods_in_year else None
    if measure.kind is IndicatorKind.NUMBER and measure.accumulation is Accumulation.CUMULATIVE:
        return measure.yearly_target * measure.position, measure.periods_in_year
    return measure.yearly_target, 1


def ratio(measure: Measure) -> Decimal | None:
    """Return verified over due target, unrounded; None where nothing can be compared.

    Down-is-better turns it round: target over value; a value of 0 is then the best there is.
    """
    parts = _target_parts(measure)
    is_choice = measure.kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE)
    adds_up = is_choice or (
        measure.kind is IndicatorKind.NUMBER and measure.accumulation is Accumulation.CUMULATIVE
    )
    if measure.period_target is not None and not is_choice:
        adds_up = False  # a period's own target is for what that period brought
    value = measure.verified_so_far if adds_up else measure.verified_now
    if parts is None:
        return None
    target, divisor = parts
    if value is None:
        return None if measure.better is Better.DOWN else Decimal(0)
    # One division, of whole products: exactly 90 % of a third stays exactly 90 %.
    if measure.better is Better.DOWN:
        return COMPLETE if value == 0 else target / (value * divisor)
    return COMPLETE if target == 0 else value * divisor / target


def band_of_ratio(value: Decimal, *, is_fully_verified: bool) -> Band:
    """Return the band of a ratio. 100 % not yet fully verified is on target, not complete."""
    if value >= COMPLETE and is_fully_verified:
        return Band.COMPLETE
    if value >= ON_TARGET:
        return Band.ON_TARGET
    return Band.ATTENTION if value >= ATTENTION else Band.BELOW


@dataclass(frozen=True, slots=True)
class ActionState:
    """One action of an agency in a pokja and a period, as the layer Capaian sees it."""

    is_disputed: bool
    is_overdue: bool  # the last day has passed
    is_reported: bool
    is_verified: bool
    is_returned: bool
    is_nil: bool
    is_blocked: bool
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows: a band and "n of m"; `percent` where one action stands alone."""

    band: Band
    good: int = 0
    total: int = 0
    percent: Decimal | None = None
    settled: int = 0  # layer Paham: duties left with the agency by a ruling, not accepted by it


def band_of_action(action: ActionState) -> tuple[Band, Decimal | None]:
    """Return an action's band and its ratio (None where none is shown).

    Nil and blocked leave the arithmetic but stay visible; what is not due yet is grey; overdue and
    silent is red. What waits for the secretariat is never counted against the agency.
    """
    if action.is_disputed:
        return Band.DISPUTED, None
    if action.is_nil or action.is_blocked:
        return (Band.NIL if action.is_nil else Band.BLOCKED), None
    if not action.is_reported:
        return (Band.SILENT if action.is_overdue else Band.NOT_DUE), None
    ratios = [value for measure in action.measures if (value := ratio(measure)) is not None]
    if not ratios:
        has_target = any(measure.yearly_target is not None for measure in action.measures)
        return (Band.NOT_DUE if has_target else Band.NO_TARGET), None
    lowest = min(ratios)
    is_waiting = not action.is_verified and not action.is_returned
    if is_waiting and lowest < ON_TARGET:
        return Band.WAITING, None
    return band_of_ratio(lowest, is_fully_verified=action.is_verified), lowest


@dataclass(frozen=True, slots=True)
class Tasks:
    """Which tasks an agency of a pokja holds, whether or not they are reported in the period."""

    leads: bool = False
    supports: bool = False

    def __or__(self, other: "Tasks") -> "Tasks":
        return Tasks(self.leads or other.leads, self.supports or other.supports)


def achievement_cell(actions: Sequence[ActionState], tasks: Tasks) -> Cell:
    """Sum up an agency's actions in a pokja: "n of m actions on target", lowest band.

    Different units are never averaged. Without any action that counts: not due, no target, only
    supporting others, or without a task.
    """
    if not actions:
        return Cell(Band.SUPPORT) if tasks.supports and not tasks.leads else _unasked(tasks)
    results = [band_of_action(action) for action in actions]
    counted = [(band, value) for band, value in results if band in SEVERITY]
    if not counted:
        for band in UNCOUNTED:
            if any(found is band for found, _value in results):
                return Cell(band, 0, len(actions))
        return Cell(Band.NO_TARGET, 0, len(actions))
    band = min((found for found, _value in counted), key=SEVERITY.index)
    good = sum(found in (Band.ON_TARGET, Band.COMPLETE) for found, _value in counted)
    return Cell(band, good, len(counted), counted[0][1] if len(counted) == 1 else None)


@dataclass(frozen=True, slots=True)
class Counts:
    """Obligations of an agency in a pokja and a period. Silent, nil and blocked are apart."""

    total: int = 0
    disputed: int = 0
    due: int = 0  # last day passed, or already reported
    in_time: int = 0
    reported: int = 0
    verified: int = 0
    waiting: int = 0
    nil: int = 0
    blocked: int = 0
    silent: int = 0
    # Typed on behalf and not confirmed by the agency for long: neither met nor missed.
    unconfirmed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            *(getattr(self, field.name) + getattr(other, field.name) for field in fields(Counts))
        )


def reporting_cell(counts: Counts, tasks: Tasks) -> Cell:
    """Layer Lapor: obligations met in time of those due. Silence is red, whatever else was sent."""
    if counts.due == 0:
        return _nothing_due(counts, tasks)
    if counts.in_time == counts.due:
        return Cell(Band.ON_TARGET, counts.in_time, counts.due)
    if counts.reported == 0:
        return Cell(Band.SILENT, 0, counts.due)
    return Cell(Band.ATTENTION, counts.in_time, counts.due)


def _unasked(tasks: Tasks) -> Cell:
    """Say why a member owes no report in the period: its task is reported later, or it has none."""
    return Cell(Band.NOT_DUE if tasks.leads or tasks.supports else Band.NO_TASK)


def _nothing_due(counts: Counts, tasks: Tasks) -> Cell:
    """Say why nothing counts: disputed, waiting for the agency's word, not due, or not asked."""
    if counts.total == 0:
        return _unasked(tasks)
    if counts.disputed == counts.total:
        return Cell(Band.DISPUTED, 0, counts.total)
    return Cell(Band.WAITING if counts.unconfirmed else Band.NOT_DUE, 0, counts.total)


def verified_cell(counts: Counts, tasks: Tasks) -> Cell:
    """Layer Terverifikasi: verified of those due; what waits for the secretariat is no fault of
    the agency."""
    if counts.due == 0:
        return _nothing_due(counts, tasks)
    if counts.verified == counts.due:
        return Cell(Band.ON_TARGET, counts.verified, counts.due)
    if counts.verified + counts.waiting == 0:
        return Cell(Band.BELOW, 0, counts.due)
    return Cell(Band.ATTENTION, counts.verified, counts.due)


def understanding_cell(accepted: int, disputed: int, total: int, *, settled: int = 0) -> Cell:
    """Layer Paham: duties accepted of the duties an agency has in a pokja.

    `settled` were refused or asked about and ruled to stay: answered, though not accepted.
    """
    if total == 0:
        return Cell(Band.NO_TASK)
    if accepted == total:
        return Cell(Band.ON_TARGET, accepted, total)
    if disputed:
        return Cell(Band.DISPUTED, accepted, total)
    if accepted == 0 and settled == 0:
        return Cell(Band.BELOW, 0, total)
    return Cell(Band.ATTENTION, accepted, total, settled=settled)
