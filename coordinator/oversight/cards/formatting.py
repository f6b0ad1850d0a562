"""The sentences of a card: the same on the page and on paper."""

from coordinator.formatting import long_date, plain_date
from coordinator.mapping.answers.rules import Answer, Outcome
from coordinator.mapping.chains.labels import own_step_text
from coordinator.mapping.duties.rules import MembershipKind
from coordinator.mapping.duties.text_labels import text_sentence
from coordinator.oversight.cards.queries import CardAnswer
from coordinator.oversight.cards.rules import Card, CardCitation, CardDuty, CardGroup, Due, DueKind
from coordinator.people.directory.queries import PrintedLetterhead
from coordinator.plans.actions.rules import PartyKind
from coordinator.translation import gettext as _


def draft_mark() -> str:
    """Return the mark of a card with a duty that no text assigns."""
    return _("Rancangan - belum ditetapkan")


def part_in(group: CardGroup) -> str:
    """Return a text such as "koordinator Pokja I"."""
    if group.part is MembershipKind.LEAD:
        return _("koordinator Pokja %(numeral)s", numeral=group.numeral)
    if group.part is MembershipKind.MEMBER:
        return _("anggota Pokja %(numeral)s", numeral=group.numeral)
    return _("belum tercatat di Pokja %(numeral)s", numeral=group.numeral)


def unit(duty: CardDuty, abbreviation: str) -> str:
    """Return the unit that does a duty, and who says so where that is the agency; "" for none."""
    if duty.unit is None or duty.unit_said_on is None:
        return duty.unit or ""
    day = plain_date(duty.unit_said_on)
    return _("%(unit)s (menurut %(agency)s, %(day)s)", unit=duty.unit, agency=abbreviation, day=day)


def counted(card: Card) -> str:
    """Return a text such as "4 tugas di 1 pokja"."""
    return _("%(n)s tugas di %(m)s pokja", n=len(card.duties), m=len(card.groups))


def parts(card: Card) -> str:
    """Return a text such as "koordinator Pokja I, anggota Pokja II"."""
    return ", ".join(part_in(group) for group in card.groups)


def version_line(card: Card) -> str:
    """Return a text such as "Versi pemetaan 2, berlaku sejak 1 Juli 2026"."""
    if card.effective_on is None:
        return _("Belum ada pemetaan")
    return _(
        "Versi pemetaan %(n)s, berlaku sejak %(day)s",
        n=card.version,
        day=plain_date(card.effective_on),
    )


def draft_sentence(card: Card) -> str:
    """Return what is not settled about a card that carries the mark."""
    if card.proposals == len(card.duties):
        return _("Semua tugas di kartu ini usulan; SK gugus tugas yang menetapkan.")
    return _(
        "%(n)s dari %(m)s tugas di kartu ini usulan; SK gugus tugas yang menetapkan.",
        n=card.proposals,
        m=len(card.duties),
    )


def group_sentence(card: Card) -> str:
    """Return whether the division into pokja is settled; empty where it is."""
    if any(group.is_proposal for group in card.groups):
        return (
            _("Pembagian ke pokja juga usulan.")
            if card.is_draft
            else _("Pembagian ke pokja masih usulan.")
        )
    return ""


def citation(one: CardCitation) -> str:
    """Return a text such as "Perpres 69/2008 (diubah dengan Perpres 49/2023) Pasal 5"."""
    if not one.amended_by:
        return f"{one.instrument} {one.article}"
    chain = _("diubah dengan %(chain)s", chain=", ".join(one.amended_by))
    return f"{one.instrument} ({chain}) {one.article}"


def citations(cited: tuple[CardCitation, ...]) -> str:
    """Return articles in one line."""
    return "; ".join(citation(one) for one in cited)


def not_settled() -> str:
    """Return the label before a proposal's source."""
    return _("Belum ditetapkan")


def why(duty: CardDuty) -> str:
    """Return the basis of a duty, in words.

    It is the articles that assign it or, for a proposal, its source; then the general articles.
    What was compared with the text is said here; what was not, in the card's list of instruments.
    """
    said = duty.source if duty.is_proposal else _compared(duty.citations)
    general = _compared(duty.general)
    if not general:
        return f"{said}."
    return _("%(source)s. Dasar umum: %(articles)s.", source=said, articles=general)


