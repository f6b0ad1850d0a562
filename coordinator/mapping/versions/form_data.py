"""Convert between forms and the mapping: choices, initial values and submitted values."""

from dataclasses import asdict, replace
from typing import Any

from coordinator.errors import InvalidInput
from coordinator.forms import select_choices
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.mapping.duties.seed import (
    AgencyPart,
    CitationPart,
    DutyPart,
    InstrumentPart,
    Mapping,
    MembershipPart,
    WorkingGroupPart,
)
from coordinator.mapping.versions import labels
from coordinator.mapping.versions.chain_form import chain_data, chain_values, set_choices
from coordinator.mapping.versions.forms import (
    CITATIONS,
    AgencyForm,
    CitationForm,
    DutyForm,
    GroupForm,
    InstrumentForm,
    PartForm,
    StandingForm,
    lines_of,
)
from coordinator.translation import gettext as _
from coordinator.typed import whole


def plain(text: str | None) -> str:
    """Return typed text with the line ends the file has."""
    return (text or "").replace("\r\n", "\n").strip()


def optional(text: str | None) -> str | None:
    """Return typed text, None where there is none."""
    return plain(text) or None


def refuse(form: PartForm, error: InvalidInput) -> None:
    """Attach the errors to their fields; "memberships.2.kind" is a field of a row."""
    for path, message in error.fields.items():
        name, *rest = path.split(".")
        field = getattr(form, name, None)
        if field is None:
            form.form_errors = [*form.form_errors, message]
            continue
        if rest:
            inner = getattr(field[whole(rest[0])].form, rest[1])
            inner.errors = [*inner.errors, message]
        field.errors = [*field.errors, message]


# --- choices -------------------------------------------------------------------------------------


def _sources(mapping: Mapping) -> list[Any]:
    return select_choices(
        [("", _("Pilih sumber, atau tulis yang baru")), *((s.id, s.label) for s in mapping.sources)]
    )


def _instruments(mapping: Mapping) -> list[Any]:
    parts = sorted(mapping.legal_instruments, key=lambda part: part.short.casefold())
    return select_choices([("", _("Tanpa pasal")), *((part.id, part.short) for part in parts)])


def agency_choices(mapping: Mapping) -> list[tuple[str, str]]:
    """Return the agencies for a list, by abbreviation."""
    parts = sorted(mapping.agencies, key=lambda part: part.abbreviation.casefold())
    return [(part.id, part.abbreviation) for part in parts]


def group_choices(mapping: Mapping) -> list[tuple[str, str]]:
    """Return the pokja for a list, in their order."""
    return [(part.id, f"{part.number} {part.short}") for part in mapping.working_groups]


# --- duties --------------------------------------------------------------------------------------


def duty_form(mapping: Mapping, part: DutyPart | None, agency: str, group: str) -> DutyForm:
    """Return the form of a duty, or of a new one for an agency in a pokja."""
    form = DutyForm(data=_duty_data(part, agency, group))
    form.agency.choices = select_choices([("", _("Pilih instansi")), *agency_choices(mapping)])
    form.working_group.choices = select_choices([("", _("Pilih pokja")), *group_choices(mapping)])
    form.status.choices = select_choices(labels.status_choices())
    form.source.choices = _sources(mapping)
    for row in form.citations:
        row.form.instrument.choices = _instruments(mapping)
    set_choices(form, mapping, part)
    return form


def _duty_data(part: DutyPart | None, agency: str, group: str) -> dict[str, Any]:
    if part is None:
        return {
            "agency": agency,
            "working_group": group,
            "status": BasisStatus.PROPOSAL.value,
            "citations": [{}] * CITATIONS,
            **chain_data(None),
        }
    citations = [asdict(citation) for citation in part.citations[:CITATIONS]]
    return {
        "agency": part.agency,
        "working_group": part.working_group,
        "text": part.text,
        "unit": part.unit,
        "status": part.status.value,
        "source": part.source or "",
        "citations": citations + [{}] * (CITATIONS - len(citations)),
        "evidence": "\n".join(part.evidence),
        "not_evidence": "\n".join(part.not_evidence),
        "example": part.example,
        **chain_data(part),
    }


def duty_values(form: DutyForm, part: DutyPart | None) -> dict[str, Any]:
    """Return what was typed as the fields of a duty. Raises InvalidInput."""
    rows = [
        _cited(row.form) if row.form.instrument.data else None
        for row in form.citations.entries[:CITATIONS]
    ]
    more = part.citations[CITATIONS:] if part else []
    return {
        "agency": form.agency.data,
        "working_group": form.working_group.data,
        "text": plain(form.text.data),
        "unit": optional(form.unit.data),
        "status": BasisStatus(form.status.data),
        "source": form.source.data or None,
        "citations": [*(row for row in rows if row is not None), *more],
        "evidence": lines_of(form.evidence.data),
        "not_evidence": lines_of(form.not_evidence.data),
        "example": optional(form.example.data),
        **chain_values(form, [*rows, *more]),
    }


