"""What a new installation still has to set up, read from what is there."""

from dataclasses import dataclass

import sqlalchemy as sa

from coordinator.assignments.models import Assignment
from coordinator.db import db
from coordinator.mapping.duties.models import MappingVersion
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.directory.models import Letterhead
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions.models import Plan
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.platform.operations.models import Backup
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One thing to set up: what, why, where (empty: not in the browser), and whether it is done."""

    label: str
    reason: str
    href: str
    is_done: bool


def first_steps(viewer: Viewer, *, year: int, sends_mail: bool) -> list[FirstStep]:
    """Return the steps of the viewer's task force in their order; none once all are done, nor
    while the demo is in the database.

    `sends_mail` says whether this installation sends mail at all; a step about it counts only if a
    mail server has accepted one.
    """
    force = viewer.own_task_force_id
    focal_point = sa.and_(
        AccessGrant.task_force_id == force,
        AccessGrant.kind == AccessKind.FOCAL_POINT,
        AccessGrant.ended_at.is_(None),
    )
    row = db.session.execute(
        sa.select(
            sa.exists().where(Account.is_sample).label("demo"),
            sa.exists().where(Letterhead.task_force_id == force).label("letterhead"),
            sa.exists().where(MappingVersion.task_force_id == force).label("mapping"),
            sa.exists().where(focal_point).label("people"),
            sa.exists().where(Plan.is_sample.is_(False)).label("plan"),
            sa.exists().where(Assignment.task_force_id == force).label("assignments"),
            sa.exists().where(ReportingPeriod.task_force_id == force).label("periods"),
            sa.exists().where(OutgoingEmail.state == MailState.SENT).label("mail"),
            sa.exists().where(Backup.finished_at.is_not(None)).label("backup"),
        )
    ).one()
    steps = [
        FirstStep(
            _("Kop surat"), _("dicetak di surat dan laporan"), "/pengaturan/kop", row.letterhead
        ),
        FirstStep(_("Pemetaan OPD"), _("siapa punya uraian tugas apa"), "/peran", row.mapping),
        FirstStep(
            _("Narahubung OPD"), _("satu berkas Excel untuk semuanya"), "/orang/impor", row.people
        ),
        FirstStep(
            _("Rencana aksi Anda"),
            _("yang ada sejak awal hanya DATA CONTOH"),
            "/rencana/impor",
            row.plan,
        ),
        FirstStep(
            _("Penugasan"), _("aksi dibagi kepada OPD"), "/penugasan/massal", row.assignments
        ),
        FirstStep(
            _("Kalender pelaporan"),
            _("kapan OPD diminta melapor"),
            f"/periode/tahun/{year}",
            row.periods,
        ),
        FirstStep(
            _("Email"),
            _("satu email sudah diterima server")
            if sends_mail
            else _("instalasi ini belum mengirim email ke luar"),
            "/surel",
            sends_mail and row.mail,
        ),
        FirstStep(_("Cadangan"), _("administrator: flask backup create"), "", row.backup),
    ]
    return [] if row.demo or all(step.is_done for step in steps) else steps
