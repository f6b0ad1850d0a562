"""The mail server and the moved clock of the first day."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.engines import ROOT
from tests.journeys.product import WITA
from tests.journeys.running import running

# Read by every Python process that finds it on its path, before anything else.
MOVED_CLOCK = """
import os
from datetime import datetime, timedelta, timezone

ahead = os.environ.get("CLOCK_AHEAD")
if ahead:
    import time_machine

    moved = datetime.now(timezone.utc) + timedelta(seconds=float(ahead))
    time_machine.travel(moved, tick=True).start()
"""


@dataclass
class Postbox:
    """The mail server of the story: what it was handed, by receiver."""

    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Take a letter."""
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.letters += [(address, message) for address in envelope.rcpt_tos]
        return "250 OK"

    def link(self, address: str, pattern: str) -> str | None:
        """Return the path that the newest letter to somebody leads to, where it matches."""
        for to, message in reversed(self.letters):
            body = message.get_body(("plain",))
            found = re.search(rf"http://[^/\s]+({pattern})", body.get_content() if body else "")
            if to == address and found:
                return found[1]
        return None


def later(data_dir: Path, memory_path: Path, on: date):  # type: ignore[no-untyped-def]
    """Start the installation again, on another day shortly after 08.00 WITA."""
    (memory_path / "sitecustomize.py").write_text(MOVED_CLOCK)
    at = datetime.combine(on, time(8, 5), WITA)
    ahead = (at - datetime.now(UTC)).total_seconds()
    assert ahead > 0
    return running(data_dir, PYTHONPATH=f"{memory_path}:{ROOT}", CLOCK_AHEAD=str(ahead))
