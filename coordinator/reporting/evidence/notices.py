"""Mails about a file that somebody else puts under review or withdraws. Part of the services that
do it."""

import sqlalchemy as sa

from coordinator.clock import now, today
from coordinator.db import db
from coordinator.people.accounts.models import Account
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import contacts_of_agencies, secretariat_of
from coordinator.people.directory.models import TaskForce
from coordinator.platform.mail.service import GRACE, Email, queue_email
from coordinator.reporting.evidence import emails
from coordinator.reporting.evidence.models import Evidence, EvidenceReview
from coordinator.reporting.evidence.reports import Reports
from coordinator.reporting.evidence.review_queries import UseUnderReview, places
from coordinator.reporting.evidence.rules import ReviewState


def notify_review(
    found: EvidenceReview, reports: Reports, *, agency_id: int | None, account_id: int | None
) -> None:
    """Queue the mails about a review as it is now, one per person.

    They go to the secretariat while it has to decide, to the focal points of every agency that uses
    the file except the one acting, and to who verified a report based on it. `agency_id` and
    `account_id` are those acting.

    A file that only the acting agency used concerns nobody.
    """
    force = db.session.get_one(TaskForce, found.task_force_id)
    on = today(force.zone)
    mails: dict[int, tuple[Account, Email]] = {}
    if found.state is ReviewState.OPEN:
        for grant in secretariat_of(force.id, on):
            mail = emails.to_decide(found, force=force, is_sample=grant.account.is_sample)
            mails[grant.account_id] = grant.account, mail
    told: dict[int, tuple[Account, list[UseUnderReview]]] = {}
    all_places = places(found, reports)
    by_agency: dict[int, list[UseUnderReview]] = {}
    for place in all_places:
        by_agency.setdefault(place.agency.id, []).append(place)
    for agency, grants in contacts_of_agencies(set(by_agency) - {agency_id}, on).items():
        for grant in grants:
            _account, shown = told.setdefault(grant.account_id, (grant.account, []))
            shown += by_agency[agency]
    judged = {place.verified_by_id for place in all_places} - {None, account_id}
    for account in db.session.scalars(
        sa.select(Account).where(Account.id.in_(judged), Account.is_active)
    ):
        rested = [place for place in all_places if place.verified_by_id == account.id]
        told.setdefault(account.id, (account, rested))
    for one, (account, shown) in told.items():
        if one not in mails:
            mail = emails.reviewed(found, shown, force=force, is_sample=account.is_sample)
            mails[one] = account, mail
    for one, (account, mail) in mails.items():
        queue_email(
            mail,
            occasion=("evidence-review", found.id, found.state.value),
            kind="evidence_review",
            to_address=account.mail_address,
            account_id=one,
            task_force_id=force.id,
            thread=f"evidence-review-{found.public_id}",
            not_before=now() + GRACE,
        )


def notify_withdrawn(one: Evidence, reason: str) -> None:
    """Queue the mail to an agency whose file the secretariat took back."""
    force = db.session.get_one(TaskForce, one.task_force_id)
    for grant in contacts_of_agencies({one.agency_id}, today(force.zone))[one.agency_id]:
        notify(
            grant,
            emails.withdrawn(one, reason, force=force, is_sample=grant.account.is_sample),
            occasion=("evidence-withdrawn", one.id),
            kind="evidence_withdrawn",
            thread=f"evidence-{one.public_id}",
        )
