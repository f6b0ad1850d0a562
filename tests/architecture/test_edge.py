"""What no browser sends: characters nothing can store, digits of other scripts, ids no column
holds. Every route answers with a page or a message, never with a fault, on both engines."""

import ast
import re
from collections.abc import Iterable
from functools import partial, update_wrapper
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlencode

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from tests.architecture.people import World
from tests.architecture.posts import POSTS
from tests.architecture.routes import ACTORS, GETS, fill, rules_of
from tests.conftest import csrf_token
from tests.engines import ROOT

SOURCES = sorted(Path(ROOT, "coordinator").rglob("*.py"))
TEXT_TYPES = {"text", "search", "email", "tel", "hidden", "date"}
TEXT = "a\x00b\ud800c\x0b\ufffe"
VALUES = (TEXT, "²", "١٢", str(2**31), str(2**63), "-1", "0001-01-01", "9" * 300)
NAMES = re.compile(r"""(?:get|getlist|query_number|form_number)\(\s*["']([a-z_]+)["']""")


def _is_http(path: Path) -> bool:
    return path.stem.endswith(("views", "forms")) or "flask.request" in path.read_text()


def _encoded(value: str) -> str:
    """Return a value as a hostile client sends it: halves of surrogate pairs as their bytes."""
    return quote(value.encode("utf-8", "surrogatepass"), safe="")


def _query(fields: dict[str, str]) -> str:
    return "&".join(f"{_encoded(name)}={_encoded(text)}" for name, text in fields.items())


def _mixed(names: Iterable[str], shift: int) -> dict[str, str]:
    """Give each name another of the values; each `shift` gives it the next one."""
    return {name: VALUES[(place + shift) % len(VALUES)] for place, name in enumerate(names)}


def _parameters() -> list[str]:
    found = {name for path in SOURCES if _is_http(path) for name in NAMES.findall(path.read_text())}
    assert {"halaman", "tahun", "dari", "strategi", "periode", "hari", "q", "n"} <= found
    return sorted(found)


def _actor(rule: str) -> str:
    """Return somebody who may open the page."""
    return next((actor for actor in reversed(ACTORS) if GETS[rule][actor] == 200), "secretariat")


class Fields(HTMLParser):
    """What a browser would send of a page's forms: names, values, and which of them are text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.texts: set[str] = set()
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a field."""
        of = dict(attrs)
        name = of.get("name") or ""
        if tag == "option" and self._select:
            if "selected" in of or not self.values[self._select]:
                self.values[self._select] = of.get("value") or ""
        elif tag in ("input", "select", "textarea", "button") and name:
            self._select = name if tag == "select" else ""
            self.values[name] = of.get("value") or self.values.get(name, "")
            if tag == "textarea" or (tag == "input" and of.get("type", "text") in TEXT_TYPES):
                self.texts.add(name)


def test_no_query_string_is_a_fault(app: flask.Flask, world: World) -> None:
    """Three of the values for each parameter on each page, as somebody who may open it."""
    names, found = _parameters(), []
    for number, rule in enumerate(rules_of(app, "GET")):
        path, actor = fill(rule, world.values), _actor(rule)
        for shift in range(3):
            query = _query(_mixed(names, number + 3 * shift))
            status = world.browsers[actor].client.get(f"{path}?{query}").status_code
            if status >= 500 and rule != "/siap":
                found.append(f"{status} {actor} {rule} {number + 3 * shift}")
    assert found == []


def test_no_id_is_a_fault(app: flask.Flask, world: World) -> None:
    """Each value in each place; who asks changes from one to the next."""
    found = []
    for number, rule in enumerate(rules_of(app, "GET")):
        for name in re.findall(r"<(?:\w+:)?(\w+)>", rule):
            for place, value in enumerate(VALUES):
                actor = _actor(rule) if place % 2 else ACTORS[(number + place) % len(ACTORS)]
                path = fill(rule, {**world.values, name: _encoded(value)})
                status = world.browsers[actor].client.get(path).status_code
                # A button of a link's form leads to the page of the link, which answers.
                leads = {303} if rule.startswith("/l/<token>/") else set()
                allowed = {302, 403, 404, 410, 429} | leads
                if status not in allowed and (name, status) != ("step", 200):
                    found.append(f"{status} {actor} {rule} {value[:9]!a}")
    assert found == []
    client = world.browsers["secretariat"].client
    for path in ("/static/%00", "/static/" + "x" * 3000, "/%00", "/%ED%A0%80"):
        assert client.get(path).status_code == 404, path


