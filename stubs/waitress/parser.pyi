from io import BytesIO

from waitress.adjustments import Adjustments
from waitress.utilities import Error

class HTTPRequestParser:
    completed: bool
    expect_continue: bool
    body_rcv: object
    content_length: int
    body_bytes_received: int
    error: Error | None
    headers: dict[str, str]
    def __init__(self, adj: Adjustments) -> None: ...
    def get_body_stream(self) -> BytesIO: ...
    def received(self, data: bytes) -> int: ...
