from waitress.utilities import Error

class HTTPRequestParser:
    completed: bool
    content_length: int
    body_bytes_received: int
    error: Error | None
    headers: dict[str, str]
    def received(self, data: bytes) -> int: ...