def test_no_form_is_a_fault(app: flask.Flask, world: World) -> None:
    """Every form as its page offers it with unstorable text in it, then with a mixture of all
    values, as anyone who may send it."""
    found = []
    tokens = {
        name: csrf_token(one.client.get("/akun" if name != "anonymous" else "/masuk").text)
        for name, one in world.browsers.items()
    }
    for number, rule in enumerate(sorted(rules_of(app, "POST"))):
        if rule in ("/keluar", "/orang/<account_id>/tutup", "/akun/sesi/<session_id>/akhiri"):
            continue
        path, actor = fill(rule, world.values), sorted(POSTS[rule])[number % len(POSTS[rule])]
        client = world.browsers[actor].client
        page = Fields(client.get(path).text if rule in GETS else "")
        numbers = dict.fromkeys(("grant", "revision", "version", "round", "orang"), "2")
        for fields in (
            {**page.values, **dict.fromkeys(page.texts, TEXT)},
            _mixed([*page.values, *numbers, "rows-²-label", "payload", "files"], number),
        ):
            body = _query({**fields, "csrf_token": tokens[actor]})
            status = client.post(
                path, data=body, content_type="application/x-www-form-urlencoded"
            ).status_code
            if status >= 500:
                found.append(f"{status} {actor} {rule}")
    assert found == []


# --- the last net --------------------------------------------------------------------------------


@pytest.mark.own_app  # routes are added
def test_a_value_that_slipped_through_is_named_as_one(
    app: flask.Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def slipped(value: object, statement: str) -> str:
        db.session.execute(sa.text(statement), {"x": value})
        return "tersimpan"

    cases = [
        ("rahasia-\ud800", "SELECT id FROM account WHERE email = :x"),
        (2**70, "SELECT CAST(:x AS INTEGER)"),  # a comparison alone PostgreSQL would answer
    ]
    for number, case in enumerate(cases):
        view = update_wrapper(partial(slipped, *case), slipped)
        view.guard = "public"  # type: ignore[attr-defined]
        app.add_url_rule(f"/uji{number}", f"uji{number}", view)
    for number in range(len(cases)):
        answer = app.test_client().get(f"/uji{number}")
        assert answer.status_code == 400, cases[number]
        assert "tidak dapat disimpan" in answer.text
    assert "rahasia" not in caplog.text


# --- the code ------------------------------------------------------------------------------------


def test_numbers_from_outside_are_read_in_one_place() -> None:
    """`int(...)` of typed text fails on "²", and passes numbers that no column holds."""
    found = []
    for path in SOURCES:
        name = str(path.relative_to(ROOT))
        if not _is_http(path) or name in ("coordinator/edge.py", "coordinator/forms.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                typed = any(
                    word.arg == "type" and ast.unparse(word.value) in ("int", "float")
                    for word in node.keywords
                )
                parses = re.fullmatch(r"int|float|.*\.is(digit|decimal|numeric)", called)
                if (typed or parses) and "config[" not in ast.unparse(node):
                    found.append(f"{name}:{node.lineno} {ast.unparse(node)}")
    assert found == []


def test_days_and_numbers_in_forms_have_one_field_each() -> None:
    found = []
    for path in SOURCES:
        name = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            bare = {"DateField", "IntegerField", "DecimalField", "FloatField", "DateTimeField"}
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("wtforms"):
                found += [f"{name} {one}" for one in bare & set(names)]
            is_parser = isinstance(node, ast.Attribute) and node.attr == "strptime"
            if is_parser and name != "coordinator/typed.py":
                found.append(f"{name} strptime")
    assert found == []


def test_files_go_out_through_one_function() -> None:
    """A name typed by a person needs quoting and a second form (RFC 6266)."""
    found = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if re.search(r"Content-Disposition|send_file\(|send_from_directory\(", path.read_text())
    ]
    assert found == ["coordinator/edge.py"]


def test_the_encoding_of_the_test_is_hostile() -> None:
    assert urlencode({"x": "a"}) == f"x={_encoded('a')}"
    assert _encoded("\x00\ud800") == "%00%ED%A0%80"
