"""The thread on a question, its ruling on screen, and who may see which."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.rules import ObligationEnd
from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.answers import queries as answers
from coordinator.mapping.answers import service
from coordinator.mapping.answers.models import DutyResponse, Precedent, PublishedQuestion, Ruling
from coordinator.mapping.answers.rules import Answer, Outcome
from coordinator.oversight.matrix import queries as matrix_queries
from coordinator.oversight.matrix.labels import cell_word
from coordinator.oversight.matrix.rules import Layer
from coordinator.oversight.rulings import queries
from coordinator.oversight.rulings.service import NewRuling, rule_on
from coordinator.periods.queries import newest_period
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.mapping.answers.builders import NIK, duties_of, person_elsewhere, sit_down

REASON = "Magang ke luar negeri adalah urusan ketenagakerjaan."


@dataclass(frozen=True)
class World:
    """Dispora leads one reported action and refuses the duty behind it, naming Disnakertrans."""

    story: factories.Story
    head: Viewer
    duty_id: int
    question: str

    @property
    def secretariat(self) -> Viewer:
        """Who rules."""
        return self.story.secretariat

    @property
    def path(self) -> str:
        """The thread's address."""
        return f"/tanya/{self.question}"


@pytest.fixture
def world(app: flask.Flask) -> World:
    """The question is asked on the test's Tuesday."""
    with app.app_context():
        story = factories.story()
        head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
        lead = next(p for p in story.assignment.parties if p.kind == "lead")
        duty_id = lead.duties[0].duty_id
        response = service.answer_duty(
            duty_id,
            Answer.NOT_OURS,
            reason=REASON,
            suggested_agency_id=factories.agency("disnakertrans").id,
            by=head,
        )
        return World(story, head, duty_id, response.public_id)


def ruling_fields(outcome: str = "stays", **more: str) -> dict[str, str]:
    """What the form of a ruling sends."""
    return {"outcome": outcome, "reason": "Sesuai tupoksi.", **more}


def rulings(app: flask.Flask) -> int:
    """How many rulings there are."""
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count(Ruling.id))) or 0


# --- who sees what -------------------------------------------------------------------------------


def test_the_list_of_each(app: flask.Flask, world: World) -> None:
    with app.app_context():
        stranger = factories.person(AccessKind.FOCAL_POINT, "dinsos")
        auditor = factories.person(AccessKind.AUDITOR, home="inspektorat")
        duty = next(d for d in duties_of(stranger))
        asked = service.answer_duty(
            duty.duty_id, Answer.NEEDS_EXPLANATION, reason="Sejauh apa?", by=stranger
        ).public_id
    expected = {
        world.secretariat: {world.question, asked},
        auditor: {world.question, asked},
        world.story.focal_point: {world.question},
        world.story.supporter: {world.question},  # Disnakertrans was named
        stranger: {asked},
    }
    for viewer, ids in expected.items():
        page = sit_down(app, viewer).get("/tanya").text
        assert set(re.findall(r'href="/tanya/([\w-]{12})"', page)) == ids, viewer.kind
    narrowed = sit_down(app, world.secretariat).get("/tanya?instansi=dinsos").text
    assert world.question not in narrowed
    assert "Hapus saringan" in narrowed


def test_another_task_force_finds_nothing(app: flask.Flask, world: World) -> None:
    with app.app_context():
        published = service.publish_question(
            db.session.scalars(sa.select(DutyResponse.id)).one(),
            question="Siapa?",
            answer="Dispora.",
            by=world.secretariat,
        ).public_id
        others = [
            person_elsewhere(AccessKind.SECRETARIAT),
            person_elsewhere(AccessKind.AGENCY_HEAD),
            factories.person(AccessKind.AGENCY_HEAD, "dinsos"),
        ]
    for other in others:
        browser = sit_down(app, other)
        assert world.question not in browser.get("/tanya").text
        browser.get(world.path, status=404)
        token = browser.token("/akun")
        rules = other.kind is AccessKind.SECRETARIAT
        browser.get(f"{world.path}/tetapkan", status=404 if rules else 403)
        posts = {
            world.path: ({"text": "Halo"}, 404),
            f"{world.path}/tetapkan": (ruling_fields(), 404 if rules else 403),
            f"{world.path}/terbitkan": ({"kartu-question": "a", "kartu-answer": "b"}, None),
            f"{world.path}/tarik/{published}": ({}, None),
        }
        for path, (fields, status) in posts.items():
            answer = browser.client.post(path, data={"csrf_token": token, **fields})
            assert answer.status_code == (status or (404 if rules else 403)), path
            assert "Magang" not in answer.text
    assert rulings(app) == 0
    with app.app_context():
        assert db.session.scalars(sa.select(PublishedQuestion)).one().withdrawn_at is None
        assert answers.messages(db.session.scalars(sa.select(DutyResponse)).one()) == []


