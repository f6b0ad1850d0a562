"""What publishing a mapping left behind."""

import re
from dataclasses import replace
from html import unescape

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties.models import MappingVersion
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions import service
from coordinator.platform.mail.models import OutgoingEmail
from tests.mapping.duties.builders import KEY, reworded


def mails() -> list[OutgoingEmail]:
    """The mails about a changed mapping."""
    db.session.rollback()
    return list(
        db.session.scalars(
            sa.select(OutgoingEmail)
            .where(OutgoingEmail.kind == service.MAIL_KIND)
            .order_by(OutgoingEmail.id)
        )
    )


def number() -> int:
    """The version in force."""
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.max(MappingVersion.number))) or 0


def changed(mapping: Mapping) -> Mapping:
    """A mapping with a change of each kind."""
    own = [duty for duty in mapping.duties if duty.agency == "dispora"]
    gone, moved = own[1].id, own[2].id
    after = reworded(mapping, KEY, text="Mengawasi magang pemuda")
    after = reworded(after, moved, agency="dinsos")
    new = replace(own[0], id="dispora-baru", text="Mencatat lembaga pelatihan")
    return replace(after, duties=[*(one for one in after.duties if one.id != gone), new])


def form_fields(page: str, action: str) -> dict[str, str | list[str]]:
    """Return what the form that posts to `action` would send if nobody touched it."""
    form = next(
        found[0]
        for found in re.finditer(r"<form\b[^>]*>.*?</form>", page, re.DOTALL)
        if f'action="{action}"' in found[0].split(">", 1)[0]
    )
    found: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if not name or 'type="file"' in tag:
            continue
        if re.search(r'type="(checkbox|radio)"', tag) and " checked" not in tag:
            continue
        text = unescape(value[1]) if value else "y"
        old = found.get(name[1])
        found[name[1]] = text if old is None else [*([old] if isinstance(old, str) else old), text]
    for name, inner in re.findall(
        r'<textarea\b[^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', form, re.DOTALL
    ):
        found[name] = unescape(inner)
    for name, inner in re.findall(
        r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'<option\b(?=[^>]*\bselected)[^>]*value="([^"]*)"', inner)
        first = re.search(r'<option\b[^>]*value="([^"]*)"', inner)
        found[name] = unescape((chosen or first)[1])  # type: ignore[index]
    return found
