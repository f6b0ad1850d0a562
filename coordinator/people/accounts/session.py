"""The bridge to Flask-Login: who is signed in is a server-side row, not a cookie's claim."""

from dataclasses import dataclass

import flask_login

from coordinator.clock import DEFAULT_ZONE, now, today
from coordinator.db import if_possible
from coordinator.people.accounts import service
from coordinator.people.accounts.rules import session_has_ended, touch_after
from coordinator.people.accounts.session_queries import GrantRow, SessionRow, session_by_hash
from coordinator.people.directory.rules import short_region
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.rules import token_hash

login_manager = flask_login.LoginManager()
login_manager.session_protection = None  # the session row is the protection


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


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_signed_in(token: str) -> SignedIn | None:
    """Return who holds this token, or None: ended, idle, disabled and unknown look the same."""
    session = session_by_hash(token_hash(token), today())
    if session is None or session.ended_at is not None or not session.is_account_active:
        return None
    stamp = now()
    is_administrator = session.grant is not None and session.grant.kind is AccessKind.ADMINISTRATOR
    if session_has_ended(
        created_at=session.created_at,
        seen_at=session.seen_at,
        at=stamp,
        is_administrator=is_administrator,
    ):
        return None
    grant = session.grant if session.grant and session.grant.holds(today()) else None
    person = SignedIn(
        token=token,
        session_id=session.id,
        session_public_id=session.public_id,
        account_id=session.account_id,
        name=session.name,
        email=session.email,
        viewer=_viewer(session, grant) if grant else None,
        task_force_code=grant.task_force_code if grant else "",
        region=grant.region if grant else "",
        short_region=short_region(grant.region) if grant else "",
        agency=grant.agency if grant else "",
    )
    if stamp - session.seen_at > touch_after(is_administrator=is_administrator):
        # A page that only reads must work even if the database cannot be written now.
        with if_possible():
            service.touch_session(session.id)
    return person


def _viewer(session: SessionRow, grant: GrantRow) -> Viewer:
    return Viewer(
        account_id=session.account_id,
        kind=grant.kind,
        task_force_id=grant.task_force_id,
        agency_id=grant.agency_id,
        home_agency_id=session.home_agency_id,
        zone=grant.zone or DEFAULT_ZONE,
        rights=grant.rights,
    )
