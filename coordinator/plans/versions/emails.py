"""The mail "Rencana aksi berubah"."""

from collections.abc import Sequence
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
TEXT = 90  # characters of a title, and of a value before and after


@dataclass(frozen=True, slots=True)
class Told:
    """One change as a mail shows it."""

    title: str
    what: str
    before: str
    after: str


def plan_changed(  # noqa: PLR0913
    *,
    agency: Agency,
    kind: AccessKind,
    plan: Plan,
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
    path = f"/rencana/versi/{plan.key}/{number}?instansi={agency.slug}"
    if since != number - 1:
        path += f"&dari={since}"
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
        number=number,
        undoes=undoes,
        told=[_told(one, agency.key) for one in differences[:SHOWN]],
        more=len(differences) - SHOWN,
        consequences=consequences[:CONSEQUENCES_SHOWN],
        more_consequences=len(consequences) - CONSEQUENCES_SHOWN,
        count=len(differences),
        has_new=any(one.change in (PlanChange.NEW, PlanChange.RESUMED) for one in differences),
        link=MailLink(path),
        region_short=force.short_region,
        sample_data=is_sample or plan.is_sample,
    )


def _told(one: PlanDifference, key: str) -> Told:
    words = {
        PlanChange.NEW: _("Aksi baru"),
        PlanChange.CHANGED: _("Berubah"),
        PlanChange.DISCONTINUED: _("Tidak dilanjutkan"),
        PlanChange.RESUMED: _("Dilanjutkan kembali"),
        PlanChange.REMOVED: _("Tidak lagi di rencana"),
    }
    title = _cut(f"{one.code} {one.label}")
    if one.change is PlanChange.NEW:
        is_lead = bool(one.agencies) and one.agencies[0] == key
        part = _("Anda usul penanggung jawab") if is_lead else _("Anda usul pendukung")
        return Told(title, f"{words[one.change]}. {part}", "", "")
    line = next(iter(one.lines), None)
    if one.change is not PlanChange.CHANGED or line is None:
        reason = next((line.after for line in one.lines if line.label == "Tidak dilanjutkan"), "")
        return Told(title, words[one.change], "", _cut(reason))
    more = len(one.lines) - 1
    what = f"{words[one.change]}: {_cut(line.heading)}"
    if more:
        what += _(", dan %(n)s isian lain", n=more)
    return Told(title, what, _cut(line.before), _cut(line.after))


def _cut(text: str) -> str:
    return text if len(text) <= TEXT else text[: TEXT - 1].rsplit(" ", 1)[0].rstrip(",;") + " …"
