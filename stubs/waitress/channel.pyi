from collections.abc import Callable

from waitress import wasyncore
from waitress.parser import HTTPRequestParser
from waitress.task import Task

class HTTPChannel(wasyncore.dispatcher):
    parser_class: type[HTTPRequestParser]
    error_task_class: Callable[[HTTPChannel, HTTPRequestParser], Task]
    request: HTTPRequestParser | None
    requests: list[HTTPRequestParser]
    total_outbufs_len: int
    last_activity: float
    def handle_close(self) -> None: ...
