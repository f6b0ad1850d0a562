"""Publishing a plan: checked, compared, mailed to each agency once; and taking a version back.

See docs/decisions/0010-plan-as-document.md.
"""

from collections.abc import Mapping, Sequence

from coordinator.assignments.replanning import service as replanning
from coordinator.assignments.replanning.queries import all_replanned
from coordinator.clock import now
from coordinator.db import transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.free_text import refuse_identity
from coordinator.people.directory.queries import task_force_by_code
from coordinator.permissions import Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.differences import PlanDifference
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.actions.service import load_plan
from coordinator.plans.actions.use_queries import all_keys_in_use
from coordinator.plans.versions import queries
from coordinator.plans.versions.held_queries import all_held_by_version
from coordinator.plans.versions.labels import version_name
from coordinator.plans.versions.notices import tell_agencies, tell_secretariats
from coordinator.plans.versions.queries import MAIL_KIND, mail_thread
from coordinator.plans.versions.rules import (
    Missing,
    completed,
    emptied,
    faults,
    left_out,
    replaces_sample,
    to_complete,
)
from coordinator.platform.mail.service import cancel_emails
from coordinator.platform.mail.thread_queries import all_wait
from coordinator.platform.versioned_documents.publication import Publication
from coordinator.translation import gettext as _

MOST_FAULTS = 5  # in one sentence


def require_may_edit(by: Viewer | None, file: PlanFile) -> None:
    """Raise NotAllowed unless `by` may publish this plan.

    The RAN is the province's secretariat's, a RAD its own task force's. None is the shell: anyone
    who runs it owns the machine.
    """
    if by is None:
        return
    owner = task_force_by_code(file.plan.task_force) if file.plan.task_force else None
    may = queries.may_edit(by, owner.id if owner else None)
    if file.plan.task_force and owner is None:
        raise InvalidInput(
            {"plan": _("Gugus tugas %(code)s tidak dikenal.", code=file.plan.task_force)}
        )
    if not may:
        raise NotAllowed(
            _(
                "RAN hanya diubah Sekretariat provinsi tempat aplikasi ini dimulai, RAD hanya oleh "
                "Sekretariat gugus tugasnya."
            )
        )


@transactional
def publish(
    plan: PlanFile,
    *,
    by: Viewer | None,
    reason: str,
    missing: Missing = Missing.KEEP,
    missing_reason: str = "",
    base_number: int | None = None,
    notify: bool = True,
    consequences: Mapping[int, Sequence[str]] | None = None,
) -> Publication[PlanDifference]:
    """Make a plan the one in force and tell each agency it touches, once.

    Actions in force that `plan` does not have are kept, or discontinued for `missing_reason`; those
    of a sample that a real plan replaces are discontinued where work rests on them, else they go. A
    plan equal to the one in force makes no version. `base_number` is the version its author saw (0:
    none). The mails wait two minutes; a version published meanwhile takes theirs into its own.
    `consequences` are sentences for an agency's mail (by its id): what becomes of its assignments,
    sent without `notify` too, as the mails to secretariats of other task forces are.
    Raises NotAllowed, InvalidInput, Conflict (another version is in force than `base_number`).
    """
    require_may_edit(by, plan)
    refuse_identity(reason=reason, missing_reason=missing_reason)
    former = plans.in_force(plan.plan.id)
    _require_seen(plan.plan.id, base_number)
    rest = to_complete(former, plan, lambda: all_keys_in_use(plan.plan.id))
    if left_out(rest, plan):
        if missing is Missing.DISCONTINUE and not missing_reason.strip():
            raise InvalidInput({"missing_reason": _("Tulis mengapa aksi itu tidak dilanjutkan.")})
        if missing is Missing.KEEP and replaces_sample(former, plan):
            raise InvalidInput({"missing": _("Aksi contoh tidak ikut ke dalam naskah resmi.")})
    whole = completed(rest, plan, missing, missing_reason.strip())
    _require_sound(whole, former)
    reason = reason.strip() or _("Tanpa alasan")
    return _publish(whole, by=by, reason=reason, notify=notify, consequences=consequences)


def _require_seen(key: str, base_number: int | None) -> None:
    newest = queries.newest_number(key)
    if base_number is not None and base_number != newest:
        raise Conflict(
            _(
                "Sementara itu terbit versi %(n)s dari rencana ini. Baca ulang, lalu periksa lagi.",
                n=newest,
            )
        )


