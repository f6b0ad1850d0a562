"""Every form of the product, filled in and sent by everybody who can open it: no answer is a fault,
and a refusal is a page with words.

The pages are found by following links, the forms read from the pages themselves, so that a new form
is sent by this test without being named here. Every form begins from the same database; what the
answer leads to (the next step of a wizard) is sent on from there.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import flask
import lxml.html
import pytest
from werkzeug.exceptions import HTTPException

from coordinator.clock import today
from coordinator.people.accounts import service as accounts
from coordinator.permissions import AccessKind
from tests import factories
from tests.architecture.people import World
from tests.architecture.routes import ACTORS, GETS, fill
from tests.reporting.evidence.builders import picture

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

DEEPEST = 3  # steps of a wizard that are sent on after the first
# Two people, two reports: what may differ from the first shows on another; filters differ less.
PATHS_OF_A_RULE = {False: 2, True: 1}
NOT_PAGES = re.compile(r"\.(csv|xlsx|pdf|docx|ics|yaml|png)$|/(gambar|isi|berkas|dasar|sk)$")
FEWEST_FORMS = 150

FIRST, LAST, BLANK = "first", "last", "blank"


@dataclass
class Sender:
    """One person's browser, whose session is put back after every form."""

    app: flask.Flask
    client: Any
    cookie: dict[str, Any] = field(default_factory=dict)

    def keep(self) -> None:
        with self.client.session_transaction() as session:
            self.cookie = dict(session)

    def put_back(self) -> None:
        with self.client.session_transaction() as session:
            session.clear()
            session.update(self.cookie)

    def endpoint(self, path: str, method: str) -> str:
        """Return the endpoint that answers an address, "" where none does."""
        adapter = self.app.url_map.bind("localhost")
        try:
            return str(adapter.match(urlsplit(path).path, method=method)[0])
        except HTTPException:
            return ""


@dataclass
class Found:
    """A form with one of its buttons, on the page it was found on."""

    page: str
    form: Any
    button: Any

    @property
    def method(self) -> str:
        return str(self.form.get("method", "get")).upper()

    @property
    def target(self) -> str:
        action = (self.button.get("formaction") if self.button is not None else "") or (
            self.form.get("action") or self.page
        )
        return urljoin(self.page, action)

    @cached_property
    def controls(self) -> list[Any]:
        """The fields of the form, inside it and elsewhere on the page."""
        inside = self.form.xpath(".//input|.//select|.//textarea")
        outside = self.form.getroottree().xpath(
            "//*[self::input or self::select or self::textarea][@form=$id]",
            id=self.form.get("id") or "-",
        )
        return [
            one for one in [*inside, *outside] if one.get("name") and one.get("disabled") is None
        ]

    def name(self) -> tuple[str, ...]:
        names = {re.sub(r"\d+|[0-9a-zA-Z_-]{12,}", "#", one.get("name")) for one in self.controls}
        pressed = self.button.get("name", "") if self.button is not None else ""
        value = self.button.get("value", "") if pressed else ""
        return (*sorted(names), f"{pressed}={re.sub('[0-9]+', '#', value)}")

    def rounds(self) -> Iterator[str]:
        """Return the ways of filling the form that differ from each other."""
        before = []
        for how in (FIRST, LAST, BLANK):
            fields = [(name, str(value)) for name, value in self.filled(how)]
            is_read_already = how == BLANK and self.method == "GET"
            if fields not in before and not is_read_already:
                before.append(fields)
                yield how

    def filled(self, how: str) -> list[tuple[str, Any]]:  # noqa: C901
        """Return what is sent: every field with a plausible value, its first or last choice."""
        sent: list[tuple[str, Any]] = []
        groups: set[str] = set()
        has_choices = any(
            one.tag == "select" or one.get("type") == "radio" for one in self.controls
        )
        for one in self.controls:
            name, kind = one.get("name"), str(one.get("type", "text")).lower()
            if kind in ("submit", "button", "image", "reset"):
                continue
            if kind == "hidden":
                sent.append((name, one.get("value", "")))
            elif how == BLANK:
                if one.tag != "select" and kind not in ("checkbox", "radio", "file"):
                    sent.append((name, ""))
            elif one.tag == "select":
                values = [each.get("value", each.text or "") for each in one.iter("option")]
                real = [value for value in values if value] or values
                if real:
                    sent.append((name, real[0 if how == FIRST else -1]))
            elif kind == "radio":
                if name not in groups:
                    groups.add(name)
                    values = [
                        each.get("value", "on")
                        for each in self.controls
                        if each.get("name") == name and each.get("type") == "radio"
                    ]
                    sent.append((name, values[0 if how == FIRST else -1]))
            elif kind == "checkbox":
                sent.append((name, one.get("value", "on")))
            elif kind == "file":
                sent.append((name, picture()))
            else:
                value = one.text if one.tag == "textarea" else one.get("value")
                keep = value and (how == FIRST or not has_choices)
                sent.append((name, value if keep else _plausible(one, name, kind)))
        if self.button is not None and self.button.get("name"):
            sent.append((self.button.get("name"), self.button.get("value", "")))
        return sent


