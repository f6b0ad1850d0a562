"""A minimal browser over loopback: sign in, get pages, post a form. Keep-alive."""

import html
import http.client
import re
import secrets
import socket
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
FORM_KEY = re.compile(r'name="form_key"[^>]*value="([^"]+)"')
VERSION = re.compile(r'name="version" value="([^"]*)"')
LOST = (http.client.HTTPException, ConnectionError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how long it took to the end of the body."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode("utf-8", "replace")


class Visitor:
    """One client with its own connection and cookies."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None

    def _open(self) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._connection

    def close(self) -> None:
        """Close the connection; the next request opens a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ask(self, path: str, *, form: dict[str, str] | None = None, gzip: bool = False) -> Answer:
        """Get a page, or post a form as a browser does (multipart, with an empty file field)."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if gzip:
            headers["Accept-Encoding"] = "gzip"
        body = None
        if form is not None:
            boundary = secrets.token_hex(12)
            body = _multipart(form, boundary)
            headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
        method = "GET" if form is None else "POST"
        began = time.perf_counter()
        try:
            response = self._send(method, path, body, headers)
        except LOST:
            # The server closed an idle connection: retry on a new one.
            self.close()
            response = self._send(method, path, body, headers)
        content = response.read()
        seconds = time.perf_counter() - began
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";", 1)[0]
        if response.will_close:
            self.close()
        given = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, given, content, seconds)

    def _send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        connection = self._open()
        connection.request(method, path, body, headers)
        return connection.getresponse()

    def sign_in(self, email: str, password: str) -> None:
        """Sign in through the form. Raises RuntimeError where it is refused."""
        page = self.ask("/masuk")
        token = _found(CSRF, page)
        answer = self.ask(
            "/masuk", form={"csrf_token": token, "email": email, "password": password}
        )
        if answer.status != 303:
            raise RuntimeError(f"sign-in of {email} answered {answer.status}")

    def submit_report(self, public_id: str, indicator: str) -> Answer:
        """Open a report's form and send it; only the sending is timed."""
        page = self.ask(f"/laporan/{public_id}")
        return self.ask(
            f"/laporan/{public_id}/kirim",
            form={
                "csrf_token": _found(CSRF, page),
                "form_key": _found(FORM_KEY, page),
                "version": _found(VERSION, page),
                "kind": "achievement",
                f"value-{indicator}": "3",
                "place": "Samarinda",
                "note": "Kegiatan berjalan di tiga kecamatan.",
                "confirmed": "y",
            },
        )


def _found(pattern: re.Pattern[str], page: Answer) -> str:
    match = pattern.search(page.text)
    if match is None:
        raise RuntimeError(f"no {pattern.pattern!r} in a page of status {page.status}")
    return html.unescape(match[1])


def _multipart(form: dict[str, str], boundary: str) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form.items()
    ]
    if "note" in form:
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename=""\r\n'
            "Content-Type: application/octet-stream\r\n\r\n\r\n"
        )
    return ("".join(parts) + f"--{boundary}--\r\n").encode()


@dataclass
class Cell:
    """The answers of one measurement: seconds each, the whole time, what went wrong."""

    seconds: list[float] = field(default_factory=list)
    wall: float = 0.0
    bad: list[str] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """Return the median, in milliseconds."""
        return statistics.median(self.seconds) * 1000 if self.seconds else float("nan")

    @property
    def p95(self) -> float:
        """Return the 95th percentile, in milliseconds."""
        if not self.seconds:
            return float("nan")
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))] * 1000

    @property
    def rate(self) -> float:
        """Return the successful answers per second."""
        return len(self.seconds) / self.wall if self.wall else float("nan")


# A step takes (the visitor's place, how many were done before by all) and returns its answer, or
# None where there is nothing left to do.
Step = Callable[[int, int], Answer | None]


def load(
    clients: int,
    step: Step,
    *,
    most: int,
    seconds: float,
    least: int = 5,
    good: Sequence[int] = (200,),
) -> Cell:
    """Run `step` from `clients` threads until `most` calls or `seconds` are over.

    A slow page is asked at least `least` times, and at least once by each client.
    """
    cell = Cell()
    lock = threading.Lock()
    done = 0
    until = time.perf_counter() + seconds

    def work(place: int) -> None:
        nonlocal done
        while True:
            with lock:
                turn, done = done, done + 1
            if turn >= most or (turn >= max(least, clients) and time.perf_counter() > until):
                return
            try:
                answer = step(place, turn)
            except Exception as error:
                cell.bad.append(repr(error))
                continue
            if answer is None:
                return
            if answer.status in good:
                cell.seconds.append(answer.seconds)
            else:
                cell.bad.append(f"status {answer.status}")

    threads = [threading.Thread(target=work, args=(place,)) for place in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cell.wall = time.perf_counter() - began
    return cell
