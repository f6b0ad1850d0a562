"""A canary: words typed into every field of every form, in ways the database refuses too, come out
in no line of the log, and what one agency typed on no page of another or of the public (R39)."""

import io
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import flask
import sqlalchemy as sa

from coordinator.db import db
from coordinator.oversight.reminders.jobs import queue_todays_reminders
from coordinator.platform.mail.models import OutgoingEmail
from tests.architecture.people import World
from tests.architecture.routes import GETS, fill, rules_of
from tests.conftest import Browser

NIK = "6472011708890003"  # invented; well formed, so that the detector would refuse it
PAST_THE_DETECTOR = (("evidence", "name"), ("duty_response", "reason"))
CANARY = "kenari-kuning"
# Ways to type that some part refuses: PostgreSQL a NUL, a column the length, a parser the rest.
TWISTS = ("{}\x00", "{}" * 400, '{{"{}": [', "{}\ud800", "-{}e999", "<{}>&{{% {} %}}")
BINARY = (".pdf", ".xlsx", ".docx", ".png", "/gambar")
LEADING_NOWHERE = (
    "/l/{}",
    "/l/{}/x",
    "/undangan/{}",
    "/kalender/{}.ics",
    "/{}",
    "/laporan/{}",
    "//{}/",
)
TYPED = {"text", "email", "search", "password", "textarea", "number", "date", "tel", "url"}
# They end what the rest of the walk needs; an agency names its units for everybody to read.
SKIPPED = re.compile(r"/keluar$|/tutup$|/akhiri$|/akses$|/jawab/unit$")


@dataclass
class Form:
    """A form of a page: where it goes, and its fields with what they hold."""

    action: str
    is_post: bool
    fields: list[tuple[str, str]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form or one of its fields."""
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            is_post = given.get("method", "").lower() == "post"
            self._form = Form(given.get("action") or self.path, is_post)
            self.forms.append(self._form)
        elif self._form is None or not name:
            return
        elif tag in ("input", "textarea", "button"):
            kind = given.get("type", tag if tag == "textarea" else "text")
            if kind == "file":
                self._form.files.append(name)
            elif kind in TYPED and tag != "button":
                self._form.typed.append(name)
            elif kind not in ("checkbox", "radio") or "checked" in given:
                self._form.fields.append((name, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """Leave a form."""
        if tag == "form":
            self._form = None


def _send(browser: Browser, form: Form, words: str, twist: int | None) -> None:
    """Send a form with `words` in every field; `twist` None: as they are."""
    data: dict[str, Any] = dict(form.fields)
    for number, name in enumerate(form.typed):
        shape = "{}" if twist is None else TWISTS[(number + twist) % len(TWISTS)]
        text = shape.replace("{}", words)
        data[name] = text.encode("utf-8", "surrogatepass") if "\ud800" in text else text
    if not form.is_post:
        browser.client.get(form.action, query_string=data)
        return
    for name in form.files:
        data[name] = (io.BytesIO(f"%PDF-1.4 {words}".encode()), f"{words}.pdf")
    browser.client.post(form.action, data=data, content_type="multipart/form-data")


def _pages(app: flask.Flask) -> list[str]:
    """Return the rules whose answers are text."""
    return [rule for rule in rules_of(app, "GET") if not rule.endswith(BINARY)]


def test_what_is_typed_reaches_no_log_and_no_strangers_page(
    app: flask.Flask, world: World, capture: list[str], engine_name: str
) -> None:
    """Each form once: in words that are kept (SQLite takes anything), and in ways that PostgreSQL
    refuses; a page says the same on both engines."""
    is_kept = engine_name == "sqlite"
    sent = 0
    for number, rule in enumerate(_pages(app)):
        path = fill(rule, world.values)
        # One who may open it; of several the agency first: it types what nobody else may see.
        for actor in (name for name, status in GETS[rule].items() if status == 200):
            browser, words = world.browsers[actor], f"{CANARY}-{actor}"
            page = browser.client.get(path, query_string={"q": words, "halaman": words})
            if page.mimetype != "text/html":
                break
            reader = _Forms(path)
            reader.feed(page.text)
            forms = [form for form in reader.forms if not SKIPPED.search(form.action)]
            for form in forms:
                _send(browser, form, words, None if is_kept else number)
                sent += 1
            if forms:
                break
    for path in LEADING_NOWHERE:
        world.browsers["anonymous"].client.get(path.format(CANARY), query_string={CANARY: CANARY})
        world.browsers["secretariat"].client.post(path.format(CANARY), data={CANARY: CANARY})
    assert sent > 60, "the walk found the forms"
    assert len(capture) > sent
    assert [line for line in capture if CANARY in line] == []
    for actor in ("anonymous", "other_agency") if is_kept else ():
        for rule in _pages(app):
            answer = world.browsers[actor].client.get(fill(rule, world.values))
            for writer in ("focal_point", "head"):
                words = f"{CANARY}-{writer}".encode()  # some of the answers are files
                assert words not in answer.data, (rule, actor, writer)


def test_a_number_that_got_past_the_detector_goes_no_further(
    app: flask.Flask, world: World, capture: list[str]
) -> None:
    """By SQL, as an import gone wrong could: a file's name and an answer hold it, nobody else."""
    with app.app_context():
        with db.engine.begin() as connection:
            for table, column in PAST_THE_DETECTOR:
                done = connection.execute(sa.text(f"UPDATE {table} SET {column} = '{NIK}'"))
                assert done.rowcount, table
            connection.execute(
                sa.text("UPDATE report SET draft = :draft"),
                {"draft": json.dumps({"note": NIK, "place": NIK})},
            )
        queue_todays_reminders()
        db.session.rollback()
        mails = "".join(
            f"{row.subject}{row.text}{row.html}{row.answer}"
            for row in db.session.scalars(sa.select(OutgoingEmail))
        )
        assert mails
        assert NIK not in mails
    for rule in _pages(app):
        path = fill(rule, world.values)
        for actor in ("anonymous", "other_agency", "administrator"):
            answer = world.browsers[actor].client.get(path)
            assert NIK.encode() not in answer.data, (rule, actor)
    for path in ("/matriks.csv", "/jejak", "/surel"):
        for actor in ("leadership", "auditor"):
            assert NIK not in world.browsers[actor].client.get(path).text, path
    assert NIK not in "\n".join(capture)
