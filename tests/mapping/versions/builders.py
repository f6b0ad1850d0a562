"""What publishing a mapping left behind."""

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties.models import MappingVersion
from coordinator.mapping.versions import service
from coordinator.platform.mail.models import OutgoingEmail


def mails() -> list[OutgoingEmail]:
    """The mails about a changed mapping."""
    db.session.rollback()
    return list(
        db.session.scalars(
            sa.select(OutgoingEmail)
            .where(OutgoingEmail.kind == service.MAIL_KIND)
            .order_by(OutgoingEmail.id)
        )
    )


def number() -> int:
    """The version in force."""
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.max(MappingVersion.number))) or 0