# --- the thread ----------------------------------------------------------------------------------


def test_a_conversation_by_access_not_by_name(app: flask.Flask, world: World) -> None:
    secretariat = sit_down(app, world.secretariat)
    named = sit_down(app, world.story.supporter)
    head = sit_down(app, world.head)
    secretariat.post(world.path, {"text": "Dasarnya apa?"})
    named.post(world.path, {"text": "Kami mengurus izinnya."})
    head.post(world.path, {"text": "Terima kasih."})
    # The page's frame names its reader to themselves.
    page = head.get(world.path).text.partition("<main")[2]
    order = [page.index(text) for text in (REASON, "Dasarnya", "Kami mengurus", "Terima kasih.")]
    assert order == sorted(order)
    for who in ("Kepala Dispora", "Sekretariat:", "Narahubung Disnakertrans"):
        assert who in page
    for viewer in (world.secretariat, world.story.supporter, world.head):
        with app.app_context():
            assert factories.email_of(viewer).partition("@")[0] not in page
    assert "Sekretariat menetapkan paling lambat Selasa, 20 Oktober 2026" in page


def test_a_message_is_screened_and_stays_typed(app: flask.Flask, world: World) -> None:
    head = sit_down(app, world.head)
    refused = head.post(world.path, {"text": f"Korban ber-NIK {NIK}"}, status=422).text
    assert "Ada angka seperti NIK" in refused
    assert f"Korban ber-NIK {NIK}" in refused
    head.post(world.path, {"text": "  "}, status=422)
    with app.app_context():
        assert answers.messages(db.session.scalars(sa.select(DutyResponse)).one()) == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_auditor_reads_and_writes_nothing(app: flask.Flask, world: World) -> None:
    with app.app_context():
        auditor = factories.person(AccessKind.AUDITOR, home="inspektorat")
    browser = sit_down(app, auditor)
    page = browser.get(world.path).text
    assert REASON in page
    assert "Kirim pesan" not in page
    assert "Tetapkan peran" not in page
    token = browser.token("/akun")
    answer = browser.client.post(world.path, data={"csrf_token": token, "text": "Halo"})
    assert answer.status_code == 403


def test_what_waits_too_long_says_by_how_many_working_days(
    app: flask.Flask, world: World, clock: time_machine.Traveller
) -> None:
    clock.move_to("2026-10-23T02:00:00+00:00", tick=False)  # Friday; due on Tuesday the 20th
    browser = sit_down(app, world.secretariat)
    for path in ("/tanya", world.path):
        assert "Lewat 3 hari kerja" in browser.get(path).text
    home = browser.get("/beranda").text
    assert "Tertua menunggu 8 hari kerja" in home
    assert "lewat 3 hari" in home
    assert f'href="{world.path}"' in home
    assert '<span class="count">1<' in home


def test_an_agency_that_answers_again_ends_the_question(app: flask.Flask, world: World) -> None:
    with app.app_context():
        service.answer_duty(world.duty_id, Answer.ACCEPTED, by=world.head)
    browser = sit_down(app, world.secretariat)
    page = browser.get(world.path).text
    assert "Pertanyaan ini tidak menunggu ketetapan." in page
    assert "Kirim pesan" not in page
    browser.get(f"{world.path}/tetapkan", status=409)
    assert world.question not in browser.get("/tanya").text
    assert world.question in browser.get("/tanya?keadaan=tanpa-ketetapan").text


# --- the ruling ----------------------------------------------------------------------------------


