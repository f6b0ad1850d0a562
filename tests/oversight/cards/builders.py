"""Cards for tests."""

import io
import re

from pypdf import PdfReader

from coordinator.clock import today
from coordinator.oversight.cards import queries
from coordinator.oversight.cards.rules import Card
from tests import factories


def card_of(slug: str) -> Card:
    """Return an agency's card as of today."""
    return queries.card(factories.task_force(), factories.agency(slug), on=today())


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page, in one line; hyphenation at line ends undone."""
    return [
        re.sub(r"\s+", " ", page.extract_text()).replace("\u00ad", "")
        for page in PdfReader(io.BytesIO(pdf)).pages
    ]
