"""What the web server's parser refuses, without a server."""

import pytest
from waitress.adjustments import Adjustments

from coordinator.platform.operations.web_worker import LARGEST_CHUNK_LINE, Parser

FORM = b"POST /masuk HTTP/1.1\r\nHost: localhost\r\n"
PIECE = 4096


def _fed(*parts: bytes, largest: int = 1_000_000) -> Parser:
    """Return a parser that was given `parts`, each as reads of at most PIECE bytes."""
    parser = Parser(Adjustments(max_request_body_size=largest))
    for part in parts:
        while part and not parser.completed:
            part = part[parser.received(part[:PIECE]) :]
    return parser


@pytest.mark.parametrize(
    "before", [b"", b"0\r\nX-Trailer: "], ids=["the length of a chunk", "the trailer"]
)
def test_a_line_between_chunks_has_a_limit(before: bytes) -> None:
    head = FORM + b"Transfer-Encoding: chunked\r\n\r\n"
    parser = _fed(head, before + b"0" * (LARGEST_CHUNK_LINE - len(before)))
    assert parser.error is None
    parser = _fed(head, before + b"0" * (LARGEST_CHUNK_LINE + 1))
    assert parser.completed
    assert parser.error.code == 400
    assert parser.received(b"0" * PIECE) == 0, "nothing more of it is taken in"


def test_a_body_in_chunks_is_read() -> None:
    body = b"5;x=" + b"y" * 2000 + b"\r\nemail\r\n0\r\nX-Trailer: 1\r\n\r\n"
    parser = _fed(FORM + b"Transfer-Encoding: chunked\r\n\r\n", body)
    assert parser.completed
    assert parser.error is None
    assert parser.get_body_stream().read() == b"email"


@pytest.mark.parametrize(
    ("head", "waits", "code"),
    [
        (b"GET /sehat HTTP/1.1\r\nHost: localhost\r\n", False, None),
        (FORM + b"Content-Length: 0\r\n", False, None),
        (FORM + b"Content-Length: 2000000\r\n", False, 413),
        (FORM + b"Content-Length: x\r\n", False, 400),
        (FORM + b"Content-Length: 5\r\n", True, None),
    ],
)
def test_only_a_request_with_a_body_gets_100_continue(
    head: bytes, waits: bool, code: int | None
) -> None:
    parser = _fed(head + b"Expect: 100-continue\r\n\r\n")
    assert parser.expect_continue is waits
    assert parser.completed is not waits
    assert (parser.error.code if parser.error else None) == code
