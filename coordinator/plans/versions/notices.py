"""The mails about a version of a plan: to each agency it touches, and to secretariats elsewhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from coordinator.assignments.replanning.queries import all_held_under
from coordinator.clock import today
from coordinator.db import db
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import recipients_of_agencies, secretariat_of
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.people.directory.queries import active_task_forces, agencies_by_key
from coordinator.permissions import AccessKind
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.diff import compare, named
from coordinator.plans.actions.differences import PlanDifference, PlanSubject
from coordinator.plans.actions.models import Plan, PlanVersion
from coordinator.plans.actions.rules import PlanStatus
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.actions.service import note_told
from coordinator.plans.versions import emails, name_queries, queries
from coordinator.plans.versions.queries import MAIL_KIND, mail_occasion, mail_thread
from coordinator.plans.versions.rules import emptied
from coordinator.plans.versions.told_queries import ELSEWHERE_KIND, all_told_elsewhere
from coordinator.platform.mail.rules import MailState
from coordinator.platform.mail.service import cancel_emails_of

NOTHING: Mapping[int, Sequence[str]] = {}
LEFT = frozenset({MailState.SENT, MailState.SENDING})
NOT_LEFT = frozenset({MailState.QUEUED, MailState.CANCELLED})


@dataclass(frozen=True, slots=True)
class AgencyNews:
    """What a version changes for one agency, and who is notified of it."""

    force: TaskForce
    agency: Agency
    differences: list[PlanDifference]
    receivers: list[AccessGrant]


def receivers_of(grants: Sequence[AccessGrant]) -> list[AccessGrant]:
    """Return who of an agency is notified of a plan: the head and the focal point, who reports; an
    alternate only where there is no focal point. `grants` as `recipients_of_agencies` sorts them.
    """
    focal = [one for one in grants if one.kind is AccessKind.FOCAL_POINT]
    focal = [one for one in focal if not one.is_alternate] or focal[:1]
    heads = [one for one in grants if one.kind is AccessKind.AGENCY_HEAD]
    by_account = {one.account_id: one for one in reversed([*heads, *focal])}
    return [one for one in (*heads, *focal) if by_account[one.account_id] is one]


def agency_news(
    plan: Plan, before: PlanFile | None, after: PlanFile, only: frozenset[int] | None = None
) -> Iterator[AgencyNews]:
    """Yield what changes from `before` to `after` for each agency that the changes touch; `only`:
    of these agencies (ids)."""
    differences = [one for one in compare(before, after) if one.subject is PlanSubject.ACTION]
    for force in active_task_forces():
        if plan.task_force_id not in (None, force.id):
            continue
        found = named(
            differences,
            agencies=name_queries.all_agency_names(force.id),
            groups=name_queries.all_pokja_names(force.id),
            duties={},
        )
        touched = queries.touched(force.id, plan.id, found)
        told = touched if only is None else touched.keys() & only
        known = {agency.id: agency for agency in agencies_by_key(force.id).values()}
        people = recipients_of_agencies(told, today(force.zone))
        for agency_id, own in touched.items():
            receivers = receivers_of(people.get(agency_id, ()))
            if receivers:
                yield AgencyNews(force, known[agency_id], own, receivers)


def tell_agencies(
    plan_id: int,
    since: int,
    number: int,
    *,
    undoes: int | None = None,
    only: frozenset[int] | None = None,
    consequences: Mapping[int, Sequence[str]] = NOTHING,
) -> int:
    """Queue the mails of each agency about what changed from version `since` to `number`: one to
    its head and one to its focal point. `only`: these agencies' ids; `consequences`: sentences for
    the mails, by agency id. Part of a service."""
    plan = db.session.get_one(Plan, plan_id)
    before, after = plans.document(plan_id, since), plans.document(plan_id, number)
    assert after is not None
    thread = mail_thread(plan.key, number)
    count = 0
    for news in agency_news(plan, before, after, only):
        for grant in news.receivers:
            notify(
                grant,
                emails.plan_changed(
                    agency=news.agency,
                    kind=grant.kind,
                    plan=plan,
                    is_enacted_now=_is_enacted_now(before, after),
                    number=number,
                    since=since,
                    undoes=undoes,
                    differences=news.differences,
                    consequences=consequences.get(news.agency.id, ()),
                    force=news.force,
                    is_sample=grant.account.is_sample,
                ),
                occasion=mail_occasion(thread, news.force.code, news.agency.key),
                kind=MAIL_KIND,
                thread=thread,
            )
            count += 1
    if count or since < number - 1:  # those told of the versions before may know the same plan
        note_told(plan_id, number, told_from=since)
    return count


def _is_enacted_now(before: PlanFile | None, after: PlanFile) -> bool:
    is_enacted = after.plan.status is PlanStatus.ENACTED
    return is_enacted and (before is None or before.plan.status is not PlanStatus.ENACTED)


# --- secretariats of other task forces -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ElsewhereNews:
    """What a version changes of the actions that a task force has open assignments of. `since` is
    the version compared with; `takes_back`: its secretariat had a mail about what is undone."""

    force: TaskForce
    since: int
    takes_back: bool
    assignments: int
    differences: list[PlanDifference]
    receivers: list[AccessGrant]


def elsewhere_news(
    plan: Plan, number: int, after: PlanFile, author_id: int | None, *, is_undoing: bool
) -> Iterator[ElsewhereNews]:
    """Yield what version `number` changes for each task force but its author's (None: the shell,
    for the plan's owner). Where a mail about the version before still waits, this one says its
    changes too. Who holds nothing of it has no receivers."""
    if plan.task_force_id is not None:
        return
    told = all_told_elsewhere(plan.key)
    documents: dict[int, PlanFile | None] = {}
    for force in active_task_forces():
        if force.id == author_id or (author_id is None and force.parent_id is None):
            continue
        since = number - 1
        if told.get((since, force.id)) == {MailState.QUEUED} or is_undoing:
            while since and told.get((since, force.id), LEFT) <= NOT_LEFT:
                since -= 1
        if since not in documents:
            documents[since] = plans.document(plan.id, since)
        before = documents[since]
        changed = {
            one.id: one for one in compare(before, after) if one.subject is PlanSubject.ACTION
        }
        held = all_held_under(force.id, plan.key, changed) if changed else {}
        yield ElsewhereNews(
            force=force,
            since=since,
            takes_back=is_undoing and bool(told.get((number - 1, force.id), set()) & LEFT),
            assignments=sum(held.values()),
            differences=[one for key, one in changed.items() if key in held],
            receivers=secretariat_of(force.id, today(force.zone)) if held else [],
        )


def tell_secretariats(plan_id: int, number: int, author_id: int | None, undoes: int | None) -> int:
    """Queue one mail to the secretariat of each other task force whose open assignments rest on
    actions that version `number` changed. Part of a service."""
    plan = db.session.get_one(Plan, plan_id)
    after = plans.document(plan_id, number)
    assert after is not None
    thread, former = mail_thread(plan.key, number), mail_thread(plan.key, number - 1)
    count = 0
    for news in elsewhere_news(plan, number, after, author_id, is_undoing=undoes is not None):
        if news.since < number - 1 or undoes is not None:
            # What waits is said by the mail that takes its place, or is no longer true.
            cancel_emails_of(_elsewhere_occasion(former, news.force))
        for grant in news.receivers:
            notify(
                grant,
                emails.plan_changed_elsewhere(
                    plan=plan,
                    number=number,
                    since=news.since,
                    undoes=undoes if news.takes_back else None,
                    assignments=news.assignments,
                    differences=news.differences,
                    force=news.force,
                    is_sample=grant.account.is_sample,
                ),
                occasion=_elsewhere_occasion(thread, news.force),
                kind=ELSEWHERE_KIND,
                thread=thread,
            )
            count += 1
    return count


def mails_of_undoing(plan: Plan, version: PlanVersion, author_id: int) -> int:
    """Return how many mails leave where a version is taken back."""
    number, since = version.number, version.told_from
    taken = plans.document(plan.id, number)
    assert taken is not None
    former = plans.document(plan.id, number - 1) or emptied(taken)
    reached = queries.agencies_reached(mail_thread(plan.key, number))
    news: Iterable[AgencyNews] = ()
    if reached:
        news = agency_news(plan, taken, former, reached)
    elif since is not None and since < number - 1:
        news = agency_news(plan, plans.document(plan.id, since), former)
    elsewhere = elsewhere_news(plan, number + 1, former, author_id, is_undoing=True)
    of_agencies = sum(len(one.receivers) for one in news)
    return of_agencies + sum(len(one.receivers) for one in elsewhere)


def _elsewhere_occasion(thread: str, force: TaskForce) -> tuple[str, str, str]:
    return thread, force.code, "secretariat"
