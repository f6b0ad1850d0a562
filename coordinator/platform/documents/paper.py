"""A letter as values: what both the PDF and the DOCX are made of, so that they say the same.

A block is one of the dataclasses here; the typesetter (`paper.typ`) and `docxwriter` each know how
to draw every kind. Texts are shown as they are, never as markup.
"""

import base64
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum, auto
from typing import Any

from coordinator.platform.documents.picture import emblem_svg


class Style(StrEnum):
    """How a paragraph of a cell looks."""

    PLAIN = auto()
    BOLD = auto()
    SMALL = auto()


Cell = Sequence[tuple[Style, str]]


@dataclass(frozen=True, slots=True)
class Reference:
    """Nomor, Sifat, Lampiran, Hal on the left; place and date on the right."""

    rows: Sequence[tuple[str, str]]
    right: str
    kind: str = "reference"


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines one under the other, such as an address."""

    lines: Sequence[str]
    kind: str = "lines"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Title:
    """A bold line over what follows; `new_page` begins a page with it."""

    text: str
    new_page: bool = False
    kind: str = "title"


@dataclass(frozen=True, slots=True)
class AnnexHead:
    """What an annex begins with, in a block on the right: LAMPIRAN, of what, NOMOR, TANGGAL."""

    lines: Sequence[str]
    kind: str = "annex_head"


@dataclass(frozen=True, slots=True)
class CentredHeading:
    """Centred bold lines: the title of an annex, a part of it."""

    lines: Sequence[str]
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Items:
    """A list numbered "a." or "1."."""

    items: Sequence[str]
    numbering: str = "1"
    kind: str = "items"


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on every page; `widths` are millimetres of 180."""

    heads: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[Cell]]
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign: an office, never a person; name, rank and NIP stay blank lines."""

    over: str
    office: str
    space: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Up to two places to sign, side by side."""

    parties: Sequence[Signature]
    kind: str = "signatures"


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code to `address`, with lines next to it."""

    address: str
    lines: Sequence[str]
    kind: str = "code"


Block = (
    Reference
    | Lines
    | Paragraph
    | Title
    | AnnexHead
    | CentredHeading
    | Items
    | Table
    | Signatures
    | Code
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole letter, or an annex (without `kop_lines`: it has no letterhead).

    `footer` is printed left of "Halaman n dari N", `mark` at the head of every page.
    """

    title: str
    kop_lines: Sequence[str]
    kop_address: str
    emblem: bytes | None
    footer: str
    blocks: Sequence[Block]
    mark: str = ""

    @property
    def addresses(self) -> list[str]:
        """The addresses of its QR codes."""
        return [block.address for block in self.blocks if isinstance(block, Code)]

    def data(self) -> dict[str, Any]:
        """Return the letter as JSON can hold it."""
        return {
            "title": self.title,
            "kop": {
                "lines": list(self.kop_lines),
                "address": self.kop_address,
                "emblem": emblem_svg(self.emblem),
            },
            "emblem_png": base64.b64encode(self.emblem).decode() if self.emblem else None,
            "footer": self.footer,
            "mark": self.mark,
            "blocks": [asdict(block) for block in self.blocks],
        }
