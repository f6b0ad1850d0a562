"""The chain in words: the same in the table, in the drawing and on cards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from coordinator.mapping.chains.hand_over_rules import OwnStep, StepSide
from coordinator.mapping.chains.rules import (
    ChainGap,
    ChainGroup,
    ChainLink,
    GroupChain,
    GroupHolders,
    HeldState,
    StepHolder,
    StepLimit,
)
from coordinator.mapping.duties.chain_labels import limit_size, limit_text, step_labels, step_text
from coordinator.translation import gettext as _


class LineKind(StrEnum):
    """What a line about a step says."""

    FAULT = auto()
    LEAD = auto()
    SUPPORT = auto()
    ELSEWHERE = auto()
    LIMIT = auto()


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line about a step: a label, and the agencies or the text behind it."""

    kind: LineKind
    label: str
    holders: tuple[StepHolder, ...] = ()
    text: str = ""

    @property
    def words(self) -> str:
        """Return the whole line."""
        said = self.text or ", ".join(holder_text(self, one) for one in self.holders)
        return f"{self.label}: {said}" if said else self.label


def holder_text(line: StepLine, holder: StepHolder) -> str:
    """Return an agency's name, with what it rests on where the label does not say so."""
    if holder.is_proposal and line.kind is not LineKind.SUPPORT:
        return _("%(agency)s (usulan)", agency=holder.name)
    return holder.name


def limit_words(limit: StepLimit) -> str:
    """Return a text such as "paling lama 24 jam (PP 9/2008 Pasal 14 ayat (5))"."""
    size = limit_size(limit.value, limit.unit, limit.at)
    return limit_text(size, limit.law, limit.source, is_decreed=limit.is_decreed)


def _limit_lines(limits: Iterable[StepLimit]) -> list[StepLine]:
    """Return a line for each size of limit, with all articles that give it, and the first duty: its
    words say what the time is for and from when it runs. The page lists every duty below."""
    found: dict[tuple[str, str | None, bool], list[StepLimit]] = {}
    for one in limits:
        size = limit_size(one.value, one.unit, one.at)
        found.setdefault((size, one.source, one.is_decreed), []).append(one)
    lines = []
    for (size, source, is_decreed), same in found.items():
        laws = "; ".join(dict.fromkeys(one.law for one in same if one.law is not None))
        text = limit_text(size, laws or None, source, is_decreed=is_decreed)
        duties = list(dict.fromkeys(one.text for one in same if one.text))
        whole = _("%(limit)s: %(duty)s", limit=text, duty=duties[0]) if duties else text
        if len(duties) > 1:
            whole += _("; dan %(n)s tugas lain", n=len(duties) - 1)
        lines.append(StepLine(LineKind.LIMIT, _("Batas waktu"), text=whole))
    return lines


def fault_words(state: HeldState) -> str:
    """Return what is missing or twice there; empty where nothing is."""
    return {
        HeldState.NOBODY: _("Tidak ada instansi yang menjalankan langkah ini"),
        HeldState.NO_LEAD: _("Belum ada penanggung jawab"),
        HeldState.TWO_LEADS: _("Lebih dari satu penanggung jawab"),
    }.get(state, "")


def gap_text(gap: ChainGap) -> str:
    """Return a gap in one sentence."""
    step = step_labels()[gap.step]
    if gap.state is HeldState.NOBODY:
        return _("%(step)s: tidak ada instansi yang menjalankannya di pokja mana pun.", step=step)
    where = numerals(gap.groups)
    if gap.state is HeldState.NO_LEAD:
        return _(
            "%(step)s: belum ada penanggung jawab. Pendukungnya di %(where)s.",
            step=step,
            where=where,
        )
    return _("%(step)s: lebih dari satu penanggung jawab di %(where)s.", step=step, where=where)


def numerals(groups: Sequence[ChainGroup]) -> str:
    """Return a text such as "Pokja I, III, dan V"."""
    *first, last = [group.numeral for group in groups]
    if not first:
        return _("Pokja %(n)s", n=last)
    joint = _("%(first)s, dan %(last)s") if len(first) > 1 else _("%(first)s dan %(last)s")
    return _("Pokja %(n)s", n=joint % {"first": ", ".join(first), "last": last})


