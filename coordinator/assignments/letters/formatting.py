"""The sentences of a letter of assignment."""

from datetime import date
from decimal import Decimal

from coordinator.assignments.models import Assignment
from coordinator.assignments.rules import BasisKind
from coordinator.formatting import number, plain_date
from coordinator.mapping.duties.models import Citation, DutyRevision, LegalInstrument
from coordinator.mapping.duties.rules import DECREE_KIND, BasisStatus
from coordinator.mapping.duties.text_labels import text_sentence
from coordinator.plans.actions.models import Plan
from coordinator.plans.actions.rules import PartyKind, PlanStatus
from coordinator.translation import gettext as _

Chains = dict[int, list[LegalInstrument]]


def part(assignment: Assignment, kind: PartyKind) -> str:
    """Return the agency's part in an assignment."""
    if kind is PartyKind.LEAD:
        return _("Penanggung jawab")
    return _("Pendukung %(lead)s", lead=assignment.lead.agency.abbreviation)


def basis(assignment: Assignment) -> str:
    """ "Surat 463/01, 20 Juli 2026"; "Rapat koordinasi, 20 Juli 2026" """
    reference = assignment.basis_reference
    if assignment.basis_kind is BasisKind.LETTER and not reference.lower().startswith("surat"):
        reference = _("Surat %(number)s", number=reference)
    return f"{reference}, {plain_date(assignment.basis_on)}"


def indicators(assignment: Assignment, kind: PartyKind, year: int) -> tuple[str, ...]:
    """Return what the agency is measured by this year; a supporter has no target of its own."""
    if kind is not PartyKind.LEAD:
        return (_("Uraian dukungan; angka boleh kosong."),)
    targets: dict[int, Decimal] = {
        target.indicator_id: target.value
        for target in assignment.targets
        if target.year == year and target.period_id is None
    }
    return tuple(
        _(
            "%(name)s: %(value)s %(unit)s",
            name=indicator.name,
            value=number(targets[indicator.id]),
            unit=indicator.unit,
        )
        if indicator.id in targets
        else _("%(name)s: tanpa target %(year)s", name=indicator.name, year=year)
        for indicator in assignment.action_item.indicators
    )


def duty_basis(duty: DutyRevision, chains: Chains) -> str:
    """Return what assigns a duty, or that nothing does and who proposes it; then the articles that
    are a general reference. Articles say whether they were compared with their text."""
    general = _articles(duty.general, chains)
    if duty.status is BasisStatus.PROPOSAL:
        said = _("Belum ditetapkan (%(source)s).", source=duty.source_label)
    else:
        said = _articles(duty.basis, chains) + ("." if general else "")
    return f"{said} {_('Dasar umum')}: {general}." if general else said


def _articles(citations: list[Citation], chains: Chains) -> str:
    articles = "; ".join(
        f"{citation.instrument.short} {citation.article}{_chain(citation.instrument_id, chains)}"
        for citation in citations
    )
    said = text_sentence(one for one in citations if one.instrument.kind != DECREE_KIND)
    return f"{articles} ({said})" if said else articles


def _chain(instrument_id: int, chains: Chains) -> str:
    amended = chains.get(instrument_id, [])
    if not amended:
        return ""
    names = ", ".join(one.short for one in amended)
    return _(" (diubah dengan %(chain)s)", chain=names)


def instrument(one: LegalInstrument, articles: list[str], chains: Chains) -> str:
    """Return a law as the opening of a letter names it, with the articles that are cited."""
    amended = chains.get(one.id, [])
    title = one.title
    if amended:
        names = ", ".join(other.short for other in amended)
        title = _("%(title)s sebagaimana diubah dengan %(chain)s", title=title, chain=names)
    line = f"{title}, {', '.join(articles)}"
    if one.text_checked_on is None and one.kind != DECREE_KIND:
        line += f" ({_('belum dicocokkan dengan naskah JDIH')})"
    return line


def plan(one: Plan) -> str:
    """Return a plan's title; a draft is never named as enacted."""
    if one.status is PlanStatus.DRAFT and "rancangan" not in one.title.casefold():
        return _("%(title)s (rancangan, belum ditetapkan)", title=one.title)
    return one.title


def unsettled(count: int, total: int) -> str:
    """Return how many of the duties behind the assignments no text assigns; "" where all are."""
    if not count:
        return ""
    if count == total:
        return _(
            "Uraian tugas di lampiran belum ditetapkan: usulan sampai ada keputusan gugus tugas."
        )
    return _(
        "%(n)s dari %(m)s uraian tugas di lampiran belum ditetapkan: usulan sampai ada keputusan"
        " gugus tugas.",
        n=count,
        m=total,
    )


def window(title: str, opens_on: date, closes_on: date) -> str:
    """ "Triwulan III 2026: dilaporkan 1 Oktober 2026 sampai 16 Oktober 2026" """
    return _(
        "%(title)s: dilaporkan %(opens)s sampai %(closes)s",
        title=title,
        opens=plain_date(opens_on),
        closes=plain_date(closes_on),
    )
