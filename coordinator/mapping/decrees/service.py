"""Entering a signed decree: one new mapping version, one mail a person, in one transaction."""

from collections.abc import Sequence
from datetime import date

from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed
from coordinator.free_text import refuse_identity
from coordinator.mapping.decrees import queries
from coordinator.mapping.decrees.effect import (
    LONGEST_NUMBER,
    AgencyEffect,
    Choice,
    NewDecree,
    decreed_mapping,
    effects,
    known_choice,
    newer_decrees,
    without,
)
from coordinator.mapping.decrees.models import MappingDecree
from coordinator.mapping.duties.differences import MappingDifference, by_agency
from coordinator.mapping.duties.models import LegalInstrument
from coordinator.mapping.duties.queries import current_version
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions import emails
from coordinator.mapping.versions.queries import mail_thread, published, used_keys
from coordinator.mapping.versions.service import MAIL_KIND, publish
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import recipients_of_agencies
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.queries import agencies_by_key
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.files.receiving import Received
from coordinator.platform.files.rules import PDF
from coordinator.platform.files.service import stored_file
from coordinator.platform.versioned_documents.publication import Publication
from coordinator.translation import gettext as _

FIRST_YEAR = 2007  # of UU 21/2007, which the task forces rest on


def checked(new: NewDecree, choice: Choice, scan: Received | None, *, by: Viewer) -> NewDecree:
    """Return a decree as it may be entered, its texts trimmed.

    Raises NotAllowed, InvalidInput by field: what is missing, a day to come, an identity number,
    a decree that was entered before, a scan that is no PDF, an empty choice.
    """
    if not by.may(Permission.EDIT_MAPPING) or by.account_id is None:
        raise NotAllowed(_("Hanya Sekretariat yang dapat mencatat SK."))
    new = NewDecree(
        " ".join(new.number.split()),
        new.signed_on,
        " ".join(new.about.split()).rstrip("."),
        " ".join(new.office.split()),
    )
    refuse_identity(number=new.number, about=new.about, office=new.office)
    problems = {
        name: text
        for name, text in (
            ("number", _("Tulis nomor SK.") if not new.number else ""),
            ("about", _("Tulis tentang apa SK itu.") if not new.about else ""),
            ("office", _("Tulis jabatan yang menandatangani.") if not new.office else ""),
            ("signed_on", _day_to_come(new.signed_on, by)),
            ("scan", _no_scan(scan)),
            ("choice", "" if len(choice) else _("Centang paling sedikit satu tugas.")),
        )
        if text
    }
    if len(new.number) > LONGEST_NUMBER:
        problems["number"] = _("Paling panjang %(n)s karakter.", n=LONGEST_NUMBER)
    known = queries.version_of(by, new.number, new.signed_on)
    if known is not None:
        problems["number"] = _(
            "SK dengan nomor dan tanggal ini sudah dicatat; lihat versi %(n)s.", n=known
        )
    if problems:
        raise InvalidInput(problems)
    return new


def _day_to_come(signed_on: date, by: Viewer) -> str:
    if signed_on.year < FIRST_YEAR:
        return _("SK gugus tugas ini tidak mungkin lebih tua dari %(year)s.", year=FIRST_YEAR)
    if signed_on <= today(by.zone):
        return ""
    return _("Tanggal ini belum tiba. Catat SK setelah ditandatangani.")


def _no_scan(scan: Received | None) -> str:
    if scan is None:
        return _("Lampirkan salinan SK yang sudah ditandatangani (PDF).")
    return "" if scan.media_type == PDF else _("Salinan SK harus PDF.")