def _plausible(one: Any, name: str, kind: str) -> str:
    if kind == "date" or re.search(r"(^|[-_])(on|from|until|date|tanggal)$", name):
        return "2026-10-20"
    if kind == "password":
        return factories.PASSWORD
    if "email" in name:
        return "orang.baru@uji.example"
    if kind == "number" or one.get("inputmode") in ("decimal", "numeric"):
        return "3"
    return "Uji coba"


def _forms(page: str, html: str) -> Iterator[Found]:
    document = lxml.html.fromstring(html)
    for form in document.iter("form"):
        buttons = [
            one
            for one in [
                *form.iter("button"),
                *form.xpath(".//input[@type='submit']"),
                *document.xpath("//button[@form=$id]", id=form.get("id") or "-"),
            ]
            if one.get("type", "submit") == "submit"
        ]
        for button in buttons or [None]:
            yield Found(page, form, button)


def _links(page: str, html: str) -> list[str]:
    found = (
        urljoin(page, str(href))
        for href in lxml.html.fromstring(html).xpath("//a/@href")
        if not str(href).startswith(("mailto:", "tel:", "http"))
    )
    return [link.partition("#")[0] for link in found if not NOT_PAGES.search(urlsplit(link).path)]


def _complaint(answer: Any) -> str:
    """Return what is wrong with an answer, "" where nothing is."""
    if answer.status_code >= 500:
        return f"answers {answer.status_code}"
    if answer.status_code < 400:
        return ""
    if answer.mimetype != "text/html":
        return f"answers {answer.status_code} without a page"
    html = answer.get_data(as_text=True)
    if "sudah terlalu lama terbuka" in html:
        return "was sent without its token: this test sends nothing then"
    main = lxml.html.fromstring(html).xpath("//main")
    words = " ".join(main[0].text_content().split()) if main else ""
    if html.count("<h1") != 1 or len(words) < 20:
        return f"answers {answer.status_code} without words"
    return ""


class Database:
    """The test's database file, put back to one state as often as it was changed."""

    def __init__(self, path: Path) -> None:
        self._live = sqlite3.connect(path, timeout=30)
        self._live.execute("PRAGMA synchronous=OFF")
        self._kept = sqlite3.connect(":memory:")
        self._live.backup(self._kept)
        self._version = self._seen()

    def _seen(self) -> int:
        """Return SQLite's own mark: it moves when another connection has written."""
        return int(self._live.execute("PRAGMA data_version").fetchone()[0])

    def put_back(self) -> None:
        if self._seen() != self._version:
            self._kept.backup(self._live)
            self._version = self._seen()

    def close(self) -> None:
        self._live.close()
        self._kept.close()


