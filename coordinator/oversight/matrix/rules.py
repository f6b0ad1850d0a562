"""The arithmetic of compliance: bands, and how a cell sums up. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum, auto

from coordinator.oversight.matrix.measure_rules import ALL, Measure, ratio
from coordinator.reporting.reports.rules import ReportState

# Reports that the agency has submitted, regardless of the verdict.
REPORTED = frozenset({ReportState.SUBMITTED, ReportState.RETURNED, ReportState.VERIFIED})
ON_TARGET = Decimal("0.90")
ATTENTION = Decimal("0.66")


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


def band_of_ratio(value: Decimal, *, is_fully_verified: bool) -> Band:
    """Return the band of a ratio. 100 % not yet fully verified is on target, not complete."""
    if value >= ALL and is_fully_verified:
        return Band.COMPLETE
    if value >= ON_TARGET:
        return Band.ON_TARGET
    return Band.ATTENTION if value >= ATTENTION else Band.BELOW


@dataclass(frozen=True, slots=True)
class ActionState:
    """One action of an agency in a pokja and a period, as the layer Capaian sees it."""

    is_reported: bool
    is_verified: bool
    is_returned: bool
    is_nil: bool
    is_blocked: bool
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What one cell shows: a band and "n of m", or `percent` if it has a single action."""

    band: Band
    good: int = 0
    total: int = 0
    percent: int | None = None  # rounded down: 99,9 % never reads as 100 %
    settled: int = 0  # layer Paham: duties left with the agency by a ruling, not accepted


def band_of_action(action: ActionState) -> tuple[Band, int]:
    """Return an action's band on any day, and its ratio in whole percent, rounded down (0 where
    none is shown).

    Nil and blocked leave the arithmetic but stay visible. What is not reported is not due here:
    whether it is silent depends on the day, see `band_on_the_day`. What waits for the secretariat
    is never counted against the agency.
    """
    if action.is_nil or action.is_blocked:
        return (Band.NIL if action.is_nil else Band.BLOCKED), 0
    if not action.is_reported:
        return Band.NOT_DUE, 0
    ratios = [value for measure in action.measures if (value := ratio(measure)) is not None]
    if not ratios:
        has_target = any(measure.yearly_target is not None for measure in action.measures)
        return (Band.NOT_DUE if has_target else Band.NO_TARGET), 0
    lowest = min(ratios)
    is_waiting = not action.is_verified and not action.is_returned
    if is_waiting and lowest < ON_TARGET:
        return Band.WAITING, 0
    percent = int((lowest * 100).to_integral_value(ROUND_FLOOR))
    return band_of_ratio(lowest, is_fully_verified=action.is_verified), percent


def band_on_the_day(band: Band, *, is_late: bool) -> Band:
    """Return the band of an action on a day, by whether it is late.

    An action that is not reported after its last day is red, unless it was nil or blocked before.
    """
    return Band.SILENT if is_late and band is Band.NOT_DUE else band


@dataclass(frozen=True, slots=True)
class BandCount:
    """How many actions of a cell have one band, and the sum of their whole percents."""

    actions: int = 0
    percents: int = 0

    def __add__(self, other: "BandCount") -> "BandCount":
        return BandCount(self.actions + other.actions, self.percents + other.percents)

    def __sub__(self, other: "BandCount") -> "BandCount":
        return BandCount(self.actions - other.actions, self.percents - other.percents)


@dataclass(frozen=True, slots=True)
class Tasks:
    """Which tasks an agency of a pokja holds, whether or not they are reported in the period."""

    leads: bool = False
    supports: bool = False

    def __or__(self, other: "Tasks") -> "Tasks":
        return Tasks(self.leads or other.leads, self.supports or other.supports)


