"""Every route against every kind of access: what is not declared here fails the test."""

import hashlib
import itertools
import re

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.permissions import AccessKind
from coordinator.reporting.drafts.service import save_draft
from coordinator.web import PUBLIC, SIGNED_IN
from tests import factories
from tests.architecture.people import World
from tests.architecture.posts import POSTS
from tests.architecture.routes import ACTORS, BUTTONS, GETS, OPENED_AGAIN, fill, rules_of
from tests.conftest import csrf_token

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

TO_SIGN_IN = 302  # anonymous is sent to /masuk; signed-in people are never sent anywhere


# --- declarations --------------------------------------------------------------------------------


def test_every_view_declares_a_guard(app: flask.Flask) -> None:
    bare = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not getattr(view, "guard", None)
    ]
    assert bare == []


def test_every_route_is_in_the_table(app: flask.Flask) -> None:
    assert set(rules_of(app, "GET")) == set(GETS)
    assert set(rules_of(app, "POST")) == set(POSTS)
    others = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS", "POST"}
    }
    assert others == set()


def test_public_pages_are_few_and_known(app: flask.Flask) -> None:
    """A slip of the decorator must not open a page to the world."""
    guards = {
        f"{method} {rule.rule}": app.view_functions[rule.endpoint].guard
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if rule.endpoint != "static"
    }
    assert {rule for rule, guard in guards.items() if guard == PUBLIC} == {
        "GET /",
        "GET /masuk",
        "POST /masuk",
        "POST /keluar",
        "GET /aktivasi",
        "POST /aktivasi",
        "GET /lupa-kata-sandi",
        "POST /lupa-kata-sandi",
        "POST /masuk/contoh",
        "GET /l/<token>",
        "POST /l/<token>",
        "GET /l/<token>/periksa",
        "GET /l/<token>/tanda-terima.pdf",
        *(f"POST /l/<token>{button}" for button in BUTTONS),
        *(f"GET /l/<token>{button}" for button in OPENED_AGAIN),
        "GET /undangan/<token>",
        "POST /undangan/<token>",
        "GET /bantuan",
        "GET /privasi",
        "GET /aksesibilitas",
        "GET /sehat",
        "GET /siap",
        "GET /kartu-peran/<code>/<slug>",  # the query decides: published, or the reader's own
        "GET /kartu-peran/<code>/<slug>.pdf",
        "GET /lambang/<code>.png",
        "GET /kalender/<token>.ics",  # anyone who holds the secret
    }
    assert {rule for rule, guard in guards.items() if guard == SIGNED_IN} == {
        "GET /penugasan/<assignment_id>/dasar",  # the secretariat and the people of its parties
        "GET /akses",
        "POST /akses",
        "GET /akun",
        "POST /akun",
        "POST /akun/sesi/<session_id>/akhiri",
        "GET /kotak-masuk",
        "GET /kotak-masuk/<int:email_id>",
        "GET /kotak-masuk/<int:email_id>/isi",
        "GET /jawab",  # its own duties, or the page of all agencies
        "GET /laporan/<report_id>",  # the query decides: 404 for whom it does not exist
        "GET /laporan/<report_id>/tanda-terima",
        "GET /laporan/<report_id>/tanda-terima.pdf",
        "POST /pengaturan/persetujuan-kepala/<slug>",  # the service decides: head or secretariat
        "GET /bukti/<evidence_id>",
        "GET /bukti/<evidence_id>/rincian",
        "GET /bukti/<evidence_id>/gambar",
        "GET /bukti/<evidence_id>/isi",
        "GET /laporan/<report_id>/percakapan",
        "GET /pengaturan",
        "GET /pekerjaan",
        "GET /pekerjaan/<task_id>",
        "GET /pekerjaan/<task_id>/keadaan",
        "GET /pekerjaan/<task_id>/berkas",
        "POST /pekerjaan/<task_id>/batal",
        "GET /surat-penugasan/<letter_id>.pdf",  # the query decides, as for reports
        "GET /surat-penugasan/<letter_id>.docx",
        "GET /tampilan",
        "POST /tampilan",
        "POST /tampilan/<view_id>/hapus",
        "GET /cari",  # finds only what the viewer may read
    }


@pytest.mark.own_app
def test_a_view_without_guard_answers_500_and_never_its_content(app: flask.Flask) -> None:
    called: list[str] = []

    @app.route("/lupa", methods=["GET", "POST"])
    def forgotten() -> str:
        called.append("called")
        return "isi rahasia"

    answer = app.test_client().get("/lupa")
    assert answer.status_code == 500
    assert "isi rahasia" not in answer.text
    assert called == []


# --- the table -----------------------------------------------------------------------------------


def test_who_may_open_what(app: flask.Flask, world: World) -> None:
    """The guard decides who may read a page; reading it and thirty it leads to changes nothing."""
    differences = []
    before = _fingerprints(app)
    paths = {rule: fill(rule, world.values) for rule in GETS}
    for actor in ACTORS:
        client = world.browsers[actor].client
        links: set[str] = set()
        for rule, path in paths.items():
            answer = client.get(path)
            expected = GETS[rule][actor]
            if answer.status_code != expected:
                differences.append(f"{rule} {actor}: {answer.status_code}, not {expected}")
            elif expected == TO_SIGN_IN and actor == "anonymous":
                assert answer.location.startswith("/masuk"), rule
            elif answer.mimetype == "text/html":
                links |= _links(answer.text)
        for path in sorted(links.difference(paths.values()))[:30]:
            status = client.get(path).status_code
            assert status in (200, 302, 303, 403, 404, 410, 503), (path, status)
        after = _fingerprints(app)
        changed = [name for name in before if before[name] != after[name]]
        assert changed == [], f"reading as {actor} changed {changed}"
    assert differences == []


