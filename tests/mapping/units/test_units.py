"""An agency names the units that do its duties; card and letter then say so."""

import re
from dataclasses import replace

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.letters.queries import body
from coordinator.clock import today
from coordinator.db import db
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.mapping.duties.queries import current_version
from coordinator.mapping.units import queries, service
from coordinator.mapping.units.models import DutyUnit
from coordinator.mapping.units.service import UnitWords
from coordinator.oversight.cards.queries import card
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.mapping.answers.builders import NIK, duties_of, sit_down

BIDANG = "Bidang Pemberdayaan Pemuda"


@pytest.fixture
def focal_point(app: flask.Flask) -> Viewer:
    """Dispora's narahubung."""
    with app.app_context():
        return factories.person(AccessKind.FOCAL_POINT, "dispora")


@pytest.fixture
def ids(app: flask.Flask, focal_point: Viewer) -> list[int]:
    """Dispora's duties."""
    with app.app_context():
        return [duty.duty_id for duty in duties_of(focal_point)]


def test_the_form_names_units_and_the_card_says_them(
    app: flask.Flask, focal_point: Viewer, ids: list[int]
) -> None:
    browser = sit_down(app, focal_point)
    assert "0 dari 3 tugas sudah punya unit." in browser.get("/jawab/unit").text
    done = browser.post(
        "/jawab/unit",
        {f"unit-{ids[0]}": BIDANG, f"office-{ids[0]}": "Kepala Bidang", f"unit-{ids[1]}": ""},
    )
    page = browser.get(done.location).text
    assert "1 tugas diperbarui." in page
    again = browser.post(
        "/jawab/unit",
        {f"unit-{ids[0]}": BIDANG, f"office-{ids[0]}": "Kepala Bidang", f"unit-{ids[1]}": ""},
    )
    unchanged = browser.get(again.location).text
    assert "Tidak ada yang berubah." in unchanged
    assert "tugas diperbarui" not in unchanged
    assert "1 dari 3 tugas sudah punya unit." in page
    assert f'<option value="{BIDANG}"' in page  # offered at the next duty
    with app.app_context():
        version = current_version(focal_point.own_task_force_id)
        assert version is not None
        assert version.number == 1  # the mapping is as it was
        shown = card(factories.task_force(), factories.agency("dispora"), on=today())
        first = next(duty for duty in shown.duties if duty.duty_id == ids[0])
        assert first.unit == f"{BIDANG}, Kepala Bidang"
        assert first.unit_said_on == today()
    public = browser.get("/kartu-peran/64/dispora").text
    assert f"{BIDANG}, Kepala Bidang (menurut Dispora," in public
    answers = browser.get("/jawab").text
    assert BIDANG in answers
    assert "1 dari 3 tugas sudah punya unit." in answers


def test_the_letter_names_the_unit_and_no_other_letter_is_due_for_it(app: flask.Flask) -> None:
    with app.app_context():
        story = factories.story()
        ids = [duty.duty_id for duty in duties_of(story.focal_point)]
        force, dispora = factories.task_force(), factories.agency("dispora")
        before = body(force, dispora, on=today())
        service.name_units({duty_id: UnitWords(BIDANG) for duty_id in ids}, by=story.focal_point)
        after = body(force, dispora, on=today())
        assert before is not None
        assert after is not None
        units = {duty.unit for action in after.actions for duty in action.duties}
        assert units == {BIDANG}
        assert before.substance == after.substance


def test_what_is_said_again_makes_no_row_and_an_empty_field_takes_it_back(
    app: flask.Flask, focal_point: Viewer, ids: list[int]
) -> None:
    with app.app_context():
        said = {ids[0]: UnitWords(BIDANG, "Kepala Bidang")}
        assert service.name_units(said, by=focal_point) == 1
        assert service.name_units(said, by=focal_point) == 0
        assert service.name_units({ids[0]: UnitWords("", "")}, by=focal_point) == 1
        assert queries.own_units(focal_point) == {}
        assert db.session.scalar(sa.select(sa.func.count()).select_from(DutyUnit)) == 2
        counts = queries.unit_counts(focal_point)[focal_point.own_agency_id]
        assert (counts.duties, counts.named) == (3, 0)


