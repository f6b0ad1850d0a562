"""The bridge to Flask-Login: who is signed in is a server-side row, not a cookie's claim."""

from dataclasses import dataclass

import flask_login

from coordinator.clock import DEFAULT_ZONE, now, today
from coordinator.db import db, if_possible
from coordinator.people.accounts import queries, service
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.accounts.rules import session_has_ended, touch_after
from coordinator.permissions import Viewer
from coordinator.platform.mail.rules import token_hash

login_manager = flask_login.LoginManager()
login_manager.session_protection = None  # the row is the protection


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a request: plain values, so that no transaction can expire them."""

    token: str
    session_id: int
    session_public_id: str
    account_id: int
    name: str
    email: str
    viewer: Viewer | None
    task_force_code: str
    region: str
    short_region: str
    agency: str

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what Flask-Login keeps in the signed cookie: the session's random token."""
        return self.token


def _viewer(grant: AccessGrant, account_id: int, home_agency_id: int | None) -> Viewer:
    return Viewer(
        account_id=account_id,
        kind=grant.kind,
        task_force_id=grant.task_force_id,
        agency_id=grant.agency_id,
        home_agency_id=home_agency_id,
        zone=grant.task_force.zone if grant.task_force else DEFAULT_ZONE,
    )


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_signed_in(token: str) -> SignedIn | None:
    """Return who holds this token, or None: ended, idle, disabled and unknown look the same."""
    session = queries.session_by_hash(token_hash(token))
    if session is None or session.ended_at is not None or not session.account.is_active:
        return None
    stamp = now()
    if session_has_ended(
        created_at=session.created_at,
        seen_at=session.seen_at,
        at=stamp,
        is_administrator=session.is_administrator,
    ):
        return None
    grant = session.grant
    if grant is not None and not grant.holds(today()):
        grant = None
    force = grant.task_force if grant else None
    person = SignedIn(
        token=token,
        session_id=session.id,
        session_public_id=session.public_id,
        account_id=session.account_id,
        name=session.account.name,
        email=session.account.email,
        viewer=_viewer(grant, session.account_id, session.account.home_agency_id)
        if grant
        else None,
        task_force_code=force.code if force else "",
        region=force.region if force else "",
        short_region=force.short_region if force else "",
        agency=grant.agency.abbreviation if grant and grant.agency else "",
    )
    if stamp - session.seen_at > touch_after(is_administrator=session.is_administrator):
        # A database that cannot be written now is no reason to refuse a page that only reads.
        with if_possible():
            service.touch_session(session.id)
    else:
        db.session.expunge_all()
    return person
