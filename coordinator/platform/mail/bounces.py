"""Mails that say that a mail came back: what is in them, regardless of who wrote them. Pure.

Read are delivery status notifications (RFC 3464, 6533), the texts of servers that write none, and
nothing that is only forwarded: a report must be the mail itself. The file may be hostile, so that
the product reads it in a child process (`coordinator.child`, see `mail.reports`).
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import getaddresses
from typing import Any

from coordinator.platform.mail.rules import BounceKind
from coordinator.platform.mail.verdicts import is_policy, is_waiting, verdict

MOST_BYTES = 1_000_000  # read of a file: the report comes before the mail it gives back
MOST_DEPTH = 5
MOST_FAILURES = 100
MOST_TEXT = 100_000  # characters of text read
STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
RETURNED_TYPES = (
    "message/rfc822",
    "message/global",
    "message/global-headers",
    "message/rfc822-headers",
    "text/rfc822-headers",
)
ADDRESS = r"[^\s<>()\[\]\",;:@\x00-\x1f\x7f\ud800-\udfff]{1,64}@[\w.\-]{1,200}[^\W_]"
MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,200}>")
XTEXT = re.compile(r"\+([0-9A-F]{2})")
UTF8_XTEXT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
IN_TEXT = re.compile(ADDRESS)
AT_LINE_START = re.compile(
    rf"^[ \t]{{0,20}}(?:[^\n<(@]{{0,80}}[<(])?(?P<address>{ADDRESS})[>)]{{0,2}}[ \t]{{0,20}}"
    r"(?=[:\n\r]|\.\.\.|$)",  # sendmail: "<a@b>... Deferred"
    re.MULTILINE,
)
AFTER_A_WORD = re.compile(
    rf"\b(?:to|for|kepada|ke|recipients?)[: ]{{1,3}}<?(?P<address>{ADDRESS})", re.IGNORECASE
)
# Exim, sendmail, Postfix: the address is a group or forwards; another mailbox failed.
EXPANDED = re.compile(
    rf"\b(?:generated|expanded) from:?\s{{1,9}}<?(?P<address>{ADDRESS})", re.IGNORECASE
)
WAS_NOT_FOUND = re.compile(rf"(?P<address>{ADDRESS}) was ?n[o\u2019']t found", re.IGNORECASE)
COPY = re.compile(
    r"^[ \t>]{0,9}(?:-{2,}[^\n]{0,40}(?:copy of|original message|forwarded message|header follows"
    r"|message follows|pesan asli)|original message headers|return-path: ?<|received: from"
    r"|message-id: ?<)",
    re.IGNORECASE | re.MULTILINE,
)
COPIED_ID = re.compile(r"^[ \t>]{0,9}message-id:\s{0,9}<[^<>\n]{1,402}>", re.I | re.M)
SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|failure|has failed|incomplete)|failure notice"
    r"|mail delivery (?:failed|system|failure)|returned mail|not be delivered"
    r"|message .{0,40}delayed"
    r"|tidak terkirim|gagal (?:ter)?kirim",
    re.IGNORECASE,
)
AUTOMATIC = re.compile(
    r"(?:automatic reply|auto(?:matic)?[ -]?reply|out of (?:the )?office|balasan otomatis|otomatis:"
    r"|jawaban otomatis|auto:)",
    re.IGNORECASE,
)
SYSTEMS = re.compile(
    r"\b(?:mailer-daemon|postmaster|mail delivery (?:sub)?system)\b", re.IGNORECASE
)
NO_RECIPIENT = re.compile(r"(?:mailer-daemon|postmaster|abuse|noreply|no-reply)@", re.IGNORECASE)
QMAIL = "Hi. This is the "


@dataclass(frozen=True, slots=True)
class FailedAddress:
    """One recipient of a report. `addresses`: how it may be written in our outbox, the address
    that was written to first; `is_forwarded` where the mailbox that failed is another one: a
    member of that address, or where it forwards to. `kind` is "hard", "soft", or empty where it is
    unclear; `is_policy` where the mail was refused as spam or by policy, `is_waiting` where its
    server still tries."""

    addresses: tuple[str, ...]
    kind: str
    said: str
    is_forwarded: bool = False
    is_policy: bool = False
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class BounceReport:
    """What a mail reports. `message_ids` may be those of ours; `returned_id` is that of the mail
    it gives back, empty where it tells none."""

    failures: tuple[FailedAddress, ...]
    message_ids: tuple[str, ...] = ()
    returned_id: str = ""


NOTHING = BounceReport(())


def main(payload: bytes) -> bytes:
    """Return the report in a mail as JSON, for the child process."""
    return json.dumps(asdict(read(payload))).encode()


def from_json(answer: bytes) -> BounceReport:
    """Return the report that `main` wrote."""
    stored: dict[str, Any] = json.loads(answer)
    failures = [
        FailedAddress(**{**one, "addresses": tuple(one["addresses"])}) for one in stored["failures"]
    ]
    return BounceReport(tuple(failures), tuple(stored["message_ids"]), stored["returned_id"])


def read(data: bytes) -> BounceReport:
    """Return what a mail reports; `NOTHING` where it is no report: an answer from holiday, a
    receipt, a mail of a person that has a report inside."""
    message = message_from_bytes(data[:MOST_BYTES])
    parts = list(_parts(message))
    status = next((part for part in parts if part.get_content_type() in STATUS_TYPES), None)
    is_report = message.get_content_type() == "multipart/report"
    is_system = SYSTEMS.search(_header(message, "From")) is not None
    if status is not None and (is_report or is_system):
        failures = list(_by_status(status, _text(parts)))
    elif _is_bounce_text(message, is_system=is_system, is_report=is_report):
        failures = list(_by_text(message, _text(parts)))
    else:
        return NOTHING
    returned = _returned_id(parts)
    found = MESSAGE_ID.findall(
        " ".join((returned, _header(message, "In-Reply-To"), _header(message, "References")))
    )
    return BounceReport(tuple(failures[:MOST_FAILURES]), tuple(dict.fromkeys(found))[:50], returned)


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """Go through a mail's parts, never into a mail that is attached."""
    payload = message.get_payload()
    if message.get_content_maintype() != "multipart" or not isinstance(payload, list):
        yield message
    elif depth < MOST_DEPTH:
        for part in payload:
            if isinstance(part, Message):
                yield from _parts(part, depth + 1)


