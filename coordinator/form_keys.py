"""The same form sent twice is one action: each form that creates something has a key."""

from typing import TypeVar

import sqlalchemy as sa

from coordinator.db import Base, db
from coordinator.permissions import Viewer

Made = TypeVar("Made", bound=Base)


def already_done(model: type[Made], form_key: str | None, by: Viewer) -> Made | None:
    """Return what this very form made the first time in the viewer's task force, or None.

    `model` has the columns `form_key` and `task_force_id`. A form without a key is always new.
    """
    if not form_key:
        return None
    return db.session.scalar(
        sa.select(model).filter_by(form_key=form_key, task_force_id=by.own_task_force_id)
    )
