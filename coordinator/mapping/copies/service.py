"""Making a kabupaten/kota's first mapping from the province's."""

from collections.abc import Sequence
from datetime import date

from coordinator import screening
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.mapping.copies import queries
from coordinator.mapping.copies.copying import CopyChoice, Decree, copied_mapping, problems
from coordinator.mapping.copies.models import TaskForceDecree
from coordinator.mapping.duties.document import MAPPING_FORMAT
from coordinator.mapping.duties.seed import TaskForcePart
from coordinator.mapping.duties.service import load_mapping
from coordinator.mapping.versions.models import MappingDraft
from coordinator.mapping.versions.queries import published
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.rules import TaskForceState
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.files.receiving import Received
from coordinator.platform.files.service import stored_file
from coordinator.translation import gettext as _


def _force(code: str, by: Viewer) -> tuple[TaskForce, int]:
    """Return the task force to make and who makes it. Raises NotAllowed, NotFound."""
    if not by.may(Permission.EDIT_MAPPING) or by.account_id is None:
        raise NotAllowed(_("Hanya Sekretariat yang dapat menyusun pemetaan."))
    force = queries.force_to_mirror(by, code)
    if force is None:
        raise NotFound(_("Gugus tugas itu tidak dapat disusun dari sini."))
    return force, by.account_id


@transactional
def save_mirror(
    code: str,
    choices: Sequence[CopyChoice],
    *,
    number: str,
    signed_on: date | None,
    scan: Received | None,
    revision: int,
    by: Viewer,
) -> None:
    """Keep what was chosen for a kabupaten/kota as the draft of its first mapping.

    `revision` is the draft the table was made from (0: none). Raises NotAllowed, NotFound,
    InvalidInput by field, Conflict where somebody saved in between.
    """
    force, editor = _force(code, by)
    _require_sound(choices, number, signed_on)
    row = db.session.get(MappingDraft, force.id)
    if (row.revision if row else 0) != revision:
        raise Conflict(
            _("Draf ini baru saja diubah orang lain. Muat ulang, lalu ulangi perubahan Anda.")
        )
    assert force.parent_id is not None
    province = published(force.parent_id)
    if province is None:
        raise Conflict(_("Provinsi belum punya pemetaan untuk disalin."))
    parent = db.session.get_one(TaskForce, force.parent_id)
    mapping = copied_mapping(
        province,
        TaskForcePart(
            code=force.code,
            name=force.name,
            region=force.region,
            level=force.level,
            parent=parent.code,
        ),
        choices,
        decree=Decree(number.strip(), signed_on.isoformat()) if signed_on else None,
    )
    if row is None:
        row = MappingDraft(task_force_id=force.id, base_number=0, revision=0)
        db.session.add(row)
    row.content = MAPPING_FORMAT.to_json(mapping)
    row.revision += 1
    row.updated_by_id = editor
    row.updated_at = now()
    force.state = TaskForceState.DRAFTING
    if signed_on is not None:
        _keep_decree(force, number.strip(), signed_on, scan, editor)
    db.session.flush()
    record(
        "task_force.drafted",
        by=by,
        subject=("task_force", force.code),
        task_force_id=force.id,
        agencies=len(mapping.agencies),
        duties=len(mapping.duties),
    )


def _require_sound(choices: Sequence[CopyChoice], number: str, signed_on: date | None) -> None:
    found = problems(choices)
    for choice in choices:
        if screening.blocks(choice.name) or screening.blocks(choice.abbreviation):
            found[f"name-{choice.lineage}"] = _("Ada angka seperti NIK di sini. Hapus angka itu.")
    if screening.blocks(number):
        found["number"] = _("Ada angka seperti NIK di sini. Hapus angka itu.")
    if bool(number.strip()) != (signed_on is not None):
        field = "signed_on" if number.strip() else "number"
        found[field] = _("Isi nomor dan tanggal SK, atau kosongkan keduanya.")
    if found:
        raise InvalidInput(found)


def _keep_decree(
    force: TaskForce, number: str, signed_on: date, scan: Received | None, editor: int
) -> None:
    decree = queries.decree_of(force.id)
    if decree is None:
        decree = TaskForceDecree(task_force_id=force.id)
        db.session.add(decree)
    decree.number, decree.signed_on = number, signed_on
    decree.recorded_by_id, decree.recorded_at = editor, now()
    if scan is not None:
        file = stored_file(scan, field="scan")
        decree.file_id, decree.file_name = file.id, scan.name


@transactional
def publish_mirror(code: str, *, revision: int, by: Viewer) -> int:
    """Publish a kabupaten/kota's first mapping; return its version.

    From now on only its own secretariat changes it. Raises NotAllowed, NotFound, Conflict.
    """
    force, _editor = _force(code, by)
    row = db.session.get(MappingDraft, force.id)
    if row is None:
        raise NotFound(_("Simpan draf lebih dahulu."))
    if row.revision != revision:
        raise Conflict(_("Draf ini baru saja diubah orang lain. Periksa lagi sebelum menerbitkan."))
    mapping = MAPPING_FORMAT.from_json(row.content)
    db.session.delete(row)
    db.session.flush()
    return load_mapping(mapping, by=by, reason=_("Disalin dari pemetaan provinsi")).number
