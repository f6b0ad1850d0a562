"""Adding a task force to the installation, and correcting its name: an administrator's act."""

import re

import sqlalchemy as sa

from coordinator.db import db, transactional
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.queries import task_force_by_code
from coordinator.people.directory.rules import (
    LEVEL_WORDS,
    TaskForceState,
    level_of_code,
    parent_code,
    region_name,
)
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _

LONGEST_REGION = 100  # characters; the name of the task force is made of it


def _require_may(by: Viewer) -> None:
    if not by.may(Permission.KEEP_TASK_FORCES):
        raise NotAllowed(_("Hanya administrator yang dapat mengubah daftar gugus tugas."))


def _named(force: TaskForce, typed: str) -> None:
    """Give a task force the name of its region. Raises InvalidInput."""
    region = region_name(typed, force.level)
    if region == LEVEL_WORDS[force.level]:
        raise InvalidInput({"region": _("Isi nama daerah.")})
    other = db.session.scalar(
        sa.select(TaskForce.code).where(
            sa.func.lower(TaskForce.region) == region.lower(), TaskForce.code != force.code
        )
    )
    if other is not None:
        raise InvalidInput({"region": _("Daerah ini sudah ada, kode %(code)s.", code=other)})
    force.region = region
    force.name = f"Gugus Tugas PP TPPO {region}"


@transactional
def add_task_force(code: str, region: str, *, by: Viewer) -> TaskForce:
    """Add a task force, without a mapping yet; return it.

    `code` is the Kemendagri code ("63", "63.71"), `region` the region's name with or without the
    word for its level. A kabupaten/kota goes under its province where that is there, before or
    after. Raises NotAllowed, InvalidInput.
    """
    _require_may(by)
    code = re.sub(r"\s", "", code)
    level = level_of_code(code)
    if level is None:
        raise InvalidInput(
            {"code": _("Tulis kode Kemendagri: 63 untuk provinsi, 63.71 untuk kabupaten/kota.")}
        )
    if task_force_by_code(code) is not None:
        raise InvalidInput({"code": _("Gugus tugas dengan kode ini sudah ada.")})
    parent = parent_code(code)
    above = task_force_by_code(parent) if parent else None
    force = TaskForce(
        code=code,
        level=level,
        parent_id=above.id if above else None,
        state=TaskForceState.NOT_STARTED,
    )
    _named(force, region)
    db.session.add(force)
    db.session.flush()
    if parent is None:
        for below in db.session.scalars(
            sa.select(TaskForce).where(
                TaskForce.code.startswith(f"{code}."), TaskForce.parent_id.is_(None)
            )
        ):
            below.parent_id = force.id
    record("task_force.added", by=by, subject=("task_force", code), task_force_id=force.id)
    return force


@transactional
def rename_task_force(code: str, region: str, *, by: Viewer) -> None:
    """Correct the name of a region and with it of its task force; the code stays.

    Raises NotAllowed, NotFound, InvalidInput.
    """
    _require_may(by)
    force = task_force_by_code(code)
    if force is None:
        raise NotFound(_("Gugus tugas itu tidak ada."))
    _named(force, region)
    record("task_force.renamed", by=by, subject=("task_force", code), task_force_id=force.id)
