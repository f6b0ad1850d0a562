"""A gunicorn worker in which no thread ever waits for a client: waitress receives and sends.

gunicorn does what it is good at: start, fork, replace a worker that died, stop gracefully. waitress
reads every connection in one loop, gives a request to a thread only when it is whole, and sends the
answer from a buffer while the thread does other work. A slow phone costs a buffer, not a thread, so
nobody has to tell it from an attacker. See docs/decisions/0022-server-that-buffers.md.
"""

import io
import os
import resource
import time
from collections.abc import Iterable
from types import FrameType
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, Task, ThreadedTaskDispatcher, WSGITask
from waitress.utilities import BadRequest, RequestEntityTooLarge

from coordinator.platform.operations.collector import Collector

MEGABYTE = 1024 * 1024
LARGEST_BODY = 60 * MEGABYTE  # for an application that names no MAX_CONTENT_LENGTH
LARGEST_HEADERS = 64 * 1024
LARGEST_CHUNK_LINE = 8 * 1024  # of a body in chunks: a line with a length, or the trailer
SILENCE = 120  # seconds without a byte in either direction, after which a connection is closed
HELD = 1024 * MEGABYTE  # bytes of unfinished requests that one worker keeps
LOOK_EVERY = 1.0  # seconds between two looks at what unfinished requests hold
OWN_FILES = 100  # descriptors that are not connections: database, listener, log, code


class Parser(HTTPRequestParser):
    """Reads a body over the limit to its end and forgets it, so that the sender hears why.

    An answer in the middle of a body is lost: the connection is reset while the browser still
    sends. Where even the forgotten part would be absurd, the answer comes at once.

    The lines between chunks have a limit of ours: waitress keeps all of an unfinished one in
    memory and copies it at every read. A client that waits for permission to send its body
    (`expect_continue`) gets it only where a body follows that is wanted.
    """

    to_forget = 0

    def received(self, data: bytes) -> int:
        """Take in `data`; return how many bytes of it are this request's."""
        taken = self._taken(data)
        if self.completed or self.error is not None:
            self.expect_continue = False
        return taken

    def _taken(self, data: bytes) -> int:
        if self.to_forget:
            taken = min(len(data), self.to_forget)
            self.to_forget -= taken
            self.completed = not self.to_forget
            return taken
        taken = super().received(data)
        waits = self.expect_continue  # its body has not been sent: the answer is not lost
        is_read = isinstance(self.error, RequestEntityTooLarge) and not waits
        if is_read and self.content_length <= HELD:
            self.to_forget = max(0, self.content_length - self.body_bytes_received)
            self.completed = not self.to_forget
        body = self.body_rcv
        line = 0
        if isinstance(body, ChunkedReceiver):
            line = max(len(body.control_line), len(body.trailer))
        if line > LARGEST_CHUNK_LINE and self.error is None:
            self.error = BadRequest("a line between chunks is too long")
            self.completed = True
        return taken


class TooLarge(WSGITask):
    """Lets the application answer a body over the limit: its page says so in the reader's words."""

    def get_environment(self) -> dict[str, Any]:
        self.request.headers["CONNECTION"] = "close"
        size = max(self.request.content_length, self.request.body_bytes_received)
        return {
            **super().get_environment(),
            "CONTENT_LENGTH": str(size),
            "wsgi.input": io.BytesIO(),
        }


def _refusal(channel: HTTPChannel, request: HTTPRequestParser) -> Task:
    is_too_large = isinstance(request.error, RequestEntityTooLarge)
    return TooLarge(channel, request) if is_too_large else ErrorTask(channel, request)


class Channel(HTTPChannel):
    """One connection."""

    parser_class = Parser
    error_task_class = staticmethod(_refusal)

    @property
    def is_waiting(self) -> bool:
        """True while nothing is being done for this client: it is the client's turn."""
        return not self.requests

    @property
    def is_idle(self) -> bool:
        """True between requests: nothing was begun and nothing is left to send."""
        return self.is_waiting and self.request is None and not self.total_outbufs_len

    @property
    def held(self) -> int:
        """How many bytes of an unfinished body are kept."""
        return self.request.body_bytes_received if self.request is not None else 0