def _compared(cited: tuple[CardCitation, ...]) -> str:
    articles = citations(cited)
    if any(one.statement is not None for one in cited):
        articles += f" ({text_sentence(cited)})"
    return articles


def leader(group: CardGroup) -> str:
    """Return who leads a pokja, in words."""
    if group.part is MembershipKind.LEAD:
        return _("Anda koordinator")
    if group.lead:
        return _("Koordinator: %(lead)s", lead=group.lead)
    return _("Belum ada koordinator")


def members(group: CardGroup) -> str:
    """Return the names of who else is in a pokja; empty where nobody."""
    return _("Anggota lain: %(names)s.", names=", ".join(group.members)) if group.members else ""


def partners(duty: CardDuty) -> str:
    """Return with whom the duty is carried out by assignment; empty where nobody."""
    if not duty.partners:
        return ""
    kinds = {PartyKind.LEAD: _("penanggung jawab"), PartyKind.SUPPORT: _("pendukung")}
    named = ", ".join(f"{name} ({kinds[kind]})" for name, kind in duty.partners)
    return _("Pada aksi yang ditugaskan: %(named)s.", named=named)


def rhythm(periods_in_year: int) -> str:
    """Return a text such as "Tiap triwulan"."""
    usual = {1: _("Tiap tahun"), 2: _("Tiap semester"), 4: _("Tiap triwulan"), 12: _("Tiap bulan")}
    return usual.get(periods_in_year, _("%(n)s kali setahun", n=periods_in_year))


def due(one: Due) -> tuple[str, str]:
    """Return (what is said of the rhythm, the day or ""), for instance
    ("Tiap triwulan. Berikutnya", "Jumat, 16 Oktober 2026")."""
    day = long_date(one.on) if one.on else ""
    if one.kind is DueKind.REPORT:
        return f"{rhythm(one.periods_in_year)}. " + _("Berikutnya"), day
    if one.kind is DueKind.NO_PERIOD:
        return _("Belum ada periode."), ""
    if one.kind is DueKind.SHARES_DATA:
        return _("Tanpa jadwal lapor: pengadilan berbagi data saja."), ""
    if one.kind is DueKind.NOT_IN_PERIOD:
        return _("Sudah ditugaskan, belum dilaporkan pada %(period)s.", period=one.period), ""
    return _("Belum ada aksi yang ditugaskan. %(period)s ditutup", period=one.period), day


def evidence(duty: CardDuty) -> str:
    """Return what counts as proof, in one line."""
    return "; ".join(duty.evidence) if duty.evidence else _("Belum ditentukan")


def answer(one: CardAnswer | None) -> str:
    """Return a text such as "Terima, 3 Oktober 2026"."""
    if one is None:
        return _("Belum dijawab")
    words = {
        Answer.ACCEPTED: _("Terima"),
        Answer.NEEDS_EXPLANATION: _("Perlu dijelaskan"),
        Answer.NOT_OURS: _("Bukan kewenangan kami"),
    }
    ruled = {
        Outcome.STAYS: _("ditetapkan tetap"),
        Outcome.MOVED: _("ditetapkan dialihkan"),
        Outcome.SHARED: _("ditetapkan dibagi"),
        Outcome.REWORDED: _("bunyinya diperbaiki"),
    }
    said = f"{words[one.answer]}, {plain_date(one.on)}"
    if one.outcome is not None:
        said = f"{said}; {ruled[one.outcome]}"
    return said if one.is_current else _("%(said)s; uraian berubah sesudahnya", said=said)


def office(letterhead: PrintedLetterhead) -> list[str]:
    """Return whom to ask, line by line: an office, never a person."""
    lines = [
        letterhead.office,
        _("Telepon %(number)s", number=letterhead.telephone) if letterhead.telephone else "",
        letterhead.email,
        letterhead.hours,
    ]
    return [line for line in lines if line]


def steps(card: Card) -> list[str]:
    """Return the agency's steps of the chain, each with those before and after it."""
    return [own_step_text(step) for step in card.steps]
