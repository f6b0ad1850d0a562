"""Many items in one act: who gets what, one mail a person, and the way back."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.changes import batches
from coordinator.assignments.changes.bulk import Assignee, Obstacle, prepare
from coordinator.assignments.changes.queries import Filter
from coordinator.assignments.models import Assignment, AssignmentParty, AssignmentTarget
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.proposals.undoing import undo_batch
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from tests import factories
from tests.assignments.changes.builders import BASIS, TERMS, contents, many
from tests.conftest import NOW, Browser
from tests.reporting.evidence.builders import picture

MASSAL = Filter(text="massal")
on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def secretariat(in_app: None) -> Viewer:
    """Who assigns."""
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")


def count(model: type) -> int:
    """How many rows a table has."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_two_hundred_items_sixty_agencies_sixty_mails_and_back(
    secretariat: Viewer, clock: time_machine.Traveller
) -> None:
    many(200, 60)
    period = factories.open_period()
    before = contents()
    batch = batches.assign_together(
        MASSAL, Assignee.PLAN, TERMS, join=period, form_key="sekali", by=secretariat
    )
    again = batches.assign_together(
        MASSAL, Assignee.PLAN, TERMS, join=period, form_key="sekali", by=secretariat
    )
    assert again.id == batch.id
    public_id = batch.public_id
    assert (count(Assignment), count(AssignmentParty), count(Obligation)) == (200, 400, 400)
    assert count(AssignmentTarget) == 200
    mails = list(db.session.scalars(sa.select(OutgoingEmail)))
    assert len(mails) == 60
    assert len({mail.to_address for mail in mails}) == 60
    assert {mail.not_before for mail in mails} == {NOW + timedelta(minutes=2)}
    first = next(mail for mail in mails if "massal-1@" in mail.to_address)
    # 200 items over 60 agencies: the first leads four and supports the three before them.
    assert first.subject == "[TPPO] 7 aksi ditugaskan - Massal-1"
    assert first.text.count("\n* ") == 7
    assert "4 di antaranya sebagai penanggung jawab" in first.text
    trail = list(db.session.scalars(sa.select(AuditEntry.action)))
    assert trail.count("action.assigned") == 200
    assert trail.count("actions.assigned_together") == 1

    clock.move_to(NOW + timedelta(seconds=119))
    assert undo_batch(public_id, by=secretariat) == 200
    assert contents() == before
    states = set(db.session.scalars(sa.select(OutgoingEmail.state)))
    assert states == {MailState.CANCELLED}
    with pytest.raises(NotFound):
        undo_batch(public_id, by=secretariat)


def test_a_long_list_is_cut_and_a_person_of_two_agencies_gets_one_mail(
    secretariat: Viewer,
) -> None:
    many(24, 2, people=False)
    person = factories.person(AccessKind.FOCAL_POINT, "massal-1")
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO access_grant (account_id, kind, task_force_id, agency_id, "
                "is_alternate, from_on) SELECT account_id, kind, task_force_id, :agency, "
                "is_alternate, from_on FROM access_grant WHERE account_id = :account"
            ).bindparams(agency=factories.agency("massal-2").id, account=person.account_id)
        )
    batches.assign_together(MASSAL, Assignee.PLAN, TERMS, by=secretariat)
    [mail] = db.session.scalars(sa.select(OutgoingEmail))
    assert mail.text.count("\n* ") == 10
    assert "dan 38 aksi lain." in mail.text
    body = mail.text.split("--")[0]
    listed = [line for line in body.splitlines() if line.startswith("* ")]
    words = len(body.split()) - sum(len(line.split()) for line in listed)
    assert words <= 150


@on_sqlite
def test_undo_is_refused_after_two_minutes_a_mail_a_report_or_an_act(
    secretariat: Viewer, clock: time_machine.Traveller
) -> None:
    many(2, 2)
    reporter = replace(
        secretariat,
        kind=AccessKind.FOCAL_POINT,
        agency_id=factories.agency("massal-1").id,
    )
    period = factories.open_period()

    def given(code: str) -> str:
        item = db.session.scalars(sa.select(ActionItem).where(ActionItem.code == code)).one()
        batch = batches.assign_together(
            Filter(ids=(item.public_id,)), Assignee.PLAN, TERMS, join=period, by=secretariat
        )
        return batch.public_id

    reported = given("M.1")
    obligation = db.session.scalars(
        sa.select(Obligation).where(Obligation.agency_id == reporter.agency_id)
    ).one()
    factories.submit(obligation, reporter)
    with pytest.raises(Conflict):
        undo_batch(reported, by=secretariat)
    late = given("M.2")
    clock.move_to(NOW + timedelta(minutes=2))
    with pytest.raises(Conflict):
        undo_batch(late, by=secretariat)
    clock.move_to(NOW + timedelta(minutes=1))
    with pytest.raises(NotAllowed):
        undo_batch(late, by=replace(secretariat, kind=AccessKind.LEADERSHIP))
    with db.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE outgoing_email SET state = 'sending', lease_until = :at").bindparams(
                at=NOW.replace(tzinfo=None)
            )
        )
    with pytest.raises(Conflict):
        undo_batch(late, by=secretariat)
    assert count(Assignment) == 2


