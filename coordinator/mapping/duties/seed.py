"""The shape of `seed/roles_perpres49.yaml`. What must agree inside it is in `lint_rules`."""

from dataclasses import field
from typing import Annotated, Literal

from coordinator.checked import Limits
from coordinator.mapping.duties.rules import (
    BasisStatus,
    ChainStep,
    LimitBound,
    LimitUnit,
    MembershipKind,
    StepHolding,
)
from coordinator.people.directory.rules import AgencyKind, TaskForceLevel
from coordinator.platform.yaml_files import Day, SeedPart

KEY = r"^[a-z0-9]+(-[a-z0-9]+)*$"
# The lengths of the database columns; PostgreSQL rejects longer text.
Key = Annotated[str, Limits(pattern=KEY, max_length=120)]
MediumKey = Annotated[str, Limits(pattern=KEY, max_length=80)]
ShortKey = Annotated[str, Limits(pattern=KEY, max_length=60)]
# An id of another part. People write names here; the linter knows which id they may mean.
Reference = Annotated[str, Limits(min_length=1, max_length=200)]
Name = Annotated[str, Limits(min_length=1, max_length=200)]
Text = Annotated[str, Limits(min_length=1, max_length=2000)]


class SourcePart(SeedPart):
    """Where a proposal comes from."""

    id: Key
    label: Name
    note: str | None = None


class ArticlePart(SeedPart):
    """An article of an instrument that came or goes at another time than the instrument itself.

    `in_force_to` is the first day it no longer holds. Without dates, `note` says why to look twice.
    """

    article: Annotated[str, Limits(min_length=1, max_length=200)]
    in_force_from: Day | None = None
    in_force_to: Day | None = None
    note: str | None = None


class InstrumentPart(SeedPart):
    """A law, regulation or decree; `in_force_to` is the first day it no longer holds."""

    id: MediumKey
    kind: Literal["uu", "pp", "perpres", "permen", "peraturan", "perda", "pergub", "keputusan"]
    short: Annotated[str, Limits(min_length=1, max_length=80)]
    title: Text
    in_force_from: Day | None = None
    in_force_to: Day | None = None
    amended_by: list[Reference] = field(default_factory=list)
    text_checked_on: Day | None = None
    note: str | None = None
    articles: list[ArticlePart] = field(default_factory=list)


class TaskForcePart(SeedPart):
    """A province's or kabupaten/kota's task force, by Kemendagri code."""

    code: Annotated[str, Limits(max_length=8, min_length=2)]
    name: Name
    region: Annotated[str, Limits(min_length=1, max_length=120)]
    level: TaskForceLevel
    parent: Reference | None = None


class WorkingGroupPart(SeedPart):
    """A pokja."""

    id: ShortKey
    number: Annotated[str, Limits(max_length=6, min_length=1)]
    code: Annotated[str, Limits(max_length=20, min_length=1)]
    short: Annotated[str, Limits(max_length=40, min_length=1)]
    name: Annotated[str, Limits(min_length=1, max_length=160)]
    scope: Text


class AgencyPart(SeedPart):
    """A member of the task force.

    `former_ids` are ids it had before: its history and its printed addresses stay. `lineage` names
    the agency of the province it was copied from: the same kind of agency.
    """

    id: MediumKey
    name: Name
    abbreviation: Annotated[str, Limits(max_length=60, min_length=1)]
    kind: AgencyKind
    aliases: list[Name] = field(default_factory=list)
    note: str | None = None
    former_ids: list[Key] = field(default_factory=list)
    lineage: Key | None = None


class CitationPart(SeedPart):
    """An article of an instrument."""

    instrument: Reference
    article: Annotated[str, Limits(max_length=200, min_length=1)]
    note: str | None = None
    text_checked_on: Day | None = None


class LegalBasis(SeedPart):
    """The legal basis of a duty or a membership."""

    status: BasisStatus
    source: Reference | None = None
    citations: list[CitationPart] = field(default_factory=list)


class MembershipPart(LegalBasis):
    """An agency in a pokja."""

    agency: Reference
    working_group: Reference
    as_: MembershipKind


class LimitPart(SeedPart):
    """How long a duty may take. It is law where it names one of the duty's own citations; where it
    names a source instead, it is only a model."""

    value: int
    unit: LimitUnit
    at: LimitBound
    instrument: Reference | None = None
    article: Annotated[str, Limits(max_length=200, min_length=1)] | None = None
    source: Reference | None = None


class DutyPart(LegalBasis):
    """What an agency must do in a pokja. `lineage` names the duty it was copied from.

    `step` is the one step of the chain that it carries out, `step_as` what its agency is there.
    """

    id: Key
    lineage: Key | None = None
    agency: Reference
    working_group: Reference
    text: Text
    unit: Annotated[str, Limits(max_length=160)] | None = None
    evidence: list[Text] = field(default_factory=list)
    not_evidence: list[Text] = field(default_factory=list)
    example: str | None = None
    step: ChainStep | None = None
    step_as: StepHolding | None = None
    limit: LimitPart | None = None


class RegencyDutyPart(SeedPart):
    """What a law gives to a kabupaten/kota. No agency of a province holds it."""

    id: Key
    text: Text
    instrument: Reference
    article: Annotated[str, Limits(max_length=200, min_length=1)]
    note: str | None = None


class Mapping(SeedPart):
    """The whole file. It maps the first task force of the list; the others are only named."""

    schema_: Literal["1"]
    title: Text
    note: str | None = None
    sources: list[SourcePart]
    legal_instruments: list[InstrumentPart]
    task_forces: Annotated[list[TaskForcePart], Limits(min_length=1)]
    working_groups: list[WorkingGroupPart]
    agencies: list[AgencyPart]
    memberships: list[MembershipPart]
    duties: list[DutyPart]
    regency_duties: list[RegencyDutyPart] = field(default_factory=list)
