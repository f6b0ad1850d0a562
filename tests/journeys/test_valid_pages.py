"""Every page of the product: the pages of the demo, and what each of their forms answers when it
comes back empty. Its HTML is valid, it fits a desk, a phone and a sheet of paper, axe finds
nothing, and it says where it belongs."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import flask
import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from coordinator.db import db
from coordinator.home import shell
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.permissions import AGENCY_KINDS, AccessKind
from tests.architecture.markup import faults_of
from tests.conftest import csrf_token
from tests.journeys.product import DATABASE
from tests.journeys.walking import faults_of_pages

REFUSED = ["/tidak-ada", "/undangan/x", "/l/x"]
LINKS = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
FILE = re.compile(r"\.(?:csv|docx|ics|jpe?g|pdf|png|xlsx|yaml)(?:\?|$)|^/static/")
FORMS = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*\baction="(/[^"]*)"')
# Reached from the account menu or the foot of every page.
START_PAGES = {
    "/akses",
    "/aksesibilitas",
    "/aktivasi",
    "/akun",
    "/bantuan",
    "/cari",
    "/kotak-masuk",
    "/privasi",
}
LEAVING = ("/keluar", "/akun/sesi/")  # after them a person's forms are refused


class Kind(NamedTuple):
    """Pages of one kind differ in their rows. A page is filtered alike for every reader."""

    endpoint: str
    is_filtered: bool
    is_of_agency: bool


@dataclass
class Crawl:
    """What was found so far: one page of a kind, and one form of a kind with who is shown it."""

    app: flask.Flask
    pages: dict[Kind, tuple[str, str]] = field(default_factory=dict)
    forms: dict[Kind, tuple[str, FlaskClient, str]] = field(default_factory=dict)

    def visit(self, client: FlaskClient, *, is_of_agency: bool) -> None:
        """Open every page that one person comes to and nobody like them came to before."""
        waiting = [*REFUSED, *self._without_ids()]
        opened = set()
        while waiting:
            path = waiting.pop(0)
            kind = self._kind(path, "GET", is_of_agency=is_of_agency)
            if path in opened or kind in self.pages or FILE.search(path):
                continue
            opened.add(path)
            answer = client.get(path)
            if answer.location:
                waiting.append(answer.location.removeprefix("http://localhost"))
            elif answer.mimetype == "text/html":
                refused = str(answer.status_code) if answer.status_code >= 400 else ""
                self.pages[kind._replace(endpoint=refused or kind.endpoint)] = path, answer.text
                waiting += [link.replace("&amp;", "&") for link in LINKS.findall(answer.text)]
                for action in FORMS.findall(answer.text):
                    one = self._kind(action, "POST", is_of_agency=is_of_agency)
                    self.forms.setdefault(one, (action, client, csrf_token(answer.text)))

    def _without_ids(self) -> list[str]:
        rules = self.app.url_map.iter_rules()
        return [one.rule for one in rules if not one.arguments and "GET" in (one.methods or ())]

    def send_empty(self) -> None:
        """Send every form back empty. Some of them act (close an account, withdraw a report), so
        this comes after the last page, and those that end a session come last."""
        ordered = sorted(self.forms.items(), key=lambda form: form[1][0].startswith(LEAVING))
        for kind, (action, client, token) in ordered:
            answer = client.post(action, data={"csrf_token": token})
            if answer.mimetype == "text/html" and not answer.location:
                self.pages[kind._replace(endpoint=f"POST {kind.endpoint}")] = action, answer.text

    def _kind(self, path: str, method: str, *, is_of_agency: bool) -> Kind:
        address, _, query = path.partition("?")
        try:
            endpoint, _values = self.app.url_map.bind("localhost").match(address, method)
        except (HTTPException, RequestRedirect):
            endpoint = address
        return Kind(endpoint, bool(query), is_of_agency and not query)


def _people() -> Iterator[tuple[AccessKind, str]]:
    """Yield each kind of access, with a session of somebody who has it."""
    people: dict[AccessKind, int] = {}
    for kind, account_id in db.session.execute(
        sa.select(AccessGrant.kind, Account.id).join(Account).order_by(AccessGrant.id)
    ):
        people.setdefault(kind, account_id)
    for kind, account_id in people.items():
        yield kind, accounts.open_session(account_id=account_id, address="::1", browser="uji")


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_page_is_valid_and_fits(
    empty_app: flask.Flask,
    data_dir: Path,
    prepared: Path,
    clock: time_machine.Traveller,
    chrome: Browser,
) -> None:
    clock.move_to((prepared / DATABASE).stat().st_mtime)
    with (
        closing(sqlite3.connect(prepared / DATABASE)) as source,
        closing(sqlite3.connect(data_dir / DATABASE)) as target,
    ):
        source.backup(target)
    with empty_app.app_context():
        people = list(_people())
    crawl = Crawl(empty_app)
    for kind, session in people:
        client = empty_app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = session
        crawl.visit(client, is_of_agency=kind in AGENCY_KINDS)
    crawl.visit(empty_app.test_client(), is_of_agency=False)
    crawl.send_empty()
    found = {fault: path for path, html in crawl.pages.values() for fault in faults_of(html)}
    named = {f"{kind.endpoint} {path}": html for kind, (path, html) in crawl.pages.items()}
    shown = faults_of_pages(chrome, named)
    assert (found, _without_a_way_back(crawl), shown) == ({}, [], {})
    assert len(crawl.pages) > 180


def _without_a_way_back(crawl: Crawl) -> list[str]:
    """Return the pages that are no entry of the navigation and do not say where they belong."""
    entries = {place.path for group in shell.GROUPS for place in group.places} | START_PAGES
    return sorted(
        path
        for kind, (path, html) in crawl.pages.items()
        if 'aria-label="Menu utama"' in html
        and not kind.endpoint.isdigit()  # it was refused
        and not kind.endpoint.startswith("POST")
        and path.partition("?")[0] not in entries
        and 'aria-label="Letak halaman"' not in html
    )
