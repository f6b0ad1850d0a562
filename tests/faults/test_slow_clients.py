"""Clients that are slow, silent or greedy, against the server as it is run: the others still get
their pages, and a slow phone is never taken for an attacker.

Nothing here measures time: PATIENCE is so long that only a server that hangs reaches it.
"""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.engines import ROOT, free_port
from tests.journeys.product import descendants, environment, fetch, is_gone, until

MANY = 100
PATIENCE = 120.0
MEGABYTE = 1024 * 1024
FORM = "POST /masuk HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded"
BODY = b"email=orang%40contoh.test&password=apa+saja"
BEGUN = f"{FORM}\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()
LARGEST_FILE = max((ROOT / "coordinator" / "static").rglob("*.*"), key=lambda p: p.stat().st_size)
SLOW = {
    "promise 1,000 bytes and send seven": f"{FORM}\r\nContent-Length: 1000\r\n\r\nemail=a".encode(),
    "never end their headers": b"GET /masuk HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: a",
    "say nothing": b"",
    "ask for a file and do not read it": (
        f"GET /static/{LARGEST_FILE.relative_to(ROOT / 'coordinator' / 'static')} HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n\r\n"
    ).encode()
    * 8,
}


class Served:
    """A running web server: gunicorn with the product's own settings."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self.log = log

    def connection(self, *, receive_buffer: int = 0) -> socket.socket:
        """Return a new connection, as a socket."""
        plain = socket.socket()
        if receive_buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        plain.settimeout(PATIENCE)
        plain.connect(("127.0.0.1", self.port))
        return plain

    def ask(self, path: str) -> int:
        """Return the status of a page, asked on a connection of its own."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            asking.request("GET", path)
            answer = asking.getresponse()
            answer.read()
            return answer.status
        finally:
            asking.close()


def _answer(plain: socket.socket) -> tuple[int, str]:
    """Return status and text of the answer to a request written by hand."""
    answer = http.client.HTTPResponse(plain)
    answer.begin()
    return answer.status, answer.read().decode()


@contextmanager
def _serving(template: Path, folder: Path, *options: str, **environ: str) -> Iterator[Served]:
    data_dir = folder / "data"
    data_dir.mkdir()
    shutil.copyfile(template, data_dir / "koordinator.db")
    port = free_port()
    log = folder / "log"
    settings = ("--config", "coordinator/platform/operations/gunicorn_conf.py", *options)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *settings, "wsgi:app"],
            cwd=ROOT,
            env=environment(data_dir, port, DEMO="off", EVIDENCE_MB="1", **environ),
            stdout=out,
            stderr=out,
        )
    below: set[int] = set()
    try:
        until(lambda: fetch(f"http://127.0.0.1:{port}/sehat")[0] == 200, "it serves", PATIENCE)
        below = descendants(process.pid)
        yield Served(process, port, log)
    finally:
        below |= descendants(process.pid)
        process.terminate()
        try:
            process.wait(PATIENCE)
        finally:
            for pid in (process.pid, *below):
                if not is_gone(pid):
                    os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def served(
    sqlite_templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """One server for the tests that leave it as it was."""
    with _serving(sqlite_templates["empty"], tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW)
def test_a_hundred_slow_clients_stop_nobody(served: Served, sent: bytes) -> None:
    with ExitStack() as held:
        for _ in range(MANY):
            slow = held.enter_context(served.connection(receive_buffer=4096))
            slow.sendall(sent)
        assert served.ask("/masuk") == 200
        assert served.ask("/masuk") == 200


def test_a_form_that_arrives_byte_by_byte_is_answered(served: Served) -> None:
    with served.connection() as phone:
        phone.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        phone.sendall(BEGUN)
        for byte in BODY:
            assert served.ask("/sehat") == 200  # each byte is long gone when the next is sent
            phone.sendall(bytes([byte]))
        status, text = _answer(phone)
    assert status == 400  # whole, and read: it is only its token that is missing
    assert "Muat ulang halaman" in text


@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
def test_a_body_over_the_limit_gets_the_products_own_page(served: Served, chunked: bool) -> None:
    too_much = b"a" * (11 * MEGABYTE)  # the limit is five files of EVIDENCE_MB and 5 MB around them
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(too_much)}"
    with served.connection() as sending:
        sending.sendall(f"{FORM}\r\n{length}\r\n\r\n".encode())
        if chunked:
            sending.sendall(f"{len(too_much):x}\r\n".encode())
        sending.sendall(too_much)
        status, text = _answer(sending)
    assert status == 413
    assert "Berkas terlalu besar" in text
    assert served.ask("/masuk") == 200


@pytest.mark.parametrize(
    ("length", "status"),
    [
        ("Content-Length: 0", 400),
        ("Content-Length: 2000000000", 413),
        (f"Content-Length: {len(BODY)}", 100),
    ],
)
def test_who_waits_to_go_on_is_answered(served: Served, length: str, status: int) -> None:
    with served.connection() as waiting:
        waiting.sendall(f"{FORM}\r\nExpect: 100-continue\r\n{length}\r\n\r\n".encode())
        first = waiting.makefile("rb").readline()
    assert first.split()[1] == str(status).encode()


def test_a_line_between_chunks_that_never_ends_is_refused(served: Served) -> None:
    with served.connection() as sending:
        sending.sendall(f"{FORM}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        sending.sendall(b"0" * (8 * 1024 + 1))  # and waits: the line has no end
        assert _answer(sending)[0] == 400
    assert served.ask("/masuk") == 200


def test_a_request_begun_before_the_end_is_answered_and_a_killed_worker_replaced(
    sqlite_templates: dict[str, Path], tmp_path: Path
) -> None:
    with _serving(sqlite_templates["empty"], tmp_path) as server:
        until(lambda: len(descendants(server.process.pid)) == 2, "both workers")
        first = descendants(server.process.pid)
        os.kill(min(first), signal.SIGKILL)
        until(lambda: len(descendants(server.process.pid) - first) == 1, "another worker")
        assert server.ask("/masuk") == 200

        with server.connection() as begun, server.connection() as idle:
            begun.sendall(BEGUN + BODY[:-1])
            assert server.ask("/masuk") == 200
            server.process.terminate()
            assert idle.recv(1) == b""  # nothing was begun there: closed at once
            begun.sendall(BODY[-1:])
            assert _answer(begun)[0] == 400
        assert server.process.wait(PATIENCE) == 0


def test_above_the_limit_the_silent_give_way_and_who_sends_is_kept(
    sqlite_templates: dict[str, Path], tmp_path: Path
) -> None:
    options = ("--workers", "1", "--worker-connections", "20")
    with _serving(sqlite_templates["empty"], tmp_path, *options) as server, ExitStack() as held:
        phone = held.enter_context(server.connection())
        phone.sendall(BEGUN)
        for byte in BODY:
            for _ in range(5):
                held.enter_context(server.connection()).sendall(SLOW["never end their headers"])
            phone.sendall(bytes([byte]))
            assert server.ask("/masuk") == 200
        assert _answer(phone)[0] == 400


def test_no_line_of_the_server_holds_a_path(served: Served) -> None:
    # A path may be a capability: our own lines mask it, the server's have none.
    token = "rahasia-sekali-" * 3
    with served.connection() as leaves:
        leaves.sendall(f"GET /l/{token} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    assert served.ask(f"/l/{token}") in (200, 404, 410)
    assert not re.search(token, served.log.read_text())