def _header(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())[:2000]


# --- delivery status notifications ---------------------------------------------------------------


def _by_status(status: Message, text: str) -> Iterator[FailedAddress]:
    wanted = [group for group in _groups(status) if _recipient(group)]
    for group in wanted:
        action = (_header(group, "Action").split(" ")[0] or "failed").casefold()
        if action not in ("failed", "delayed"):
            continue
        code = _header(group, "Status").split(" ")[0]
        answer = _header(group, "Diagnostic-Code")
        said = answer.split(";", 1)[1].strip() if ";" in answer[:30] else answer
        kind = verdict(said, action=action, status=code)
        if kind is None and len(wanted) == 1:
            said = said or _sentence(text)
            kind = verdict(f"{said} {text}", action=action, status=code)
        original = _spellings(_header(group, "Original-Recipient"))
        final = _spellings(_recipient(group))
        # Sendmail names the member last, and what it was expanded from as the final recipient.
        failed = _spellings(_header(group, "X-Actual-Recipient")) or final
        written = {one.casefold() for one in original or final}
        yield FailedAddress(
            tuple(dict.fromkeys([*original, *final])),
            kind or "",
            said[:300] or code,
            is_forwarded=bool(failed) and written.isdisjoint(one.casefold() for one in failed),
            is_policy=kind is BounceKind.SOFT
            and action == "failed"
            and is_policy(said, status=code),
            is_waiting=action == "delayed",
        )