def lines(link: ChainLink) -> list[StepLine]:
    """Return what is said of a step in a pokja, in the order of reading."""
    found = [StepLine(LineKind.FAULT, fault_words(link.state))] if link.lacks else []
    if link.here.leads:
        found.append(StepLine(LineKind.LEAD, _("Penanggung jawab"), link.here.leads))
    if link.state is HeldState.LED_ELSEWHERE:
        found += [
            StepLine(
                LineKind.ELSEWHERE,
                _("Penanggung jawab di Pokja %(n)s", n=one.group.numeral),
                one.leads,
            )
            for one in link.elsewhere
            if one.leads
        ]
    found += _supports(link.here.supports)
    if link.here.is_empty:
        found += [line for one in link.elsewhere for line in _elsewhere(one)]
    return found + _limit_lines(link.limits)


def _supports(holders: Sequence[StepHolder]) -> list[StepLine]:
    settled = tuple(one for one in holders if not one.is_proposal)
    proposed = tuple(one for one in holders if one.is_proposal)
    return [
        StepLine(LineKind.SUPPORT, label, some)
        for label, some in ((_("Pendukung"), settled), (_("Pendukung (usulan)"), proposed))
        if some
    ]


def _elsewhere(one: GroupHolders) -> list[StepLine]:
    if one.leads:
        label = _("Di Pokja %(n)s", n=one.group.numeral)
        return [StepLine(LineKind.ELSEWHERE, label, one.leads)]
    label = _("Di Pokja %(n)s, pendukung saja", n=one.group.numeral)
    return [StepLine(LineKind.ELSEWHERE, label, text=_counted(len(one.supports)))]


def _counted(number: int) -> str:
    return _("%(n)s instansi", n=number)


def summary(shown: Sequence[GroupChain], place: int) -> list[StepLine]:
    """Return what is said of a step in all pokja together."""
    links = [(chain.group, chain.links[place]) for chain in shown]
    here = [link.here for _group, link in links if not link.here.is_empty]
    found = []
    if not here:
        found.append(StepLine(LineKind.FAULT, fault_words(HeldState.NOBODY)))
    elif not any(one.leads for one in here):
        found.append(StepLine(LineKind.FAULT, fault_words(HeldState.NO_LEAD)))
    for group, link in links:
        if link.state is HeldState.TWO_LEADS:
            label = _("%(fault)s di Pokja %(n)s", fault=fault_words(link.state), n=group.numeral)
            found.append(StepLine(LineKind.FAULT, label))
    leads = [_placed(holder, one.group) for one in here for holder in one.leads]
    if leads:
        found.append(StepLine(LineKind.LEAD, _("Penanggung jawab"), text=", ".join(leads)))
    supported = [one for one in here if one.supports]
    if supported:
        agencies = {holder.agency_id for one in supported for holder in one.supports}
        agencies -= {holder.agency_id for one in here for holder in one.leads}
        text = _(
            "%(n)s instansi di %(where)s",
            n=len(agencies),
            where=numerals([one.group for one in supported]),
        )
        found.append(StepLine(LineKind.SUPPORT, _("Pendukung"), text=text))
    return found + _limit_lines(one for _group, link in links for one in link.limits)


def _placed(holder: StepHolder, group: ChainGroup) -> str:
    values = {"agency": holder.name, "n": group.numeral}
    if holder.is_proposal:
        return _("%(agency)s (Pokja %(n)s, usulan)", **values)
    return _("%(agency)s (Pokja %(n)s)", **values)


# --- of one agency -------------------------------------------------------------------------------


def own_step_text(own: OwnStep) -> str:
    """Return an agency's step with those from whom and to whom it passes, in sentences."""
    said = [f"{step_text(own.step, own.holding)}, {numerals(own.groups)}."]
    if own.before is not None:
        said.append(_("Sebelumnya %(side)s.", side=_side_text(own.before)))
    if own.after is not None:
        said.append(_("Sesudahnya %(side)s.", side=_side_text(own.after)))
    said += [
        _("Batas waktu: %(limit)s.", limit=words)
        for words in dict.fromkeys(limit_words(one) for one in own.limits)
    ]
    return " ".join(said)


def _side_text(side: StepSide) -> str:
    step = step_labels()[side.step].lower()
    if not side.leads:
        return _("%(step)s (belum ada penanggung jawab)", step=step)
    names = ", ".join(
        _("%(agency)s di Pokja %(n)s", agency=name, n=numeral) for name, numeral in side.leads
    )
    if side.is_own and len(side.leads) == 1:
        return _("%(step)s, oleh instansi Anda sendiri", step=step)
    return _("%(step)s, oleh %(names)s", step=step, names=names)
