import socket
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.task import ThreadedTaskDispatcher

class TcpWSGIServer(wasyncore.dispatcher):
    channel_class: type[HTTPChannel]
    active_channels: dict[int, HTTPChannel]
    def __init__(
        self,
        application: Any,
        map: dict[int, wasyncore.dispatcher],
        _sock: socket.socket,
        dispatcher: ThreadedTaskDispatcher,
        adj: Adjustments,
        sockinfo: tuple[int, int, int, Any],
        bind_socket: bool,
    ) -> None: ...
    def pull_trigger(self) -> None: ...