class Round:
    """All forms of one person."""

    def __init__(self, sender: Sender, database: Database) -> None:
        self.sender, self.database = sender, database
        self.known: set[tuple[str, ...]] = set()
        self.complaints: list[str] = []
        self.sent = 0

    def read(self, start: list[str]) -> list[Found]:
        """Read every page that can be reached; return the forms on them, each once."""
        waiting, seen = list(start), set()
        counts: Counter[tuple[str, bool]] = Counter()
        forms = []
        while waiting:
            path = waiting.pop(0)
            parts = urlsplit(path)
            rule = (self.sender.endpoint(path, "GET"), bool(parts.query))
            if path in seen or not rule[0] or counts[rule] >= PATHS_OF_A_RULE[rule[1]]:
                continue
            seen.add(path)
            counts[rule] += 1
            answer = self.sender.client.get(path)
            if answer.mimetype != "text/html":
                continue
            if complaint := _complaint(answer):
                self.complaints.append(f"GET {path} {complaint}")
            if answer.status_code == 200:
                forms += self.new_forms(path, answer.text)
                waiting += _links(path, answer.text)
        return forms

    def new_forms(self, page: str, html: str) -> list[Found]:
        found = []
        for one in _forms(page, html):
            name = (one.method, self.sender.endpoint(one.target, one.method), *one.name())
            if name[1] and name not in self.known:
                self.known.add(name)
                found.append(one)
        return found

    def send(self, one: Found, how: str, depth: int = 0) -> None:
        """Send a form, look at the answer, and send on what the answer leads to."""
        self.sent += 1
        fields = one.filled(how)
        if one.method == "GET":
            answer = self.sender.client.get(
                one.target, query_string=[(k, v) for k, v in fields if isinstance(v, str)]
            )
        else:
            data: dict[str, list[Any]] = {}
            for name, value in fields:
                data.setdefault(name, []).append(value)
            answer = self.sender.client.post(
                one.target, data=data, content_type="multipart/form-data"
            )
        where = f"{one.method} {one.target} from {one.page}, {how} {one.name()[-1]}"
        if complaint := _complaint(answer):
            self.complaints.append(f"{where} {complaint}")
        path = answer.request.path
        if answer.status_code in (301, 302, 303):
            path = urljoin(one.target, answer.location)
            answer = self.sender.client.get(path)
        elif answer.status_code != 200:
            return
        if answer.status_code != 200:
            if complaint := _complaint(answer):
                self.complaints.append(f"{where}, then {path} {complaint}")
        elif answer.mimetype == "text/html" and depth < DEEPEST:
            for following in self.new_forms(path, answer.text):
                self.send(following, FIRST, depth + 1)


def _newcomers(app: flask.Flask) -> dict[str, str]:
    """Return session tokens of people the other tests do not know: the secretariat of a task force
    without a mapping, and somebody whose only access is over."""
    with app.app_context():
        officer = accounts.add_person(
            accounts.NewPerson(
                email="baru@balikpapan.example",
                name="Sekretariat Balikpapan",
                kind=AccessKind.SECRETARIAT,
                task_force_id=factories.task_force("64.71").id,
            ),
            by=None,
        )
        former = accounts.add_person(
            accounts.NewPerson(
                email="dulu@uji.example",
                name="Dulu",
                kind=AccessKind.LEADERSHIP,
                task_force_id=factories.task_force().id,
                from_on=today() - timedelta(days=9),
                until_on=today() - timedelta(days=1),
            ),
            by=None,
        )
        return {
            name: accounts.open_session(account_id=account.id, address="127.0.0.1", browser="uji")
            for name, account in (("newcomer", officer), ("former", former))
        }


@pytest.fixture
def senders(app: flask.Flask, world: World) -> dict[str, Sender]:
    """Everybody who sends forms, by name."""
    found = {
        name: Sender(app, world.browsers[name].client)
        for name in ACTORS
        if name != "other_agency"  # a focal point too: the same pages, fewer forms
    }
    for name, token in _newcomers(app).items():
        found[name] = Sender(app, app.test_client())
        with found[name].client.session_transaction() as cookie:
            cookie["_user_id"] = token
    for sender in found.values():
        for path in ("/akun", "/masuk"):  # one of them has a form, and so makes the CSRF secret
            sender.client.get(path)
        sender.keep()
    return found


def test_every_form_is_answered(
    app: flask.Flask, world: World, senders: dict[str, Sender], data_dir: Path
) -> None:
    database = Database(data_dir / "koordinator.db")
    complaints, sent = {}, {}
    for name, sender in senders.items():
        own = Round(sender, database)
        actor = {"newcomer": "secretariat", "former": "anonymous"}.get(name, name)
        start = [
            path
            for rule, expected in GETS.items()
            if expected[actor] == 200 and not NOT_PAGES.search(path := fill(rule, world.values))
        ]
        start.append("/akun")
        for form in own.read(start):
            for how in form.rounds():
                own.send(form, how)
                database.put_back()
                sender.put_back()
        complaints[name], sent[name] = own.complaints, own.sent
    database.close()
    print(f"{sum(sent.values())} forms sent: {sent}")
    assert {name: found for name, found in complaints.items() if found} == {}
    assert sum(sent.values()) > FEWEST_FORMS, sent
    assert all(sent.values()), sent


def test_a_fault_and_a_bare_refusal_would_be_seen(engine_name: str) -> None:
    """A proof that the test above can fail."""
    page = flask.Response("<main><h1>Ada yang perlu diperbaiki</h1></main>", 422)
    page.mimetype = "text/html"
    assert _complaint(page) == ""
    assert _complaint(flask.Response(page.get_data(), 500, mimetype="text/html"))
    assert _complaint(flask.Response("<main><h1></h1></main>", 422, mimetype="text/html"))
    assert _complaint(flask.Response("tidak", 400, mimetype="text/plain"))
