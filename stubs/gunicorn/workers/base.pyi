import socket
from types import FrameType
from typing import Any

class _Listener:
    sock: socket.socket

class Worker:
    alive: bool
    cfg: Any
    ppid: int
    sockets: list[_Listener]
    wsgi: Any
    def notify(self) -> None: ...
    def run(self) -> None: ...
    def handle_exit(self, sig: int, frame: FrameType | None) -> None: ...
