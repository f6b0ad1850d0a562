"""The summary of the matrix equals the slow count after any history, and is read in few steps.

`SOAK=1` runs 2,000 histories on each engine, otherwise a small dose.
"""

import os
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db, transactional
from coordinator.oversight.matrix import jobs
from coordinator.oversight.matrix.models import MatrixCount
from coordinator.oversight.matrix.summary_service import differing_periods, is_missing, rebuild
from coordinator.reporting.drafts.service import save_draft
from coordinator.reporting.reports.models import Report
from tests import factories
from tests.oversight.matrix.histories import begin

SOAK = bool(os.environ.get("SOAK"))
HISTORIES = 2_000 if SOAK else 6
STEPS = 10


def test_the_summary_equals_the_slow_count_after_random_histories(in_app: None) -> None:
    world = begin(20261129)
    for _history in range(HISTORIES):
        for _step in range(STEPS):
            world.step()
        world.compare()


def test_what_is_rolled_back_is_not_counted(in_app: None) -> None:
    world = begin(1)

    @transactional
    def fail() -> None:
        db.session.info["audited"] = True
        world.report()
        db.session.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    world.compare()


def test_what_a_statement_deletes_while_somebody_holds_it_is_counted(in_app: None) -> None:
    story = factories.story()
    owed = factories.obligation_of(story.assignment, "dispora").id
    public_id = db.session.get_one(Obligation, owed).public_id
    save_draft(public_id, {"note": "Draf."}, version=0, by=story.focal_point)

    @transactional
    def remove() -> list[Obligation]:
        held = [db.session.get_one(Obligation, owed)]
        db.session.expire_all()
        db.session.execute(sa.delete(Report).where(Report.obligation_id == owed))
        off = {"synchronize_session": False}
        db.session.execute(
            sa.delete(Obligation).where(Obligation.id == owed), execution_options=off
        )
        db.session.info["audited"] = True
        return held

    assert remove()
    assert differing_periods() == []


def test_the_night_puts_right_what_was_written_past_the_session(
    in_app: None, clock: time_machine.Traveller
) -> None:
    begin(2)
    with db.engine.begin() as connection:
        connection.execute(sa.delete(MatrixCount))
    db.session.rollback()
    assert is_missing()
    assert len(differing_periods()) == 2
    clock.move_to(datetime(2026, 10, 14, 3, tzinfo=UTC))
    jobs.compare_matrix()
    assert len(differing_periods()) == 2  # by day it waits
    clock.move_to(datetime(2026, 10, 13, 18, 30, tzinfo=UTC))
    assert jobs.compare_matrix() == "2 periode dihitung ulang"
    assert differing_periods() == []
    assert not is_missing()
    assert rebuild() == 0
