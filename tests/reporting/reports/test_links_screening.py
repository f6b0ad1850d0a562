"""What is typed behind a mail link is screened before the transaction, as on the form."""

import flask
import pytest

from coordinator.errors import InvalidInput
from coordinator.reporting.links import service as links
from tests import factories
from tests.reporting.reports.mail_link import link_in, mail_to, remind
from tests.statements import statements

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def test_a_text_is_screened_before_anything_is_locked(app: flask.Flask) -> None:
    draft = {"note": "6472015505080001"}  # invented
    with app.app_context():
        story = factories.story()
        remind()
        mail = mail_to(story.focal_point.account_id, "digest")
        token = link_in(mail, app).removeprefix("/l/")
        with statements(app) as asked:
            with pytest.raises(InvalidInput):
                links.save_draft(token, draft, version=0)
            with pytest.raises(InvalidInput):
                links.save_and_check(token, draft, version=0, form_key="kunci")
            with pytest.raises(InvalidInput):
                links.save_and_submit(token, draft, version=0, form_key="kunci", confirmed=True)
    assert "BEGIN IMMEDIATE" not in asked
