"""The screens on which an agency answers its duties."""

import re
from collections.abc import Callable

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.answers import queries, questions, service
from coordinator.mapping.answers.models import DutyResponse
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.duties.service import load_mapping
from coordinator.oversight.cards.service import publish_card
from coordinator.permissions import TABLE, AccessKind, Permission, Viewer
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.conftest import Browser
from tests.mapping.answers.builders import NIK, duties_of, person_elsewhere, sit_down
from tests.mapping.duties.builders import KEY, reworded


@pytest.fixture
def head(app: flask.Flask) -> Viewer:
    """Dispora's head."""
    with app.app_context():
        return factories.person(AccessKind.AGENCY_HEAD, "dispora")


@pytest.fixture
def ids(app: flask.Flask, head: Viewer) -> list[str]:
    """The addresses of Dispora's duties, in the mapping's order."""
    with app.app_context():
        return [duty.duty.public_id for duty in duties_of(head)]


def answers_given(app: flask.Flask) -> list[tuple[str, str, str | None]]:
    """Every answer, in order: what, as whom, why."""
    with app.app_context():
        rows = db.session.execute(
            sa.select(DutyResponse.answer, DutyResponse.answered_as, DutyResponse.reason).order_by(
                DutyResponse.id
            )
        )
        return [(answer.value, kind.value, reason) for answer, kind, reason in rows]


def test_what_is_clear_is_accepted_at_once(app: flask.Flask, head: Viewer, ids: list[str]) -> None:
    browser = sit_down(app, head)
    page = browser.get("/jawab").text
    assert f"0 dari {len(ids)} tugas sudah dijawab" in page
    assert len(re.findall(r'<input type="checkbox" name="duty"', page)) == len(ids)
    assert "checked" not in page  # nothing is ticked beforehand
    assert "atas nama kepala" not in page
    assert f'<span class="count">{len(ids)}' in page
    answer = browser.post("/jawab", {"version": "1", "duty": ids[:2]})
    page = browser.get(answer.location).text
    assert "2 tugas diterima." in page
    assert f"2 dari {len(ids)} tugas sudah dijawab" in page
    assert answers_given(app) == [("accepted", "agency_head", None)] * 2


def test_both_pages_say_alike_who_reads_an_answer(
    app: flask.Flask, head: Viewer, ids: list[str]
) -> None:
    browser = sit_down(app, head)
    said = set()
    for path in ("/jawab", f"/jawab/{ids[0]}"):
        words = browser.get(path).text.partition("Siapa yang tahu jawaban ini?")[2]
        said.add(" ".join(re.search(r"<p>(.*?)</p>", words, re.S)[1].split()))  # type: ignore[index]
    (sentence,) = said
    # Who reads questions beyond the agencies they concern, and who does not.
    names = {AccessKind.SECRETARIAT: "Sekretariat", AccessKind.AUDITOR: "Inspektorat"}
    asked = sentence.partition("Pertanyaan dan alasannya")[2].partition(".")[0]
    for kind in (AccessKind.SECRETARIAT, AccessKind.AUDITOR, AccessKind.LEADERSHIP):
        reads = Permission.SEE_QUESTIONS in TABLE[kind]
        assert (names.get(kind, "Pimpinan") in asked) == reads, kind
    # Others of the task force read the answer on the card; the public does not.
    browser.post("/jawab", {"version": "1", "duty": ids[:1]})
    with app.app_context():
        other = factories.person(AccessKind.FOCAL_POINT, "dinkes")
        officer = factories.person(AccessKind.SECRETARIAT)
        publish_card("dispora", by=officer)
    assert "bagi siapa pun yang masuk di gugus tugas ini" in sentence
    assert "Terima, " in sit_down(app, other).get("/kartu-peran/64/dispora").text
    assert "Terima, " not in Browser(app).get("/kartu-peran/64/dispora").text


def test_nothing_ticked_accepts_nothing(app: flask.Flask, head: Viewer) -> None:
    refused = sit_down(app, head).post("/jawab", {"version": "1"}, status=422)
    assert "Centang paling sedikit satu tugas." in refused.text
    assert "<title>Galat:" in refused.text
    assert answers_given(app) == []


