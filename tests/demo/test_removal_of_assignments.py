"""A demo goes whole, no matter what its people did with assignments."""

import pytest
import sqlalchemy as sa

from coordinator.assignments.changes import batches
from coordinator.assignments.changes.bulk import Assignee
from coordinator.assignments.changes.models import AssignmentBatch
from coordinator.assignments.changes.queries import Filter
from coordinator.assignments.changes.service import close
from coordinator.assignments.letters import service as letters
from coordinator.assignments.letters.models import AssignmentLetter
from coordinator.assignments.models import Assignment, AssignmentChange
from coordinator.assignments.proposals import answering, queries, service
from coordinator.assignments.proposals.models import Proposal, ProposalBatch
from coordinator.assignments.rules import CloseKind
from coordinator.db import db
from coordinator.demo.removal import remove_demo
from coordinator.people.accounts.models import Account
from coordinator.permissions import AccessKind
from tests import factories
from tests.assignments.changes.builders import TERMS, request
from tests.assignments.letters.builders import head
from tests.assignments.proposals import builders


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_acts_of_demo_people_go_with_them(in_app: None) -> None:
    province = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    builders.mapped(builders.BALIKPAPAN)
    kota = builders.person(builders.BALIKPAPAN)
    batches.assign_together(Filter(working_group="koordinasi"), Assignee.PLAN, TERMS, by=province)
    first = db.session.scalars(sa.select(Assignment).order_by(Assignment.id)).first()
    assert first is not None
    close(first.public_id, kind=CloseKind.MISTAKEN, request=request(first), by=province)
    letters.make_letter("bappeda", head(), by=province)
    wanted = Filter(working_group="pencegahan", to_propose=True)
    codes = [builders.BALIKPAPAN, builders.PASER]
    sent = service.propose(wanted, builders.TERMS, codes=codes, by=province)
    answering.accept(sent.public_id, by=kota)
    answering.decline(queries.open_proposals(kota)[0].public_id, reason="Uji.", by=kota)
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE account SET is_sample = true"))
    db.session.rollback()
    remove_demo()
    for model in (
        *(Account, Assignment, AssignmentBatch, AssignmentChange, AssignmentLetter),
        *(Proposal, ProposalBatch),
    ):
        left = db.session.scalar(sa.select(sa.func.count()).select_from(model))
        assert left == 0, model.__tablename__
