from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

class ThreadedTaskDispatcher:
    def set_thread_count(self, count: int) -> None: ...
    def shutdown(self, cancel_pending: bool = ..., timeout: float = ...) -> bool: ...

class Task:
    request: HTTPRequestParser
    def __init__(self, channel: HTTPChannel, request: HTTPRequestParser) -> None: ...

class ErrorTask(Task): ...

class WSGITask(Task):
    def get_environment(self) -> dict[str, Any]: ...
