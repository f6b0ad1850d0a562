"""What plan a file is, where the file does not say so itself: a new plan's head, or what the plan
it replaces becomes (a sample may become real, a draft enacted)."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum, auto

from coordinator.errors import InvalidInput
from coordinator.forms import select_choices
from coordinator.people.directory.queries import task_force
from coordinator.permissions import Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.rules import PlanKind, PlanStatus
from coordinator.plans.actions.seed import PlanPart
from coordinator.plans.importing.forms import HeadForm, PlanStandingForm
from coordinator.plans.importing.labels import standing_labels
from coordinator.plans.reading.shapes import Choices, GuessedPlan, PlanReading, Shape
from coordinator.plans.versions import editing, labels, queries
from coordinator.plans.versions.models import PlanImport
from coordinator.translation import gettext as _


class PlanStanding(StrEnum):
    """What the file is: made up as before, a real draft, or enacted."""

    SAMPLE = auto()
    DRAFT = auto()
    ENACTED = auto()


def needs_head(row: PlanImport, reading: PlanReading) -> bool:
    """Return whether a person says what plan it is: neither the file nor who uploaded it has."""
    if row.plan_key is not None:
        return False
    is_matrix = reading.shape is Shape.MATRIX and reading.names_plan is None
    return is_matrix or reading.guessed is not None


def head_form(
    row: PlanImport,
    reading: PlanReading,
    choices: Choices,
    typed: HeadForm | None,
    viewer: Viewer,
) -> HeadForm | None:
    """Return the form about a plan that is new; None where the plan is known, or the file itself
    says which it is."""
    if not needs_head(row, reading):
        return None
    head = choices.plan or (reading.plan.plan if reading.plan else None)
    said = head or reading.guessed or GuessedPlan()
    form = typed or HeadForm(
        formdata=None,
        title=said.title or row.file_name.rsplit(".", 1)[0],
        kind=said.kind.value if said.kind else None,
        first_year=said.first_year,
        last_year=said.last_year,
    )
    kinds = kinds_for(viewer)
    form.kind.choices = select_choices(kinds)
    if len(kinds) == 1 and typed is None and said.kind is None:
        form.kind.data = kinds[0][0]
    return form


def kinds_for(viewer: Viewer) -> list[tuple[str, str]]:
    """Return the kinds of plans the viewer may publish, with their labels."""
    kind_labels = labels.kind_labels()
    kinds = [PlanKind.RAN] if queries.may_edit(viewer, None) else []
    return [(one.value, kind_labels[one]) for one in [*kinds, PlanKind.RAD]]


def new_head(form: HeadForm, viewer: Viewer) -> PlanPart:
    """Return the head of a new plan as the form says it. It has an id that no plan has, so that it
    never becomes a version of another one with its title."""
    kind = PlanKind(form.kind.data)
    force = task_force(viewer)
    national = next((one.key for one in plans.plans(viewer) if one.task_force_id is None), None)
    is_regional = kind is PlanKind.RAD
    code = force.code if force and is_regional else None
    title = (form.title.data or "").strip()
    return PlanPart.made(
        id=editing.fresh_key(title + (f" {code}" if code else ""), plans.all_keys()),
        kind=kind,
        title=title,
        status=PlanStatus.DRAFT,
        first_year=form.first_year.data or 0,
        last_year=form.last_year.data or 0,
        task_force=code,
        national=national if is_regional else None,
    )


def replaced_head(row: PlanImport, reading: PlanReading) -> PlanPart | None:
    """Return the head of the plan that a matrix replaces, where a person says what it is from now
    on: it is a sample or a draft. None where nothing is asked."""
    if row.plan_key is None or reading.shape is not Shape.MATRIX:
        return None
    former = plans.in_force(row.plan_key)
    if former is None or not (former.plan.sample or former.plan.status is PlanStatus.DRAFT):
        return None
    return former.plan


def standing_form(
    row: PlanImport, former: PlanPart | None, choices: Choices, typed: PlanStandingForm | None
) -> PlanStandingForm | None:
    """Return the form about what a replaced plan becomes; None where nothing is asked. Nothing is
    chosen beforehand for a sample: only a person knows that its text is real."""
    if former is None:
        return None
    said = choices.plan or former
    is_decided = row.round > 1 or not former.sample
    form = typed or PlanStandingForm(
        formdata=None,
        standing=_standing_of(said).value if is_decided else None,
        title=said.title,
        first_year=said.first_year,
        last_year=said.last_year,
        basis=said.basis,
        source=said.source,
    )
    words = standing_labels()
    form.standing.choices = select_choices((one.value, words[one]) for one in _offered(former))
    return form


def _offered(former: PlanPart) -> Sequence[PlanStanding]:
    return [one for one in PlanStanding if one is not PlanStanding.SAMPLE or former.sample]


def _standing_of(head: PlanPart) -> PlanStanding:
    if head.sample:
        return PlanStanding.SAMPLE
    return PlanStanding.ENACTED if head.status is PlanStatus.ENACTED else PlanStanding.DRAFT


def standing_head(form: PlanStandingForm, former: PlanPart) -> PlanPart:
    """Return the head of a replaced plan as the form says it. Raises InvalidInput by field: an
    enacted plan without basis or still called a draft, a real one still called made up, years in
    the wrong order."""
    standing = PlanStanding(form.standing.data)
    first_year, last_year = form.first_year.data or 0, form.last_year.data or 0
    title = (form.title.data or "").strip()
    basis = (form.basis.data or "").strip() or None
    is_enacted = standing is PlanStanding.ENACTED
    problems = {}
    if first_year > last_year:
        problems["last_year"] = _("Tahun terakhir mendahului tahun pertama.")
    if standing is not PlanStanding.SAMPLE and "data contoh" in title.casefold():
        problems["title"] = _("Hapus “DATA CONTOH” dari judulnya, atau pilih data contoh.")
    elif is_enacted and "rancangan" in title.casefold():
        problems["title"] = _("Hapus “rancangan” dari judulnya, atau pilih yang masih rancangan.")
    if is_enacted and basis is None:
        problems["basis"] = _("Tulis dasar penetapannya: Perpres, Pergub, atau Perbup.")
    if problems:
        raise InvalidInput(problems)
    if standing is PlanStanding.SAMPLE:
        return replace(former, first_year=first_year, last_year=last_year)
    return replace(
        former,
        title=title,
        first_year=first_year,
        last_year=last_year,
        status=PlanStatus.ENACTED if standing is PlanStanding.ENACTED else PlanStatus.DRAFT,
        basis=basis,
        source=(form.source.data or "").strip() or None,
        sample=False,
        note=None if former.sample else former.note,
    )
