"""What goes over a slow line is compressed, and says the same."""

import gzip

import flask
import pytest

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    "path", ["/static/vendor/bootstrap.min.css", "/static/koordinator.css", "/masuk", "/bantuan"]
)
def test_text_is_sent_gzipped(app: flask.Flask, path: str) -> None:
    plain = app.test_client().get(path)
    packed = app.test_client().get(path, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert len(packed.data) < len(plain.data) / 2
    if path.startswith("/static"):
        assert gzip.decompress(packed.data) == plain.data


def test_a_kept_stylesheet_is_not_sent_again(app: flask.Flask) -> None:
    client = app.test_client()
    first = client.get("/static/koordinator.css", headers={"Accept-Encoding": "gzip"})
    again = client.get(
        "/static/koordinator.css",
        headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]},
    )
    assert again.status_code == 304
    assert again.data == b""


def test_a_first_visit_weighs_at_most_60_kb(app: flask.Flask) -> None:
    client = app.test_client()
    packed = {"Accept-Encoding": "gzip"}
    page = client.get("/masuk", headers=packed)
    html = gzip.decompress(page.data).decode()
    paths = [part.split('"')[0] for part in html.split('"/static/')[1:]]
    assert any("bootstrap" in path for path in paths)
    weight = len(page.data) + sum(
        len(client.get(f"/static/{path}", headers=packed).data) for path in paths
    )
    assert weight <= 60_000
