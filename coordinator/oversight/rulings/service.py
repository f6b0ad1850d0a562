"""The ruling: mapping, open assignments and obligations, precedent and mails in one transaction."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from coordinator import screening
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.mapping.answers import queries as answers
from coordinator.mapping.answers.models import DutyResponse, Precedent, Ruling
from coordinator.mapping.answers.rules import Outcome
from coordinator.mapping.duties.models import Duty
from coordinator.mapping.versions.queries import published
from coordinator.mapping.versions.service import publish
from coordinator.oversight.rulings import emails, settlement
from coordinator.oversight.rulings.effect import ruled_mapping, shared_id
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import recipients_of_agencies
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class NewRuling:
    """What the secretariat decided.

    `shared_reason` is written for other task forces; if empty, the ruling is not shared.
    """

    outcome: Outcome
    reason: str
    to_agency: str = ""
    new_text: str = ""
    shared_reason: str = ""


@transactional
def rule_on(public_id: str, new: NewRuling, *, by: Viewer) -> Ruling:
    """Rule on a question or refusal.

    Makes a mapping version; in open periods, moves or shares the obligations that depend on the
    duty; stores the ruling as a precedent if it has a reason for sharing; notifies both agencies.
    Raises NotAllowed, NotFound, InvalidInput, Conflict (ruled already, or the agency has answered
    again).
    """
    if not by.may(Permission.RULE_ON_DUTIES) or by.account_id is None:
        raise NotAllowed(_("Hanya Sekretariat yang dapat menetapkan."))
    response = answers.thread(by, public_id)
    if response is None:
        raise NotFound(_("Pertanyaan itu tidak ada."))
    held = answers.current_answers(by.own_task_force_id).get(response.duty_id)
    if response.ruling is not None or held is None or held.response_id != response.id:
        raise Conflict(_("Pertanyaan ini sudah tidak menunggu ketetapan. Muat ulang halaman."))
    receiver = _checked(new, response, by)
    force = db.session.get_one(TaskForce, by.own_task_force_id)
    mapping = published(force.id)
    if mapping is None:
        raise Conflict(_("Gugus tugas ini belum punya pemetaan."))
    key = response.duty.key
    copy_key = shared_id(mapping, key, receiver.key) if receiver else ""
    done = publish(
        ruled_mapping(
            mapping,
            key,
            new.outcome,
            to_agency=receiver.key if receiver else None,
            new_text=new.new_text.strip() or None,
        ),
        by=by,
        reason=_("Ketetapan atas pertanyaan %(agency)s", agency=response.agency.abbreviation),
        notify=False,
        even_if_same=True,
    )
    ruling = Ruling(
        response_id=response.id,
        outcome=new.outcome,
        reason=new.reason.strip(),
        to_agency_id=receiver.id if receiver else None,
        new_text=new.new_text.strip() if new.outcome is Outcome.REWORDED else None,
        mapping_version=done.number,
        ruled_by_id=by.account_id,
        ruled_at=now(),
    )
    db.session.add(ruling)
    db.session.flush()
    on = today(force.zone)
    moved = _settle_obligations(ruling, response, receiver, copy_key, on)
    if new.shared_reason.strip():
        _share(ruling, response, new.shared_reason.strip())
    _notify(ruling, response, receiver, force, on)
    record(
        "duty.ruled",
        by=by,
        subject=("duty", response.duty.public_id),
        agency_id=response.agency_id,
        outcome=new.outcome.value,
        receiver=receiver.key if receiver else None,
        mapping_version=done.number,
        obligations=moved,
    )
    return ruling


def _checked(new: NewRuling, response: DutyResponse, by: Viewer) -> Agency | None:  # noqa: C901
    problems: dict[str, str] = {}
    receiver = None
    if not new.reason.strip():
        problems["reason"] = _("Tulis alasan ketetapan")
    for field in ("reason", "new_text", "shared_reason"):
        if screening.blocks(getattr(new, field)):
            problems[field] = _("Ada angka seperti NIK di sini. Hapus angka itu.")
    if new.outcome in (Outcome.MOVED, Outcome.SHARED):
        receiver = db.session.scalar(
            sa.select(Agency).where(
                Agency.task_force_id == by.own_task_force_id,
                Agency.slug == new.to_agency,
                Agency.is_active,
            )
        )
        if receiver is None:
            problems["to_agency"] = _("Pilih instansi penerima")
        elif receiver.id == response.agency_id:
            problems["to_agency"] = _("Pilih instansi lain; tugas ini sudah pada instansi itu")
        elif receiver.is_court:
            problems["to_agency"] = _("Pengadilan hanya berbagi data dan tidak diberi tugas")
    if new.outcome is Outcome.REWORDED:
        if not new.new_text.strip():
            problems["new_text"] = _("Tulis bunyi tugas yang baru")
        elif new.new_text.strip() == response.revision.text:
            problems["new_text"] = _("Bunyi ini sama dengan yang sekarang")
    if problems:
        raise InvalidInput(problems)
    return receiver


def _settle_obligations(
    ruling: Ruling, response: DutyResponse, receiver: Agency | None, copy_key: str, on: date
) -> int:
    periods = settlement.open_periods(response.duty.task_force_id, on)
    settlement.add_exceptions(periods, ruling)
    if receiver is None:
        return settlement.extend_deadlines(response.duty_id, response.agency_id, on)
    if ruling.outcome is Outcome.MOVED:
        return settlement.move_duty(response.duty_id, response.agency_id, receiver, periods, on)
    copy = db.session.scalars(
        sa.select(Duty).where(
            Duty.task_force_id == response.duty.task_force_id, Duty.key == copy_key
        )
    ).one()
    settlement.extend_deadlines(response.duty_id, response.agency_id, on)
    return settlement.share_duty(
        response.duty_id, response.agency_id, receiver, copy.id, periods, on
    )


def _share(ruling: Ruling, response: DutyResponse, summary: str) -> None:
    db.session.add(
        Precedent(
            ruling_id=ruling.id,
            task_force_id=response.duty.task_force_id,
            duty_lineage=response.duty.lineage,
            agency_lineage=response.agency.lineage,
            receiver=ruling.to_agency.name if ruling.to_agency else None,
            duty_text=response.revision.text,
            summary=summary,
            shared_at=now(),
        )
    )
    db.session.flush()


def _notify(
    ruling: Ruling, response: DutyResponse, receiver: Agency | None, force: TaskForce, on: date
) -> None:
    told = [response.agency] + ([receiver] if receiver else [])
    people = recipients_of_agencies((agency.id for agency in told), on)
    for agency in told:
        for grant in people[agency.id]:
            notify(
                grant,
                emails.ruled(
                    ruling=ruling,
                    response=response,
                    agency=agency,
                    force=force,
                    is_sample=grant.account.is_sample,
                ),
                occasion=("ruling", ruling.public_id, agency.id),
                kind="ruled",
                thread=f"question:{response.public_id}",
            )
