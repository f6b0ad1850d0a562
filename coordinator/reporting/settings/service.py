"""Changing how a task force and an agency report."""

from collections.abc import Collection

import sqlalchemy as sa

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import AccessKind, Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.reporting.settings.models import AgencyReporting, ReportingSettings
from coordinator.translation import gettext as _

LONGEST_GRACE = 90  # days


@transactional
def save_settings(
    *,
    mail_links: bool,
    no_links_for: Collection[str],
    link_grace_days: int,
    version: int,
    by: Viewer,
) -> None:
    """Set what mails of the secretariat's task force may carry. Links already sent follow at once.

    Raises NotAllowed, InvalidInput, Conflict.
    """
    if not by.may(Permission.SET_REPORTING) or by.task_force_id is None:
        raise NotAllowed(_("Akses Anda tidak dapat mengubah pengaturan ini."))
    if not 0 <= link_grace_days <= LONGEST_GRACE:
        raise InvalidInput({"link_grace_days": _("Isi 0 sampai 90 hari.")})
    unknown = set(no_links_for) - {kind.value for kind in AgencyKind}
    if unknown:
        raise InvalidInput({"no_links_for": _("Pilih dari daftar.")})
    row = db.session.get(ReportingSettings, by.task_force_id)
    if (row.version if row else 0) != version:
        raise Conflict(_("Pengaturan ini baru saja diubah orang lain. Muat ulang."))
    if row is None:
        row = ReportingSettings(task_force_id=by.task_force_id, version=0)
        db.session.add(row)
    row.mail_links = mail_links
    row.no_links_for = sorted(no_links_for)
    row.link_grace_days = link_grace_days
    row.version = version + 1
    row.changed_at = now()
    db.session.flush()
    record(
        "reporting.set",
        by=by,
        subject=("task_force", by.task_force_id),
        mail_links=mail_links,
        no_links_for=sorted(no_links_for),
        link_grace_days=link_grace_days,
    )


@transactional
def set_head_approval(agency_slug: str, *, wanted: bool, by: Viewer) -> None:
    """Turn the head's approval of an agency's reports on or off.

    Set by the head, or by the secretariat for any agency. What waits for the head stays there.
    Raises NotAllowed, NotFound.
    """
    is_head = by.kind is AccessKind.AGENCY_HEAD
    if not is_head and not by.may(Permission.SET_REPORTING):
        raise NotAllowed(_("Hanya kepala instansi atau Sekretariat yang mengatur ini."))
    agency = db.session.scalar(
        sa.select(Agency.id).where(
            Agency.slug == agency_slug, Agency.task_force_id == by.own_task_force_id
        )
    )
    if agency is None or (is_head and agency != by.agency_id):
        raise NotFound(_("Instansi itu tidak ada."))
    row = db.session.get(AgencyReporting, agency)
    if row is None:
        row = AgencyReporting(agency_id=agency)
        db.session.add(row)
    row.head_approves = wanted
    row.changed_at = now()
    row.changed_by_id = by.account_id or 0
    db.session.flush()
    record(
        "agency.head_approval_set",
        by=by,
        subject=("agency", agency_slug),
        agency_id=agency,
        wanted=wanted,
    )