def achievement_cell(outcomes: Mapping[Band, BandCount], tasks: Tasks) -> MatrixCell:
    """Sum up an agency's actions in a pokja: "n of m actions on target", lowest band.

    Different units are never averaged. Without any action that counts: not due, no target, only
    supporting others, or without a task.
    """
    found = {band: outcome for band, outcome in outcomes.items() if outcome.actions}
    if not found:
        return MatrixCell(Band.SUPPORT) if tasks.supports and not tasks.leads else _unasked(tasks)
    counted = {band: outcome for band, outcome in found.items() if band in SEVERITY}
    if not counted:
        total = sum(outcome.actions for outcome in found.values())
        return MatrixCell(next(band for band in UNCOUNTED if band in found), 0, total)
    band = min(counted, key=SEVERITY.index)
    together = sum(counted.values(), BandCount())
    good = sum(counted.get(one, BandCount()).actions for one in (Band.ON_TARGET, Band.COMPLETE))
    stands_alone = together.actions == 1 and band is not Band.SILENT
    return MatrixCell(band, good, together.actions, together.percents if stands_alone else None)


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
    # Entered on behalf of the agency, long unconfirmed: neither met nor missed.
    unconfirmed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.total + other.total,
            self.disputed + other.disputed,
            self.due + other.due,
            self.in_time + other.in_time,
            self.reported + other.reported,
            self.verified + other.verified,
            self.waiting + other.waiting,
            self.nil + other.nil,
            self.blocked + other.blocked,
            self.silent + other.silent,
            self.unconfirmed + other.unconfirmed,
        )

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts(
            self.total - other.total,
            self.disputed - other.disputed,
            self.due - other.due,
            self.in_time - other.in_time,
            self.reported - other.reported,
            self.verified - other.verified,
            self.waiting - other.waiting,
            self.nil - other.nil,
            self.blocked - other.blocked,
            self.silent - other.silent,
            self.unconfirmed - other.unconfirmed,
        )


def reporting_cell(counts: Counts, tasks: Tasks) -> MatrixCell:
    """Return the cell of layer Lapor: obligations met in time of those due. None is red."""
    if counts.due == 0:
        return _nothing_due(counts, tasks)
    if counts.in_time == counts.due:
        return MatrixCell(Band.ON_TARGET, counts.in_time, counts.due)
    if counts.reported == 0:
        return MatrixCell(Band.SILENT, 0, counts.due)
    return MatrixCell(Band.ATTENTION, counts.in_time, counts.due)


def _unasked(tasks: Tasks) -> MatrixCell:
    """Return the cell of a member that owes no report: its task is due later, or it has none."""
    return MatrixCell(Band.NOT_DUE if tasks.leads or tasks.supports else Band.NO_TASK)


def _nothing_due(counts: Counts, tasks: Tasks) -> MatrixCell:
    """Return the cell if nothing counts: disputed, unconfirmed, not due, or not asked."""
    if counts.total == 0:
        return _unasked(tasks)
    if counts.disputed == counts.total:
        return MatrixCell(Band.DISPUTED, 0, counts.total)
    return MatrixCell(Band.WAITING if counts.unconfirmed else Band.NOT_DUE, 0, counts.total)


def verified_cell(counts: Counts, tasks: Tasks) -> MatrixCell:
    """Return the cell of layer Terverifikasi: verified of those due.

    Reports that wait for the secretariat do not count against the agency.
    """
    if counts.due == 0:
        return _nothing_due(counts, tasks)
    if counts.verified == counts.due:
        return MatrixCell(Band.ON_TARGET, counts.verified, counts.due)
    if counts.verified + counts.waiting == 0:
        return MatrixCell(Band.BELOW, 0, counts.due)
    return MatrixCell(Band.ATTENTION, counts.verified, counts.due)


def understanding_cell(accepted: int, disputed: int, total: int, *, settled: int = 0) -> MatrixCell:
    """Return the cell of layer Paham: duties accepted of the duties an agency has in a pokja.

    `settled` were questioned or refused and left there by a ruling: answered, but not accepted.
    """
    if total == 0:
        return MatrixCell(Band.NO_TASK)
    if accepted == total:
        return MatrixCell(Band.ON_TARGET, accepted, total)
    if disputed:
        return MatrixCell(Band.DISPUTED, accepted, total)
    if accepted == 0 and settled == 0:
        return MatrixCell(Band.BELOW, 0, total)
    return MatrixCell(Band.ATTENTION, accepted, total, settled=settled)
