"""What one plan changes against another, action by action. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum, auto
from operator import attrgetter
from typing import Any

from coordinator.plans.actions.rules import (
    Accumulation,
    Better,
    IndicatorKind,
    PlanStatus,
    TargetLevel,
)
from coordinator.plans.actions.seed import ActionPart, IndicatorPart, PlanFile, PlanPart
from coordinator.platform.versioned_documents.comparing import pairs


class Change(StrEnum):
    """What happened to a part of the plan."""

    NEW = auto()
    CHANGED = auto()
    DISCONTINUED = auto()
    RESUMED = auto()
    REMOVED = auto()


class Subject(StrEnum):
    """What the change is about."""

    ACTION = auto()
    STRATEGY = auto()
    PLAN = auto()


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


@dataclass(frozen=True, slots=True)
class Line:
    """One changed field: its name, its value before and its value now; empty is nothing.
    `of` names the indicator it belongs to."""

    label: str
    before: str
    after: str
    of: str = ""

    @property
    def heading(self) -> str:
        """The field, with the indicator it is of: an action may have several."""
        return f"{self.label}: {self.of}" if self.of and self.label != INDICATOR else self.label


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. `agencies` are the keys the action names, before or after, the lead first."""

    change: Change
    subject: Subject
    id: str
    code: str
    label: str
    agencies: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def blocks(self) -> list[list[Line]]:
        """Return the lines that a person reads together: an indicator with its targets is one."""
        found: list[list[Line]] = []
        for line in self.lines:
            if line.of and found and found[-1][-1].of == line.of and line.label != INDICATOR:
                found[-1].append(line)
            else:
                found.append([line])
        return found

    def as_dict(self) -> dict[str, Any]:
        """Return it as `plan import --dry-run --json` prints it."""
        return {
            "change": self.change.value,
            "subject": self.subject.value,
            "id": self.id,
            "code": self.code,
            "label": self.label,
            "agencies": list(self.agencies),
            "fields": [
                {"field": line.label, "before": line.before, "after": line.after}
                for line in self.lines
            ],
        }


def compare(before: PlanFile | None, after: PlanFile) -> list[Difference]:
    """Return what `after` changes against `before` (None: everything is new), in the plan's order.
    Agencies, pokja and duties are given by their keys (`named` replaces these with names)."""
    found = list(_head(before.plan, after.plan)) if before else []
    old = {part.number: part.title for part in before.strategies} if before else {}
    new = {part.number: part.title for part in after.strategies}
    for number in sorted(old | new) if before else ():
        if old.get(number) != new.get(number):
            line = Line("Judul", old.get(number, ""), new.get(number, ""))
            change = _change(number in old, number in new)
            label = new.get(number) or old.get(number, "")
            found.append(
                Difference(change, Subject.STRATEGY, str(number), str(number), label, (), (line,))
            )
    actions = pairs(before.actions if before else (), after.actions, key=attrgetter("id"))
    return found + [_action(was, part) for was, part in actions if not is_same(was, part)]


def compare_action(was: ActionPart | None, now: ActionPart | None) -> Difference | None:
    """Return what changed of one action, or None."""
    return None if is_same(was, now) else _action(was, now)


def is_same(was: ActionPart | None, now: ActionPart | None) -> bool:
    """Whether two actions say the same: the order of indicators, supporters and duties, which is
    only that of a file's rows, says nothing."""
    if was is None or now is None:
        return was is now
    return _ordered(was) == _ordered(now)


def _ordered(part: ActionPart) -> ActionPart:
    return part.model_copy(
        update={
            "indicators": sorted(part.indicators, key=lambda one: one.id),
            "support": sorted(part.support),
            "duties": sorted(part.duties),
        }
    )


def _change(was: bool, is_now: bool) -> Change:
    if was and is_now:
        return Change.CHANGED
    return Change.NEW if is_now else Change.REMOVED


def _head(before: PlanPart, after: PlanPart) -> Iterator[Difference]:
    lines = _lines(_of_plan(before), _of_plan(after))
    if lines:
        yield Difference(Change.CHANGED, Subject.PLAN, after.id, "", after.title, (), tuple(lines))


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


def _action(was: ActionPart | None, part: ActionPart | None) -> Difference:
    now = part or was
    assert now is not None
    change = _change(was is not None, part is not None)
    if was is not None and part is not None and bool(was.discontinued) != bool(part.discontinued):
        change = Change.DISCONTINUED if part.discontinued else Change.RESUMED
    agencies: dict[str, None] = {}
    for one in (part, was):
        if one is not None:
            agencies |= dict.fromkeys(filter(None, (one.lead, *one.support)))
    names = {one.id: one.name for action in (was, part) if action for one in action.indicators}
    lines = _lines(described(was), described(part), names) if part is not None else []
    return Difference(
        change, Subject.ACTION, now.id, now.code, now.title, tuple(agencies), tuple(lines)
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
INDICATOR = "Indikator"


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
) -> list[Line]:
    found = []
    for key in dict.fromkeys((*after, *before)):
        label, _mark, of = key.partition("\x00")
        was, now = before.get(key, ""), after.get(key, "")
        if was != now:
            found.append(Line(label, was, now, (names or {}).get(of, "")))
    return found


def named(
    differences: Iterable[Difference],
    *,
    agencies: Mapping[str, str],
    groups: Mapping[str, str],
    duties: Mapping[str, str] | None = None,
) -> list[Difference]:
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
        Difference(
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


def counted(differences: Iterable[Difference]) -> dict[Change, int]:
    """Return how many actions changed in which way."""
    found = dict.fromkeys(Change, 0)
    for one in differences:
        if one.subject is Subject.ACTION:
            found[one.change] += 1
    return found