class Server(TcpWSGIServer):
    """One listening address."""

    channel_class = Channel
    active_channels: dict[int, Channel]  # type: ignore[assignment]  # as channel_class makes them


def _connection_limit(wanted: int) -> int:
    """Return how many connections a worker may hold; each may also need a temporary file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = 2 * wanted + OWN_FILES
    if soft != resource.RLIM_INFINITY and soft < files:
        files = files if hard == resource.RLIM_INFINITY else min(files, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(1, (files - OWN_FILES) // 2)


def give_way(channels: Iterable[Channel], *, most: int, most_held: int) -> None:
    """Close the connections that were silent longest until at most `most` are left, and until
    their unfinished requests hold at most `most_held` bytes.

    Somebody who is sending, however slowly, was heard a moment ago: the silent go first.
    """
    channels = list(channels)
    count, held = len(channels), sum(channel.held for channel in channels)
    if count <= most and held <= most_held:
        return
    for channel in sorted(channels, key=lambda channel: channel.last_activity):
        frees_room = count > most or (held > most_held and channel.held)
        if channel.is_waiting and frees_room:
            count, held = count - 1, held - channel.held
            channel.handle_close()


class BufferingWorker(Worker):
    """Serves the listening sockets of gunicorn's master through waitress."""

    def run(self) -> None:
        """Serve until told to stop, then finish what was begun."""
        self.map: dict[int, wasyncore.dispatcher] = {}
        self.dispatcher = ThreadedTaskDispatcher()
        self.dispatcher.set_thread_count(self.cfg.threads)
        limit = _connection_limit(self.cfg.worker_connections)
        largest = getattr(self.wsgi, "config", {}).get("MAX_CONTENT_LENGTH") or LARGEST_BODY
        settings = Adjustments(
            ident="",
            connection_limit=limit + OWN_FILES,  # room is made before it is reached
            channel_timeout=SILENCE,
            max_request_header_size=LARGEST_HEADERS,
            max_request_body_size=largest + 1,
            # Above it a thread would wait for its client; only a file is larger, and needs none.
            outbuf_high_watermark=256 * MEGABYTE,
            # Whom to believe is decided in one place: TRUSTED_PROXIES of the application.
            clear_untrusted_proxy_headers=False,
        )
        self.servers = [
            Server(
                self.wsgi,
                map=self.map,
                _sock=sock,
                dispatcher=self.dispatcher,
                adj=settings,
                sockinfo=(sock.family, sock.type, sock.proto, sock.getsockname()),
                bind_socket=False,
            )
            for sock in (listener.sock for listener in self.sockets)
        ]
        looked_at = 0.0
        collector = Collector()
        while self.alive and self.ppid == os.getppid():
            self._turn()
            collector.collect_if_due()
            if len(self.map) > limit or time.monotonic() - looked_at > LOOK_EVERY:
                give_way(self._channels(), most=limit, most_held=HELD)
                looked_at = time.monotonic()
        self._finish()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM: stop when what was begun is done."""
        super().handle_exit(sig, frame)
        for server in self.servers:
            server.pull_trigger()

    def _channels(self) -> list[Channel]:
        return [c for server in self.servers for c in server.active_channels.values()]

    def _turn(self, wait: float = 1.0) -> None:
        self.notify()
        wasyncore.loop(timeout=wait, map=self.map, count=1, use_poll=True)

    def _finish(self) -> None:
        for server in self.servers:
            server.accepting = False
        until = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < until:
            for channel in self._channels():
                if channel.is_idle:
                    channel.handle_close()
            if not self._channels():
                break
            self._turn(0.2)
        self.dispatcher.shutdown(timeout=1)
