"""What follows from checks of texts: which of them count for the mapping in force, and since when
the text of an instrument has been compared. See docs/decisions/0049."""

from itertools import groupby
from operator import attrgetter

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties.models import Citation, LegalInstrument
from coordinator.mapping.duties.rules import instrument_checked_on
from coordinator.mapping.duties.text_models import TextCheck
from coordinator.mapping.duties.text_queries import all_cited_words, all_newest_checks


def follow_checks(task_force_id: int) -> None:
    """Give each citation in force the newest check of its very words and article, and each
    instrument the day that follows. Part of a service."""
    db.session.flush()
    words = all_cited_words(task_force_id)
    newest = all_newest_checks(task_force_id, sorted({one.subject for one in words}))
    for one in words:
        check_id = newest.get(one.subject)
        if check_id != (one.check.id if one.check else None):
            db.session.get_one(Citation, one.citation_id).text_check_id = check_id
    db.session.flush()
    by_instrument = {
        instrument_id: [one.statement for one in own]
        for instrument_id, own in groupby(
            all_cited_words(task_force_id), key=attrgetter("instrument_id")
        )
    }
    for instrument in db.session.scalars(
        sa.select(LegalInstrument).where(LegalInstrument.task_force_id == task_force_id)
    ):
        statements = by_instrument.get(instrument.id, [])
        instrument.text_checked_on = instrument_checked_on(instrument.file_checked_on, statements)
    db.session.flush()


def forget_checks_of(account_ids: sa.Select[int]) -> None:
    """Remove the checks that some accounts made, as if they had not. Part of a service."""
    theirs = sa.select(TextCheck.id).where(TextCheck.checked_by_id.in_(account_ids))
    forces = db.session.scalars(
        sa.select(TextCheck.task_force_id)
        .where(TextCheck.checked_by_id.in_(account_ids))
        .distinct()
    ).all()
    if not forces:
        return
    db.session.execute(
        sa.update(Citation).where(Citation.text_check_id.in_(theirs)).values(text_check_id=None)
    )
    db.session.execute(sa.delete(TextCheck).where(TextCheck.checked_by_id.in_(account_ids)))
    db.session.expire_all()
    for force_id in forces:
        follow_checks(force_id)
