"""Between a form and a part of the plan: choices, the values of the fields, what was typed."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from coordinator.errors import InvalidInput
from coordinator.formatting import parse_number
from coordinator.forms import number_question, select_choices
from coordinator.mapping.duties import queries as duty_queries
from coordinator.numbers import shown
from coordinator.people.directory import queries as directory
from coordinator.permissions import Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.diff import ACCUMULATION_WORDS, BETTER_WORDS, KIND_WORDS, TAG_WORDS
from coordinator.plans.actions.rules import Accumulation, Better, IndicatorKind, TargetLevel
from coordinator.plans.actions.seed import ActionPart, IndicatorPart, PlanFile
from coordinator.plans.versions import queries
from coordinator.plans.versions.editing import fresh_key
from coordinator.plans.versions.forms import MOST_INDICATORS, ActionForm
from coordinator.translation import gettext as _
from coordinator.typed import whole

EVERY_LEVEL = "semua"
LEVELS: tuple[TargetLevel | None, ...] = (None, *TargetLevel)
HIGHEST = Decimal(10**12)

Targets = dict[tuple[int, str, int], str]


def give_choices(form: ActionForm, plan: PlanFile, part: ActionPart | None, viewer: Viewer) -> None:
    """Offer what may be chosen, and values of the plan that this task force does not know.

    A save must not lose these. A court is never offered.
    """
    agencies = [
        (one.key, one.abbreviation) for one in directory.agencies(viewer) if not one.is_court
    ]
    form.strategy.choices = select_choices(
        (str(one.number), f"{one.number}. {one.title}") for one in plan.strategies
    )
    form.working_group.choices = select_choices(
        _with(
            queries.group_names(viewer.own_task_force_id).items(),
            [part.working_group] if part else [],
        )
    )
    form.tag.choices = select_choices([("", _("Tidak ditandai")), *TAG_WORDS.items()])
    named = [key for key in (part.lead, *part.support) if key] if part else []
    agencies = _with(agencies, named)
    form.lead.choices = select_choices([("", _("Belum ada usul")), *agencies])
    form.support.choices = select_choices(agencies)
    duties = [
        (one.duty.key, f"{one.agency.abbreviation}: {one.text}")
        for one in duty_queries.duties(viewer)
    ]
    form.duties.choices = select_choices(_with(duties, part.duties if part else []))
    national = plans.in_force(plan.plan.national) if plan.plan.national else None
    form.national.choices = select_choices(
        [
            ("", _("Tidak ada")),
            *(
                (one.id, f"{one.code} {one.title}")
                for one in (national.actions if national else [])
            ),
        ]
    )
    for row in form.indicators:
        row.form.kind.choices = select_choices((one.value, KIND_WORDS[one]) for one in KIND_WORDS)
        row.form.better.choices = select_choices(
            (one.value, BETTER_WORDS[one]) for one in BETTER_WORDS
        )
        row.form.accumulation.choices = select_choices(
            (one.value, ACCUMULATION_WORDS[one]) for one in ACCUMULATION_WORDS
        )


def _with(pairs: Iterable[tuple[str, str]], keys: Iterable[str]) -> list[tuple[str, str]]:
    found = dict(pairs)
    return [*found.items(), *((key, key) for key in keys if key not in found)]


def filled(part: ActionPart | None) -> dict[str, Any]:
    """Return the values of the fields for an action; one empty indicator for a new one."""
    if part is None:
        return {"indicators": [{}]}
    return {
        "code": part.code,
        "title": part.title,
        "question": part.question,
        "strategy": str(part.strategy),
        "working_group": part.working_group,
        "tag": part.tag or "",
        "lead": part.lead or "",
        "support": part.support,
        "duties": part.duties,
        "national": part.national or "",
        "basis": part.basis or "",
        "origin": part.origin,
        "indicators": [
            {
                "key": one.id,
                "name": one.name,
                "unit": one.unit,
                "kind": one.kind.value,
                "better": one.better.value,
                "accumulation": one.accumulation.value,
            }
            for one in part.indicators
        ]
        + [{}] * (len(part.indicators) < MOST_INDICATORS),
    }


def target_name(place: int, level: str, year: int) -> str:
    """Return the name of the field of one target."""
    return f"target-{place}-{level}-{year}"


def stored_targets(part: ActionPart | None) -> Targets:
    """Return the targets of an action by (indicator's place, level, year), as they are typed."""
    found: Targets = {}
    for place, one in enumerate(part.indicators if part else []):
        for level, years in ((EVERY_LEVEL, one.targets), *one.level_targets.items()):
            for year, value in years.items():
                found[place, str(level), year] = shown(value)
    return found


def typed_targets(fields: Mapping[str, str], years: range, count: int) -> Targets:
    """Return the targets of `count` indicators that were typed."""
    found: Targets = {}
    for place in range(count):
        for level in LEVELS:
            for year in years:
                name = level.value if level else EVERY_LEVEL
                text = fields.get(target_name(place, name, year), "").strip()
                if text:
                    found[place, name, year] = text
    return found


def read_action(
    form: ActionForm, targets: Targets, plan: PlanFile, part: ActionPart | None
) -> ActionPart:
    """Return the action that a form describes. Raises InvalidInput."""
    taken = {one.id for one in plan.actions} | {
        one.id for action in plan.actions for one in action.indicators
    }
    key = part.id if part else fresh_key(form.title.data or "", taken)
    floors = {one.id: one.legal_floor for one in part.indicators} if part else {}
    indicators = []
    for place, row in enumerate(form.indicators):
        name, unit = (row.form.name.data or "").strip(), (row.form.unit.data or "").strip()
        if not name:
            continue
        kind = IndicatorKind(row.form.kind.data)
        values = _values(targets, place, kind, stored_targets(part))
        known = {one.id for one in part.indicators} if part else set()
        own = row.form.key.data if row.form.key.data in known else ""
        own = own or fresh_key(f"{key} {name}", taken | {key})
        taken.add(own)
        indicators.append(
            IndicatorPart.made(
                id=own,
                name=name,
                unit=unit,
                kind=kind,
                better=Better(row.form.better.data),
                accumulation=Accumulation(row.form.accumulation.data),
                targets=values.pop(EVERY_LEVEL, {}),
                level_targets={TargetLevel(level): years for level, years in values.items()},
                legal_floor=floors.get(own),
            )
        )
    if not indicators:
        raise InvalidInput({"indicators-0-name": _("Tulis paling sedikit satu indikator.")})
    lead = form.lead.data or None
    return ActionPart.made(
        id=key,
        code=(form.code.data or "").strip(),
        strategy=whole(form.strategy.data),
        working_group=form.working_group.data,
        title=(form.title.data or "").strip(),
        question=(form.question.data or "").strip(),
        tag=form.tag.data or None,
        origin=(form.origin.data or "").strip(),
        basis=(form.basis.data or "").strip() or None,
        lead=lead,
        support=_as_before(
            [one for one in form.support.data or [] if one != lead],
            part.support if part else [],
        ),
        duties=_as_before(list(form.duties.data or []), part.duties if part else []),
        national=form.national.data or None,
        discontinued=part.discontinued if part else None,
        indicators=indicators,
    )


def _as_before(chosen: list[str], before: list[str]) -> list[str]:
    """Return what was ticked in its former order: a save alone changes nothing."""
    return [
        *(one for one in before if one in chosen),
        *(one for one in chosen if one not in before),
    ]


def _values(
    targets: Targets, place: int, kind: IndicatorKind, stored: Targets
) -> dict[str, dict[int, Decimal]]:
    found: dict[str, dict[int, Decimal]] = {}
    for (own, level, year), text in targets.items():
        if own != place:
            continue
        value = parse_number(text)
        if value is None or not 0 <= value < HIGHEST:
            raise InvalidInput(
                {target_name(place, level, year): _("Isi target dengan angka, misalnya 12")}
            )
        question = number_question(
            target_name(place, level, year),
            text,
            is_percent=kind is IndicatorKind.PERCENT,
            known=stored.get((own, level, year), ""),
        )
        if question:
            raise InvalidInput({target_name(place, level, year): question})
        found.setdefault(level, {})[year] = value
    return found
