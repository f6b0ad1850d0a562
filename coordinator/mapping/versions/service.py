"""Publishing the mapping: it is checked and dated, and each agency is notified once."""

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache

from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.mapping.duties.diff import compare, to_answer
from coordinator.mapping.duties.differences import MappingDifference
from coordinator.mapping.duties.document import MAPPING_FORMAT, document
from coordinator.mapping.duties.lint import check_bytes
from coordinator.mapping.duties.queries import current_version
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.duties.service import load_mapping
from coordinator.mapping.versions import queries
from coordinator.mapping.versions.bundled import settle
from coordinator.mapping.versions.merging import merged
from coordinator.mapping.versions.models import MappingDraft
from coordinator.mapping.versions.notices import MAIL_KIND as MAIL_KIND
from coordinator.mapping.versions.notices import notify_agencies
from coordinator.mapping.versions.start_days import refuse_early
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.queries import task_force_by_code
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.service import cancel_emails
from coordinator.platform.versioned_documents.publication import Publication
from coordinator.platform.yaml_files import YamlFinding
from coordinator.platform.yaml_files.reader import LARGEST
from coordinator.translation import gettext as _

LARGEST_FILE = LARGEST


def _editor(by: Viewer, mapping: Mapping | None = None) -> int:
    """Return the account of who edits. Raises NotAllowed."""
    _require_may_edit(by, mapping)
    assert by.account_id is not None
    return by.account_id


def _require_may_edit(by: Viewer | None, mapping: Mapping | None = None) -> None:
    if by is None:
        return  # the shell: its user controls the machine
    if not by.may(Permission.EDIT_MAPPING) or by.account_id is None:
        raise NotAllowed(_("Hanya Sekretariat yang dapat mengubah pemetaan."))
    if mapping is not None:
        force = task_force_by_code(mapping.task_forces[0].code)
        if force is None or force.id != by.own_task_force_id:
            raise NotAllowed(_("Berkas ini memetakan gugus tugas lain."))


@transactional
def publish(
    mapping: Mapping,
    *,
    by: Viewer | None,
    reason: str,
    effective_on: date | None = None,
    notify: bool = True,
    even_if_same: bool = False,
    asking: bool = False,
) -> Publication[MappingDifference]:
    """Put a checked mapping in force and notify each affected agency once.

    A mapping equal to the one in force makes no version. The mail waits two minutes, in which
    `undo` can revert everything. With `asking`, the mail to agencies that have something to answer
    waits an hour: a request for answers that begins meanwhile takes its place.

    Raises NotAllowed, InvalidInput (`effective_on` before the end of the newest closed period:
    reports stay under the mapping they were made under; or before the start of the version in
    force).
    """
    _require_may_edit(by, mapping)
    force = task_force_by_code(mapping.task_forces[0].code)
    before = None
    if force is not None:
        on = today(force.zone)
        if effective_on is not None:
            refuse_early(effective_on, force.id, on)
        before = queries.published(force.id)
    done = load_mapping(
        mapping, by=by, reason=reason, effective_on=effective_on, even_if_same=even_if_same
    )
    if not done.is_new:
        return Publication(mapping.task_forces[0].code, done.number, False, [], 0)
    settle(done.task_force_id, mapping)
    differences = [] if before is None else compare(before, mapping)
    force = db.session.get_one(TaskForce, done.task_force_id)
    count = 0
    if notify:
        count = notify_agencies(force, done.number, differences, to_answer(before, mapping), asking)
    return Publication(force.code, done.number, True, differences, count)


@transactional
def undo(number: int, *, by: Viewer) -> Publication[MappingDifference]:
    """Take back the newest version while its mails still wait. The previous mapping is in force
    again, as a new version, and nobody is notified.

    Raises NotAllowed, NotFound, Conflict (a mail has begun to leave, a request for answers rests on
    it, or it is not the newest).
    """
    _require_may_edit(by)
    version = queries.version(by, number)
    if version is None:
        raise NotFound(_("Versi itu tidak ada."))
    force = db.session.get_one(TaskForce, by.own_task_force_id)
    bar = queries.undo_bar(version, force.code, at=now())
    if bar is queries.UndoBar.REQUEST:
        raise Conflict(
            _("Permintaan jawaban atas versi ini sudah dimulai. Akhiri dahulu, lalu urungkan.")
        )
    if bar is queries.UndoBar.NOT_NEWEST:
        raise Conflict(_("Hanya versi terbaru yang dapat diurungkan, kecuali versi pertama."))
    if bar is not None:
        raise Conflict(
            _("Waktu untuk mengurungkan sudah lewat. Terbitkan perbaikannya sebagai versi baru.")
        )
    former = document(force.id, number - 1)
    if former is None:
        raise Conflict(_("Versi sebelumnya tidak dapat dipulihkan."))
    cancel_emails(thread=queries.mail_thread(force.code, number), kinds=frozenset({MAIL_KIND}))
    return publish(former, by=by, reason=_("Versi %(n)s diurungkan", n=number), notify=False)


# --- the draft -----------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def draft_problems(content: str) -> tuple[YamlFinding, ...]:
    """Return the findings on a draft's text; remembered, because a page is read more than once.

    A draft has parts, not lines: what a finding says of lines is left out.
    """
    findings = check_bytes(content.encode(), "draf")[1] if content else []
    return tuple(
        replace(finding, message=re.sub(r" \(baris \d+\)", "", finding.message))
        for finding in findings
    )


