"""Pages of long lists."""

from collections.abc import Callable

import flask
import pytest

from tests import factories
from tests.conftest import Browser

LISTS = {
    "secretariat": ("/penugasan", "/penugasan/massal", "/verifikasi", "/rencana", "/surel"),
    "focal_point": ("/tugas-saya", "/tugas-saya/lalu"),
}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("access", LISTS)
def test_a_page_past_the_end_redirects_to_the_last(
    app: flask.Flask, browser: Callable[[], Browser], access: str
) -> None:
    with app.app_context():
        address = factories.email_of(getattr(factories.story(), access))
    person = browser().sign_in(address, factories.PASSWORD)
    for path in LISTS[access]:
        answer = person.get(f"{path}?urut=x&halaman=9", status=303)
        assert answer.headers["Location"] == f"{path}?urut=x&halaman=1"
        person.get(f"{path}?urut=x&halaman=1")
