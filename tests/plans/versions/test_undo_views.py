"""The list of versions, and the page before one is taken back."""

import re
from dataclasses import replace
from datetime import timedelta

import flask
import pytest
import time_machine

from coordinator.permissions import AccessKind
from coordinator.plans.actions import queries as plans
from coordinator.plans.versions import service
from tests import factories
from tests.conftest import Browser
from tests.plans.versions.plan_mails import KEY, send_all
from tests.plans.versions.plans import changed

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def test_each_version_is_listed_under_its_title_then(app: flask.Flask, office: Browser) -> None:
    with app.app_context():
        stored = plans.in_force(KEY)
        assert stored is not None
        head = replace(stored.plan, title="Judul resmi", sample=False)
        service.publish(replace(stored, plan=head), by=None, reason="Uji")
        former = stored.plan.title
    page = office.get("/rencana/versi").text
    rows = [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in page.split("<tr>")[2:]]
    assert "Judul resmi" in rows[0]
    assert former in rows[1]
    assert "contoh" in rows[1].casefold()
    assert "contoh" not in rows[0].casefold()
    assert former in office.get(f"/rencana/versi/{KEY}/1").text


def test_undoing_says_how_many_mails_leave_and_are_cancelled(
    app: flask.Flask, office: Browser, clock: time_machine.Traveller
) -> None:
    with app.app_context():
        factories.person(AccessKind.AGENCY_HEAD, "dispora")
        stored = plans.in_force(KEY)
        assert stored is not None
        service.publish(changed(stored, "1.1", title="Lain"), by=None, reason="Uji")
    words = " ".join(re.sub("<[^>]+>", " ", _asked(office)).split())
    assert "Email yang belum terkirim 2 dibatalkan." in words
    assert "Email baru Tidak ada." in words
    clock.shift(timedelta(minutes=3))
    with app.app_context():
        send_all()
    words = " ".join(re.sub("<[^>]+>", " ", _asked(office)).split())
    assert "Email yang belum terkirim Tidak ada." in words
    assert "Email baru 2 email" in words


def _asked(office: Browser) -> str:
    return str(office.get(f"/rencana/versi/{KEY}/2/urungkan").text)
