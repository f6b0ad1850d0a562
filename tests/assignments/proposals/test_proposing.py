"""What a province proposes to the task forces below it, and what it may know of their answers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.changes.queries import Filter
from coordinator.assignments.proposals import offering, queries, service
from coordinator.assignments.proposals.models import Proposal, ProposalBatch
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from tests import factories
from tests.assignments.changes.builders import contents
from tests.assignments.proposals import builders
from tests.assignments.proposals.builders import count, twelve
from tests.conftest import NOW

CODES = [builders.BALIKPAPAN, builders.PASER, builders.SAMARINDA]
on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def test_twelve_actions_to_three_one_mail_a_person_and_back(
    province: Viewer, clock: time_machine.Traveller
) -> None:
    wanted = twelve()
    people = [builders.person(code) for code in CODES[:2]]
    # The same person serves a second task force: still one mail.
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO access_grant (account_id, kind, task_force_id, is_alternate, from_on) "
                "SELECT account_id, kind, :force, is_alternate, from_on FROM access_grant "
                "WHERE account_id = :account"
            ).bindparams(
                force=factories.task_force(builders.SAMARINDA).id, account=people[1].account_id
            )
        )
    factories.assign(province, "1.1")  # the province's own work is in nobody's way
    before = contents()
    sent = service.propose(wanted, builders.TERMS, codes=CODES, form_key="sekali", by=province)
    again = service.propose(wanted, builders.TERMS, codes=CODES, form_key="sekali", by=province)
    assert again.id == sent.id
    public_id = sent.public_id
    assert count(ProposalBatch) == 1
    assert count(Proposal) == 36
    mails = list(
        db.session.scalars(
            sa.select(OutgoingEmail)
            .where(OutgoingEmail.kind == "proposed")
            .order_by(OutgoingEmail.id)
        )
    )
    assert len(mails) == 2
    assert {mail.not_before for mail in mails} == {NOW + timedelta(minutes=2)}
    # It is the receiver's mail: the province does not read in its outbox who works there.
    assert factories.task_force().id not in {mail.task_force_id for mail in mails}
    mail = next(mail for mail in mails if mail.account_id == people[0].account_id)
    text = mail.text
    assert text.count("\n* ") == 10
    assert "mengusulkan 12 aksi" in text
    assert "dan 2 aksi lain." in text
    assert "31 Desember 2026" in text
    assert {link["path"] for link in mail.links} == {"/penugasan/usulan"}
    assert "Utamakan pesisir." in text
    assert len(text.split("--")[0].split()) <= 190

    clock.move_to(NOW + timedelta(seconds=119))
    assert service.undo(public_id, by=province) == 36
    assert contents() == before
    states = db.session.scalars(
        sa.select(OutgoingEmail.state).where(OutgoingEmail.kind == "proposed")
    )
    assert set(states) == {MailState.CANCELLED}
    trail = set(db.session.scalars(sa.select(AuditEntry.action)))
    assert {"actions.proposed", "actions.proposed_undone"} <= trail
    with pytest.raises(NotFound):
        service.undo(public_id, by=province)


def test_what_is_held_or_asked_already_is_counted_and_not_asked_again(province: Viewer) -> None:
    builders.mapped(builders.BALIKPAPAN)
    officer = builders.person(builders.BALIKPAPAN)
    factories.assign(officer, "1.3", "dinsos", targets={})
    wanted = twelve()
    offer = offering.prepare(province, wanted, CODES)
    assert [(len(one.items), one.held, one.waiting) for one in offer.receivers] == [
        (12, 0, 0),  # Paser
        (11, 1, 0),  # Balikpapan
        (12, 0, 0),  # Samarinda
    ]
    assert [one.has_mapping for one in offer.receivers] == [False, True, False]
    assert [len(one.people) for one in offer.receivers] == [0, 1, 0]
    service.propose(wanted, builders.TERMS, codes=[builders.BALIKPAPAN], by=province)
    with pytest.raises(Conflict):
        service.propose(
            wanted, builders.TERMS, codes=CODES, fingerprint=offer.fingerprint, by=province
        )
    after = offering.prepare(province, wanted, CODES)
    assert [(len(one.items), one.held, one.waiting) for one in after.receivers][1] == (0, 1, 11)
    with pytest.raises(InvalidInput):
        service.propose(wanted, builders.TERMS, codes=[builders.BALIKPAPAN], by=province)


@on_sqlite
def test_who_may_propose_what_to_whom(province: Viewer) -> None:
    wanted = twelve()
    officer = builders.person(builders.BALIKPAPAN)
    for nobody in (
        officer,  # nothing is below a kota
        replace(officer, task_force_id=None),
        replace(province, kind=AccessKind.LEADERSHIP),
        replace(province, kind=AccessKind.AUDITOR),
        replace(province, kind=AccessKind.FOCAL_POINT),
    ):
        assert not queries.may_propose(nobody)
        with pytest.raises(NotAllowed):
            service.propose(wanted, builders.TERMS, codes=CODES, by=nobody)
    for wrong in (
        replace(builders.TERMS, due_on=date(2026, 10, 12)),
        replace(builders.TERMS, basis=replace(builders.TERMS.basis, on=date(2026, 10, 14))),
    ):
        with pytest.raises(InvalidInput):
            service.propose(wanted, wrong, codes=CODES, by=province)
    for codes in ([], ["64"], ["tidak-ada"]):  # nobody, itself, nowhere
        with pytest.raises(InvalidInput):
            service.propose(wanted, builders.TERMS, codes=codes, by=province)
    for kind in ("tidak-ada", "pengadilan-tinggi"):
        with pytest.raises(InvalidInput):
            service.propose(wanted, builders.TERMS, codes=CODES, kind=kind, by=province)
    # A regional plan is read by its own task force alone.
    with db.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE plan SET kind = 'rad', task_force_id = :id").bindparams(
                id=factories.task_force().id
            )
        )
    db.session.rollback()
    with pytest.raises(InvalidInput):
        service.propose(wanted, builders.TERMS, codes=CODES, by=province)
    offer = offering.prepare(province, Filter(), CODES)
    assert (offer.items, offer.regional > 12) == (0, True)
    assert count(Proposal) == 0


def test_what_waits_is_withdrawn_with_a_reason(
    province: Viewer, clock: time_machine.Traveller
) -> None:
    officer = builders.person(builders.BALIKPAPAN)
    batch_id = service.propose(
        twelve(), builders.TERMS, codes=[builders.BALIKPAPAN], by=province
    ).public_id
    with pytest.raises(NotAllowed):
        service.withdraw(batch_id, reason="Bukan usulan saya.", by=officer)
    with pytest.raises(InvalidInput):
        service.withdraw(batch_id, reason=" ", by=province)
    clock.move_to(NOW + timedelta(minutes=2))
    with pytest.raises(Conflict):
        service.undo(batch_id, by=province)
    assert queries.count_open(officer) == 12
    assert service.withdraw(batch_id, reason="Salah rencana.", by=province) == 12
    assert service.withdraw(batch_id, reason="Salah rencana.", by=province) == 0
    assert queries.count_open(officer) == 0
    [act] = queries.sent(province)
    assert (act.answers.open, act.answers.withdrawn, act.answers.answered_at) == (0, 12, None)
    assert {one.batch.withdrawn_reason for one in queries.answered(officer)} == {"Salah rencana."}
    # Nobody was notified, so nobody gets a mail that it is over.
    [mail] = db.session.scalars(sa.select(OutgoingEmail))
    assert mail.state is MailState.CANCELLED
    # What was taken back may be proposed again.
    service.propose(twelve(), builders.TERMS, codes=[builders.BALIKPAPAN], by=province)
    assert queries.count_open(officer) == 12