@pytest.mark.parametrize(
    ("unit", "office", "field", "said"),
    [
        ("x" * 121, "", "unit", "Paling panjang 120"),
        (f"Bidang {NIK}", "", "unit", "NIK"),
        (BIDANG, f"{NIK}", "office", "NIK"),
        ("", "Kepala Bidang", "unit", "Tulis unitnya"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    unit: str,
    office: str,
    field: str,
    said: str,
    app: flask.Flask,
    focal_point: Viewer,
    ids: list[int],
) -> None:
    browser = sit_down(app, focal_point)
    answer = browser.post(
        "/jawab/unit",
        {f"unit-{ids[0]}": unit, f"office-{ids[0]}": office, f"unit-{ids[1]}": BIDANG},
        status=422,
    )
    assert answer.status_code == 422
    error = answer.text.partition(f'id="{field}-{ids[0]}-error"')[2].partition("</p>")[0]
    assert said in error
    assert f'value="{BIDANG}"' in answer.text
    with app.app_context():
        assert queries.own_units(focal_point) == {}


def test_only_the_agency_itself_speaks_of_its_units(
    app: flask.Flask, focal_point: Viewer, ids: list[int]
) -> None:
    with app.app_context():
        other = factories.person(AccessKind.FOCAL_POINT, "dinsos")
        said = {ids[0]: UnitWords(BIDANG)}
        with pytest.raises(NotFound):
            service.name_units(said, by=other)
        for kind in (AccessKind.SECRETARIAT, AccessKind.LEADERSHIP, AccessKind.AUDITOR):
            with pytest.raises(NotAllowed):
                service.name_units(said, by=replace(focal_point, kind=kind))
        with pytest.raises(InvalidInput):
            service.name_units({ids[0]: UnitWords(f"NIK {NIK}")}, by=focal_point)
        assert queries.own_units(focal_point) == {}


def page_fields(page: str) -> dict[str, str]:
    """What a browser sends that opened the page and changed nothing."""
    found = re.findall(r'<input[^>]* name="((?:seen-)?(?:unit|office)-\d+)" value="([^"]*)"', page)
    return dict(found)


def test_an_old_page_does_not_take_back_what_a_colleague_wrote(
    app: flask.Flask, focal_point: Viewer, ids: list[int]
) -> None:
    with app.app_context():
        head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
    browser = sit_down(app, head)
    old = page_fields(browser.get("/jawab/unit").text)
    with app.app_context():
        said = {one: UnitWords(BIDANG, "Kepala Bidang") for one in ids[:2]}
        service.name_units(said, by=focal_point)
    browser.post("/jawab/unit", old | {f"unit-{ids[2]}": "Sekretariat"})
    with app.app_context():
        units = queries.own_units(head)
        assert {one: units[one].text for one in ids} == {
            ids[0]: f"{BIDANG}, Kepala Bidang",
            ids[1]: f"{BIDANG}, Kepala Bidang",
            ids[2]: "Sekretariat",
        }


def test_a_field_both_changed_is_asked_about_and_keeps_what_was_typed(
    app: flask.Flask, focal_point: Viewer, ids: list[int]
) -> None:
    with app.app_context():
        head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
    browser = sit_down(app, head)
    old = page_fields(browser.get("/jawab/unit").text)
    with app.app_context():
        service.name_units({ids[0]: UnitWords(BIDANG)}, by=focal_point)
    typed = old | {f"unit-{ids[0]}": "Sekretariat", f"unit-{ids[1]}": "Bidang Olahraga"}
    answer = browser.post("/jawab/unit", typed, status=409).text
    assert f"menulis “{BIDANG}”" in answer
    again = page_fields(answer)
    assert again[f"unit-{ids[0]}"] == "Sekretariat"
    assert again[f"unit-{ids[1]}"] == "Bidang Olahraga"
    with app.app_context():
        assert {one.unit for one in queries.own_units(head).values()} == {BIDANG}
    browser.post("/jawab/unit", again)
    with app.app_context():
        assert queries.own_units(head)[ids[0]].unit == "Sekretariat"


def test_what_may_identify_a_victim_is_asked_about_and_kept_in_one_line(
    app: flask.Flask, focal_point: Viewer, ids: list[int]
) -> None:
    browser = sit_down(app, focal_point)
    text = "08123456789 korban berinisial A"
    answer = browser.post("/jawab/unit", {f"unit-{ids[0]}": text}, status=422).text
    assert "nomor telepon" in answer
    assert f'id="yakin-unit-{ids[0]}"' in answer
    browser.post("/jawab/unit", {f"unit-{ids[1]}": "Bidang\r\nPemuda"})
    sure = "Unit layanan 08123456789"
    browser.post("/jawab/unit", {f"unit-{ids[0]}": sure, f"yakin-unit-{ids[0]}": sure})
    with app.app_context():
        units = queries.own_units(focal_point)
        assert (units[ids[0]].unit, units[ids[1]].unit) == (sure, "Bidang Pemuda")


def test_one_unit_for_all_that_have_none(
    app: flask.Flask, focal_point: Viewer, ids: list[int]
) -> None:
    with app.app_context():
        service.name_units({ids[0]: UnitWords(BIDANG)}, by=focal_point)
    browser = sit_down(app, focal_point)
    fields = page_fields(browser.get("/jawab/unit").text)
    browser.post("/jawab/unit", fields | {"all-unit": "Sekretariat", "all-office": "Sekretaris"})
    with app.app_context():
        texts = [queries.own_units(focal_point)[one].text for one in ids]
        assert texts == [BIDANG, "Sekretariat, Sekretaris", "Sekretariat, Sekretaris"]


def test_the_agency_and_the_secretariat_read_the_same_count(app: flask.Flask) -> None:
    with app.app_context():
        secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        polda = factories.person(AccessKind.FOCAL_POINT, "polda")
        counts = queries.unit_counts(secretariat)[polda.own_agency_id]
        assert counts.named > 0  # the mapping itself names units
    said = f"{counts.named} dari {counts.duties}"
    browser = sit_down(app, polda)
    assert f"{said} tugas sudah punya unit." in browser.get("/jawab/unit").text
    assert f"{said} tugas sudah punya unit." in browser.get("/jawab").text