@on_sqlite
def test_what_cannot_be_given_is_said_with_its_reason(secretariat: Viewer) -> None:
    many(6, 6)
    with db.engine.begin() as connection:
        for number, change in (
            (1, "UPDATE candidate_party SET agency_key = 'tidak-ada' WHERE {}"),
            (2, "UPDATE candidate_party SET agency_key = 'pengadilan-tinggi' WHERE {}"),
            (3, "DELETE FROM candidate_party WHERE {}"),
        ):
            connection.execute(
                sa.text(
                    change.format(
                        "kind = 'lead' AND action_item_id = "
                        f"(SELECT id FROM action_item WHERE code = 'M.{number}')"
                    )
                )
            )
        connection.execute(
            sa.text("UPDATE action_item SET working_group_key = 'x' WHERE code = 'M.4'")
        )
    db.session.rollback()  # what is read next is what is stored now
    by_plan = prepare(secretariat, MASSAL, Assignee.PLAN)
    assert {action.code: reason for action, reason in by_plan.obstacles} == {
        "M.1": Obstacle.LEAD_NOT_HERE,
        "M.2": Obstacle.LEAD_IS_COURT,
        "M.3": Obstacle.NO_LEAD_IN_PLAN,
        "M.4": Obstacle.NO_GROUP,
    }
    assert [one.action.code for one in by_plan.proposals] == ["M.5", "M.6"]
    to_one = prepare(secretariat, MASSAL, Assignee.AGENCY, lead="dinsos")
    assert {one.lead.slug for one in to_one.proposals} == {"dinsos"}
    assert len(to_one.proposals) == 5
    assert prepare(secretariat, MASSAL, Assignee.AGENCY, lead="pengadilan-tinggi").proposals == []
    coordinator = {
        one.lead.slug for one in prepare(secretariat, MASSAL, Assignee.COORDINATOR).proposals
    }
    assert len(coordinator) == 1
    everything = prepare(secretariat, Filter(), Assignee.COORDINATOR)
    assert all(
        one.working_group.key == one.action.working_group_key for one in everything.proposals
    )
    with pytest.raises(InvalidInput):
        batches.assign_together(
            MASSAL, Assignee.AGENCY, TERMS, lead="pengadilan-tinggi", by=secretariat
        )


@on_sqlite
def test_what_changed_since_the_look_is_not_given(secretariat: Viewer) -> None:
    many(5, 5)
    seen = prepare(secretariat, MASSAL, Assignee.PLAN).fingerprint
    factories.assign(secretariat, "M.3", "dinsos", targets={})
    with pytest.raises(Conflict):
        batches.assign_together(MASSAL, Assignee.PLAN, TERMS, fingerprint=seen, by=secretariat)
    assert count(Assignment) == 1
    fresh = prepare(secretariat, MASSAL, Assignee.PLAN).fingerprint
    batches.assign_together(MASSAL, Assignee.PLAN, TERMS, fingerprint=fresh, by=secretariat)
    assert count(Assignment) == 5


# --- the screens ---------------------------------------------------------------------------------