def test_the_form_says_what_each_agency_carries(app: flask.Flask, world: World) -> None:
    page = sit_down(app, world.secretariat).get(f"{world.path}/tetapkan").text
    with app.app_context():
        duties = len(duties_of(world.story.supporter))
    assert f"Disnakertrans ({duties} tugas, 1 penugasan terbuka)" in page
    assert page.count("selected") == 2  # the agency that was named, in both selects
    assert re.search(r'<option selected value="disnakertrans">', page)
    assert 'value="dispora"' not in page
    assert "Pengadilan" not in page
    assert "pemetaan menjadi versi 2" in page


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("receiver", ["disnakertrans", "dinsos"])
def test_the_mails_of_the_simulation_are_those_that_follow(
    app: flask.Flask, world: World, outcome: Outcome, receiver: str
) -> None:
    """The counts shown before pressing are those of the obligations afterwards. "At most" is for
    an agency that takes part already."""
    with app.app_context():
        response = answers.thread(world.secretariat, world.question)
        assert response is not None
        told = queries.consequences(response, today())
        before = set(db.session.scalars(sa.select(Obligation.id)))
        moves = outcome in (Outcome.MOVED, Outcome.SHARED)
        rule_on(
            world.question,
            NewRuling(
                outcome=outcome,
                reason="Sesuai tupoksi.",
                to_agency=receiver if moves else "",
                new_text="Mengawasi magang" if outcome is Outcome.REWORDED else "",
            ),
            by=world.secretariat,
        )
        rows = db.session.scalars(sa.select(Obligation)).all()
        given = [row for row in rows if row.id not in before]
        ended = [row for row in rows if row.ended_as is ObligationEnd.TRANSFERRED]
        assert told.received == 1
        assert told.transferred == 1
        if not moves:
            assert not given
            assert not ended
            lead = next(row for row in rows if row.agency_id == factories.agency("dispora").id)
            assert lead.due_on == told.asked_from
            return
        if outcome is Outcome.MOVED:
            assert len(ended) >= told.transferred
        assert len(given) <= told.received
        if receiver == "dinsos":  # takes no part yet
            assert len(given) == told.received
            assert len(ended) == (told.transferred if outcome is Outcome.MOVED else 0)
        for row in given:
            assert row.due_on == told.received_from
            assert row.agency_id == factories.agency(receiver).id


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"outcome": "", "reason": "x"}, "Pilih satu ketetapan."),
        (ruling_fields(reason=""), "Tulis alasan ketetapan."),
        (ruling_fields(reason=f"NIK {NIK}"), "Ada angka seperti NIK"),
        (ruling_fields("moved", moved_to=""), "Pilih instansi penerima"),
        (ruling_fields("shared", shared_with="tidak-ada"), "Pilih salah satu dari daftar."),
        (ruling_fields("reworded", new_text=""), "Tulis bunyi tugas yang baru"),
        (ruling_fields(share="y"), "Tulis alasan yang boleh dibaca gugus tugas lain."),
        (ruling_fields(share="y", shared_reason=f"NIK {NIK}"), "Ada angka seperti NIK"),
    ],
)
def test_a_ruling_that_lacks_something_is_refused_at_its_field(
    app: flask.Flask, world: World, fields: dict[str, str], message: str
) -> None:
    browser = sit_down(app, world.secretariat)
    page = browser.post(f"{world.path}/tetapkan", fields, status=422).text
    assert "<title>Galat:" in page
    errors = re.findall(r'<p class="error"[^>]*>Galat: ([^<]+)<', page)
    assert any(message in error for error in errors), errors
    if fields["reason"]:
        assert f">\r\n{fields['reason']}</textarea>" in page or fields["reason"] in page
    assert rulings(app) == 0


def test_a_ruling_moves_the_duty_and_is_shared(app: flask.Flask, world: World) -> None:
    browser = sit_down(app, world.secretariat)
    fields = ruling_fields("moved", moved_to="disnakertrans", share="y")
    done = browser.post(
        f"{world.path}/tetapkan",
        fields | {"shared_reason": "Magang diawasi dinas tenaga kerja."},
    )
    page = browser.get(done.location).text
    assert "Pemetaan versi 2 berlaku." in page
    assert "Tugas ini dialihkan dari Dispora ke Disnakertrans." in page
    assert 'href="/peran/versi/2"' in page
    assert "Kirim pesan" not in page
    assert ">Tetapkan peran<" not in page
    # The same form again, from a page left open: nothing is ruled twice.
    token = browser.token("/akun")
    again = browser.client.post(f"{world.path}/tetapkan", data={"csrf_token": token, **fields})
    assert again.status_code == 409
    late = browser.client.post(world.path, data={"csrf_token": token, "text": "Masih ada"})
    assert late.status_code == 409
    assert rulings(app) == 1
    assert world.question in browser.get("/tanya?keadaan=ditetapkan").text
    assert world.question not in browser.get("/tanya").text
    receiver = sit_down(app, world.story.supporter)
    assert "Tugas ini dialihkan" in receiver.get(world.path).text
    assert "1 tugas baru atau berubah pada versi 2." in receiver.get("/jawab").text
    with app.app_context():
        told = set(
            db.session.scalars(
                sa.select(OutgoingEmail.to_address).where(OutgoingEmail.kind == "ruled")
            )
        )
        assert factories.email_of(world.head) in told
        assert factories.email_of(world.story.supporter) in told


