"""Reading how a task force and an agency report."""

from dataclasses import dataclass

import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import Viewer
from coordinator.reporting.settings.models import AgencyReporting, ReportingSettings
from coordinator.reporting.settings.rules import DEFAULT_GRACE_DAYS, links_allowed


@dataclass(frozen=True, slots=True)
class Settings:
    """A task force's settings, with the defaults where nothing was set (version 0)."""

    mail_links: bool = True
    no_links_for: frozenset[str] = frozenset()
    link_grace_days: int = DEFAULT_GRACE_DAYS
    version: int = 0

    def allow_links_to(self, agency_kind: str) -> bool:
        """Return whether mails to an agency of this kind carry links."""
        return links_allowed(
            mail_links=self.mail_links, off_for=self.no_links_for, agency_kind=agency_kind
        )


def settings_of(task_force_id: int) -> Settings:
    """Return a task force's settings."""
    row = db.session.get(ReportingSettings, task_force_id)
    if row is None:
        return Settings()
    return Settings(row.mail_links, frozenset(row.no_links_for), row.link_grace_days, row.version)


def head_approves(agency_id: int) -> bool:
    """Return whether an agency's head wants to see each report before it goes out."""
    row = db.session.get(AgencyReporting, agency_id)
    return row is not None and row.head_approves


def head_approvals(viewer: Viewer) -> list[tuple[Agency, bool]]:
    """Return the agencies of the viewer's task force that report, with their head's wish."""
    rows = db.session.execute(
        sa.select(Agency, AgencyReporting.head_approves)
        .outerjoin(AgencyReporting, AgencyReporting.agency_id == Agency.id)
        .where(
            Agency.task_force_id == viewer.own_task_force_id,
            Agency.kind != AgencyKind.PENGADILAN,
            Agency.is_active,
        )
        .order_by(Agency.abbreviation)
    )
    return [(agency, bool(wanted)) for agency, wanted in rows]
