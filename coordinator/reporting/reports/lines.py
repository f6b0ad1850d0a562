"""A draft as people read it: which fields a report of a kind carries, their labels,
the values as they are shown."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from coordinator.plans.actions.rules import IndicatorKind
from coordinator.reporting.reports import labels, queries
from coordinator.reporting.reports.rules import FIELDS, AskedIndicator
from coordinator.translation import gettext as _


class _Measured(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def kind(self) -> IndicatorKind: ...


class _Asking(Protocol):
    """What is asked in a report, as its page or its form was read."""

    @property
    def is_lead(self) -> bool: ...
    @property
    def indicators(self) -> Sequence[_Measured]: ...


def question_of(page: queries.ReportPage) -> str:
    """Return what is asked: of the lead, the plan's question; of a supporter, what it gave."""
    if page.is_lead:
        return page.action.question
    lead = page.called(page.assignment.lead.agency_id)
    return question_to_supporter(page.agency.abbreviation, lead.abbreviation)


def question_to_supporter(agency: str, lead: str) -> str:
    """Return what is asked of a supporter: what it gave to the lead."""
    return _("Apa dukungan %(agency)s untuk %(lead)s?", agency=agency, lead=lead)


def field_labels(page: _Asking) -> dict[str, str]:
    """Return the label of each field, in the order of the form."""
    names = labels.field_labels()
    found = {"kind": names["kind"]}
    for indicator in page.indicators:
        name = AskedIndicator(indicator.id, indicator.kind).field
        found[name] = f"{indicator.name} ({indicator.unit})"
    return found | {name: names[name] for name in FIELDS if name != "kind"}


def fields_for_kind(kind: str, page: _Asking) -> list[str]:
    """Return the fields that a report of this kind carries."""
    own = {
        "achievement": [
            *(AskedIndicator(i.id, i.kind).field for i in page.indicators),
            *([] if page.is_lead else ["contribution"]),
            "held_on",
            "place",
        ],
        "nil": ["nil_reason"],
        "blocked": ["blocked_by"],
    }[kind]
    return ["kind", *own, "note", "decision_question", "decision_asked_of"]


def draft_lines(draft: Mapping[str, str], page: _Asking) -> list[tuple[str, str]]:
    """Return a complete draft as (label, text), in the order of the form."""
    names = field_labels(page)
    kind = draft.get("kind", "")
    return [
        (names[name], display_value(name, draft[name], page))
        for name in (fields_for_kind(kind, page) if kind else names)
        if draft.get(name)
    ]


def display_value(name: str, text: str, page: _Asking) -> str:
    """Return a field's stored text as people read it."""
    if name == "kind":
        return {kind.value: label for kind, label in labels.kind_labels().items()}.get(text, text)
    choices = {
        AskedIndicator(i.id, i.kind).field
        for i in page.indicators
        if i.kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE)
    }
    if name in choices:
        return {"1": _("Sudah"), "0": _("Belum")}.get(text, text)
    return text
