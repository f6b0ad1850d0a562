"""From a file to a preview, and from the preview to a version: all of it or nothing.

The bytes of a file are kept in its row while it may be read again with other choices. A refused or
applied file keeps none, and `forget_old_imports` deletes rows after a day.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from coordinator.assignments.replanning import service as replanning
from coordinator.assignments.replanning.labels import sentences
from coordinator.assignments.replanning.rules import NO_WISHES, Wishes
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.people.directory.queries import task_force
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.differences import PlanDifference
from coordinator.plans.actions.models import PlanVersion
from coordinator.plans.actions.seed import PlanFile, PlanPart
from coordinator.plans.importing import queries
from coordinator.plans.importing.preview import SeenPreview, applied_outcomes, preview
from coordinator.plans.reading.reading import LARGEST
from coordinator.plans.reading.shapes import Choices, PlanReading, Shape
from coordinator.plans.versions import queries as version_queries
from coordinator.plans.versions import service as version_service
from coordinator.plans.versions.labels import version_name
from coordinator.plans.versions.models import PlanImport
from coordinator.plans.versions.rules import (
    IMPORT_KEPT,
    Missing,
    renewed_head,
    with_floors,
)
from coordinator.platform.audit.service import record
from coordinator.platform.background_jobs import service as background_jobs
from coordinator.platform.versioned_documents.publication import Publication
from coordinator.translation import gettext as _

KIND = "read_plan"


def _require_editor(by: Viewer) -> int:
    if not by.may(Permission.EDIT_PLAN) or by.account_id is None:
        raise NotAllowed(_("Hanya Sekretariat yang dapat mengimpor rencana."))
    return by.account_id


def _own(by: Viewer, public_id: str) -> PlanImport:
    _require_editor(by)
    found = queries.stored(by, public_id)
    if found is None:
        raise NotFound(_("Impor itu tidak ada atau sudah kedaluwarsa. Unggah lagi."))
    return found


@transactional
def start(data: bytes, name: str, *, plan_key: str | None, by: Viewer) -> str:
    """Keep an uploaded file and ask the scheduler to read it; return the import's id.

    `plan_key`: the plan it is a new version of; None where it is another, or says so itself. Raises
    NotAllowed, NotFound, InvalidInput.
    """
    owner = _require_editor(by)
    if not data:
        raise InvalidInput({"file": _("Berkas ini kosong.")})
    if len(data) > LARGEST:
        raise InvalidInput({"file": _("Berkas terlalu besar, paling besar 10 MB.")})
    choices = Choices()
    if plan_key is not None:
        plan = plans.plan(by, plan_key)
        if plan is None:
            raise NotFound(_("Rencana itu tidak ada."))
        if not version_queries.may_edit(by, plan.task_force_id):
            raise NotAllowed(_("Rencana ini bukan untuk Anda ubah."))
        in_force = plans.in_force(plan_key)
        choices = Choices(plan=in_force.plan if in_force else None)
    row = PlanImport(
        task_force_id=by.own_task_force_id,
        owner_id=owner,
        file_name=_safe_name(name),
        data=data,
        plan_key=plan_key,
        base_number=version_queries.newest_number(plan_key) if plan_key else 0,
        choices=choices.to_json(),
        round=0,
        created_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    _ask(row, by)
    record("plan.import_started", by=by, subject=("plan_import", row.public_id), bytes=len(data))
    return row.public_id


def _safe_name(name: str) -> str:
    shown = "".join(char if char.isprintable() else "_" for char in name)
    return shown.replace("\\", "/").rsplit("/", 1)[-1].strip()[-120:] or "berkas"


def _ask(row: PlanImport, by: Viewer) -> None:
    """Have the file read once more."""
    row.round += 1
    row.reading = None
    row.task_id = background_jobs.enqueue(
        KIND,
        title=_("Membaca %(name)s", name=row.file_name)[:160],
        params={"import": row.public_id, "round": row.round},
        by=by,
    )


@transactional
def choose(public_id: str, choices: Choices, *, round_seen: int, by: Viewer) -> None:
    """Take what a person decided about the columns and names, and read the file again.

    Raises NotFound, NotAllowed, Conflict (decided on another reading than the newest).
    """
    row = _own(by, public_id)
    _require_open(row)
    if row.round != round_seen or row.reading is None:
        raise Conflict(_("Berkas ini sedang atau sudah dibaca ulang. Lihat hasil terbarunya."))
    row.choices = choices.to_json()
    _ask(row, by)
    record("plan.import_read", by=by, subject=("plan_import", row.public_id), round=row.round)


def _require_open(row: PlanImport) -> None:
    if row.version_id is not None:
        raise Conflict(_("Berkas ini sudah diterapkan."))
    if row.data is None:
        raise Conflict(_("Berkas ini ditolak dan tidak disimpan. Unggah lagi."))


@transactional
def read_again(public_id: str, *, by: Viewer) -> None:
    """Read the file again with the same choices, against the plan now in force."""
    row = _own(by, public_id)
    _require_open(row)
    if row.reading is not None:
        choices = Choices.from_json(row.choices)
        if choices.plan is not None:
            head = _renewed(choices.plan, row)
            row.choices = replace(choices, plan=head).to_json()
        _ask(row, by)
    record("plan.import_read", by=by, subject=("plan_import", row.public_id), round=row.round)


def _renewed(head: PlanPart, row: PlanImport) -> PlanPart:
    """Return the head of an import's plan over the version now in force: what a person said of it
    stays, the rest follows what somebody published since the file was read."""
    plan = plans.plan_by_key(row.plan_key) if row.plan_key else None
    former = plans.document(plan.id, row.base_number) if plan else None
    newest = plans.in_force(head.id) if former else None
    return renewed_head(head, former.plan, newest.plan) if former and newest else head


@transactional
def keep_reading(
    public_id: str,
    reading: PlanReading,
    *,
    round_read: int,
    against: Mapping[str, int],
    by: Viewer,
) -> None:
    """Keep how a file was read; of a refused one nothing else. An older round is let go.

    `against`: the versions in force when the reading began, by plan.
    """
    row = _own(by, public_id)
    if row.round != round_read or row.version_id is not None:
        return
    row.reading = reading.to_json()
    if reading.refused is not None:
        row.data = None
    if reading.plan is not None:
        row.base_number = against.get(reading.plan.plan.id, 0)
    record(
        "plan.import_read",
        by=by,
        subject=("plan_import", row.public_id),
        round=round_read,
        rows=reading.rows,
        problems=len(reading.problems),
        is_refused=reading.refused is not None,
    )


def reading_of(row: PlanImport) -> PlanReading | None:
    """Return how an import was read; None while it is being read."""
    return None if row.reading is None else PlanReading.from_json(row.reading)


def file_of(row: PlanImport, by: Viewer) -> PlanFile | None:
    """Return the plan an import would publish: a regional one is the viewer's own task force's."""
    reading = reading_of(row)
    if reading is None or reading.plan is None:
        return None
    head = reading.plan.plan
    if head.kind == "rad" and head.task_force is None:
        force = task_force(by)
        head = replace(head, task_force=force.code if force else None)
    plan = replace(reading.plan, plan=head)
    return plan if reading.shape is Shape.YAML else with_floors(plan, plans.in_force(head.id))


@transactional
def apply(
    public_id: str,
    *,
    seen: SeenPreview,
    reason: str,
    missing: Missing,
    missing_reason: str,
    notify: bool,
    wishes: Wishes = NO_WISHES,
    by: Viewer,
) -> Publication[PlanDifference]:
    """Publish what was read, as a whole, and bring the task force's running assignments in line
    with it as the person wishes.

    Raises NotFound, NotAllowed, InvalidInput, Conflict (the
    file was read again, another version is in force than the preview compared with, or work that
    the preview showed, or did not show, has changed).
    """
    row = _own(by, public_id)
    _require_open(row)
    plan = file_of(row, by)
    if plan is None or row.round != seen.round:
        raise Conflict(_("Berkas ini sudah dibaca ulang. Periksa pratinjaunya lagi."))
    reading = reading_of(row)
    shown = preview(plan, by, known_in_use(reading) if reading else None)
    if shown.is_overtaken or shown.fingerprint != seen.fingerprint:
        raise Conflict(_("Sementara itu penugasan berubah. Periksa lagi akibatnya di bawah."))
    found = applied_outcomes(plan, missing, missing_reason, wishes, by)
    done = version_service.publish(
        plan,
        by=by,
        reason=reason,
        missing=missing,
        missing_reason=missing_reason,
        base_number=row.base_number,
        notify=notify,
        consequences=sentences(found, today(by.zone).year),
    )
    row = _own(by, public_id)
    row.data = None
    row.version_id = db.session.scalar(
        sa.select(PlanVersion.id)
        .where(PlanVersion.number == done.number)
        .where(PlanVersion.plan_id.in_(_plan_ids(done.key)))
    )
    if done.is_new and found and row.version_id is not None:
        version = version_name(plan.plan.title, done.number)
        replanning.settle(
            found, plan_version_id=row.version_id, version=version, reason=reason.strip(), by=by
        )
    return done


def known_in_use(reading: PlanReading) -> list[str] | None:
    """Return what work rested on when a file was read, or None where it is not asked about."""
    return None if reading.shape is Shape.YAML else reading.in_use


def _plan_ids(key: str) -> list[int]:
    plan = plans.plan_by_key(key)
    return [plan.id] if plan else []


@transactional
def discard(public_id: str, *, by: Viewer) -> None:
    """Throw a file away that was not applied. Raises NotFound, NotAllowed, Conflict."""
    row = _own(by, public_id)
    if row.version_id is not None:
        raise Conflict(_("Berkas ini sudah diterapkan."))
    db.session.delete(row)
    record("plan.import_discarded", by=by, subject=("plan_import", public_id))


@transactional
def forget_old_imports(stamp: datetime) -> int:
    """Delete the imports of more than a day ago; return how many."""
    old = sa.select(PlanImport.id).where(PlanImport.created_at < stamp - IMPORT_KEPT)
    count = db.session.scalar(sa.select(sa.func.count()).select_from(old.subquery())) or 0
    if count:
        db.session.execute(
            sa.delete(PlanImport).where(PlanImport.created_at < stamp - IMPORT_KEPT),
            execution_options={"synchronize_session": False},
        )
        record("plan.imports_forgotten", by=None, subject=("plan_import", "old"), count=count)
    return count
