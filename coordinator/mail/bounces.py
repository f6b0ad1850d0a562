"""Delivery status notifications (RFC 3464): which addresses a mail system gave up on. Pure."""

from email import message_from_bytes
from email.message import Message

from coordinator.mail.rules import BounceKind


def bounced_addresses(data: bytes) -> list[tuple[str, BounceKind, str]]:
    """Return (address, kind, what the mail system said) for each recipient that a report says
    failed or is delayed. Status 5.x.x is for good, except 5.2.2 (mailbox full); 4.x.x for now
    (RFC 3463). Anything that is no such report gives nothing."""
    found = []
    for part in message_from_bytes(data).walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        groups = part.get_payload()
        for group in groups if isinstance(groups, list) else []:
            bounce = _bounce(group) if isinstance(group, Message) else None
            if bounce is not None:
                found.append(bounce)
    return found


def _bounce(group: Message) -> tuple[str, BounceKind, str] | None:
    action = str(group.get("Action", "")).strip().casefold()
    kind, _, address = str(group.get("Final-Recipient", "")).partition(";")
    address = address.strip()
    if action not in ("failed", "delayed") or kind.strip().casefold() != "rfc822" or not address:
        return None
    status = str(group.get("Status", "")).split()[0] if group.get("Status") else ""
    is_hard = action == "failed" and status.startswith("5.") and status != "5.2.2"
    said = " ".join(str(group.get("Diagnostic-Code", status)).split())
    return address, BounceKind.HARD if is_hard else BounceKind.SOFT, said[:300]
