"""Making, replacing and ending a person's calendar feed."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.exc import DBAPIError

from coordinator import logs
from coordinator.clock import DEFAULT_ZONE, now, today
from coordinator.db import db, random_id, transactional
from coordinator.errors import NotAllowed, NotFound
from coordinator.oversight.calendar import queries
from coordinator.oversight.calendar.models import CalendarEntry, CalendarFeed
from coordinator.people.accounts import limiter
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.rules import derive_token, token_hash
from coordinator.translation import gettext as _

PURPOSE = "kalender"
FIRST_SECOND = datetime(2020, 1, 1, tzinfo=UTC)  # revisions count seconds from here: 31 bits last


def token_of(feed: CalendarFeed, secret_key: str) -> str:
    """Derive a feed's token again: no table stores it."""
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


def reader_of(token: str, *, address: str) -> tuple[int, Viewer]:
    """Return the id of the feed that a token opens, and whose calendar it is.

    A valid token always works, regardless of failed attempts from the same network; wrong tokens
    and those of an ended access are counted. Raises NotFound, TooManyAttempts.
    """
    feed = queries.feed_by_hash(token_hash(token))
    grant = feed.grant if feed else None
    zone = grant.task_force.zone if grant and grant.task_force else DEFAULT_ZONE
    if feed is None or grant is None or not grant.holds(today(zone)) or not grant.account.is_active:
        limiter.count_stranger("calendar", address)
        raise NotFound(_("Kalender itu tidak ada. Ambil alamat baru dari halaman Kalender."))
    return feed.id, Viewer(
        account_id=grant.account_id,
        kind=grant.kind,
        task_force_id=grant.task_force_id,
        agency_id=grant.agency_id,
        home_agency_id=grant.account.home_agency_id,
        zone=zone,
    )


def feed_content(feed_id: int, viewer: Viewer, *, on: date, base_url: str) -> bytes:
    """Return what the feed's writer (`agenda.feedwriter`) needs.

    The result is the same as long as nothing has changed, so that its hash can be the feed's ETag.
    A changed event gets a higher revision, which is stored. If the database is read-only, the feed
    still works.
    """
    said = _said(viewer, on=on, base_url=base_url)
    known = {uid: _Revision.of(row) for uid, row in queries.entries(feed_id).items()}
    revisions = _revised(said, known)
    if revisions != known:
        try:
            said, revisions = _keep_revisions(feed_id, viewer, on=on, base_url=base_url)
        except DBAPIError as error:
            # A read-only database: the clock's number rises as well.
            logs.trouble("the revisions of a calendar could not be kept", error)
    payload = {
        "name": _("Koordinator TPPO"),
        "events": [
            {
                **one,
                "sequence": revisions[uid].sequence,
                "changed_at": revisions[uid].changed_at.isoformat(),
            }
            for uid, one in said.items()
        ],
    }
    return json.dumps(payload, ensure_ascii=False, sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class _Revision:
    fingerprint: str
    sequence: int
    changed_at: datetime

    @classmethod
    def of(cls, row: CalendarEntry) -> "_Revision":
        return cls(row.fingerprint, row.sequence, row.changed_at)


def _said(viewer: Viewer, *, on: date, base_url: str) -> dict[str, dict[str, Any]]:
    """Return what the feed says of each event, by UID, without its revision."""
    return {
        event.uid: {
            "uid": f"{event.uid}@koordinator-tppo",
            "on": event.on.isoformat(),
            "summary": event.summary,
            "url": base_url + event.path,
            "alarm": event.is_alarmed and event.on >= on,
        }
        for event in queries.events(viewer, on)
        if event.on >= on - queries.LOOK_BACK
    }


def _revised(said: dict[str, dict[str, Any]], known: dict[str, _Revision]) -> dict[str, _Revision]:
    """Return the revision of each event.

    A new event is numbered by the clock, so that its revision is higher than any that a calendar
    saw before the event was removed.
    """
    stamp = now().replace(microsecond=0)
    number = int((stamp - FIRST_SECOND).total_seconds())
    found = {}
    for uid, one in said.items():
        text = json.dumps(one, sort_keys=True).encode()
        fingerprint = hashlib.sha256(text).hexdigest()
        former = known.get(uid)
        if former is not None and former.fingerprint == fingerprint:
            found[uid] = former
        elif former is None:
            found[uid] = _Revision(fingerprint, number, stamp)
        else:
            found[uid] = _Revision(
                fingerprint, max(number, former.sequence + 1), max(stamp, former.changed_at)
            )
    return found


@transactional
def _keep_revisions(
    feed_id: int, viewer: Viewer, *, on: date, base_url: str
) -> tuple[dict[str, dict[str, Any]], dict[str, _Revision]]:
    """Read the events again and store their revisions.

    Both happen in one transaction, so that two web servers never give one number to two texts.
    """
    said = _said(viewer, on=on, base_url=base_url)
    rows = queries.entries(feed_id)
    revisions = _revised(said, {uid: _Revision.of(row) for uid, row in rows.items()})
    for uid, row in rows.items():
        if uid not in revisions:
            db.session.delete(row)
    for uid, revision in revisions.items():
        row = rows.get(uid) or CalendarEntry(feed_id=feed_id, uid=uid)
        row.fingerprint = revision.fingerprint
        row.sequence = revision.sequence
        row.changed_at = revision.changed_at
        db.session.add(row)
    db.session.flush()
    return said, revisions
