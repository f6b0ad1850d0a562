"""Making, replacing and ending a person's calendar feed."""

import json
from datetime import date

from flask_babel import gettext as _

from coordinator.accounts import limiter
from coordinator.agenda import queries
from coordinator.agenda.models import CalendarFeed
from coordinator.audit.service import record
from coordinator.clock import DEFAULT_ZONE, now, today
from coordinator.db import db, random_id, transactional
from coordinator.errors import NotAllowed, NotFound
from coordinator.mail.rules import derive_token, token_hash
from coordinator.permissions import Permission, Viewer

PURPOSE = "kalender"


def token_of(feed: CalendarFeed, secret_key: str) -> str:
    """Return a feed's token, made again: no table holds it."""
    return derive_token(secret_key, PURPOSE, feed.public_id)


@transactional
def make_feed(*, by: Viewer, secret_key: str) -> CalendarFeed:
    """Give the viewer's access a feed, or a new address for it: the old one is dead at once.

    Raises NotAllowed (no access in force).
    """
    grant = queries.own_grant(by, today(by.zone))
    if grant is None or not by.may(Permission.SEE_PERIODS):
        raise NotAllowed(_("Akses Anda tidak punya kalender."))
    feed = queries.own_feed(by, today(by.zone))
    if feed is None:
        feed = CalendarFeed(grant_id=grant.id)
        db.session.add(feed)
    feed.public_id = random_id()
    feed.token_hash = token_hash(token_of(feed, secret_key))
    feed.made_at = now()
    db.session.flush()
    record("calendar_feed.made", by=by, subject=("access_grant", grant.id))
    return feed


@transactional
def end_feed(*, by: Viewer) -> None:
    """End the viewer's feed; where there is none, nothing happens."""
    feed = queries.own_feed(by, today(by.zone))
    if feed is None:
        return
    db.session.delete(feed)
    db.session.flush()
    record("calendar_feed.ended", by=by, subject=("access_grant", feed.grant_id))


def reader_of(token: str, *, address: str) -> Viewer:
    """Return whose calendar a token opens.

    A right token is answered whatever others try from the same network; wrong ones, and those of an
    access that is over, are counted. Raises NotFound, TooManyAttempts.
    """
    feed = queries.feed_by_hash(token_hash(token))
    grant = feed.grant if feed else None
    zone = grant.task_force.zone if grant and grant.task_force else DEFAULT_ZONE
    if grant is None or not grant.holds(today(zone)) or not grant.account.is_active:
        limiter.count_stranger("calendar", address)
        raise NotFound(_("Kalender itu tidak ada. Ambil alamat baru dari halaman Kalender."))
    return Viewer(
        account_id=grant.account_id,
        kind=grant.kind,
        task_force_id=grant.task_force_id,
        agency_id=grant.agency_id,
        home_agency_id=grant.account.home_agency_id,
        zone=zone,
    )


def feed_content(viewer: Viewer, *, on: date, base_url: str) -> bytes:
    """Return what the feed's writer (`agenda.feedwriter`) needs: the same as long as nothing has
    changed, so that its hash can be the feed's ETag."""
    payload = {
        "name": _("Koordinator TPPO"),
        "events": [
            {
                "uid": f"{event.uid}@koordinator-tppo",
                "on": event.on.isoformat(),
                "summary": event.summary,
                "url": base_url + event.path,
                "sequence": event.sequence,
                "changed_at": event.changed_at.isoformat(),
                "alarm": event.is_alarmed and event.on >= on,
            }
            for event in queries.events(viewer, on)
            if event.on >= on - queries.LOOK_BACK
        ],
    }
    return json.dumps(payload, ensure_ascii=False, sort_keys=True).encode()