def _cited(row: CitationForm | StandingForm) -> CitationPart:
    return CitationPart.made(
        instrument=row.instrument.data,
        article=plain(row.article.data),
        note=optional(row.note.data) if isinstance(row, CitationForm) else None,
        text_checked_on=row.text_checked_on.data,
    )


# --- agencies ------------------------------------------------------------------------------------


def agency_form(mapping: Mapping, part: AgencyPart | None) -> AgencyForm:
    """Return the form of an agency (None: a new one), one row for each pokja."""
    data: dict[str, Any] = {"kind": "perangkat_daerah"}
    if part is not None:
        data = {
            "name": part.name,
            "abbreviation": part.abbreviation,
            "kind": part.kind.value,
            "aliases": "\n".join(part.aliases),
            "note": part.note,
        }
    own = _standings(mapping, part)
    data["memberships"] = [_standing_data(own.get(g.id)) for g in mapping.working_groups]
    form = AgencyForm(data=data)
    # A row that was not sent does not mean leaving the pokja: every pokja has its row.
    while len(form.memberships) < len(mapping.working_groups):
        form.memberships.append_entry()
    form.kind.choices = select_choices(labels.kind_choices())
    for row in form.memberships:
        row.form.kind.choices = select_choices(labels.standing_choices())
        row.form.status.choices = select_choices(labels.status_choices())
        row.form.source.choices = _sources(mapping)
        row.form.instrument.choices = _instruments(mapping)
    return form


def _standings(mapping: Mapping, part: AgencyPart | None) -> dict[str, MembershipPart]:
    return {m.working_group: m for m in mapping.memberships if part and m.agency == part.id}


def _standing_data(member: MembershipPart | None) -> dict[str, Any]:
    if member is None:
        return {"kind": "", "status": BasisStatus.PROPOSAL.value}
    first = asdict(member.citations[0]) if member.citations else {}
    return {
        "kind": member.as_.value,
        "status": member.status.value,
        "source": member.source or "",
        **first,
    }


def agency_values(form: AgencyForm) -> dict[str, Any]:
    """Return what was typed as the fields of an agency."""
    return {
        "name": plain(form.name.data),
        "abbreviation": plain(form.abbreviation.data),
        "kind": form.kind.data,
        "aliases": lines_of(form.aliases.data),
        "note": optional(form.note.data),
    }


def agency_standings(
    form: AgencyForm, mapping: Mapping, part: AgencyPart | None
) -> dict[str, dict[str, Any] | None]:
    """Return what was typed of an agency's place in each pokja. Raises InvalidInput."""
    own = _standings(mapping, part)
    found: dict[str, dict[str, Any] | None] = {}
    for number, group in enumerate(mapping.working_groups):
        row = form.memberships[number].form
        if not row.kind.data:
            found[group.id] = None
            continue
        former = own.get(group.id)
        cited: list[CitationPart] = []
        if row.instrument.data:
            if not plain(row.article.data):
                raise InvalidInput({f"memberships.{number}.article": _("Tulis pasalnya.")})
            note = former.citations[0].note if former and former.citations else None
            cited = [replace(_cited(row), note=note)]
        found[group.id] = {
            "as": row.kind.data,
            "status": BasisStatus(row.status.data),
            "source": row.source.data or None,
            "citations": [*cited, *(former.citations[1:] if former else [])],
        }
    return found


# --- instruments and pokja -----------------------------------------------------------------------


def instrument_form(mapping: Mapping, part: InstrumentPart | None) -> InstrumentForm:
    """Return the form of a legal instrument, or of a new one."""
    form = InstrumentForm(data=asdict(part) if part else {"kind": "keputusan"})
    form.kind.choices = select_choices(labels.instrument_kind_choices())
    form.amended_by.choices = select_choices(
        (other.id, other.short)
        for other in mapping.legal_instruments
        if part is None or other.id != part.id
    )
    return form


def instrument_values(form: InstrumentForm, part: InstrumentPart | None) -> dict[str, Any]:
    """Return what was typed as the fields of an instrument; the chain keeps its order."""
    chosen = form.amended_by.data or []
    former = [key for key in (part.amended_by if part else []) if key in chosen]
    return {
        "kind": form.kind.data,
        "short": plain(form.short.data),
        "title": plain(form.title.data),
        "in_force_from": form.in_force_from.data,
        "in_force_to": form.in_force_to.data,
        "amended_by": [*former, *(key for key in chosen if key not in former)],
        "text_checked_on": form.text_checked_on.data,
        "note": optional(form.note.data),
    }


def group_form(part: WorkingGroupPart | None) -> GroupForm:
    """Return the form of a pokja, or of a new one."""
    return GroupForm(data=asdict(part) if part else {})


def group_values(form: GroupForm) -> dict[str, Any]:
    """Return what was typed as the fields of a pokja."""
    return {name: plain(form[name].data) for name in ("number", "code", "short", "name", "scope")}
