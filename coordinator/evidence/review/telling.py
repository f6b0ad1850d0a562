"""Who is told of a file that is reviewed or taken back by somebody else. Part of the services that
do it."""

import sqlalchemy as sa

from coordinator.accounts.models import Account
from coordinator.accounts.queries import contacts_of_agencies
from coordinator.clock import now, today
from coordinator.db import db
from coordinator.directory.models import TaskForce
from coordinator.evidence.models import Evidence
from coordinator.evidence.review import emails
from coordinator.evidence.review.models import EvidenceReview
from coordinator.evidence.review.queries import Place, places
from coordinator.mail.service import GRACE, queue_email
from coordinator.permissions import Viewer


def tell_review(found: EvidenceReview, *, by: Viewer) -> None:
    """Queue the mails about a review as it is now, one a person: to the focal points of every
    agency that uses the file except the one acting, and to who verified a report that rests on it.
    A file that only the acting agency used concerns nobody."""
    force = db.session.get_one(TaskForce, found.task_force_id)
    told: dict[int, tuple[Account, list[Place]]] = {}
    all_places = places(found)
    by_agency: dict[int, list[Place]] = {}
    for place in all_places:
        by_agency.setdefault(place.agency.id, []).append(place)
    concerned = set(by_agency) - {by.own_agency_id}
    for agency_id, grants in contacts_of_agencies(concerned, today(force.zone)).items():
        for grant in grants:
            _account, shown = told.setdefault(grant.account_id, (grant.account, []))
            shown += by_agency[agency_id]
    judged = {place.verified_by_id for place in all_places} - {None, by.account_id}
    for account in db.session.scalars(
        sa.select(Account).where(Account.id.in_(judged), Account.is_active)
    ):
        rested = [place for place in all_places if place.verified_by_id == account.id]
        told.setdefault(account.id, (account, rested))
    for account_id, (account, shown) in told.items():
        queue_email(
            emails.reviewed(found, shown, force=force, is_sample=account.is_sample),
            occasion=("evidence-review", found.id, found.state.value),
            kind="evidence_review",
            to_address=account.mail_address,
            account_id=account_id,
            task_force_id=force.id,
            thread=f"evidence-review-{found.public_id}",
            not_before=now() + GRACE,
        )


def tell_withdrawn(one: Evidence, reason: str, *, by: Viewer) -> None:
    """Queue the mail to an agency whose file the secretariat took back."""
    force = db.session.get_one(TaskForce, one.task_force_id)
    for grant in contacts_of_agencies({one.agency_id}, today(force.zone))[one.agency_id]:
        queue_email(
            emails.withdrawn(one, reason, force=force, is_sample=grant.account.is_sample),
            occasion=("evidence-withdrawn", one.id),
            kind="evidence_withdrawn",
            to_address=grant.account.mail_address,
            account_id=grant.account_id,
            task_force_id=force.id,
            thread=f"evidence-{one.public_id}",
            not_before=now() + GRACE,
        )
