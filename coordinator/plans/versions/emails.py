"""The mails "Rencana aksi berubah", to an agency and to the secretariat of another task force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import AccessKind
from coordinator.plans.actions.differences import PlanChange, PlanDifference
from coordinator.plans.actions.models import Plan
from coordinator.plans.actions.rules import PlanStatus
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.translation import gettext as _

SHOWN = 3  # changes; the page has the rest
CONSEQUENCES_SHOWN = 10
TITLES_SHOWN = 15
TEXT = 90  # characters of a title, and of a value before and after
TITLE = "Aksi"  # the line of a difference that says the action's title


@dataclass(frozen=True, slots=True)
class Told:
    """One change as a mail shows it; `former` is the action's title before, where that changed."""

    title: str
    former: str
    what: str
    before: str
    after: str


def plan_changed(  # noqa: PLR0913
    *,
    agency: Agency,
    kind: AccessKind,
    plan: Plan,
    is_enacted_now: bool,
    number: int,
    since: int,
    undoes: int | None,
    differences: list[PlanDifference],
    consequences: Sequence[str] = (),
    force: TaskForce,
    is_sample: bool,
) -> Email:
    """To one person of an agency: what a new version of a plan changes for it, in one mail.

    `undoes`: a version that it got a mail about and that has been taken back. `consequences`: what
    it means for the agency's assignments, a sentence each.
    """
    subject = _(
        "[TPPO] Rencana aksi berubah untuk %(agency)s: versi %(n)s",
        agency=agency.abbreviation,
        n=number,
    )
    if undoes is not None:
        subject = _(
            "[TPPO] Rencana aksi: versi %(n)s ditarik kembali - %(agency)s",
            agency=agency.abbreviation,
            n=undoes,
        )
    return render_email(
        "plans/versions/plan_changed",
        subject,
        agency=agency,
        is_head=kind is AccessKind.AGENCY_HEAD,
        plan=plan,
        is_draft=plan.status is PlanStatus.DRAFT,
        opening=_opening(plan, number, undoes, is_first=not since, is_enacted=is_enacted_now),
        undoes=undoes,
        told=[_told(one, agency.key) for one in differences[:SHOWN]],
        more=len(differences) - SHOWN,
        consequences=consequences[:CONSEQUENCES_SHOWN],
        more_consequences=len(consequences) - CONSEQUENCES_SHOWN,
        count=len(differences),
        has_new=any(one.change in (PlanChange.NEW, PlanChange.RESUMED) for one in differences),
        link=MailLink(_path(plan, number, since, agency.slug)),
        region_short=force.short_region,
        sample_data=is_sample or plan.is_sample,
    )


def plan_changed_elsewhere(
    *,
    plan: Plan,
    number: int,
    since: int,
    undoes: int | None,
    assignments: int,
    differences: Sequence[PlanDifference],
    force: TaskForce,
    is_sample: bool,
) -> Email:
    """To the secretariat of a task force: a plan that somebody else keeps changed actions that
    `assignments` of its own rest on. `undoes`: a version it got a mail about, now taken back."""
    subject = _("[TPPO] %(plan)s berubah: periksa penugasan Anda", plan=_cut(plan.title))
    if undoes is not None:
        subject = _("[TPPO] %(plan)s: versi %(n)s ditarik kembali", plan=_cut(plan.title), n=undoes)
    return render_email(
        "plans/versions/plan_changed_elsewhere",
        subject,
        plan=plan,
        undoes=undoes,
        assignments=assignments,
        titles=list(_titles(differences[:TITLES_SHOWN])),
        more=len(differences) - TITLES_SHOWN,
        link=MailLink(_path(plan, number, since)),
        region_short=force.short_region,
        sample_data=is_sample or plan.is_sample,
    )


def _opening(
    plan: Plan, number: int, undoes: int | None, *, is_first: bool, is_enacted: bool
) -> str:
    """Return the first sentence: what has become of the plan."""
    if undoes is not None:
        return _(
            "Versi %(n)s rencana aksi, yang kami kabarkan kepada Anda, ditarik kembali. Yang "
            "berlaku lagi adalah isi sebelumnya.",
            n=undoes,
        )
    if is_enacted:
        return _("%(title)s kini ditetapkan: %(basis)s.", title=plan.title, basis=plan.basis or "")
    if is_first:
        return _("%(title)s kini ada di sini.", title=plan.title)
    return _("%(title)s berubah (versi %(n)s rencana ini).", title=plan.title, n=number)


def _path(plan: Plan, number: int, since: int, agency: str = "") -> str:
    asked = [f"instansi={agency}"] if agency else []
    if since != number - 1:
        asked.append(f"dari={since}")
    return f"/rencana/versi/{plan.key}/{number}" + (f"?{'&'.join(asked)}" if asked else "")


def _words() -> dict[PlanChange, str]:
    return {
        PlanChange.NEW: _("Aksi baru"),
        PlanChange.CHANGED: _("Berubah"),
        PlanChange.DISCONTINUED: _("Tidak dilanjutkan"),
        PlanChange.RESUMED: _("Dilanjutkan kembali"),
        PlanChange.REMOVED: _("Tidak lagi di rencana"),
    }


def _told(one: PlanDifference, key: str) -> Told:
    words = _words()
    title = _cut(f"{one.code} {one.label}")
    if one.change is PlanChange.NEW:
        is_lead = bool(one.agencies) and one.agencies[0] == key
        part = _("Anda usul penanggung jawab") if is_lead else _("Anda usul pendukung")
        return Told(title, "", f"{words[one.change]}. {part}", "", "")
    line = next(iter(one.lines), None)
    if one.change is not PlanChange.CHANGED or line is None:
        reason = next((line.after for line in one.lines if line.label == "Tidak dilanjutkan"), "")
        return Told(title, _former(one), words[one.change], "", _cut(reason))
    more = len(one.lines) - 1
    what = f"{words[one.change]}: {_cut(line.heading)}"
    if more:
        what += _(", dan %(n)s isian lain", n=more)
    former = "" if line.label == TITLE else _former(one)  # its box shows both titles anyway
    return Told(title, former, what, _cut(line.before), _cut(line.after))


def _former(one: PlanDifference) -> str:
    return _cut(next((line.before for line in one.lines if line.label == TITLE), ""))


def _titles(differences: Iterable[PlanDifference]) -> Iterable[str]:
    """Yield an action with its title before, and what happened to it where that is not a change."""
    words = _words()
    for one in differences:
        text = _cut(f"{one.code} {one.label}")
        if former := _former(one):
            text += _(" (semula “%(title)s”)", title=former)
        yield text if one.change is PlanChange.CHANGED else f"{text}: {words[one.change].lower()}"


def _cut(text: str) -> str:
    return text if len(text) <= TEXT else text[: TEXT - 1].rsplit(" ", 1)[0].rstrip(",;") + " …"