def test_words_typed_for_sharing_are_kept_back_without_the_tick(
    app: flask.Flask, world: World
) -> None:
    sit_down(app, world.secretariat).post(
        f"{world.path}/tetapkan", ruling_fields(shared_reason="Belum yakin dibagikan.")
    )
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Precedent)) == 0


def test_what_stays_is_settled_until_the_agency_accepts_it(app: flask.Flask, world: World) -> None:
    sit_down(app, world.secretariat).post(f"{world.path}/tetapkan", ruling_fields())

    def paham() -> str:
        with app.app_context():
            period = newest_period(world.secretariat.own_task_force_id)
            assert period is not None
            matrix = matrix_queries.matrix(world.secretariat, period, Layer.PAHAM, on=today())
            row = next(row for row in matrix.rows if row.agency == "Dispora")
            return cell_word(Layer.PAHAM, row.cells[group_id])

    with app.app_context():
        revision = next(d for d in duties_of(world.head) if d.duty_id == world.duty_id)
        group_id, duty = revision.working_group_id, revision.duty.public_id
        others = [
            d.duty_id
            for d in duties_of(world.head)
            if d.working_group_id == group_id and d.duty_id != world.duty_id
        ]
        service.accept_duties(others, by=world.head)
    assert paham() == "Ditetapkan"
    browser = sit_down(app, world.head)
    page = browser.get("/jawab").text
    assert "Sudah ditetapkan" in page
    assert "Terima sekarang" in page
    assert f"/jawab/{duty}" in browser.get(world.path).text
    browser.post(f"/jawab/{duty}", {"version": "2", "answer": "accepted"})
    assert paham() == "Paham"


# --- what is shared ------------------------------------------------------------------------------


def test_an_edited_question_goes_on_the_card_and_off_again(app: flask.Flask, world: World) -> None:
    browser = sit_down(app, world.secretariat)
    fields = {"kartu-question": "Siapa mengawasi magang?", "kartu-answer": "Disnakertrans."}
    refused = browser.post(
        f"{world.path}/terbitkan",
        fields | {"kartu-answer": f"NIK {NIK}"},
        page=world.path,
        status=422,
    ).text
    assert "Siapa mengawasi magang?" in refused
    browser.post(f"{world.path}/terbitkan", fields, page=world.path)
    page = browser.get(world.path).text
    assert "Disnakertrans." in page
    withdraw = re.search(rf'action="({world.path}/tarik/[\w-]+)"', page)
    assert withdraw
    assert "Siapa mengawasi magang?" in sit_down(app, world.head).get(_answer_of(app, world)).text
    browser.post(withdraw[1], {}, page=world.path)
    assert "Siapa mengawasi magang?" not in browser.get(world.path).text


def _answer_of(app: flask.Flask, world: World) -> str:
    with app.app_context():
        revision = next(d for d in duties_of(world.head) if d.duty_id == world.duty_id)
        return f"/jawab/{revision.duty.public_id}"


def test_a_precedent_reaches_the_same_kind_of_agency_elsewhere(
    app: flask.Flask, world: World
) -> None:
    sit_down(app, world.secretariat).post(
        f"{world.path}/tetapkan",
        ruling_fields(
            "moved",
            moved_to="disnakertrans",
            share="y",
            shared_reason="Magang diawasi dinas tenaga kerja.",
        ),
    )
    with app.app_context():
        same_kind = person_elsewhere(AccessKind.AGENCY_HEAD)
        other_kind = factories.person(AccessKind.AGENCY_HEAD, "dinsos")
        elsewhere = person_elsewhere(AccessKind.SECRETARIAT)
    for viewer, sees in ((same_kind, True), (elsewhere, True), (other_kind, False)):
        page = sit_down(app, viewer).get("/preseden").text
        assert ("Magang diawasi dinas tenaga kerja." in page) is sees, viewer
        assert REASON not in page  # the thread stays where it was
        assert "Sesuai tupoksi." not in page  # and so does the reason written for the two agencies
        assert world.question not in page
    browser = sit_down(app, elsewhere)
    found: Callable[[str], bool] = lambda text: (  # noqa: E731
        "Magang diawasi" in browser.get(f"/preseden?cari={text}").text
    )
    assert found("MAGANG tenaga")
    assert not found("magang rumah sakit")
    assert not found("%25")  # a wildcard is only a character
