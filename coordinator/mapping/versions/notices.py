"""The mail to each agency about a new version, and what may take its place."""

from collections import Counter, defaultdict
from datetime import timedelta

from coordinator.clock import today
from coordinator.mapping.answers.campaign_queries import all_standings
from coordinator.mapping.answers.rules import AnswerState
from coordinator.mapping.duties.differences import MappingDifference, by_agency
from coordinator.mapping.duties.seed import DutyPart
from coordinator.mapping.versions import emails, queries
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import recipients_of_agencies
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.queries import agencies_by_key
from coordinator.platform.mail.requeueing_service import requeue_emails_of
from coordinator.platform.mail.service import GRACE, cancel_emails_of

MAIL_KIND = "mapping_changed"
# Mail to those who will be asked for answers waits so long for the request, which then replaces it.
ASKING_WAIT = timedelta(hours=1)


def notify_agencies(
    force: TaskForce,
    number: int,
    differences: list[MappingDifference],
    asked: list[DutyPart],
    asking: bool,
) -> int:
    """Queue one mail an agency: to its head, else its focal point, else the alternate."""
    known = agencies_by_key(force.id)
    touched = {key: own for key, own in by_agency(differences).items() if key in known}
    people = recipients_of_agencies((known[key].id for key in touched), today(force.zone))
    standings: dict[int, list[AnswerState]] = defaultdict(list)
    for one in all_standings(force.id):
        standings[one.agency_id].append(one.state)
    waiting = Counter({key: states.count(AnswerState.OPEN) for key, states in standings.items()})
    count = 0
    for key, own in sorted(touched.items()):
        agency = known[key]
        grant = next(iter(people[agency.id]), None)
        if grant is None:
            continue
        to_answer_now = sum(duty.agency == key for duty in asked)
        notify(
            grant,
            emails.mapping_changed(
                agency=agency,
                kind=grant.kind,
                number=number,
                differences=own,
                to_do=emails.what_to_answer(
                    to_answer_now,
                    answered=len(standings[agency.id]) - waiting[agency.id],
                    waiting=max(to_answer_now, waiting[agency.id]),
                ),
                force=force,
                is_sample=grant.account.is_sample,
            ),
            occasion=_occasion(force.code, number, agency.key),
            kind=MAIL_KIND,
            thread=queries.mail_thread(force.code, number),
            wait=ASKING_WAIT if asking and to_answer_now else GRACE,
        )
        count += 1
    return count


def _occasion(code: str, number: int, agency_key: str) -> tuple[object, ...]:
    return ("mapping", code, number, agency_key)


def replace_notice(code: str, number: int, agency_key: str) -> bool:
    """Cancel the mail about a version that still waits for an agency: another mail says it. Return
    whether there was one. Part of a service."""
    return cancel_emails_of(_occasion(code, number, agency_key)) > 0


def restore_notice(code: str, number: int, agency_key: str) -> None:
    """Queue the mail about a version again that `replace_notice` cancelled: what replaced it was
    cancelled too. Part of a service."""
    requeue_emails_of(_occasion(code, number, agency_key))
