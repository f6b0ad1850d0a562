"""What one plan changes against another, action by action. Pure.

deepdiff compares structures; here a change is a sentence that the agencies concerned read.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from operator import attrgetter

from coordinator.plans.actions.differences import (
    INDICATOR,
    PlanChange,
    PlanDifference,
    PlanLine,
    PlanSubject,
)
from coordinator.plans.actions.rules import (
    Accumulation,
    Better,
    IndicatorKind,
    PlanStatus,
    TargetLevel,
)
from coordinator.plans.actions.seed import ActionPart, IndicatorPart, PlanFile, PlanPart
from coordinator.platform.versioned_documents.comparing import pairs

TAG_WORDS = {
    "koordinasi": "Koordinasi",
    "advokasi": "Advokasi dan pencegahan",
    "pelindungan": "Pelindungan korban",
    "penegakan": "Penegakan hukum",
    "pelaporan": "Pemantauan dan pelaporan",
}
STATUS_WORDS = {
    PlanStatus.DRAFT: "rancangan, belum ditetapkan",
    PlanStatus.ENACTED: "ditetapkan",
}
KIND_WORDS = {
    IndicatorKind.NUMBER: "angka",
    IndicatorKind.PERCENT: "persen",
    IndicatorKind.YES_NO: "ya/tidak",
    IndicatorKind.MILESTONE: "tonggak",
}
BETTER_WORDS = {Better.UP: "makin besar makin baik", Better.DOWN: "makin kecil makin baik"}
ACCUMULATION_WORDS = {
    Accumulation.CUMULATIVE: "dijumlahkan setahun",
    Accumulation.PER_PERIOD: "keadaan tiap periode",
}
LEVEL_WORDS = {
    TargetLevel.NATIONAL: "nasional",
    TargetLevel.PROVINCE: "provinsi",
    TargetLevel.DISTRICT: "kabupaten/kota",
}


def compare(before: PlanFile | None, after: PlanFile) -> list[PlanDifference]:
    """Return what `after` changes against `before` (None: everything is new), in the plan's order.
    Agencies, pokja and duties are given by their keys (`named` replaces these with names)."""
    found = list(_head(before.plan, after.plan)) if before else []
    old = {part.number: part.title for part in before.strategies} if before else {}
    new = {part.number: part.title for part in after.strategies}
    for number in sorted(old | new) if before else ():
        if old.get(number) != new.get(number):
            line = PlanLine("Judul", old.get(number, ""), new.get(number, ""))
            change = _change(number in old, number in new)
            label = new.get(number) or old.get(number, "")
            found.append(
                PlanDifference(
                    change, PlanSubject.STRATEGY, str(number), str(number), label, (), (line,)
                )
            )
    actions = pairs(before.actions if before else (), after.actions, key=attrgetter("id"))
    return found + [_action(was, part) for was, part in actions if not is_same(was, part)]


def compare_action(was: ActionPart | None, now: ActionPart | None) -> PlanDifference | None:
    """Return what changed of one action, or None."""
    return None if is_same(was, now) else _action(was, now)


def is_same(was: ActionPart | None, now: ActionPart | None) -> bool:
    """Whether two actions say the same: the order of indicators, supporters and duties, which is
    only that of a file's rows, says nothing."""
    if was is None or now is None:
        return was is now
    return _ordered(was) == _ordered(now)


def _ordered(part: ActionPart) -> ActionPart:
    return replace(
        part,
        indicators=sorted(part.indicators, key=lambda one: one.id),
        support=sorted(part.support),
        duties=sorted(part.duties),
    )


def _change(was: bool, is_now: bool) -> PlanChange:
    if was and is_now:
        return PlanChange.CHANGED
    return PlanChange.NEW if is_now else PlanChange.REMOVED


def _head(before: PlanPart, after: PlanPart) -> Iterator[PlanDifference]:
    lines = _lines(_of_plan(before), _of_plan(after))
    if lines:
        yield PlanDifference(
            PlanChange.CHANGED, PlanSubject.PLAN, after.id, "", after.title, (), tuple(lines)
        )


def _of_plan(part: PlanPart) -> dict[str, str]:
    return {
        "Judul rencana": part.title,
        "Status rencana": STATUS_WORDS[part.status],
        "Dasar penetapan": part.basis or "",
        "Masa": f"{part.first_year}-{part.last_year}",
        "Sumber": part.source or "",
        "Catatan": part.note or "",
        "Rencana nasional": part.national or "",
        "Data contoh": "ya" if part.sample else "",
    }


