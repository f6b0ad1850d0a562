"""What is said of a sheet's columns: which are left aside and why, which years are missing."""

from collections.abc import Collection, Iterable, Iterator

from coordinator.plans.actions.seed import PlanFile, PlanPart
from coordinator.plans.reading.columns import folded
from coordinator.plans.reading.faults import Faults
from coordinator.plans.reading.layout import PlanLayout, letters
from coordinator.plans.reading.shapes import Ambiguity, Field, RowState, ShownRow
from coordinator.plans.reading.slots import MONEY as MONEY_WORDS
from coordinator.plans.reading.slots import SkipReason, Slot, target_label

MOST_NAMED = 12
LONGEST = 50

NO_YEAR = (
    "Tahun kolom target ini tidak tertulis: pilih tahunnya. Tanpa tahun, angkanya tidak dibaca."
)
TWICE = "Kolom ini sama dengan kolom %s (%s). Yang dibaca kolom %s; bila keliru, pilih kolomnya."
RIVAL = (
    "Kolom ini dan kolom %s sama-sama target tahun yang sama. Pilih kolom yang memuat target "
    "seutuhnya, dan abaikan yang lain."
)
CHOSEN_TWICE = "Kolom %s dan %s sama-sama dipilih sebagai %s. Pilih satu."
TITLE_YEAR = "Tahun target (%d) diambil dari judul di atas tabel."
MONEY = "Kolom uang tidak dibaca: %s."
DONE = "Kolom realisasi, capaian, atau kondisi awal tidak dibaca: %s."
YEARS = "Kolom yang mencakup beberapa tahun tidak dibaca: %s."
REST = "Kolom lain yang tidak dibaca: %s."
UNLABELLED = "Kolom %s tidak berjudul; dibaca sebagai Satuan."
BASELINE = "Kolom tahun %s sebelum masa rencana (mulai %d): dianggap data awal, tidak dibaca."
ANSWERED = "Menurut jawaban Anda, “%s” dibaca: %s (%s)."
NO_TARGET = "%d indikator tidak punya target: baris %s."
MISSING = "Tidak ada kolom target untuk tahun %s: %s."


def other_sheets(names: Collection[str]) -> str:
    """Return what is said of the sheets that were not read."""
    listed = ", ".join(list(names)[:MOST_NAMED])
    return f"{len(names)} lembar lain tidak dibaca: {listed}."


def answered(questions: Iterable[Ambiguity]) -> Iterator[str]:
    """Return how each writing that was asked about is read by its answer, and its places."""
    places: dict[tuple[str, str], list[str]] = {}
    for one in questions:
        label = next((way.label for way in one.options if way.value == one.answer), "")
        if label:
            place = f"{one.column}{one.row}"
            places.setdefault((one.value, label), []).append(
                f"{one.sheet} {place}".strip() if one.sheet else place
            )
    for (written, label), found in places.items():
        yield ANSWERED % (written, label, _listed(found))


def without_target(table: Iterable[ShownRow]) -> Iterator[str]:
    """Say which rows that would be applied have no target at all."""
    bare = [one for one in table if not one.targets and one.state is RowState.READY]
    is_several = len({one.sheet for one in bare}) > 1
    rows = [f"{one.sheet} {one.row}" if is_several else str(one.row) for one in bare]
    if rows:
        yield NO_TARGET % (len(rows), _listed(rows))


def _listed(found: list[str]) -> str:
    more = f" dan {len(found) - MOST_NAMED} lagi" if len(found) > MOST_NAMED else ""
    return ", ".join(found[:MOST_NAMED]) + more


def say_columns(  # noqa: C901
    layout: PlanLayout, faults: Faults, plan: PlanPart | None, base: PlanFile | None
) -> None:
    """Note what becomes of each column that is no field of a plan."""
    _say_twice(layout, faults)
    left: dict[str, list[str]] = {}
    for at, column in layout.columns.items():
        name = f"{letters(at)} ({column.text[:LONGEST]})" if column.text else letters(at)
        if column.field == Field.UNIT and not column.text:
            faults.note(UNLABELLED % letters(at))
        if column.field is not None:
            if column.why is SkipReason.TITLE_YEAR:
                faults.note(TITLE_YEAR % layout.targets[at].year)
            continue
        if column.why is SkipReason.NO_YEAR:
            faults.warning(NO_YEAR, layout.bottom, at, column.text)
        elif column.why is SkipReason.RIVAL and column.same is not None:
            other = layout.columns[column.same]
            if other.why is SkipReason.RIVAL:  # nobody chose yet
                rival = f"{letters(column.same)} ({other.text[:LONGEST]})"
                faults.error(RIVAL % rival, layout.bottom, at)
            else:
                left.setdefault(REST, []).append(name)
        elif column.why is not SkipReason.TWICE:
            text = {SkipReason.MONEY: MONEY, SkipReason.DONE: DONE, SkipReason.YEARS: YEARS}.get(
                column.why or SkipReason.NOT_OURS, REST
            )
            if layout.is_template or (text is REST and not column.text):
                continue
            if text is REST and MONEY_WORDS & set(folded(column.text).split()):
                text = MONEY
            left.setdefault(text, []).append(name)
    for text, names in left.items():
        more = f" dan {len(names) - MOST_NAMED} lagi" if len(names) > MOST_NAMED else ""
        faults.note(text % (", ".join(names[:MOST_NAMED]) + more))
    if plan is not None and not layout.is_template:
        _say_years(layout, faults, plan, base)


def _say_twice(layout: PlanLayout, faults: Faults) -> None:
    of_slots: dict[Slot, int] = {}
    for at, slot in sorted(layout.targets.items()):
        if slot in of_slots:
            names = (letters(of_slots[slot]), letters(at), target_label(*slot))
            faults.error(CHOSEN_TWICE % names, layout.bottom, at)
        of_slots.setdefault(slot, at)
    for at, column in layout.columns.items():
        if column.why is SkipReason.TWICE and column.same is not None:
            first = letters(column.same)
            text = layout.columns[column.same].text[:LONGEST]
            faults.warning(TWICE % (first, text, first), layout.bottom, at)


def _say_years(layout: PlanLayout, faults: Faults, plan: PlanPart, base: PlanFile | None) -> None:
    years = {slot.year for slot in layout.targets.values()}
    early = sorted(year for year in years if year < plan.first_year)
    if early:
        faults.note(BASELINE % (", ".join(map(str, early)), plan.first_year))
    missing = [year for year in range(plan.first_year, plan.last_year + 1) if year not in years]
    if years and missing:
        is_kept = base is not None and (plan.sample or not base.plan.sample)
        kept = "target yang berlaku tetap" if is_kept else "tanpa target"
        faults.note(MISSING % (", ".join(map(str, missing)), kept))
