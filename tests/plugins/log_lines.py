"""What is logged in a test, as the product would write it."""

import logging
from collections.abc import Iterator

import pytest

from coordinator import logs


class _Lines(logging.Handler):
    """Keeps each line as the product would write it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(logs.JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append(self.format(record))


@pytest.fixture
def capture() -> Iterator[list[str]]:
    """Every line that is logged in the test, ours and libraries', as it would be written."""
    handler = _Lines()
    root = logging.getLogger()
    root.addHandler(handler)
    yield handler.lines
    root.removeHandler(handler)
