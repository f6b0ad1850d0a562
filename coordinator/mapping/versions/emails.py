"""The mail "Apa yang berubah untuk Anda"."""

from dataclasses import dataclass

from coordinator.mapping.duties.differences import MappingChange, MappingDifference, MappingSubject
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import AccessKind
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.translation import gettext as _

SHOWN = 3  # changes; the page has the rest
DECREED = 30  # duties that a decree set; more than any agency of the bundled mapping has
LABEL, TEXT = 100, 100  # characters of a duty's name, and of its text before and after the change


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change as a mail shows it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DecreeNews:
    """What a decree (SK) set for one agency: its duties and pokja; `left` duties stay proposals.

    Of the agency's duties, `answered` have an answer and `waiting` have none.
    """

    name: str
    duties: list[str]
    memberships: list[str]
    left: int
    answered: int = 0
    waiting: int = 0

    @property
    def answers_text(self) -> str:
        """Return what the decree leaves of the agency's answers."""
        if self.answered and self.waiting:
            return _(
                "Bunyi tugas tidak berubah, dan jawaban Anda tetap berlaku; %(n)s tugas masih "
                "menunggu jawaban Anda.",
                n=self.waiting,
            )
        if self.waiting:
            return _(
                "Bunyi tugas tidak berubah. %(n)s tugas masih menunggu jawaban Anda.",
                n=self.waiting,
            )
        if self.answered:
            return _("Bunyi tugas tidak berubah, dan jawaban Anda tetap berlaku.")
        return _("Bunyi tugas tidak berubah.")


def mapping_changed(
    *,
    agency: Agency,
    kind: AccessKind,
    number: int,
    differences: list[MappingDifference],
    to_do: str,
    force: TaskForce,
    is_sample: bool,
    decree: DecreeNews | None = None,
) -> Email:
    """Return the mail to a person of an agency: what a new mapping version changes for it.

    `to_do` says what it has to answer. A version that a decree (SK) made
    changes nothing but basis: the mail names what the decree sets instead.
    """
    parts, more = decreed(decree) if decree else shortened(grouped(agency.key, differences))
    return render_email(
        "mapping/versions/mapping_changed",
        _("[TPPO] Peran %(agency)s berubah: versi %(n)s", agency=agency.abbreviation, n=number),
        agency=agency,
        is_head=kind is AccessKind.AGENCY_HEAD,
        number=number,
        parts=parts,
        more=more,
        count=len(differences),
        to_do=to_do,
        decree=decree,
        link=MailLink(f"/peran/versi/{number}?instansi={agency.slug}"),
        region_short=force.short_region,
        sample_data=is_sample,
    )


def what_to_answer(asked: int, *, answered: int, waiting: int) -> str:
    """Return what an agency has to answer now: `asked` duties that are new or changed, of `waiting`
    without an answer; and what becomes of the `answered` ones."""
    parts = [_("%(n)s tugas perlu Anda jawab.", n=asked)] if asked else []
    if waiting > asked:
        parts.append(
            _("%(n)s tugas lain masih menunggu jawaban Anda.", n=waiting - asked)
            if asked
            else _("%(n)s tugas masih menunggu jawaban Anda.", n=waiting)
        )
    if not waiting:
        parts.append(_("Tidak ada yang perlu dijawab lagi."))
    elif answered:
        parts.append(_("Jawaban lama untuk tugas lain tetap berlaku."))
    return " ".join(parts)


def decreed(news: DecreeNews) -> tuple[list[tuple[str, list[ChangeLine]]], int]:
    """Return what a decree set, under its headings, and how many duties were left out."""
    parts = [
        (_("Kini ditetapkan"), news.duties[:DECREED]),
        (_("Keanggotaan yang kini ditetapkan"), news.memberships),
    ]
    return [
        (heading, [ChangeLine(_cut(text, LABEL), "", "") for text in texts])
        for heading, texts in parts
        if texts
    ], max(0, len(news.duties) - DECREED)


def shortened(
    parts: list[tuple[str, list[MappingDifference]]],
) -> tuple[list[tuple[str, list[ChangeLine]]], int]:
    """Return the first changes, each cut to what a phone shows, and how many were left out."""
    shown: list[tuple[str, list[ChangeLine]]] = []
    room = SHOWN
    for heading, found in parts:
        if room:
            shown.append((heading, [_line(one) for one in found[:room]]))
            room -= len(found[:room])
    return shown, sum(len(found) for _heading, found in parts) - (SHOWN - room)


def _line(one: MappingDifference) -> ChangeLine:
    before, after = (_cut(text.replace("\n", "; "), TEXT) for text in (one.before, one.after))
    # A reworded duty's name is its new wording: said once.
    return ChangeLine(_cut(one.label, LABEL), before, "" if one.after == one.label else after)


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else text[: size - 1].rsplit(" ", 1)[0].rstrip(",;") + " …"


def grouped(
    key: str, differences: list[MappingDifference]
) -> list[tuple[str, list[MappingDifference]]]:
    """Return an agency's differences under the headings it reads them by; empty ones left out."""
    gained, lost, changed, based, other = [], [], [], [], []
    for one in differences:
        if one.subject is not MappingSubject.DUTY:
            other.append(one)
        elif one.change is MappingChange.ADDED or (
            one.change is MappingChange.MOVED and one.agencies[0] == key and len(one.agencies) > 1
        ):
            gained.append(one)
        elif one.change is MappingChange.REMOVED or (
            one.change is MappingChange.MOVED and one.agencies[0] != key
        ):
            lost.append(one)
        elif one.change is MappingChange.REBASED:
            based.append(one)
        else:
            changed.append(one)
    parts = [
        (_("Tugas baru"), gained),
        (_("Tidak lagi tugas Anda"), lost),
        (_("Tugas yang berubah"), changed),
        (_("Dasar hukum yang berubah"), based),
        (_("Keanggotaan pokja dan nama"), other),
    ]
    return [(heading, found) for heading, found in parts if found]
