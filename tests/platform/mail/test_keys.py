"""A mail is never dropped for another's sake: what its key names, and what happens without it."""

import pytest
import sqlalchemy as sa

from coordinator.db import db, transactional
from coordinator.platform.mail.links import MailLink, writing_a_mail
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import mail_key, occasion_prefix
from coordinator.platform.mail.service import Email, cancel_emails_of, queue_email

pytestmark = pytest.mark.usefixtures("in_app")


@transactional
def put(
    text: str = "Isi",
    *,
    occasion: tuple[object, ...] = ("ketetapan", 7),
    account_id: int | None = 1,
    task_force_id: int | None = 1,
    path: str = "/tugas-saya",
) -> int:
    """Queue a mail; return its id."""
    with writing_a_mail() as links:
        text = f"{text} {MailLink(path)}"
    row = queue_email(
        Email("Perihal", text, f"<p>{text}</p>", tuple(links.values())),
        occasion=occasion,
        kind="uji",
        to_address="a@uji.example",
        account_id=account_id,
        task_force_id=task_force_id,
    )
    return row.id


def test_the_same_mail_is_queued_once() -> None:
    assert put() == put()
    assert db.session.scalar(sa.select(sa.func.count(OutgoingEmail.id))) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"task_force_id": 2},
        {"account_id": 2},
        {"occasion": ("ketetapan", 8)},
        {"text": "Isi lain"},
        {"path": "/laporan/abc"},
    ],
    ids=str,
)
def test_a_mail_that_differs_in_anything_is_another_mail(other: dict[str, object]) -> None:
    first = put()
    second = put(**other)  # type: ignore[arg-type]
    assert second != first
    assert put(**other) == second  # type: ignore[arg-type]
    keys = db.session.scalars(sa.select(OutgoingEmail.message_id)).all()
    assert len(set(keys)) == 2


def test_cancelling_an_occasion_leaves_the_one_whose_number_begins_alike() -> None:
    put(occasion=("perubahan", 1))
    put("lain", occasion=("perubahan", 1))
    put(occasion=("perubahan", 12))
    assert cancel_emails_of(("perubahan", 1)) == 2
    states = db.session.scalars(sa.select(OutgoingEmail.state).order_by(OutgoingEmail.id)).all()
    assert [state.value for state in states] == ["cancelled", "cancelled", "queued"]


def test_a_key_begins_with_its_occasion_and_hides_an_address() -> None:
    key = mail_key(("uji", 3), task_force_id=None, account_id=None, to_address="a@uji.example")
    assert key.startswith(occasion_prefix(("uji", 3)))
    assert "@" not in key
