"""An agency names the units that do its duties; card and letter then say so."""

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
