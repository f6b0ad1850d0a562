"""Proposing, answering and taking back on screen."""

import re
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.models import Assignment
from coordinator.db import db
from coordinator.permissions import AccessKind
from tests import factories
from tests.assignments.changes.builders import contents
from tests.assignments.proposals import builders
from tests.conftest import Browser

PATH = "/penugasan/massal/isi"


def hidden(page: str) -> dict[str, Any]:
    """What a browser would send of a page's hidden fields."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(value)
    found.pop("csrf_token", None)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


@pytest.fixture
def people(app: flask.Flask) -> dict[str, Browser]:
    """The province, Balikpapan (with a mapping), Samarinda, and the focal point of a kota."""
    with app.app_context():
        factories.open_period()
        builders.mapped(builders.BALIKPAPAN)
        viewers = {
            "province": factories.person(AccessKind.SECRETARIAT, home="biro-kesra"),
            "kota": builders.person(builders.BALIKPAPAN),
            "other": builders.person(builders.SAMARINDA),
        }
        addresses = {name: factories.email_of(viewer) for name, viewer in viewers.items()}
        db.session.remove()
    return {
        name: Browser(app).sign_in(address, factories.PASSWORD)
        for name, address in addresses.items()
    }


def proposed(
    province: Browser, *, forces: tuple[str, ...] = (builders.BALIKPAPAN, builders.PASER)
) -> str:
    """Propose the actions of pokja I on screen; return the address of the act."""
    choice = f"{PATH}?semua=1&pokja=pencegahan&untuk=usulan"
    page = province.get(choice).text
    key = re.search(r'name="form_key"[^>]*value="([^"]+)"', page)
    assert key
    fields = {
        **{"semua": "1", "pokja": "pencegahan", "untuk": "usulan", "form_key": key[1]},
        **{"towards": "below", "agency_kind": "", "forces": list(forces)},
        **{"basis_kind": "meeting", "basis_reference": "Rakor Oktober", "basis_on": "2026-10-12"},
        **{"due_on": "31/12/2026", "note": "Utamakan pesisir.", "act": "periksa"},
    }
    for change, wrong in (
        ({"forces": []}, "Pilih paling sedikit satu kabupaten/kota"),
        ({"basis_reference": ""}, "Tulis nomor surat"),
        ({"note": "Korban 6472015505080001"}, "NIK"),
        ({"due_on": "12/10/2026"}, "Batas waktu sudah lewat."),
    ):
        page = province.post(PATH, {**fields, **change}, page=choice, status=422).text
        assert wrong in page, change
    page = province.post(PATH, fields, page=choice, status=200).text
    assert f"Usulkan 16 aksi ke {len(forces)} kabupaten/kota" in page
    assert builders.MARK not in page
    kept = province.post(PATH, {**hidden(page), "act": "ubah"}, page=choice, status=200).text
    assert 'value="Rakor Oktober"' in kept
    assert "Utamakan pesisir." in kept
    stale = {**hidden(page), "fingerprint": "x", "act": "usulkan"}
    assert "berubah sejak" in province.post(PATH, stale, page=choice, status=409).text
    press = {**hidden(page), "act": "usulkan"}
    done = province.post(PATH, press, page=choice)
    assert province.post(PATH, press, page=choice).location == done.location
    return str(done.location)


def test_the_way_there_and_back_before_a_mail_left(
    app: flask.Flask, people: dict[str, Browser]
) -> None:
    with app.app_context():
        before = contents()
    province = people["province"]
    page = province.get("/penugasan/massal").text
    assert "Usulkan ke kabupaten/kota" in page
    assert "Usulkan ke kabupaten/kota" not in people["kota"].get("/penugasan/massal").text
    # Anyone who has nothing below is not taken there by an address either.
    page = people["kota"].get(f"{PATH}?semua=1&untuk=usulan").text
    assert "Usulkan" not in page
    ways = re.findall(r'name="towards"[^>]*value="(\w+)"', province.get(f"{PATH}?semua=1").text)
    assert ways == ["plan", "coordinator", "agency", "below"]
    address = proposed(province)
    page = province.get(address).text
    assert "16 aksi diusulkan ke 2 kabupaten/kota" in page
    assert "Email dikirim pukul 10.02" in page
    assert "<li>1.12 " in page
    back = province.post(f"{address}/urungkan", {}, page=address)
    assert "Diurungkan: 32 aksi." in province.get(back.location).text
    province.get(address, status=404)
    with app.app_context():
        assert contents() == before


def test_answers_on_screen_and_what_the_province_reads_of_them(
    app: flask.Flask, people: dict[str, Browser]
) -> None:
    province, kota, other = people["province"], people["kota"], people["other"]
    address = proposed(province)
    assert "Usulan provinsi menunggu" in kota.get("/beranda").text
    assert "Usulan provinsi menunggu" not in other.get("/beranda").text
    kota.get(address, status=404)  # how the others answered is not its business
    page = kota.get("/penugasan/usulan").text
    assert "16 aksi menunggu jawaban Anda." in page
    assert "Terima semua yang bisa (12)" in page
    assert f"{builders.MARK} Dispora" in page
    assert "Penanggung jawabnya tidak ada di gugus tugas ini" in page
    assert "menunggu jawaban" not in other.get("/penugasan/usulan").text.replace(
        "Tidak ada yang menunggu jawaban Anda.", ""
    )
    one = re.findall(r'href="(/penugasan/usulan/aksi/[^"]+)"', page)
    other.get(one[0], status=404)
    province.get(one[0], status=404)

    # Not at all, with a reason that stays here.
    assert "Tulis alasannya" in kota.post(one[0], {"act": "tolak", "reason": ""}, status=422).text
    bad = {"act": "tolak", "reason": "Korban 6472015505080001"}
    assert "NIK" in kota.post(one[0], bad, status=422).text
    done = kota.post(one[0], {"act": "tolak", "reason": "Sudah lewat provinsi."})
    assert "Usulan ditolak." in kota.get(done.location).text
    assert "Sudah lewat provinsi." in kota.get(one[0]).text
    # With another lead, by the usual form.
    changed = next(path for path in one if "Ubah, lalu terima" in kota.get(path).text
                   and 'value="terima"' not in kota.get(path).text)  # fmt: skip
    link = re.search(r'href="(/penugasan/baru/[^"]+)"', kota.get(changed).text)
    assert link
    form = link[1].replace("&amp;", "&")
    page = kota.get(form).text
    assert 'value="Rakor Oktober"' in page
    assert "Utamakan pesisir." in page
    fields = {
        **hidden(page),
        **{"lead": "dinsos", "basis_kind": "meeting", "basis_reference": "Rakor Oktober"},
        **{"basis_on": "2026-10-12", "due_on": "30/11/2026", "reported_in": "every"},
        **{
            "budget": "unstated",
            "form_key": re.findall(r'name="form_key"[^>]*value="([^"]+)"', page)[0],
        },
    }
    given = kota.post(form.split("?")[0], fields, page=form)
    assert kota.post(form.split("?")[0], fields, page=form).location == given.location
    assert "Diterima." in kota.get(changed).text
    # All the rest that can be taken, in one press.
    page = kota.get("/penugasan/usulan").text
    left = re.search(r"Terima semua yang bisa \((\d+)\)", page)
    assert left
    [action] = re.findall(r'action="(/penugasan/usulan/[^"]+/terima)"', page)
    stale = {**hidden(page), "fingerprint": "x", "form_key": "lain"}
    assert "berubah sejak" in kota.post(action, stale, page="/penugasan/usulan", status=409).text
    press = {
        "fingerprint": re.findall(r'name="fingerprint"[^>]*value="([^"]+)"', page)[0],
        "form_key": re.findall(r'name="form_key"[^>]*value="([^"]+)"', page)[0],
    }
    done = kota.post(action, press, page="/penugasan/usulan")
    assert kota.post(action, press, page="/penugasan/usulan").location == done.location
    assert f"{left[1]} aksi ditugaskan" in kota.get(done.location).text
    with app.app_context():
        total = db.session.scalar(sa.select(sa.func.count()).select_from(Assignment))
        assert total == int(left[1]) + 1

    for path in ("/penugasan/usulan", address, "/surel", "/jejak", "/penugasan", "/kabupaten-kota"):
        page = province.get(path).text
        assert builders.MARK not in page, path
        assert builders.MARK.lower() not in page, path
        assert "Sudah lewat provinsi." not in page, path
    page = province.get(address).text
    assert f"{total} diterima, 1 ditolak." in page

    back = kota.post(f"{done.location}/urungkan", {}, page=done.location)
    assert back.location.startswith("/penugasan/usulan")
    assert f"Diurungkan: {left[1]} aksi." in kota.get(back.location).text

    gone = province.post(f"{address}/tarik", {"reason": ""}, page=address, status=422)
    assert "Tulis alasannya" in gone.text
    province.post(f"{address}/tarik", {"reason": "Salah rencana."}, page=address)
    assert "Ditarik" in province.get(address).text
    page = kota.get("/penugasan/usulan").text
    assert "Tidak ada usulan yang menunggu" in page
    assert "Salah rencana." in page
    late = kota.post(action, press, page="/penugasan/usulan", status=409).text
    assert "ditarik oleh provinsi" in late