@on_sqlite
def test_choose_fill_look_give_and_take_back_on_screen(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        many(12, 4)
        factories.open_period()
        address = factories.email_of(factories.person(AccessKind.SECRETARIAT, home="biro-kesra"))
        before = contents()
    officer = browser().sign_in(address, factories.PASSWORD)
    page = officer.get("/penugasan/massal?cari=massal").text
    assert "Pilih semua 12 aksi" in page
    ticked = re.findall(r'name="aksi" value="([^"]+)"', page)
    assert len(ticked) == 12
    nothing = officer.get("/penugasan/massal/isi?cari=massal", status=303)
    assert "Belum ada yang dipilih." in officer.get(nothing.location).text

    choice = "/penugasan/massal/isi?" + "&".join(f"aksi={one}" for one in ticked[:10])
    page = officer.get(choice).text
    assert "Tugaskan 10 aksi" in page
    key = re.search(r'name="form_key"[^>]*value="([^"]+)"', page)
    assert key
    fields = {
        "aksi": ticked[:10],
        "form_key": key[1],
        "towards": "plan",
        "basis_kind": "letter",
        "basis_reference": "463/77/UJI",
        "basis_on": "2026-10-12",
        "due_on": "31/12/2026",
        "reported_in": "months",
        "report_months": ["6", "12"],
        "budget": "stated",
        "budget_code": "2.08.03.2.01.0002",
        "budget_amount": "Rp 12.500.000",
        "join": "y",
        "act": "periksa",
    }
    path = "/penugasan/massal/isi"
    for change, wrong in (
        ({"basis_reference": ""}, "Tulis nomor surat"),
        ({"basis_reference": "Korban 6472015505080001"}, "NIK"),
        ({"due_on": "12/10/2026"}, "Batas waktu sudah lewat."),
        ({"towards": "agency"}, "Pilih instansi"),
        ({"budget_amount": "banyak"}, "rupiah"),
        ({"budget_code": "kode"}, "Tulis kode dengan angka dan titik"),
        ({"report_months": []}, "Pilih paling sedikit satu bulan"),
        ({"report_months": ["13"]}, "Galat:"),
    ):
        page = officer.post(path, {**fields, **change}, page=choice, status=422).text
        assert wrong in page, change
        assert page.count('name="aksi"') == 10, "the choice is kept"
    page = officer.post(path, {**fields, "scan": picture()}, page=choice, status=200).text
    assert "Tugaskan 10 aksi ke 4 instansi" in page
    assert "4 orang mendapat satu email" in page
    hidden = {
        name: value
        for name, value in re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', page)
        if name not in ("aksi", "csrf_token", "report_months")
    }
    months = re.findall(r'name="report_months" value="(\d+)"', page)
    assert hidden["scan_token"]
    forged = {**hidden, "scan_token": hidden["scan_token"][:-2]}
    confirm = {"aksi": ticked[:10], "report_months": months, "act": "tugaskan"}
    kept = officer.post(path, {**hidden, **confirm, "act": "ubah"}, page=choice, status=200).text
    assert 'value="463/77/UJI"' in kept
    assert 'value="Rp 12.500.000"' in kept
    stale = officer.post(
        path, {**forged, **confirm, "fingerprint": "x"}, page=choice, status=409
    ).text
    assert "berubah sejak Anda periksa" in stale
    done = officer.post(path, {**hidden, **confirm}, page=choice)
    assert officer.post(path, {**hidden, **confirm}, page=choice).location == done.location
    page = officer.get(done.location).text
    assert "10 aksi ditugaskan" in page
    with app.app_context():
        one = db.session.scalars(sa.select(Assignment).order_by(Assignment.id)).first()
        assert one is not None
        assert (one.budget_amount, one.budget_code) == (12_500_000, "2.08.03.2.01.0002")
        assert one.report_months == (1 << 5) | (1 << 11)
        detail = f"/penugasan/{one.public_id}"
        lead = factories.email_of(factories.person(AccessKind.AGENCY_HEAD, "massal-1"))
        stranger = factories.email_of(factories.person(AccessKind.AGENCY_HEAD, "dinsos"))
    assert "Rp 12.500.000" in officer.get(detail).text
    assert officer.get(f"{detail}/dasar").mimetype == "image/jpeg"
    browser().sign_in(lead, factories.PASSWORD).get(f"{detail}/dasar")
    browser().sign_in(stranger, factories.PASSWORD).get(f"{detail}/dasar", status=404)

    back = officer.post(f"{done.location}/urungkan", {}, page=done.location)
    assert "Diurungkan: 10 penugasan" in officer.get(back.location).text
    officer.get(done.location, status=404)
    with app.app_context():
        after = contents()
    # The two heads, the log of who read the scan, and the bytes of the scan are not of the batch.
    others = {"account", "access_grant", "access_log", "stored_file", "known_device"}
    others |= {"attempt_count"}
    assert {name for name in before if before[name] != after[name]} <= others


@on_sqlite
def test_the_due_date_of_terms_is_checked_in_the_service_too(secretariat: Viewer) -> None:
    many(2, 2)
    for wrong in (
        replace(TERMS, due_on=date(2026, 10, 12)),
        replace(TERMS, basis=replace(BASIS, on=date(2026, 10, 14))),
    ):
        with pytest.raises(InvalidInput):
            batches.assign_together(MASSAL, Assignee.PLAN, wrong, by=secretariat)
    with pytest.raises(NotAllowed):
        batches.assign_together(
            MASSAL, Assignee.PLAN, TERMS, by=replace(secretariat, kind=AccessKind.AUDITOR)
        )
