"""Beyond counts and verified figures no task force sees anything of another: every page and every
act of the product, asked for by Balikpapan's people with the ids of Kaltim's things."""

from collections.abc import Callable
from dataclasses import replace

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import Base, db
from coordinator.mapping.copies.copying import copied_mapping, proposals
from coordinator.mapping.duties.service import load_mapping
from coordinator.mapping.versions.queries import published
from coordinator.mapping.versions.service import publish
from coordinator.people.accounts import service as accounts
from coordinator.permissions import AGENCY_KINDS, AccessKind
from coordinator.web import PUBLIC
from tests import factories
from tests.architecture.people import World
from tests.architecture.routes import fill, rules_of
from tests.conftest import Browser

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

CODE = "64.71"
MARK = "Kanari"
# The national plan names the agencies of the province that keeps it, and everybody reads it.
NATIONAL = "/rencana/"
# Addresses that both task forces have, or that open for anyone who holds the secret; the actions
# of the national plan are everybody's.
SHARED = {"slug", "code", "below", "key", "number", "token", "action_id", "year", "step", "on"}
# What an attempt may leave behind: logs, counters, mails to oneself, the asker's own session.
NOT_COMPARED = {
    "access_log",
    "attempt_count",
    "audit_entry",
    "audit_seal",
    "outgoing_email",
    "sealed_entry",
    "user_session",
}


@pytest.fixture
def strangers(app: flask.Flask, world: World) -> dict[AccessKind, Browser]:
    """People of Balikpapan, whose mapping is a mirror; everything of Kaltim's bears a mark."""
    with app.app_context():
        force = factories.task_force().id
        mapping = published(force)
        assert mapping is not None
        part = next(one for one in mapping.task_forces if one.code == CODE)
        load_mapping(
            copied_mapping(mapping, part, proposals(mapping, region=part.region)),
            by=None,
            reason="uji",
        )
        marked = [
            replace(one, name=f"{MARK} {one.name}", abbreviation=f"{MARK} {one.abbreviation}")
            for one in mapping.agencies
        ]
        publish(replace(mapping, agencies=marked), by=None, reason="uji")
        below = factories.task_force(CODE).id
        own_agency = factories.agency("dispora", CODE).id
        tokens = {}
        for kind in AccessKind:
            if kind is AccessKind.ADMINISTRATOR:
                continue
            account = accounts.add_person(
                accounts.NewPerson(
                    email=f"{kind.value}@balikpapan.example",
                    name="Orang Balikpapan",
                    kind=kind,
                    task_force_id=below,
                    agency_id=own_agency if kind in AGENCY_KINDS else None,
                ),
                by=None,
            )
            tokens[kind] = accounts.open_session(
                account_id=account.id, address="127.0.0.1", browser="uji"
            )
        db.session.remove()
    browsers = {}
    for kind, token in tokens.items():
        browsers[kind] = Browser(app)
        with browsers[kind].client.session_transaction() as cookie:
            cookie["_user_id"] = token
    return browsers


def _names(rule: str) -> set[str]:
    found = set()
    fill(rule, _Noting(found))
    return found


class _Noting(dict[str, str]):
    def __init__(self, found: set[str]) -> None:
        super().__init__()
        self._found = found

    def __missing__(self, key: str) -> str:
        self._found.add(key)
        return "x"


def test_no_page_shows_anything_of_another_task_force(
    app: flask.Flask, world: World, strangers: dict[AccessKind, Browser]
) -> None:
    leaks = []
    for rule in rules_of(app, "GET"):
        path = fill(rule, world.values)
        for kind, browser in strangers.items():
            answer = browser.client.get(path)
            if MARK.encode() in answer.data and not path.startswith(NATIONAL):
                leaks.append((kind.value, path, "shows Kaltim's words"))
            if answer.status_code == 500:
                leaks.append((kind.value, path, "fails"))
            if answer.status_code == 200 and _names(rule) - SHARED:
                leaks.append((kind.value, path, "opens a thing of Kaltim's"))
    assert leaks == []


def test_the_marks_can_be_seen_by_their_own(world: World, strangers: object) -> None:
    """A proof that the test above can fail."""
    assert MARK in world.browsers["secretariat"].client.get("/peran").text


def _of_kaltim(app: flask.Flask) -> dict[str, list[tuple[object, ...]]]:
    """Every row of Kaltim's, by table; for tables without a task force, every row."""
    with app.app_context(), db.engine.connect() as connection:
        force = factories.task_force().id
        db.session.remove()
        found = {}
        for table in Base.metadata.sorted_tables:
            if table.name in NOT_COMPARED:
                continue
            query = sa.select(table)
            if "task_force_id" in table.c:
                query = query.where(table.c.task_force_id == force)
            elif table.name in ("account", "task_force"):
                query = query.where(table.c.id == (force if table.name == "task_force" else -1))
            found[table.name] = sorted((tuple(row) for row in connection.execute(query)), key=repr)
        return found


def test_no_act_touches_anything_of_another_task_force(
    app: flask.Flask,
    world: World,
    strangers: dict[AccessKind, Browser],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """CSRF is switched off here, so that the act itself is asked, not its token."""
    app.config["WTF_CSRF_ENABLED"] = False
    before = _of_kaltim(app)
    passed = []
    for rule in rules_of(app, "POST"):
        view: Callable[..., object] = app.view_functions[_endpoint(app, rule)]
        names = _names(rule)
        if getattr(view, "guard", None) == PUBLIC or not names - SHARED:
            continue
        path = fill(rule, world.values)
        for kind, browser in strangers.items():
            answer = browser.client.post(path, data={"act": "kirim", "text": "Uji.", "reason": "x"})
            if answer.status_code not in (400, 403, 404, 409, 422):
                passed.append((kind.value, path, answer.status_code))
    assert passed == []
    after = _of_kaltim(app)
    assert {name for name in before if before[name] != after[name]} == set()


def _endpoint(app: flask.Flask, rule: str) -> str:
    return next(
        one.endpoint
        for one in app.url_map.iter_rules()
        if one.rule == rule and "POST" in (one.methods or ())
    )