def test_refused_pages_tell_nothing(app: flask.Flask, world: World) -> None:
    """A refusal holds no word of the thing refused; a foreign id looks like one that never was."""
    other = world.browsers["other_agency"].client
    for rule in (
        "/laporan/<report_id>",
        "/bukti/<evidence_id>",
        "/laporan/<report_id>/percakapan",
        "/bukti/<evidence_id>/gambar",
        "/penugasan/<assignment_id>",
        "/pekerjaan/<task_id>",
        "/pekerjaan/<task_id>/berkas",
        "/jawab/<duty_id>",
        "/tanya/<question_id>",
    ):
        refused = other.get(fill(rule, world.values))
        unknown = other.get(fill(rule, dict.fromkeys(world.values, "tidakada1234")))
        assert refused.status_code == unknown.status_code
        assert "Dispora" not in refused.text
        assert re.sub(r"<b>[0-9A-F]{8}</b>", "", refused.text) == re.sub(
            r"<b>[0-9A-F]{8}</b>", "", unknown.text
        )


def test_who_may_send_what(app: flask.Flask, world: World) -> None:
    """With a good token, the guard alone decides who gets through."""
    tokens = {
        name: csrf_token(browser.client.get("/akun" if name != "anonymous" else "/masuk").text)
        for name, browser in world.browsers.items()
    }
    differences = []
    for rule in sorted(rules_of(app, "POST")):
        if rule in ("/keluar", "/orang/<account_id>/tutup"):
            continue  # they end what the rest of the loop needs; see below and the accounts' tests
        for actor in ACTORS:
            client = world.browsers[actor].client
            answer = client.post(fill(rule, world.values), data={"csrf_token": tokens[actor]})
            sent_to_sign_in = answer.status_code == 302 and "/masuk" in answer.location
            passed = answer.status_code not in (401, 403) and not sent_to_sign_in
            if passed != (actor in POSTS[rule]):
                differences.append(f"{rule} {actor}: {answer.status_code}")
    for actor in ACTORS:
        client = world.browsers[actor].client
        answer = client.post("/orang/nobody/tutup", data={"csrf_token": tokens[actor]})
        passed = answer.status_code == 404
        if passed != (actor in POSTS["/orang/<account_id>/tutup"]):
            differences.append(f"/orang/<account_id>/tutup {actor}: {answer.status_code}")
    assert differences == []


def test_no_post_without_its_token(app: flask.Flask, world: World) -> None:
    """Without a token, and with somebody else's, nothing is done: 400 for everybody.

    One check is before every view; each address is tried by everybody, each time with the next
    kind of wrong token."""
    foreign = csrf_token(app.test_client().get("/masuk").text)
    wrong = itertools.cycle(({}, {"csrf_token": foreign}, {"csrf_token": "x"}))
    before = _fingerprints(app)
    for rule in rules_of(app, "POST"):
        path = fill(rule, world.values)
        for actor in ("anonymous", "focal_point", "secretariat", "administrator"):
            data = next(wrong)
            answer = world.browsers[actor].client.post(path, data=data)
            assert answer.status_code == 400, (rule, actor, data)
            assert answer.text.count("<h1") == 1
    assert _fingerprints(app) == before


# Written by reading, on purpose: who read what, when a session was last used, limits, heartbeats.
BOOKKEEPING = {"access_log", "user_session", "attempt_count", "job_run", "revision_opening"}


def _fingerprints(app: flask.Flask) -> dict[str, str]:
    """Return a hash of every table's rows, but for the bookkeeping."""
    found = {}
    with app.app_context():
        for table in db.metadata.sorted_tables:
            if table.name in BOOKKEEPING:
                continue
            rows = sorted(repr(tuple(row)) for row in db.session.execute(sa.select(table)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def _links(html: str) -> set[str]:
    found = re.findall(r'(?:href|src|hx-get)="(/[^"#]*)', html)
    return {link.replace("&amp;", "&") for link in found if not link.startswith("/static/")}


def test_the_fingerprint_would_notice_a_change(app: flask.Flask, world: World) -> None:
    """The fingerprint covers a report's draft: a proof that reading could fail."""
    before = _fingerprints(app)
    with app.app_context():
        obligation = factories.db.session.scalars(
            sa.text("SELECT public_id FROM obligation ORDER BY id DESC LIMIT 1")
        ).one()
        viewer = factories.Viewer(
            account_id=db.session.scalar(
                sa.text("SELECT account_id FROM access_grant WHERE kind = 'focal_point' LIMIT 1")
            ),
            kind=AccessKind.FOCAL_POINT,
            task_force_id=factories.task_force().id,
            agency_id=factories.agency("disnakertrans").id,
        )
        save_draft(str(obligation), {"note": "x"}, version=0, by=viewer)
    after = _fingerprints(app)
    assert {x for x in before if before[x] != after[x]} == {"report", "audit_entry", "matrix_count"}
