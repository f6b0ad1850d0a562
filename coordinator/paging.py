"""Pages of long lists, in the query string."""

from urllib.parse import urlencode

import flask

from coordinator import edge

SIZE = 50
LAST = 100_000


def page_number() -> int:
    """Return the page asked for by `halaman`; 1 for anything that is no page number."""
    return min(edge.query_number("halaman", 1, least=1), LAST)


def pages(total: int, size: int = SIZE) -> int:
    """Return how many pages `total` rows take; at least one.

    A request for a page after the last one gets the last: the list has become shorter since the
    link was made, and an empty page would suggest that there is nothing.
    """
    last = max(1, -(-total // size))
    if page_number() > last and flask.request.method == "GET":
        flask.abort(flask.redirect(page_url(last), 303))
    return last


def page_url(page: int) -> str:
    """Return the present address with another page number."""
    query = flask.request.args.to_dict()
    query["halaman"] = str(page)
    return f"{flask.request.path}?{urlencode(query)}"
