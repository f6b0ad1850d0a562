"""Tags: a symbol and a label that show the state of something. Never a link or a button."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import flask
from markupsafe import Markup

from coordinator.translation import gettext as _
from coordinator.translation import once_per_language

SVG = Markup(
    '<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{symbol}"/></svg>'
)


class Look(NamedTuple):
    """CSS class (or none), symbol of the sprite, usual label; a tag without one needs a text."""

    style: str
    symbol: str
    word: str


@once_per_language
def looks() -> Mapping[str, Look]:
    """Return how each state looks.

    States are those of a report, those computed from its dates, the kinds of answer, flags, and
    those of mails, people and letters.
    """
    return {
        "none": Look("", "ring", _("Belum dikirim")),
        "draft": Look("", "half-disc", _("Berjalan")),
        "awaiting_head": Look("", "clock", _("Menunggu kepala OPD")),
        "submitted": Look("tag-waiting", "clock", _("Menunggu verifikasi")),
        "returned": Look("tag-amber", "arrow-back", _("Dikembalikan")),
        "verified": Look("tag-quiet", "tick", _("Selesai")),
        # Five working days without an answer of the secretariat.
        "waiting_secretariat": Look("tag-waiting", "clock", _("Menunggu sekretariat")),
        "late": Look("tag-red", "arrow-down", _("Terlambat")),
        "silent": Look("tag-red", "arrow-down", _("Lewat batas")),
        "disputed": Look("tag-plum", "question", _("Belum jelas")),
        "soon": Look("tag-amber", "clock", _("Segera jatuh tempo")),
        "nil": Look("", "crossed-ring", _("Nihil")),
        "blocked": Look("", "barred-square", _("Terhambat")),
        "on_behalf": Look("", "pen", _("Atas nama")),
        "reused_file": Look("tag-amber", "page", _("Berkas dipakai ulang")),
        "awaiting_check": Look("tag-amber", "shield", _("Menunggu pemeriksaan")),
        "evidence_reviewed": Look("tag-amber", "shield", _("Bukti ditinjau")),
        "evidence_gone": Look("tag-amber", "shield", _("Bukti ditarik")),
        "proposal": Look("tag-amber", "pen", _("Usulan, belum ditetapkan")),
        "queued": Look("", "clock", _("Menunggu dikirim")),
        "sent": Look("tag-quiet", "tick", _("Diterima server")),
        "failed": Look("tag-red", "cross", _("Gagal")),
        "active": Look("tag-quiet", "tick", _("Aktif")),
        "inactive": Look("", "crossed-ring", _("Tidak aktif")),
        "amber": Look("tag-amber", "triangle", ""),
        "neutral": Look("", "ring", ""),
    }


def tag(state: str, text: str | None = None) -> Markup:
    """Return the tag of a state as markup. A row has at most two tags.

    `text` replaces the usual label and is escaped.
    """
    look = looks().get(str(state)) or Look("", "ring", str(state))
    return _markup(look.style, look.symbol, text or look.word)


# Keyed by type: cached markup must not be returned for the same text as a plain string.
@lru_cache(maxsize=512, typed=True)
def _markup(style: str, symbol: str, word: str) -> Markup:
    css = f"tag {style}" if style else "tag"
    return Markup('<span class="{}">{}{}</span>').format(css, SVG.format(symbol=symbol), word)


def register(app: flask.Flask) -> None:
    """Give the tags to the templates of `app`; `components/tags.html` says how they are used."""
    app.jinja_env.globals["tag_of"] = tag