def test_a_focal_point_answers_for_the_head_and_it_is_said(
    app: flask.Flask, ids: list[str]
) -> None:
    with app.app_context():
        focal_point = factories.person(AccessKind.FOCAL_POINT, "dispora")
    browser = sit_down(app, focal_point)
    assert "Anda menjawab atas nama kepala." in browser.get(f"/jawab/{ids[0]}").text
    browser.post(f"/jawab/{ids[0]}", {"version": "1", "answer": "accepted"})
    assert answers_given(app) == [("accepted", "focal_point", None)]
    assert "oleh narahubung, atas nama kepala" in browser.get("/jawab").text


def test_a_refusal_says_whose_it_is_and_why(app: flask.Flask, head: Viewer, ids: list[str]) -> None:
    with app.app_context():
        factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        factories.person(AccessKind.FOCAL_POINT, "disnakertrans")
    browser = sit_down(app, head)
    path = f"/jawab/{ids[0]}"
    page = browser.get(path).text
    assert "Selasa, 20 Oktober 2026" in page  # five working days from Tuesday
    typed = {"version": "1", "answer": "not_ours", "reason": "Urusan tenaga kerja."}
    refused = browser.post(path, typed, status=422).text
    assert "Pilih instansi, atau" in refused
    assert "Urusan tenaga kerja." in refused  # what was typed stays
    unknown = browser.post(path, typed | {"suggested_agency": "lain"}, status=422).text
    assert "Pilih salah satu dari daftar." in unknown
    browser.post(path, typed | {"suggested_agency": "disnakertrans", "reason": " "}, status=422)
    identity = browser.post(
        path, typed | {"suggested_agency": "disnakertrans", "reason": f"NIK {NIK}"}, status=422
    ).text
    assert "Ada angka seperti NIK" in identity
    assert answers_given(app) == []

    done = browser.post(path, typed | {"suggested_agency": "disnakertrans"})
    assert done.location.startswith(f"/jawab/{ids[1]}")  # the next that waits
    assert answers_given(app) == [("not_ours", "agency_head", "Urusan tenaga kerja.")]
    page = browser.get("/jawab").text
    assert "Belum jelas" in page
    assert "Bukan kewenangan kami" in page
    with app.app_context():
        told = set(
            db.session.scalars(
                sa.select(OutgoingEmail.to_address).where(OutgoingEmail.kind == "question")
            )
        )
    assert told == {"secretariat.biro-kesra@uji.example", "focal_point.disnakertrans@uji.example"}


def test_a_question_needs_words_and_forgets_the_other_fields(
    app: flask.Flask, head: Viewer, ids: list[str]
) -> None:
    browser = sit_down(app, head)
    path = f"/jawab/{ids[0]}"
    typed = {"version": "1", "answer": "needs_explanation", "reason": f"NIK {NIK}"}
    refused = browser.post(path, typed | {"question": ""}, status=422).text
    assert "Tulis alasannya" in refused
    browser.post(path, typed | {"question": "Sejauh apa?"})
    assert answers_given(app) == [("needs_explanation", "agency_head", "Sejauh apa?")]


def test_who_does_not_know_says_so(app: flask.Flask, head: Viewer, ids: list[str]) -> None:
    fields = {"version": "1", "answer": "not_ours", "reason": "Tidak ada di tupoksi."}
    sit_down(app, head).post(f"/jawab/{ids[0]}", fields | {"suggested_agency": "tidak-tahu"})
    with app.app_context():
        response = db.session.scalars(sa.select(DutyResponse)).one()
        assert response.suggested_agency_id is None


