"""The report form says everything that is wrong at once, where it is."""

from collections.abc import Callable

import flask
import pytest

from tests import factories
from tests.conftest import Browser

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
NIK = "6472015505080001"


@SQLITE_ONLY
def test_all_that_is_wrong_is_said_at_once(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        story = factories.story()
        obligation = factories.obligation_of(story.assignment, "dispora")
        draft = factories.draft_for(obligation, "1.250 orang")
        address = f"/laporan/{obligation.public_id}"
        mail = factories.email_of(story.focal_point)
    writer = browser().sign_in(mail, factories.PASSWORD)
    typed = {**draft, "version": "0", "act": "periksa", "held_on": "12/11/26"}

    page = writer.post(address, {**typed, "note": f"NIK {NIK}"}, page=address, status=422).text
    for said in ("seperti NIK", "Tulis tanggal seperti", "dengan angka, misalnya 3"):
        assert said in page, said
    page = writer.post(
        address, {**typed, "note": "Satu.", "place": NIK}, page=address, status=422
    ).text
    for said in ("seperti NIK", "Tulis tanggal seperti", "dengan angka, misalnya 3"):
        assert said in page, said
