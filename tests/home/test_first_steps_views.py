"""What a new installation still has to set up."""

from collections.abc import Callable

import flask

from coordinator.permissions import AccessKind
from tests import factories
from tests.conftest import Browser


def _home(app: flask.Flask, browser: Callable[[], Browser], address: str) -> str:
    return " ".join(browser().sign_in(address, factories.PASSWORD).get("/beranda").text.split())


def test_a_new_secretariat_sees_what_is_still_to_set_up(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        office = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        address = factories.email_of(office)
    home = _home(app, browser, address)
    # The seed brings the mapping; everything else is still to do.
    assert "Langkah pertama: 1 dari 8 selesai" in home
    for place in ("/pengaturan/kop", "/orang/impor", "/rencana/impor", "/penugasan/massal"):
        assert f'href="{place}"' in home.partition('id="langkah-pertama"')[2].partition("</ol>")[0]


def test_what_is_done_is_ticked(app: flask.Flask, browser: Callable[[], Browser]) -> None:
    with app.app_context():
        story = factories.story()
        address = factories.email_of(story.secretariat)
    home = _home(app, browser, address)
    # People, an assignment, a period; not the letterhead, a plan of one's own, mail and a backup.
    assert "Langkah pertama: 4 dari 8 selesai" in home
