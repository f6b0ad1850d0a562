"""Whether an action or indicator of a file goes on with one that work rests on: a person says.

Assignments, targets and reported figures stay with what goes on. A title or a code that looks alike
is a suggestion, never a decision.
"""

from collections.abc import Sequence

from coordinator.plans.actions.seed import ActionPart, IndicatorPart
from coordinator.plans.reading.columns import folded
from coordinator.plans.reading.guesses import is_percent
from coordinator.plans.reading.matching import SAME_CODE_ALIKE, Match
from coordinator.plans.reading.raw import PlacedText, RawIndicator
from coordinator.plans.reading.shapes import Field, Option
from coordinator.plans.reading.sheet_context import SheetContext
from coordinator.plans.reading.writings import numbered
from coordinator.platform.yaml_files import shown

ACTION, INDICATOR = "continues", "continues-indicator"
NEW = "new"
MOST_OFFERED = 4
LIKELY = 80  # titles so alike are suggested without the same code

ACTION_ASKED = (
    "Aksi ini melanjutkan aksi lama? Bila ya, penugasan dan laporannya ikut; bila tidak, aksi lama "
    "dianggap tidak ada di berkas."
)
INDICATOR_ASKED = (
    "Indikator ini melanjutkan indikator lama? Bila ya, target dan angka yang sudah dilaporkan "
    "ikut dihitung; bila tidak, keduanya tersimpan pada indikator lama."
)
TAKEN = "Aksi lama yang Anda pilih di sini juga dipilih untuk baris lain."
NEW_ACTION, NEW_INDICATOR = "Tidak, ini aksi baru", "Tidak, ini indikator baru"


def action_of(
    given: SheetContext, key: str | None, title: str, code: str, place: tuple[int, int]
) -> Match:
    """Return the action in force that a row means; `code` is "" where the file has none."""
    base = given.base
    if base.is_sure(key, title, code):
        return base.find(key, title, code)
    rivals = base.alike(title, code)[:MOST_OFFERED]
    was_taken = base.is_taken(given.chosen(ACTION, place))
    if not rivals and not was_taken:
        return base.find(key, title, code)
    options = [
        Option(value=one.id, label=f"Ya: {one.code} {shown(one.title)}") for one, _score in rivals
    ]
    answer = given.choose(
        ACTION,
        f"{TAKEN} {ACTION_ASKED}" if was_taken else ACTION_ASKED,
        [*options, Option(value=NEW, label=NEW_ACTION)],
        place,
        written=f"{code} {title}".strip(),
        suggestion=_likely(given, rivals, title, code),
    )
    return Match(base.take(answer) if answer not in ("", NEW) else None)


def _likely(
    given: SheetContext, rivals: Sequence[tuple[ActionPart, int]], title: str, code: str
) -> str:
    """Return the id of the action that is suggested, "" where none is: an action is suggested to
    one row alone."""
    for action, score in rivals[:1]:
        is_likely = score >= LIKELY or (action.code == code and score >= SAME_CODE_ALIKE)
        if is_likely and given.base.is_likeliest(action, title, code):
            return action.id
    return ""


def indicator_of(
    given: SheetContext,
    before: ActionPart | None,
    raw: RawIndicator,
    raws: Sequence[RawIndicator],
    key: str | None,
    written: PlacedText,
    name: str,
    unit: str,
) -> IndicatorPart | None:
    """Return the indicator in force that the row `raw` means; `raws` are all of its action in the
    file, `unit` is "" where the file has none."""
    others = frozenset(_name_of(one) for one in raws if one is not raw)
    known = given.base.indicator(before, key, name, is_only=not others)
    if before is None or key is not None or given.exact:
        return known
    taken = given.shared.indicator_keys
    if known is not None and known.id in taken:
        known = None  # another row goes on with it
    if known is not None:
        is_same_name = folded(known.name) == folded(name)
        if known.id not in given.base.in_use or (is_same_name and _is_unit(known, unit)):
            return known
        rivals = [known]
    else:
        rivals = [
            one
            for one in before.indicators
            if one.id in given.base.in_use
            and one.id not in taken
            and folded(one.name) not in others
        ][:MOST_OFFERED]
    if not rivals:
        return known
    options = [
        Option(value=one.id, label=f"Ya: {shown(one.name)} ({shown(one.unit)})") for one in rivals
    ]
    suggestion = rivals[0].id if len(rivals) == 1 and _is_unit(rivals[0], unit) else ""
    answer = given.choose(
        INDICATOR,
        INDICATOR_ASKED,
        [*options, Option(value=NEW, label=NEW_INDICATOR)],
        (written.row, written.column),
        written=f"{name} ({unit})" if unit else name,
        mark=f"#{raw.place + 1}" if raw.place else "",
        suggestion=suggestion,
    )
    return next((one for one in rivals if one.id == answer), None)


def _name_of(raw: RawIndicator) -> str:
    found = raw.cells.get(Field.INDICATOR)
    return folded(numbered(found.text)[1] or found.text) if found else ""


def _is_unit(part: IndicatorPart, unit: str) -> bool:
    """Return whether a file's unit is the indicator's; one that is not written is."""
    are_percent = is_percent(part.unit) and is_percent(unit)
    return not unit or are_percent or folded(part.unit) == folded(unit)
