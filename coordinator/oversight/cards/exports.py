"""Cards -> PDF."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from coordinator.formatting import long_time
from coordinator.oversight.cards import formatting
from coordinator.oversight.cards.rules import Card, CardDuty
from coordinator.people.directory.queries import PrintedLetterhead
from coordinator.platform.documents.picture import emblem_svg
from coordinator.platform.documents.rendering import pdf
from coordinator.translation import gettext as _

TEMPLATE = "oversight/cards/card.typ"


def card_pdf(
    card: Card,
    letterhead: PrintedLetterhead,
    *,
    is_published: bool,
    base_url: str,
    at: datetime,
    zone: str,
) -> bytes:
    """Return one card as PDF, printed `at`. Only a published card bears the code that leads to it.

    Raises Unavailable.
    """
    return cards_pdf(
        [(card, is_published)], letterhead, base_url=base_url, at=at, zone=zone, seconds=10
    )


def cards_pdf(
    cards: Sequence[tuple[Card, bool]],
    letterhead: PrintedLetterhead,
    *,
    base_url: str,
    at: datetime,
    zone: str,
    seconds: float,
) -> bytes:
    """Return (card, is it published) pairs as one PDF, each on pages and a count of its own."""
    addresses = [base_url + card.path for card, is_published in cards if is_published]
    data = {
        "title": _("Kartu Peran: %(name)s", name=cards[0][0].full_name)
        if len(cards) == 1
        else _("Kartu Peran %(region)s", region=cards[0][0].region),
        "kop": {
            "lines": letterhead.lines,
            "address": letterhead.address_line,
            "emblem": emblem_svg(letterhead.emblem),
        },
        "office": formatting.office(letterhead),
        "printed": _("dicetak %(when)s", when=long_time(at, zone)),
        "cards": [
            _card(card, letterhead, address=base_url + card.path if is_published else "")
            for card, is_published in cards
        ],
    }
    return pdf(TEMPLATE, data, at=at, qr=addresses, seconds=seconds)


def _card(card: Card, letterhead: PrintedLetterhead, *, address: str) -> dict[str, Any]:
    notes = [formatting.draft_sentence(card)] if card.is_draft else []
    notes.append(formatting.group_sentence(card))
    samples = [_("jadwal dan penugasan")] if card.has_sample else []
    samples += [_("kantor")] if letterhead.is_sample else []
    return {
        "slug": card.slug,
        "name": card.full_name,
        "counted": formatting.counted(card),
        "parts": formatting.parts(card),
        "mark": formatting.draft_mark() if card.is_draft else "",
        "notes": " ".join(note for note in notes if note),
        "sample": _("DATA CONTOH: %(what)s pada kartu ini.", what=", ".join(samples))
        if samples
        else "",
        "unpublished": "" if address else _("Belum terbit: kartu ini belum dapat dibuka umum."),
        "duties": [_duty(duty, card.abbreviation) for duty in card.duties],
        "steps": formatting.steps(card),
        "groups": [
            {
                "name": f"Pokja {group.numeral} {group.short}",
                "text": f"{formatting.leader(group)}. {formatting.members(group)}".strip(),
            }
            for group in card.groups
        ],
        "instruments": [
            one.title
            + (f" ({_('diubah dengan')} {', '.join(one.amended_by)})" if one.amended_by else "")
            + ("" if one.is_checked else f" ({_('belum dicocokkan dengan naskah JDIH')})")
            for one in card.instruments
        ],
        "address": address,
        "version": formatting.version_line(card),
    }


def _duty(duty: CardDuty, abbreviation: str) -> dict[str, str]:
    said, day = formatting.due(duty.due)
    part = formatting.part_in(duty.group)
    return {
        "text": duty.text,
        "part": part[:1].upper() + part[1:],
        "unit": formatting.unit(duty, abbreviation),
        "why": (f"{formatting.not_settled()}: " if duty.is_proposal else "") + formatting.why(duty),
        "example": duty.example or "",
        "with": formatting.leader(duty.group),
        "partners": formatting.partners(duty),
        "due": f"{said} {day}".strip(),
        "evidence": formatting.evidence(duty),
        "not_evidence": "; ".join(duty.not_evidence),
    }
