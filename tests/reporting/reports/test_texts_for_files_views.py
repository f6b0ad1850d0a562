"""A form of a report whose files arrive as texts, as no browser sends them."""

from collections.abc import Callable

import flask
import pytest

from coordinator.permissions import AccessKind
from tests import factories
from tests.conftest import Browser


@pytest.mark.parametrize("who", ["disdikbud", "dispora"])
def test_a_text_in_place_of_a_file_is_no_fault(
    app: flask.Flask, browser: Callable[[], Browser], who: str
) -> None:
    with app.app_context():
        story = factories.story()
        path = f"/laporan/{factories.obligation_of(story.assignment, 'dispora').public_id}/simpan"
        viewer = story.focal_point
        if who == "disdikbud":
            viewer = factories.person(AccessKind.FOCAL_POINT, who)
        address = factories.email_of(viewer)
    page = browser().sign_in(address, factories.PASSWORD)
    fields = {"csrf_token": page.token("/tugas-saya"), "files": "tulisan", "note": "uji"}
    answer = page.client.post(path, data=fields)  # urlencoded
    assert answer.status_code == (404 if who == "disdikbud" else 303), answer.text[:300]
