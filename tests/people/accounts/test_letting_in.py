"""Who lets whom in, on screen and in the shell."""

import re

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.people.accounts import service
from coordinator.people.accounts.models import (
    Account,
    OneTimeLink,
)
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.conftest import Browser
from tests.people.accounts.signing_in import (
    NEW_PASSWORD,
    accept,
    is_in,
    leader,
    send_sign_in,
    without_tokens,
)

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def elsewhere(app: flask.Flask) -> tuple[int, Viewer, str]:
    """Another task force with one person: (its id, that person, their public id)."""

    with app.app_context():
        force_id = factories.task_force("64.72").id
        account = service.add_person(
            service.NewPerson(
                email="orang@samarinda.example",
                name="Orang Samarinda",
                kind=AccessKind.SECRETARIAT,
                task_force_id=force_id,
            ),
            by=None,
        )
        viewer = Viewer(account.id, AccessKind.SECRETARIAT, force_id)
        return force_id, viewer, account.public_id


def test_the_secretariat_invites_by_form(
    app: flask.Flask, secretariat: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    answer = secretariat.post(
        "/orang/undang",
        {
            "email": "Narahubung@Dispora.example",
            "name": "Narahubung",
            "kind": "focal_point",
            "agency": "dispora",
        },
    )
    assert "Undangan diantrekan." in secretariat.get(answer.location).text
    with app.app_context():
        row = db.session.scalars(sa.select(OutgoingEmail)).one()
        assert row.to_address == "narahubung@dispora.example"
        assert [link.purpose for link in row.mail_links if link.is_secret] == ["undangan"]
        entry = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.access == "secretariat")
        ).one()
        assert entry.action == "access.granted"
        assert "narahubung@dispora.example" not in str(entry.details)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "administrator"),
        ("kind", "raja"),
        ("agency", ""),
        ("agency", "tidak-ada"),
        ("email", "bukan alamat"),
        ("email", ""),
        ("name", ""),
        ("name", "x" * 121),
    ],
)
@SQLITE_ONLY
def test_a_bad_invitation_is_refused(
    app: flask.Flask, secretariat: Browser, field: str, value: str
) -> None:
    good = {
        "email": "baru@uji.example",
        "name": "Baru",
        "kind": "focal_point",
        "agency": "dispora",
    }
    secretariat.post("/orang/undang", {**good, field: value}, status=422)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingEmail)) == 0


def test_nobody_invites_beyond_their_own_task_force(
    app: flask.Flask, elsewhere: tuple[int, Viewer, str]
) -> None:
    force_id, _viewer, _public_id = elsewhere
    with app.app_context():
        own = factories.task_force().id
        secretariat = Viewer(None, AccessKind.SECRETARIAT, own)
        focal_point = Viewer(None, AccessKind.FOCAL_POINT, own, factories.agency("dispora").id)
        refused = [
            (secretariat, AccessKind.LEADERSHIP, force_id, None),
            (secretariat, AccessKind.ADMINISTRATOR, own, None),
            (secretariat, AccessKind.ADMINISTRATOR, None, None),
            (focal_point, AccessKind.FOCAL_POINT, own, focal_point.agency_id),
        ]
        for by, kind, force, agency_id in refused:
            person = service.NewPerson("x@uji.example", "X", kind, force, agency_id)
            with pytest.raises(NotAllowed):
                service.invite(person, by=by, secret_key="k")
        foreign = service.NewPerson(
            "x@uji.example",
            "X",
            AccessKind.FOCAL_POINT,
            force_id,
            factories.agency("dispora").id,
        )
        with pytest.raises(InvalidInput):
            service.invite(foreign, by=None, secret_key="k")
        assert db.session.scalar(sa.select(Account).where(Account.email == "x@uji.example")) is None


