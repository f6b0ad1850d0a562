"""A province that is not in the seed: an administrator adds it, its secretariat takes it from
there."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.errors import InvalidInput, NotAllowed
from coordinator.mapping.duties.document import MAPPING_FORMAT
from coordinator.mapping.versions.queries import published
from coordinator.oversight.reminders.jobs import queue_todays_reminders
from coordinator.oversight.reminders.queries import all_steps
from coordinator.people.accounts import passwords
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import OneTimeLink
from coordinator.people.directory import task_forces
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.rules import (
    TaskForceLevel,
    TaskForceState,
    level_of_code,
    region_name,
)
from coordinator.permissions import AccessKind
from coordinator.platform.mail.rules import derive_token
from tests import factories
from tests.conftest import Browser


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("63", TaskForceLevel.PROVINCE),
        ("63.01", TaskForceLevel.REGENCY),
        ("63.70", TaskForceLevel.REGENCY),
        ("63.71", TaskForceLevel.CITY),
        *((wrong, None) for wrong in ("", "6", "063", "63.", "63.1", "63.00", "63.01.01", "٦٣")),
    ],
)
def test_whose_code_it_is(code: str, level: TaskForceLevel | None) -> None:
    assert level_of_code(code) is level


def test_the_word_for_the_level_is_there_once() -> None:
    for typed in ("Banjarmasin", " kota  Banjarmasin", "KOTA Banjarmasin"):
        assert region_name(typed, TaskForceLevel.CITY) == "Kota Banjarmasin"
    assert region_name("Kotabaru", TaskForceLevel.REGENCY) == "Kabupaten Kotabaru"


@pytest.mark.usefixtures("in_app")
def test_a_task_force_is_added_once_and_under_its_province() -> None:
    by = factories.person(AccessKind.ADMINISTRATOR)
    below = task_forces.add_task_force("63.71", "Banjarmasin", by=by)
    assert below.parent_id is None
    above = task_forces.add_task_force(" 63 ", "Kalimantan Selatan", by=by)
    assert below.parent_id == above.id
    assert task_forces.add_task_force("63.72", "Banjarbaru", by=by).parent_id == above.id
    assert above.name == "Gugus Tugas PP TPPO Provinsi Kalimantan Selatan"
    assert above.state is TaskForceState.NOT_STARTED
    for code, region, field in (
        ("63", "Lain", "code"),
        ("6371", "Lain", "code"),
        ("62", "provinsi KALIMANTAN selatan", "region"),
        ("62", "Provinsi ", "region"),
    ):
        with pytest.raises(InvalidInput) as refused:
            task_forces.add_task_force(code, region, by=by)
        assert set(refused.value.fields) == {field}
    task_forces.rename_task_force("63", "Kalimantan Selatan Contoh", by=by)
    assert above.region == "Provinsi Kalimantan Selatan Contoh"
    assert db.session.scalar(sa.select(sa.func.count()).where(TaskForce.code == "62")) == 0


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("kind", [kind for kind in AccessKind if kind != "administrator"])
def test_only_an_administrator_adds_one(kind: AccessKind) -> None:
    slug = "dispora" if kind in (AccessKind.FOCAL_POINT, AccessKind.AGENCY_HEAD) else ""
    with pytest.raises(NotAllowed):
        task_forces.add_task_force("63", "Lain", by=factories.person(kind, slug))


def test_another_province_begins(app: flask.Flask, browser: Callable[[], Browser]) -> None:
    """From the empty list to a mapping in force and a ladder of reminders: all on screen."""
    with app.app_context():
        address = factories.email_of(factories.person(AccessKind.ADMINISTRATOR))
        kaltim = published(factories.task_force().id)
        assert kaltim is not None
        part = replace(
            kaltim.task_forces[0], code="63", name="GT", region="Provinsi Kalimantan Selatan"
        )
        text = MAPPING_FORMAT.to_yaml(replace(kaltim, task_forces=[part]))
    administrator = browser().sign_in(address, factories.PASSWORD)
    refused = administrator.post("/gugus-tugas", {"code": "x", "region": "Banua"}, status=422).text
    assert 'value="Banua"' in refused
    administrator.post("/gugus-tugas", {"code": "63", "region": "Kalimantan Selatan"})
    page = administrator.get("/gugus-tugas?selesai=63").text
    assert "/orang/undang?gugus=63&amp;akses=secretariat" in page
    administrator.post(
        "/orang/undang?gugus=63&akses=secretariat",
        {"email": "sek@kalsel.example", "name": "Sekretariat", "kind": "secretariat"},
    )
    with app.app_context():
        link_id = db.session.scalars(sa.select(OneTimeLink.public_id)).one()
        link = f"/undangan/{derive_token(app.config['SECRET_KEY'], 'undangan', link_id)}"
    secretariat = browser()
    secretariat.post(link, {"password": factories.PASSWORD})
    for path in ("/beranda", "/peran", "/peran/ubah", "/orang", "/orang/instansi", "/periode"):
        secretariat.get(path)
    file = (BytesIO(text.encode()), "pemetaan.yaml")
    secretariat.post("/peran/ubah/berkas", {"file": file, "seen": "0.0"}, page="/peran/ubah")
    found = re.search(r'name="seen"[^>]*value="([^"]+)"', secretariat.get("/peran/ubah").text)
    assert found
    secretariat.post(
        "/peran/ubah/terbitkan",
        {"seen": found[1], "reason": "SK contoh", "effective_on": "2026-10-13"},
        page="/peran/ubah",
    )
    assert "Dispora" in secretariat.get("/orang/instansi").text
    with app.app_context():
        force = factories.task_force("63").id
        queue_todays_reminders()
        assert any(all_steps(force).contacts.values())


def test_a_kabupaten_finds_where_to_begin(app: flask.Flask, browser: Callable[[], Browser]) -> None:
    with app.app_context():
        account = accounts.add_person(
            accounts.NewPerson(
                email="sek@balikpapan.example",
                name="Sekretariat",
                kind=AccessKind.SECRETARIAT,
                task_force_id=factories.task_force("64.71").id,
            ),
            by=None,
        )
        accounts.store_password_hash(account.id, passwords.hasher.hash(factories.PASSWORD))
    page = browser().sign_in("sek@balikpapan.example", factories.PASSWORD).get("/peran").text
    assert "Gugus tugas ini belum punya pemetaan." in page
    assert 'href="/kabupaten-kota/64.71"' in page
    assert 'href="/peran/ubah"' in page
