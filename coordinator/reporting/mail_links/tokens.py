"""Tokens and addresses of the links in mails about reports."""

import secrets
from collections.abc import Collection

import flask

from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.people.accounts.models import AccessGrant
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rules import derive_token, token_hash
from coordinator.reporting.mail_links import queries
from coordinator.reporting.mail_links.models import ReportLink
from coordinator.reporting.mail_links.rules import TOKEN_PURPOSE, TokenPurpose
from coordinator.reporting.settings.queries import settings_of


@transactional
def mail_addresses(
    wanted: Collection[tuple[Obligation, AccessGrant]],
    *,
    purpose: TokenPurpose = TokenPurpose.REPORT,
) -> dict[tuple[int, int], MailLink]:
    """Return the addresses of the buttons of mails, by (obligation id, grant id).

    Each is a link that needs no password, or the page behind the sign-in if links are off. The
    token is made when the mail is sent. The same person gets the same link for the same report
    until it is sent. Call it inside the service that queues the mail.
    """
    found: dict[tuple[int, int], MailLink] = {}
    rounds = queries.send_counts({obligation.id for obligation, _grant in wanted})
    known = queries.links_of({obligation.id for obligation, _grant in wanted}, purpose)
    locked = queries.locked(rounds)
    kinds = queries.agency_kinds({obligation.agency_id for obligation, _grant in wanted})
    for obligation, grant in wanted:
        key = (obligation.id, grant.id)
        allowed = settings_of(obligation.task_force_id).allow_links_to(kinds[obligation.agency_id])
        is_locked = purpose is TokenPurpose.REPORT and obligation.id in locked
        if is_locked or not allowed:
            found[key] = MailLink(f"/laporan/{obligation.public_id}")
            continue
        round_ = rounds.get(obligation.id, 0)
        public_id = known.get((*key, round_)) or _make(obligation.id, grant.id, purpose, round_)
        found[key] = MailLink("/l/", TOKEN_PURPOSE, public_id)
    db.session.flush()
    return found


def may_carry_links(task_force_id: int, agency_ids: Collection[int]) -> bool:
    """Return whether a mail about reports of these agencies would carry a link without password."""
    allowed = settings_of(task_force_id)
    kinds = queries.agency_kinds(set(agency_ids))
    return any(allowed.allow_links_to(kind) for kind in kinds.values())


def _make(obligation_id: int, grant_id: int, purpose: TokenPurpose, round_: int) -> str:
    public_id = secrets.token_urlsafe(16)
    token = derive_token(flask.current_app.config["SECRET_KEY"], TOKEN_PURPOSE, public_id)
    db.session.add(
        ReportLink(
            public_id=public_id,
            token_hash=token_hash(token),
            purpose=purpose,
            obligation_id=obligation_id,
            grant_id=grant_id,
            round=round_,
            created_at=now(),
        )
    )
    return public_id
