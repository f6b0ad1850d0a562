"""What a person has in hand who got a mail: the address behind its button."""

import re

import flask
import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.oversight.reminders import service as reminders
from coordinator.platform.mail.links import fill
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.reporting.mail_links.models import ReportLink
from tests import factories


def remind() -> None:
    """Queue the day's digests."""
    force = factories.task_force().id
    reminders.ensure_ladder(force)
    reminders.queue_reminders(force)


def mail_to(account_id: int | None, kind: str) -> OutgoingEmail:
    """Return the newest mail of a kind to a person."""
    return db.session.scalars(
        sa.select(OutgoingEmail)
        .where(OutgoingEmail.account_id == account_id, OutgoingEmail.kind == kind)
        .order_by(OutgoingEmail.id.desc())
        .limit(1)
    ).one()


def link_in(row: OutgoingEmail, app: flask.Flask) -> str:
    """Return the path of the first link without password in a mail, as its reader gets it."""
    text = fill(row.text, row.mail_links, base_url="", secret_key=app.config["SECRET_KEY"])
    found = re.search(r"/l/[0-9a-f]{64}", text)
    assert found, text
    return found[0]


def opened_by(mail: OutgoingEmail, *, in_html: bool = False) -> list[str]:
    """Return the reports (public ids) that a mail's links open, in the order of the mail."""
    rows = db.session.execute(
        sa.select(ReportLink.public_id, Obligation.public_id).join(ReportLink.obligation)
    )
    reports = {row[0]: row[1] for row in rows}
    part = mail.html if in_html else mail.text
    shown = [link for link in mail.mail_links if link.is_secret and link.mark in part]
    shown.sort(key=lambda link: part.index(link.mark))
    return [reports[link.secret_id] for link in shown]
