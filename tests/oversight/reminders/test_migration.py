"""Ladders from before there were steps to the head."""

import flask
import flask_migrate
import sqlalchemy as sa

from coordinator.db import db
from coordinator.oversight.reminders.service import ensure_ladder
from tests import factories
from tests.engines import ROOT, migrate


def test_what_is_late_at_the_update_does_not_go_up(
    app: flask.Flask,
) -> None:
    """Ladders from before 0032 get the steps to the head and the leadership, counted from now; a
    step of their own on one of these days stays what it was."""
    with app.app_context():
        ensure_ladder(factories.task_force().id)
        db.session.remove()
        db.engine.dispose()
        flask_migrate.downgrade(directory=str(ROOT / "migrations"), revision="0031")
        with db.engine.begin() as connection:
            left = connection.execute(
                sa.text("SELECT subject, offset_days FROM reminder_step")
            ).all()
            assert sorted(left) == [
                ("mend", -1),
                ("mend", 1),
                ("report", -14),
                ("report", -3),
                ("report", 1),
            ]
            connection.execute(
                sa.text(
                    "UPDATE reminder_step SET offset_days = 7 "
                    "WHERE subject = 'report' AND offset_days = 1"
                )
            )
        db.engine.dispose()
        migrate()
        with db.engine.connect() as connection:
            added = connection.execute(
                sa.text(
                    "SELECT subject, offset_days, audience, since IS NOT NULL FROM reminder_step"
                )
            ).all()
        assert sorted((row[0], row[1], row[2], bool(row[3])) for row in added) == [
            ("mend", -1, "contacts", False),
            ("mend", 1, "contacts", False),
            ("mend", 7, "head", True),
            ("mend", 14, "leadership", True),
            ("report", -14, "contacts", False),
            ("report", -3, "contacts", False),
            ("report", 7, "contacts", False),
            ("report", 14, "leadership", True),
        ]