def take_file(
    data: bytes, name: str, *, revision: int, base_number: int | None, by: Viewer
) -> list[YamlFinding]:
    """Make an uploaded file the draft; return its errors (nothing is saved if there are any).

    A file equal to what is in force makes no draft. Raises NotAllowed, Conflict.
    """
    _require_may_edit(by)
    if len(data) > LARGEST_FILE:
        return [YamlFinding(name, 1, 1, "", "error", _("Berkas terlalu besar, paling besar 5 MB."))]
    mapping, findings = check_bytes(data, name)
    if mapping is None:
        return findings
    force = db.session.get_one(TaskForce, by.own_task_force_id)
    code = mapping.task_forces[0].code
    if code != force.code:
        message = _(
            "Berkas ini memetakan gugus tugas %(code)s, bukan %(own)s.", code=code, own=force.code
        )
        return [YamlFinding(name, 1, 1, "task_forces.0.code", "error", message)]
    if mapping != queries.published(force.id):
        save_draft(mapping, revision=revision, by=by, base_number=base_number)
    return []


@transactional
def save_draft(
    mapping: Mapping, *, revision: int, by: Viewer, base_number: int | None = None
) -> int:
    """Keep `mapping` as the draft; return its new revision.

    `revision` is the one the editor began from (0: none), `base_number` the version they saw.
    Raises NotAllowed, Conflict where somebody saved or published in between.
    """
    editor = _editor(by, mapping)
    row = queries.draft(by)
    current = current_version(by.own_task_force_id)
    seen = row.base_number if row else (current.number if current else 0)
    if (row.revision if row else 0) != revision or base_number not in (None, seen):
        raise Conflict(
            _("Draf ini baru saja diubah orang lain. Muat ulang, lalu ulangi perubahan Anda.")
        )
    if row is None:
        row = MappingDraft(task_force_id=by.own_task_force_id, base_number=seen, revision=0)
        db.session.add(row)
    return _keep(row, mapping, editor, by)


def _keep(row: MappingDraft, mapping: Mapping, editor: int, by: Viewer) -> int:
    row.content = MAPPING_FORMAT.to_json(mapping)
    row.revision += 1
    row.updated_by_id = editor
    row.updated_at = now()
    db.session.flush()
    record(
        "mapping.draft_saved",
        by=by,
        subject=("task_force", by.own_task_force_id),
        revision=row.revision,
    )
    return row.revision


@transactional
def carry_over_draft(*, revision: int, by: Viewer) -> list[str]:
    """Put the draft's changes on the version now in force; return the names of the parts that both
    changed differently, where the draft's text was kept.

    Raises NotAllowed, NotFound, Conflict.
    """
    row = queries.draft(by)
    if row is None:
        raise NotFound(_("Tidak ada draf."))
    if row.revision != revision:
        raise Conflict(_("Draf ini baru saja diubah orang lain. Muat ulang, lalu ulangi."))
    version = current_version(by.own_task_force_id)
    base = document(by.own_task_force_id, row.base_number)
    theirs = queries.published(by.own_task_force_id)
    if version is None or base is None or theirs is None:
        raise Conflict(_("Versi awal draf ini tidak dapat dibaca lagi. Buang draf, lalu ulangi."))
    mapping, clashes = merged(base, MAPPING_FORMAT.from_json(row.content), theirs)
    row.base_number = version.number
    _keep(row, mapping, _editor(by, mapping), by)
    return clashes


@transactional
def discard_draft(*, by: Viewer) -> None:
    """Discard the draft. Raises NotAllowed."""
    _require_may_edit(by)
    row = queries.draft(by)
    if row is None:
        return
    db.session.delete(row)
    record("mapping.draft_discarded", by=by, subject=("task_force", by.own_task_force_id))


def publish_draft(
    *,
    revision: int,
    reason: str,
    effective_on: date | None,
    notify: bool = True,
    asking: bool = False,
    by: Viewer,
) -> Publication[MappingDifference]:
    """Check the draft, publish it and clear it.

    Raises NotAllowed, InvalidInput (also where the check finds an error), NotFound (no draft),
    Conflict (it was changed meanwhile, or another version was published since it was begun).
    """
    _require_may_edit(by)
    row = queries.draft(by)
    # Checked before the transaction; the revision says that the same text is published.
    if row is not None and row.revision == revision:
        errors = [f for f in draft_problems(row.content) if f.severity == "error"]
        if errors:
            raise InvalidInput(
                {"draft": _("Perbaiki dahulu %(n)s galat di draf ini.", n=len(errors))}
            )
    return _publish_draft(
        revision=revision,
        reason=reason,
        effective_on=effective_on,
        notify=notify,
        asking=asking,
        by=by,
    )


@transactional
def _publish_draft(
    *,
    revision: int,
    reason: str,
    effective_on: date | None,
    notify: bool,
    asking: bool,
    by: Viewer,
) -> Publication[MappingDifference]:
    row = queries.draft(by)
    if row is None:
        raise NotFound(_("Tidak ada draf untuk diterbitkan."))
    version = current_version(by.own_task_force_id)
    if row.revision != revision:
        raise Conflict(_("Draf ini baru saja diubah orang lain. Periksa lagi sebelum menerbitkan."))
    if version is not None and version.number != row.base_number:
        raise Conflict(
            _(
                "Sejak draf ini dimulai sudah terbit versi %(n)s. Pindahkan dahulu draf ke "
                "versi itu.",
                n=version.number,
            )
        )
    if not reason.strip():
        raise InvalidInput({"reason": _("Tulis alasan versi ini, misalnya nomor SK.")})
    mapping = MAPPING_FORMAT.from_json(row.content)
    db.session.delete(row)
    db.session.flush()
    return publish(
        mapping,
        by=by,
        reason=reason.strip(),
        effective_on=effective_on,
        notify=notify,
        asking=asking,
    )
