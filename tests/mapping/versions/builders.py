"""What publishing a mapping left behind."""

from dataclasses import replace

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties.models import MappingVersion
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions import service
from coordinator.platform.mail.models import OutgoingEmail
from tests.mapping.duties.builders import KEY, reworded


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


def changed(mapping: Mapping) -> Mapping:
    """A mapping with a change of each kind."""
    own = [duty for duty in mapping.duties if duty.agency == "dispora"]
    gone, moved = own[1].id, own[2].id
    after = reworded(mapping, KEY, text="Mengawasi magang pemuda")
    after = reworded(after, moved, agency="dinsos")
    new = replace(own[0], id="dispora-baru", text="Mencatat lembaga pelatihan")
    return replace(after, duties=[*(one for one in after.duties if one.id != gone), new])