def test_the_last_answer_leads_back_to_the_overview(
    app: flask.Flask, head: Viewer, ids: list[str]
) -> None:
    browser = sit_down(app, head)
    browser.post("/jawab", {"version": "1", "duty": ids[1:]})
    done = browser.post(f"/jawab/{ids[0]}", {"version": "1", "answer": "accepted"})
    page = browser.get(done.location).text
    assert "Semua tugas sudah dijawab." in page
    assert "Terima yang dicentang" not in page
    with app.app_context():
        assert questions.count_unanswered(head) == 0


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_duty_of_others_does_not_exist(app: flask.Flask, head: Viewer, ids: list[str]) -> None:
    with app.app_context():
        others = [
            factories.person(AccessKind.AGENCY_HEAD, "dinsos"),
            person_elsewhere(AccessKind.AGENCY_HEAD),
        ]
    for other in others:
        browser = sit_down(app, other)
        browser.get(f"/jawab/{ids[0]}", status=404)
        token = browser.token("/akun")
        fields = {"csrf_token": token, "version": "1", "answer": "accepted"}
        assert browser.client.post(f"/jawab/{ids[0]}", data=fields).status_code == 404
        fields = {"csrf_token": token, "version": "1", "duty": ids[:1]}
        assert browser.client.post("/jawab", data=fields).status_code == 422
    assert answers_given(app) == []


def test_only_what_changed_waits_again(app: flask.Flask, head: Viewer, mapping: Mapping) -> None:
    with app.app_context():
        service.accept_duties([duty.duty_id for duty in duties_of(head)], by=head)
        load_mapping(reworded(mapping, KEY, text="Mengawasi yang lain"), by=None, reason="SK baru")
        changed = next(d for d in duties_of(head) if d.duty.key == KEY).duty.public_id
        assert questions.count_unanswered(head) == 1
    browser = sit_down(app, head)
    page = browser.get("/jawab").text
    assert "1 tugas baru atau berubah pada versi 2." in page
    assert "/peran/versi/2?instansi=dispora" in page
    assert len(re.findall(r'name="duty"', page)) == 1
    # A page opened before the change must not accept the wording that came after it.
    stale = {"version": "1", "answer": "accepted"}
    refused = browser.post(f"/jawab/{changed}", stale, status=409).text
    assert "baru saja berubah" in refused
    assert "Mengawasi yang lain" in refused
    assert 'value="2"' in refused  # what is shown now may be answered
    browser.post("/jawab", {"version": "1", "duty": [changed]}, status=409)
    with app.app_context():
        assert questions.count_unanswered(head) == 1
    browser.post(f"/jawab/{changed}", {"version": "2", "answer": "accepted"})
    with app.app_context():
        assert questions.count_unanswered(head) == 0


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_at_most_six_steps_are_shown(app: flask.Flask) -> None:
    with app.app_context():
        head = factories.person(AccessKind.AGENCY_HEAD, "dkp3a")
        ids = [duty.duty.public_id for duty in duties_of(head)]
    assert len(ids) > 6
    browser = sit_down(app, head)
    for number in (1, 4, len(ids)):
        page = browser.get(f"/jawab/{ids[number - 1]}").text
        steps = page[page.index('<ol class="stepper">') :]
        steps = steps[: steps.index("</ol>")]
        assert steps.count("<li") == 6
        assert re.search(rf'aria-current="step">Tugas {number}<', steps)


@pytest.mark.usefixtures("in_app")
def test_counts_agree_with_the_lists(app: flask.Flask) -> None:
    """The quick counts in every page's frame say what the full lists say, after any answers."""
    head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
    secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    duties = [duty.duty_id for duty in duties_of(head)]
    history: list[Callable[[], object]] = [
        lambda: service.answer_duty(duties[0], Answer.NOT_OURS, reason="Bukan.", by=head),
        lambda: service.answer_duty(duties[1], Answer.NEEDS_EXPLANATION, reason="Apa?", by=head),
        lambda: service.answer_duty(duties[0], Answer.NEEDS_EXPLANATION, reason="Apa?", by=head),
        lambda: service.answer_duty(duties[1], Answer.ACCEPTED, by=head),
        lambda: service.answer_duty(duties[0], Answer.ACCEPTED, by=head),
        lambda: service.answer_duty(duties[0], Answer.NOT_OURS, reason="Bukan.", by=head),
    ]
    expected = [1, 2, 2, 1, 0, 1]
    for act, count in zip(history, expected, strict=True):
        act()
        assert questions.count_open_questions(secretariat) == count
        assert len(queries.open_questions(secretariat)) == count
        held = queries.current_answers(secretariat.own_task_force_id)
        assert questions.count_unanswered(head) == len(duties) - len(held)
    assert questions.count_open_questions(person_elsewhere(AccessKind.SECRETARIAT)) == 0
