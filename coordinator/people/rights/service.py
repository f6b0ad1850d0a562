"""Giving a right for a time, and ending it early."""

from dataclasses import dataclass
from datetime import date

from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.formatting import plain_date
from coordinator.people.accounts.models import GrantedRight
from coordinator.people.accounts.notices import notify
from coordinator.people.directory.queries import task_force
from coordinator.people.rights import emails, queries
from coordinator.people.rights.rules import EARLIEST_START, last_possible_day
from coordinator.permissions import Permission, Right, Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class NewRight:
    """Which right is given to which access, from when until when (both days included)."""

    grant_id: int
    kind: Right
    from_on: date
    until_on: date


def _giver(by: Viewer) -> int:
    """Return the account of who gives. Raises NotAllowed."""
    if not by.may(Permission.GIVE_RIGHTS) or by.account_id is None:
        raise NotAllowed(_("Hanya Sekretariat yang dapat memberi hak ini."))
    return by.account_id


@transactional
def give_right(new: NewRight, *, by: Viewer) -> GrantedRight:
    """Give a right to an access of one's task force and send its person a mail.

    Raises NotAllowed, InvalidInput by field.
    """
    giver = _giver(by)
    on = today(by.zone)
    grant = queries.receiver(by, new.grant_id, on)
    if grant is None:
        raise InvalidInput({"grant": _("Pilih orang dari daftar yang ditemukan.")})
    _require_sound(new, on)
    until = queries.holds_until(by, grant.id, new.kind, new.from_on, new.until_on)
    if until is not None:
        raise InvalidInput(
            {"grant": _("Orang ini sudah memegang hak ini sampai %(day)s.", day=plain_date(until))}
        )
    right = GrantedRight(
        grant_id=grant.id,
        kind=new.kind,
        from_on=new.from_on,
        until_on=new.until_on,
        given_by_id=giver,
        given_at=now(),
    )
    db.session.add(right)
    db.session.flush()
    force = task_force(by)
    assert force is not None
    if grant.account.mail_address:
        notify(
            grant,
            emails.right_given(right=right, grant=grant, force=force),
            occasion=("right", right.public_id),
            kind="right_given",
            thread=f"right:{right.public_id}",
        )
    record(
        "right.given",
        by=by,
        subject=("account", grant.account.public_id),
        task_force_id=grant.task_force_id,
        agency_id=grant.agency_id,
        kind=new.kind.value,
        from_on=new.from_on.isoformat(),
        until_on=new.until_on.isoformat(),
    )
    return right


def _require_sound(new: NewRight, on: date) -> None:
    if new.until_on < new.from_on:
        raise InvalidInput({"until_on": _("Tanggal berakhir mendahului tanggal mulai.")})
    if new.until_on < on:
        raise InvalidInput({"until_on": _("Tanggal berakhir sudah lewat.")})
    if new.from_on < on - EARLIEST_START:
        raise InvalidInput(
            {
                "from_on": _(
                    "Paling awal %(day)s: hak tidak diberikan untuk waktu yang sudah lama lewat.",
                    day=plain_date(on - EARLIEST_START),
                )
            }
        )
    last_start = last_possible_day(on)
    if new.from_on > last_start:
        raise InvalidInput(
            {
                "from_on": _(
                    "Paling lambat %(day)s: satu tahun dari hari ini.", day=plain_date(last_start)
                )
            }
        )
    latest = last_possible_day(new.from_on)
    if new.until_on > latest:
        raise InvalidInput(
            {"until_on": _("Paling lama satu tahun: sampai %(day)s.", day=plain_date(latest))}
        )


@transactional
def end_right(public_id: str, *, by: Viewer) -> None:
    """End a right at once; one that has ended stays as it is. Raises NotAllowed, NotFound."""
    _giver(by)
    right = queries.right(by, public_id)
    if right is None:
        raise NotFound(_("Hak itu tidak ada."))
    if right.ended_at is not None:
        return
    right.ended_at = now()
    db.session.flush()
    record(
        "right.ended",
        by=by,
        subject=("account", right.grant.account.public_id),
        task_force_id=right.grant.task_force_id,
        agency_id=right.grant.agency_id,
        kind=right.kind.value,
    )