def _require_sound(plan: PlanFile, former: PlanFile | None) -> None:
    found = list(faults(plan, former))
    national = plans.in_force(plan.plan.national) if plan.plan.national else None
    if plan.plan.national and national is None:
        found.append(_("Rencana nasional %(key)s tidak ada.", key=plan.plan.national))
    known = {part.id for part in national.actions} if national else set()
    found += [
        _("Aksi %(code)s: aksi nasional %(key)s tidak ada.", code=part.code, key=part.national)
        for part in plan.actions
        if part.national and part.national not in known
    ]
    if found:
        more = len(found) - MOST_FAULTS
        rest = _(" Dan %(n)s hal lain.", n=more) if more > 0 else ""
        raise InvalidInput({"plan": " ".join(found[:MOST_FAULTS]) + rest})


def _publish(
    plan: PlanFile,
    *,
    by: Viewer | None,
    reason: str,
    notify: bool,
    undoes: int | None = None,
    consequences: Mapping[int, Sequence[str]] | None = None,
) -> Publication[PlanDifference]:
    done = load_plan(plan, by=by, reason=reason, undoes=undoes)
    count = 0
    consequences = consequences or {}
    if done.is_new and (notify or consequences):
        since = _gathered_since(plan.plan.id, done.plan_id, done.number)
        only = None if notify else frozenset(consequences)
        count = tell_agencies(
            done.plan_id, since, done.number, only=only, consequences=consequences
        )
    if done.is_new:
        author_id = by.own_task_force_id if by else None
        count += tell_secretariats(done.plan_id, done.number, author_id, undoes)
    return Publication(plan.plan.id, done.number, done.is_new, done.differences, count)


def _gathered_since(key: str, plan_id: int, number: int) -> int:
    """Return the version that the mails about `number` compare with.

    Where all mails about the one before it still wait, they are cancelled and these mails include
    their changes.
    """
    former = plans.version_of(plan_id, number - 1)
    if former is None or former.told_from is None:
        return number - 1
    if not all_wait(mail_thread(key, former.number)) or all_replanned(former.id):
        return number - 1  # mails that say what became of assignments are not taken back
    since = former.told_from
    cancel_emails(thread=mail_thread(key, number - 1), kinds=frozenset({MAIL_KIND}))
    return since


@transactional
def undo(key: str, number: int, *, by: Viewer) -> Publication[PlanDifference]:
    """Take back the newest version of a plan within a day.

    What was in force before it is in force again, as a new version, and so is what it changed of
    running assignments. Mails about it that still wait are cancelled; an agency whose mail has left
    gets a mail about this. Raises NotFound, NotAllowed, Conflict (too late, not the newest, what it
    brought is in use, or an assignment that it changed was changed again).
    """
    version = plans.version(by, key, number)
    if version is None:
        raise NotFound(_("Versi itu tidak ada."))
    taken = plans.document(version.plan_id, number)
    assert taken is not None
    require_may_edit(by, taken)
    if not queries.may_undo(version, at=now()):
        raise Conflict(
            _("Waktu untuk mengurungkan sudah lewat, atau ada versi yang lebih baru. Ubah rencana.")
        )
    name = version_name(taken.plan.title, number)
    former = plans.document(version.plan_id, number - 1) or emptied(taken)
    titles = {part.id: f"{part.code} {part.title}" for part in former.actions}
    back = replanning.unsettle(version.id, version=name, titles=titles, by=by)
    held = all_held_by_version(version)
    if held:
        raise Conflict(
            _(
                "Versi ini tidak dapat diurungkan: sudah ada penugasan atau laporan pada %(what)s.",
                what=", ".join(f"{one.code} ({one.who})" for one in held[:MOST_FAULTS]),
            )
        )
    thread = mail_thread(key, number)
    reached = queries.agencies_reached(thread)
    told_from = version.told_from
    plan_id = version.plan_id
    cancel_emails(thread=thread, kinds=frozenset({MAIL_KIND}))
    done = _publish(
        former, by=by, reason=_("Versi %(n)s diurungkan", n=number), notify=False, undoes=number
    )
    mails = done.mails
    if reached:
        mails += tell_agencies(
            plan_id, number, done.number, undoes=number, only=reached, consequences=back
        )
    elif told_from is not None and told_from < number - 1:
        # Its mails also covered the versions before it, which remain in force.
        mails += tell_agencies(plan_id, told_from, done.number, consequences=back)
    return Publication(key, done.number, done.is_new, done.differences, mails)