def _action(was: ActionPart | None, part: ActionPart | None) -> PlanDifference:
    now = part or was
    assert now is not None
    change = _change(was is not None, part is not None)
    if was is not None and part is not None and bool(was.discontinued) != bool(part.discontinued):
        change = PlanChange.DISCONTINUED if part.discontinued else PlanChange.RESUMED
    agencies: dict[str, None] = {}
    for one in (part, was):
        if one is not None:
            agencies |= dict.fromkeys(filter(None, (one.lead, *one.support)))
    names = {one.id: one.name for action in (was, part) if action for one in action.indicators}
    lines = _lines(described(was), described(part), names) if part is not None else []
    return PlanDifference(
        change, PlanSubject.ACTION, now.id, now.code, now.title, tuple(agencies), tuple(lines)
    )


def described(part: ActionPart | None) -> dict[str, str]:
    """Return an action as field -> text, in the order a person reads it; keys are not replaced."""
    if part is None:
        return {}
    found = {
        "Kode": part.code,
        "Aksi": part.title,
        "Pertanyaan laporan": part.question,
        "Strategi": str(part.strategy),
        POKJA: part.working_group,
        "Tugas gugus tugas": TAG_WORDS.get(part.tag or "", ""),
        LEAD: part.lead or "",
        SUPPORT: ", ".join(part.support),
        DUTIES: ", ".join(part.duties),
        "Asal": part.origin,
        "Dasar": part.basis or "",
        "Aksi nasional": part.national or "",
        "Tidak dilanjutkan": part.discontinued or "",
    }
    for indicator in part.indicators:
        found |= _indicator(indicator)
    return found


POKJA, LEAD, SUPPORT, DUTIES = "Pokja", "Penanggung jawab", "Pendukung", "Uraian tugas"


def _indicator(part: IndicatorPart) -> dict[str, str]:
    """Return an indicator's lines: what it is, what the law asks for, its targets.
    The labels end with a hidden mark and its id: two indicators may have one name."""
    words = (
        part.name,
        part.unit,
        KIND_WORDS[part.kind],
        BETTER_WORDS[part.better],
        ACCUMULATION_WORDS[part.accumulation],
    )
    targets = [
        f"{year}{f' {LEVEL_WORDS[level]}' if level else ''}: {number(value)}"
        for level, years in ((None, part.targets), *sorted(part.level_targets.items()))
        for year, value in sorted(years.items())
    ]
    floor = part.legal_floor
    by_law = f"{number(floor.value)} ({floor.article})" if floor else ""
    return {
        f"{INDICATOR}\x00{part.id}": ", ".join(words),
        f"Kewajiban hukum\x00{part.id}": by_law,
        f"Target\x00{part.id}": "; ".join(targets),
    }


def number(value: Decimal) -> str:
    """Return a number as Indonesian texts write it: 40.000, 8,5."""
    whole, _point, part = (format(value.normalize(), "f") if value else "0").partition(".")
    return f"{int(whole):,}".replace(",", ".") + (f",{part}" if part else "")


def _lines(
    before: Mapping[str, str], after: Mapping[str, str], names: Mapping[str, str] | None = None
) -> list[PlanLine]:
    found = []
    for key in dict.fromkeys((*after, *before)):
        label, _mark, of = key.partition("\x00")
        was, now = before.get(key, ""), after.get(key, "")
        if was != now:
            found.append(PlanLine(label, was, now, (names or {}).get(of, "")))
    return found


def named(
    differences: Iterable[PlanDifference],
    *,
    agencies: Mapping[str, str],
    groups: Mapping[str, str],
    duties: Mapping[str, str] | None = None,
) -> list[PlanDifference]:
    """Return the differences with names in place of keys, where a name is known."""
    by_label: dict[str, Mapping[str, str]] = {
        POKJA: groups,
        LEAD: agencies,
        SUPPORT: agencies,
        DUTIES: duties or {},
    }

    def put(text: str, names: Mapping[str, str]) -> str:
        return ", ".join(names.get(key, key) for key in text.split(", ")) if text else ""

    return [
        PlanDifference(
            one.change,
            one.subject,
            one.id,
            one.code,
            one.label,
            one.agencies,
            tuple(
                replace(
                    line,
                    before=put(line.before, by_label[line.label]),
                    after=put(line.after, by_label[line.label]),
                )
                if line.label in by_label
                else line
                for line in one.lines
            ),
        )
        for one in differences
    ]


def counted(differences: Iterable[PlanDifference]) -> dict[PlanChange, int]:
    """Return how many actions changed in which way."""
    found = dict.fromkeys(PlanChange, 0)
    for one in differences:
        if one.subject is PlanSubject.ACTION:
            found[one.change] += 1
    return found
