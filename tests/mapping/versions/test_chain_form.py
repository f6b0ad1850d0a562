"""The step and the limit of a duty on screen: kept, changed, refused at their fields."""

import re

import flask
import pytest

from coordinator.mapping.duties.rules import ChainStep, LimitBound, LimitUnit, StepHolding
from coordinator.mapping.duties.seed import DutyPart, LimitPart
from coordinator.mapping.versions import queries
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.conftest import Browser
from tests.mapping.answers.builders import sit_down
from tests.mapping.duties.builders import KEY
from tests.mapping.versions.builders import form_fields

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
TREATED = "dinkes-rehabilitasi-7-hari"
FIELDS = ("step", "step_as", "limit_at", "limit_value", "limit_unit", "limit_from")


@pytest.fixture
def viewer(app: flask.Flask) -> Viewer:
    """A secretariat officer."""
    with app.app_context():
        return factories.person(AccessKind.SECRETARIAT)


@pytest.fixture
def office(app: flask.Flask, viewer: Viewer) -> Browser:
    """The same, signed in."""
    return sit_down(app, viewer)


def drafted(app: flask.Flask, viewer: Viewer, key: str) -> DutyPart:
    """A duty as the draft has it, or the version in force."""
    with app.app_context():
        working = queries.working(viewer)
        assert working is not None
        return next(one for one in working.mapping.duties if one.id == key)


def send(office: Browser, key: str, *, status: int = 303, **typed: str) -> str:
    """Open the form of a duty, type some fields, send it."""
    path = f"/peran/ubah/tugas/{key}"
    fields = form_fields(office.get(path).text, path)
    assert set(FIELDS) <= set(fields)
    return office.post(path, {**fields, **typed}, page=path, status=status).text


def test_what_nobody_touched_stays(app: flask.Flask, office: Browser, viewer: Viewer) -> None:
    before = drafted(app, viewer, TREATED)
    assert before.limit is not None
    send(office, TREATED, example="Contoh lain.")
    after = drafted(app, viewer, TREATED)
    assert after.example == "Contoh lain."
    assert (after.step, after.step_as, after.limit) == (before.step, before.step_as, before.limit)


def test_a_step_with_a_limit_is_kept_and_taken_away_again(
    app: flask.Flask, office: Browser, viewer: Viewer
) -> None:
    typed = {"step": "find", "step_as": "support", "limit_value": "24", "limit_unit": "hours"}
    send(office, KEY, **typed, limit_at="most", limit_from="pasal-1")
    after = drafted(app, viewer, KEY)
    assert (after.step, after.step_as) == (ChainStep.FIND, StepHolding.SUPPORT)
    assert after.limit == LimitPart(
        value=24,
        unit=LimitUnit.HOURS,
        at=LimitBound.MOST,
        instrument="uu-40-2009",
        article=after.citations[0].article,
    )
    page = office.get("/peran/ubah").text
    assert "Langkah: Menemukan (pendukung)" in page
    assert "Langkah atau batas waktu berubah" in page
    assert "Berubah bunyi" not in page
    send(office, KEY, example="Contoh lain.")
    assert "Berubah bunyi" in office.get("/peran/ubah").text
    send(office, KEY, step="", step_as="", limit_value="", limit_from="")
    after = drafted(app, viewer, KEY)
    assert (after.step, after.step_as, after.limit) == (None, None, None)


def test_a_model_names_its_source(app: flask.Flask, office: Browser, viewer: Viewer) -> None:
    send(office, KEY, limit_value="3", limit_unit="months", limit_from="sumber-tafsir-pasal")
    limit = drafted(app, viewer, KEY).limit
    assert limit is not None
    assert (limit.source, limit.instrument) == ("tafsir-pasal", None)


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"step": "find"}, "step_as", "Pilih kedudukan instansi di langkah ini."),
        ({"step_as": "lead"}, "step", "Pilih langkahnya."),
        ({"limit_value": "0", "limit_from": "pasal-1"}, "limit_value", "dari 1 sampai 999"),
        ({"limit_value": "-3", "limit_from": "pasal-1"}, "limit_value", "dari 1 sampai 999"),
        ({"limit_value": "tuj", "limit_from": "pasal-1"}, "limit_value", "dari 1 sampai 999"),
        ({"limit_value": "7"}, "limit_from", "Pilih pasalnya, atau sumbernya"),
        ({"limit_value": "7", "limit_from": "pasal-3"}, "limit_from", "Pasal itu belum diisi."),
        ({"limit_from": "pasal-1"}, "limit_value", "Tulis angkanya"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    app: flask.Flask,
    office: Browser,
    viewer: Viewer,
    typed: dict[str, str],
    field: str,
    said: str,
) -> None:
    before = drafted(app, viewer, KEY)
    page = send(office, KEY, status=422, **typed)
    error = re.search(rf'id="{field}-error"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert error
    assert said in error[1]
    assert drafted(app, viewer, KEY) == before
