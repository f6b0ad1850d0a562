"""One conversation with the mail server."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from types import TracebackType
from typing import Literal, Self

from coordinator.clock import now
from coordinator.platform.mail.links import fill
from coordinator.platform.mail.models import OutgoingEmail

TIMEOUT = 30


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    user: str
    password: str
    tls: Literal["none", "starttls", "tls"]
    sender: str
    base_url: str
    secret_key: str


class NotAccepted(Exception):
    """The server (or the way to it) said no; `permanent` where trying again cannot help,
    `is_recipient` where the receiver's address was what it refused."""

    def __init__(self, answer: str, *, permanent: bool, is_recipient: bool = False) -> None:
        super().__init__(answer)
        self.answer = answer
        self.permanent = permanent
        self.is_recipient = is_recipient


def compose(row: OutgoingEmail, *, sender: str, base_url: str, secret_key: str) -> EmailMessage:
    """Return the message as it leaves: fixed Message-ID, threaded, marked as automatic."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = row.to_address
    message["Subject"] = row.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = row.message_id
    if row.thread:
        message["In-Reply-To"] = message["References"] = f"<{row.thread}@koordinator-tppo>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = "id"
    links = row.mail_links
    message.set_content(fill(row.text, links, base_url=base_url, secret_key=secret_key))
    message.add_alternative(
        fill(row.html, links, base_url=base_url, secret_key=secret_key, is_html=True),
        subtype="html",
    )
    return message


class Connection:
    """A connection that is opened at the first mail, kept for the next, and reopened if lost."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def is_lost(self) -> bool:
        """True where the last try left no usable connection."""
        return self._smtp is None

    def close(self) -> None:
        """Say goodbye, if there is anybody left to say it to."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            try:
                smtp.quit()
            except (smtplib.SMTPException, OSError):
                smtp.close()

    def _open(self) -> smtplib.SMTP:
        if self._smtp is not None:
            return self._smtp
        server = self.server
        if server.tls == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        try:
            if server.tls == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        self._smtp = smtp
        return smtp

    def send(self, row: OutgoingEmail) -> str:
        """Hand one mail over; return the server's answer. Raises NotAccepted."""
        try:
            message = compose(
                row,
                sender=self.server.sender,
                base_url=self.server.base_url,
                secret_key=self.server.secret_key,
            )
        except ValueError as error:
            # The words of the error repeat the address or the text.
            raise NotAccepted("email tidak dapat disusun", permanent=True) from error
        try:
            smtp = self._open()
            smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            self._reset()
            raise NotAccepted(
                _answer(code, text), permanent=500 <= code < 600, is_recipient=True
            ) from error
        except smtplib.SMTPResponseException as error:
            self._reset()
            # A refused sign-in is a setting to correct, not a fault of this mail.
            permanent = 500 <= error.smtp_code < 600 and not isinstance(
                error, smtplib.SMTPAuthenticationError
            )
            raise NotAccepted(
                _answer(error.smtp_code, error.smtp_error), permanent=permanent
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise NotAccepted(f"{type(error).__name__}: {error}", permanent=False) from error
        return "250"

    def _reset(self) -> None:
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self.close()


def _answer(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {words}"