def _groups(status: Message) -> list[Message]:
    """Return the groups of fields. The library parts them for message/delivery-status alone."""
    payload = status.get_payload()
    groups = (
        [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []
    )
    more = [
        message_from_string(block)
        for group in groups
        if isinstance(group.get_payload(), str)
        for block in re.split(r"\r?\n\r?\n", str(group.get_payload()))[: 2 * MOST_FAILURES]
        if ":" in block
    ]
    return [*groups, *more]


def _recipient(group: Message) -> str:
    return _header(group, "Final-Recipient") or _header(group, "Original-Recipient")


def _spellings(field: str) -> list[str]:
    """Return how a recipient field's address may be written in the outbox: as it is here, and
    with the characters that the two encodings of RFC 3461 and 6533 spell out."""
    written = field.split(";", 1)[-1].strip()
    written = UTF8_XTEXT.sub(_character, written)
    plain = XTEXT.sub(_character, written)
    found = [IN_TEXT.search(one.replace('"', "")) for one in (written, plain)]
    return list(dict.fromkeys(match[0] for match in found if match))


def _character(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return chr(number) if 0x20 < number < 0xD800 or 0xE000 <= number < 0x110000 else "?"


def _returned_id(parts: list[Message]) -> str:
    for part in parts:
        if part.get_content_type() in RETURNED_TYPES:
            inner = part.get_payload()
            returned = (
                inner[0]
                if isinstance(inner, list) and inner and isinstance(inner[0], Message)
                else message_from_string(_decoded(part))
            )
            if found := MESSAGE_ID.search(_header(returned, "Message-ID")):
                return found[0]
    text = _text(parts)
    copied = COPIED_ID.search(text)
    found = MESSAGE_ID.search(copied[0]) if copied else None
    return found[0] if found else ""


# --- texts ---------------------------------------------------------------------------------------


def _is_bounce_text(message: Message, *, is_system: bool, is_report: bool) -> bool:
    if _header(message, "X-Failed-Recipients"):
        return True
    if is_report:  # of another kind: a receipt, a complaint
        kind = str(message.get_param("report-type", "delivery-status")).casefold()
        return kind == "delivery-status"
    subject = _header(message, "Subject")
    is_answer = (
        _header(message, "Auto-Submitted").casefold().startswith("auto-replied")
        or bool(message.get("X-Autoreply") or message.get("X-Autorespond"))
        or AUTOMATIC.match(subject) is not None
    )
    if is_system:
        return not AUTOMATIC.match(subject)
    from_nobody = _header(message, "Return-Path") == "<>"
    return from_nobody and not is_answer and SUBJECT.search(subject) is not None


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset("utf-8") or "utf-8"
    try:
        return payload.decode(charset, "replace")
    except (LookupError, ValueError):
        return payload.decode("utf-8", "replace")


def _text(parts: list[Message]) -> str:
    """Return the words for people: plain text, else HTML without its tags."""
    plain = [_decoded(part) for part in parts if part.get_content_type() == "text/plain"]
    if not any(one.strip() for one in plain):
        pages = [_decoded(part) for part in parts if part.get_content_type() == "text/html"]
        plain = [
            html.unescape(re.sub(r"<[^<>]{0,2000}>", "\n", page[:MOST_TEXT])) for page in pages
        ]
    return "\n".join(plain)[:MOST_TEXT].replace("\r\n", "\n")


def _by_text(message: Message, text: str) -> Iterator[FailedAddress]:
    copy = COPY.search(text)
    text = text[: copy.start()] if copy else text
    named = _addresses(_header(message, "X-Failed-Recipients"))
    found = _places(message, text)
    if named:
        wanted = {one.casefold() for one in named}
        found = [(at, address) for at, address in found if address.casefold() in wanted]
        seen = {address.casefold() for _at, address in found}
        missing = [(0, one) for one in named if one and one.casefold() not in seen]
        found = [*missing, *found]
    expanded = {match["address"].casefold() for match in EXPANDED.finditer(text)}
    if len(found) < 2:
        addresses = tuple(address for _at, address in found)
        is_forwarded = bool(expanded) if not found else found[0][1].casefold() in expanded
        yield _spoken(addresses, text, is_forwarded)
        return
    for number, (at, address) in enumerate(found):
        end = found[number + 1][0] if number + 1 < len(found) else len(text)
        section = text[at:end]
        yield _spoken((address,), section, address.casefold() in expanded)


def _spoken(addresses: tuple[str, ...], text: str, is_forwarded: bool) -> FailedAddress:
    words = " ".join(text.split())
    kind, waits = verdict(words), is_waiting(words)
    return FailedAddress(
        addresses,
        kind or "",
        _sentence(text),
        is_forwarded,
        is_policy=kind is BounceKind.SOFT and not waits and is_policy(words),
        is_waiting=waits,
    )


def _addresses(*headers: str) -> list[str]:
    """Return the addresses that headers name. Since Python 3.13, and the security releases of the
    versions before it, a header that is missing or cannot be read gives an empty address."""
    return [address for _name, address in getaddresses(headers) if address]


def _places(message: Message, text: str) -> list[tuple[int, str]]:
    """Return the places where the text names a recipient, once each, in order."""
    own = {
        address.casefold()
        for address in _addresses(_header(message, "To"), _header(message, "From"))
    }
    for pattern in (AT_LINE_START, WAS_NOT_FOUND, AFTER_A_WORD):
        places: dict[str, tuple[int, str]] = {}
        for match in pattern.finditer(text):
            address = match["address"]
            if address.casefold() not in own and not NO_RECIPIENT.match(address):
                places.setdefault(address.casefold(), (match.start(), address))
        if places:
            return sorted(places.values())
    return []


def _sentence(text: str) -> str:
    """Return the line that says why: one with a code, else one that says something known."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    for kind in (BounceKind.HARD, BounceKind.SOFT):
        for line in lines:
            if verdict(line) is kind:
                return line[:300]
    coded = [line for line in lines if re.search(r"(?<![\d.])[45]\d\d[ \-]", line)]
    words = [line for line in lines if not line.startswith(QMAIL)]
    return (coded or words or [""])[0][:300]