def test_a_person_of_another_task_force_does_not_exist(
    app: flask.Flask, secretariat: Browser, elsewhere: tuple[int, Viewer, str]
) -> None:
    _force_id, viewer, public_id = elsewhere
    assert "Orang Samarinda" not in secretariat.get("/orang").text
    unknown = secretariat.post("/orang/tidakada/tutup", {}, page="/orang", status=404)
    for act in ("tutup", "tautan"):
        answer = secretariat.post(f"/orang/{public_id}/{act}", {}, page="/orang", status=404)
        without_id = [re.sub(r"<b>[0-9A-F]{8}</b>", "", a.text) for a in (answer, unknown)]
        assert without_tokens(without_id[0]) == without_tokens(without_id[1])
    with app.app_context():
        assert db.session.get_one(Account, viewer.account_id).is_active
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OneTimeLink)) == 0
        for act_of in (service.disable, service.send_reset):
            more = {"secret_key": "k"} if act_of is service.send_reset else {}
            with pytest.raises(NotFound):
                act_of(
                    viewer.account_id,
                    by=Viewer(None, AccessKind.SECRETARIAT, factories.task_force().id),
                    **more,
                )


def test_giving_somebody_an_access_gives_no_power_over_their_others(
    app: flask.Flask, elsewhere: tuple[int, Viewer, str]
) -> None:
    """Else a secretariat could close anybody's account: grant an access first, then close."""
    _force_id, viewer, _public_id = elsewhere
    with app.app_context():
        secretariat = Viewer(None, AccessKind.SECRETARIAT, factories.task_force().id)
        admin = factories.person(AccessKind.ADMINISTRATOR, email="admin@uji.example")
        for email, account_id in (
            ("orang@samarinda.example", viewer.account_id),
            ("admin@uji.example", admin.account_id),
        ):
            service.invite(leader(email), by=secretariat, secret_key="k")
            with pytest.raises(NotAllowed):
                service.disable(account_id or 0, by=secretariat)
            assert db.session.get_one(Account, account_id).is_active


def test_nobody_closes_their_own_account(app: flask.Flask, secretariat: Browser) -> None:
    with app.app_context():
        own = db.session.scalars(sa.select(Account.public_id)).one()
    secretariat.post(f"/orang/{own}/tutup", {}, page="/orang", status=409)
    assert is_in(secretariat)


# --- the shell -----------------------------------------------------------------------------------


def test_shell_invites_an_administrator_without_mail(app: flask.Flask) -> None:
    runner = app.test_cli_runner()
    dry = runner.invoke(
        args=[
            "accounts", "invite", "--email", "a@uji.example", "--access", "administrator",
            "--dry-run",
        ]
    )  # fmt: skip
    assert dry.exit_code == 0
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 0
    done = runner.invoke(
        args=["accounts", "invite", "--email", "a@uji.example", "--access", "administrator"]
    )
    assert done.exit_code == 0, done.output
    found = re.search(r"http://localhost/undangan/(\S+)", done.output)
    assert found
    assert accept(app, found[1]).client.get("/").location == "/beranda/administrator"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["invite", "--email", "a@uji.example", "--access", "raja"], 2),
        (["invite", "--access", "auditor"], 2),
        (["invite", "--email", "a@uji.example", "--access", "focal_point"], 1),
        (["invite", "--email", "a@uji.example", "--access", "auditor", "--task-force", "99"], 1),
        (
            ["invite", "--email", "a@b.example", "--access", "focal_point", "--agency", "nihil"],
            1,
        ),
        (["disable", "tidak@ada.example"], 1),
        (["reset", "tidak@ada.example"], 1),
    ],
)
@SQLITE_ONLY
def test_shell_says_no(app: flask.Flask, arguments: list[str], code: int) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", *arguments])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output


def test_shell_closes_and_resets(app: flask.Flask, email: str) -> None:
    runner = app.test_cli_runner()
    reset = runner.invoke(args=["accounts", "reset", email])
    found = re.search(r"/undangan/(\S+)", reset.output)
    assert found
    accept(app, found[1])
    assert runner.invoke(args=["accounts", "disable", email]).exit_code == 0
    assert send_sign_in(Browser(app), email, NEW_PASSWORD).status_code == 422