@transactional
def enter_decree(
    new: NewDecree,
    choice: Choice,
    scan: Received | None,
    *,
    seen_version: int,
    by: Viewer,
    takes_newer: bool = False,
) -> MappingDecree:
    """Publish the mapping in force with what was chosen set by the decree, and notify the agencies.

    `seen_version` is the version that was looked at. What rests on a decree signed later stays with
    it, unless `takes_newer`. Raises NotAllowed, InvalidInput (see
    `checked`), Conflict (another version was published since).
    """
    new = checked(new, choice, scan, by=by)
    assert scan is not None
    force = db.session.get_one(TaskForce, by.own_task_force_id)
    version, mapping = current_version(force.id), published(force.id)
    if version is None or mapping is None:
        raise Conflict(_("Gugus tugas ini belum punya pemetaan."))
    if version.number != seen_version:
        raise Conflict(
            _(
                "Sejak halaman ini dibuka sudah terbit versi %(n)s. Periksa lagi sebelum "
                "menerbitkan.",
                n=version.number,
            )
        )
    choice = known_choice(mapping, choice)
    if not takes_newer:
        choice = without(choice, newer_decrees(mapping, new.signed_on, choice)[0])
        if not len(choice):
            raise InvalidInput(
                {"choice": _("Semua yang dicentang berdasar SK yang lebih baru; pilih yang lain.")}
            )
    after, key = decreed_mapping(mapping, new, choice, taken=used_keys(by, LegalInstrument))
    done = publish(
        after,
        by=by,
        reason=new.title[:300],
        effective_on=queries.effective_day(by, new.signed_on),
        notify=False,
        even_if_same=True,
    )
    row = _kept(new, choice, scan, done.number, by)
    mails = _notify(force, new, mapping, choice, done)
    record(
        "mapping.decreed",
        by=by,
        subject=("mapping_decree", row.public_id),
        task_force_id=force.id,
        instrument=key,
        mapping_version=done.number,
        duties=row.duties,
        memberships=row.memberships,
        mails=mails,
    )
    return row


def _kept(
    new: NewDecree, choice: Choice, scan: Received, version: int, by: Viewer
) -> MappingDecree:
    assert by.account_id is not None
    row = MappingDecree(
        task_force_id=by.own_task_force_id,
        number=new.number,
        signed_on=new.signed_on,
        about=new.about,
        office=new.office,
        file_id=stored_file(scan, field="scan").id,
        file_name=scan.name,
        mapping_version=version,
        duties=len(choice.duties),
        memberships=len(choice.memberships),
        recorded_by_id=by.account_id,
        recorded_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def told(mapping: Mapping, choice: Choice) -> Sequence[AgencyEffect]:
    """Return the agencies that a decree changes something for: those that get a mail."""
    return [one for one in effects(mapping, choice) if one.duties or one.memberships]


def _notify(
    force: TaskForce,
    new: NewDecree,
    mapping: Mapping,
    choice: Choice,
    done: Publication[MappingDifference],
) -> int:
    """Queue one mail to each head and focal point of the agencies; return how many."""
    known = agencies_by_key(force.id)
    changed = by_agency(done.differences)
    touched = [one for one in told(mapping, choice) if one.key in known]
    people = recipients_of_agencies((known[one.key].id for one in touched), today(force.zone))
    groups = {part.id: f"Pokja {part.number} {part.short}" for part in mapping.working_groups}
    counts = queries.all_answer_counts(force.id)
    count = 0
    for one in touched:
        agency = known[one.key]
        answered, waiting = counts.get(agency.id, (0, 0))
        news = emails.DecreeNews(
            name=new.name,
            duties=[part.text for part in one.duties],
            memberships=[groups.get(part.working_group, "") for part in one.memberships],
            left=len(one.left),
            answered=answered,
            waiting=waiting,
        )
        for grant in people[agency.id]:
            notify(
                grant,
                emails.mapping_changed(
                    agency=agency,
                    kind=grant.kind,
                    number=done.number,
                    differences=changed.get(one.key, []),
                    to_do="",
                    force=force,
                    is_sample=grant.account.is_sample,
                    decree=news,
                ),
                occasion=("mapping", force.code, done.number, agency.key),
                kind=MAIL_KIND,
                thread=mail_thread(force.code, done.number),
            )
            count += 1
    return count
