"""What tests of the first steps share."""

from collections.abc import Callable

import flask

from coordinator.clock import today
from coordinator.db import transactional
from coordinator.home.first_step_queries import FirstSteps, first_steps
from coordinator.permissions import Viewer
from coordinator.platform.mail import service as mail
from tests import factories
from tests.conftest import Browser

ANSWER = "250 2.0.0 diterima dengan baik"


def signed_in_as(app: flask.Flask, browser: Callable[[], Browser], viewer: Viewer) -> Browser:
    with app.app_context():
        address = factories.email_of(viewer)
    return browser().sign_in(address, factories.PASSWORD)


def words(page: Browser, path: str) -> str:
    return " ".join(page.get(path).text.split())


def steps_of(app: flask.Flask, viewer: Viewer) -> FirstSteps:
    with app.app_context():
        return first_steps(viewer, today(), sends_mail=True)


def deliver_mail(app: flask.Flask, *, answer: str = ANSWER) -> None:
    """Do what the scheduler does with the queued mail."""

    @transactional
    def deliver() -> None:
        claimed = mail.claim_next("uji")
        assert claimed is not None
        mail.mark_sent(claimed.id, "uji", answer=answer)

    with app.app_context():
        deliver()
