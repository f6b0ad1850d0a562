"""Loading the demo through the same services that people use, and removing it as a whole."""

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as day_time
from decimal import Decimal
from itertools import cycle
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from PIL import Image, ImageDraw

from coordinator.assignments.changes.assigning import NewAssignment, assign_action
from coordinator.assignments.models import (
    Assignment,
    AssignmentParty,
    AssignmentTarget,
    PartyDuty,
)
from coordinator.assignments.obligations.extensions import grant_extension
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.rules import BasisKind
from coordinator.clock import frozen_time, today
from coordinator.db import db, transactional
from coordinator.demo.scenario import (
    ASSIGNED,
    DECISIONS_ASKED,
    FIXED,
    FOCAL_POINTS,
    NOTES,
    OUTCOMES_FIRST,
    OUTCOMES_OPEN,
    OUTCOMES_SECOND,
    OUTCOMES_SECOND_LEADS,
    PASSWORD,
    PEOPLE,
    PLACES,
    PUBLISHED_CARDS,
    QUESTION,
    TASK_FORCE,
    UNSEEN,
    Person,
)
from coordinator.errors import Conflict
from coordinator.mapping.answers import service as answers
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.duties import queries as duty_queries
from coordinator.oversight.cards.service import publish_card
from coordinator.oversight.opening.service import NewPeriod, open_new_period
from coordinator.people.accounts import passwords
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.people.directory.rules import (
    usual_heading,
    working_day_on_or_after,
    working_day_on_or_before,
)
from coordinator.people.directory.service import NewLetterhead, save_letterhead
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.rules import IndicatorKind, PartyKind
from coordinator.plans.versions.sample_service import bring_sample_plan
from coordinator.platform.audit.service import record
from coordinator.platform.files import storage
from coordinator.platform.files.receiving import Received
from coordinator.platform.files.rules import JPEG, Reading, Removed
from coordinator.reporting.decisions.service import request_decision
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.evidence.service import explain_reuse
from coordinator.reporting.reports.evidence_queries import REPORTS
from coordinator.reporting.reports.queries import latest_revision
from coordinator.reporting.reports.rules import AskedIndicator, ReturnReason, ShortfallReason
from coordinator.reporting.submission import service as submission
from coordinator.reporting.threads.service import write_comment
from coordinator.reporting.verification.returning_service import return_report
from coordinator.reporting.verification.rules import ReturnInput, VerifyInput
from coordinator.reporting.verification.service import verify_report

MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
SHARED_PHOTO = 12  # every so many reports
SHARED_REASON = "DATA CONTOH. Kegiatan bersama; fotonya satu."


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One line of `flask demo accounts --json`."""

    email: str
    password: str
    access: str
    agency: str | None
    task_force: str | None


def is_loaded() -> bool:
    """Return whether demo accounts are in the database."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Account.is_sample))))


def demo_accounts() -> list[DemoAccount]:
    """Return the demo accounts that are in the database."""
    rows = db.session.execute(
        sa.select(Account.email, AccessGrant.kind, Agency.slug, TaskForce.code)
        .join(AccessGrant, AccessGrant.account_id == Account.id)
        .outerjoin(Agency, Agency.id == AccessGrant.agency_id)
        .outerjoin(TaskForce, TaskForce.id == AccessGrant.task_force_id)
        .where(Account.is_sample)
        .order_by(Account.id)
    )
    return [
        DemoAccount(email, PASSWORD, kind.value, slug, code) for email, kind, slug, code in rows
    ]


def load_demo() -> None:
    """Load the demo: people, assignments, two past periods and an open one, reports in every state.

    One transaction, after the password is hashed. Raises Conflict where it is there already.
    """
    _load(passwords.hasher.hash(PASSWORD))


def _picture(number: int) -> Received:
    """Return a stored picture with a caption that says what it is."""
    image = Image.new("RGB", (480, 320), (200 - number * 12 % 90, 205, 190 + number * 8 % 60))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 200, 480, 320), fill=(150, 170 - number * 9 % 80, 120))
    draw.text((20, 20), f"DATA CONTOH - foto kegiatan {number}", fill=(20, 40, 40))
    out = io.BytesIO()
    image.save(out, "JPEG")
    data = out.getvalue()
    return Received(
        sha256=storage.store(data),
        size=len(data),
        media_type=JPEG,
        name=f"foto-kegiatan-{number}.jpg",
        reading=Reading.NONE,
        removed=frozenset({Removed.METADATA}),
    )


@transactional
def _load(password_hash: str) -> None:
    if is_loaded():
        raise Conflict("Data contoh sudah dimuat.")
    force = directory.task_force_by_code(TASK_FORCE)
    if force is None:
        raise Conflict("Muat pemetaan lebih dahulu.")
    subject, brought = ("task_force", TASK_FORCE), bring_sample_plan()
    _Demo(force).load(password_hash)
    record("demo.loaded", by=None, subject=subject, task_force_id=force.id, brought_plan=brought)


class _Demo:
    """One load. Everything goes through the services, as on the day it is said to have happened."""

    def __init__(self, force: TaskForce) -> None:
        self.force = force
        self.on = today(force.zone)
        self.days_off = directory.days_off()
        self.agencies = {
            agency.slug: agency
            for agency in db.session.scalars(sa.select(Agency).filter_by(task_force_id=force.id))
        }
        self.viewers: dict[str, Viewer] = {}
        self.obligation_place = 0
        self.asked = iter(DECISIONS_ASKED)

    def at(self, day: date, hour: int = 10) -> datetime:
        return datetime.combine(day, day_time(hour), ZoneInfo(self.force.zone))

    def load(self, password_hash: str) -> None:
        start = self.on - timedelta(days=150)
        with frozen_time(self.at(start)):
            for person in PEOPLE:
                self._add_person(person, password_hash)
        secretariat = self.viewers["sekretariat"]
        with frozen_time(self.at(self.on - timedelta(days=120))):
            self._assign(secretariat)
            self._write_letterhead(secretariat)
            for slug in PUBLISHED_CARDS:
                publish_card(slug, by=secretariat)
        self._answer()
        spans = (
            (2, -75, working_day_on_or_before(self.on - timedelta(days=35), self.days_off)),
            (1, -40, working_day_on_or_before(self.on - timedelta(days=4), self.days_off)),
            (0, -20, working_day_on_or_after(self.on + timedelta(days=3), self.days_off)),
        )
        for number, (months_ago, opens, closes_on) in enumerate(spans, start=1):
            self._period(number, months_ago, self.on + timedelta(days=opens), closes_on)

    def _add_person(self, person: Person, password_hash: str) -> None:
        agency = self.agencies[person.agency] if person.agency else None
        home = self.agencies[person.home] if person.home else agency
        is_admin = person.kind is AccessKind.ADMINISTRATOR
        account = accounts.add_person(
            accounts.NewPerson(
                email=person.email,
                name=person.name
                if not agency
                else person.name.replace(agency.slug, agency.abbreviation),
                kind=person.kind,
                task_force_id=None if is_admin else self.force.id,
                agency_id=agency.id if agency else None,
                home_agency_id=home.id if home else None,
                is_alternate=person.is_alternate,
                from_on=self.on - timedelta(days=150),
            ),
            by=None,
            is_sample=True,
        )
        accounts.store_password_hash(account.id, password_hash)
        # One focal point has not signed in for months: the secretariat's page lists one too.
        days = 75 if person.local_part == UNSEEN else 1 + len(self.viewers) % 9
        account.last_seen_at = self.at(self.on - timedelta(days=days))
        self.viewers[person.local_part] = Viewer(
            account_id=account.id,
            kind=person.kind,
            task_force_id=None if is_admin else self.force.id,
            agency_id=agency.id if agency else None,
            home_agency_id=home.id if home else None,
            zone=self.force.zone,
        )

    def _write_letterhead(self, by: Viewer) -> None:
        if directory.letterhead(self.force).version:
            return  # the secretariat wrote its own
        save_letterhead(
            NewLetterhead(
                lines=usual_heading(self.force.region),
                office="Sekretariat Gugus Tugas",
                telephone="(nomor contoh)",
                hours="Hari kerja 08.00–16.00 WITA",
            ),
            version=0,
            by=by,
            is_sample=True,
        )

    def _assign(self, by: Viewer) -> None:
        keys = {agency.key: agency.slug for agency in self.agencies.values()}
        actions = {
            action.code: action
            for strategy in plans.strategies(by)
            if strategy.plan.is_sample
            for action in strategy.actions
        }
        for place, (code, more) in enumerate(ASSIGNED.items(), start=1):
            action = actions[code]
            parties = [(c.kind, keys[c.agency_key]) for c in action.candidates]
            year = self.on.year
            assign_action(
                NewAssignment(
                    action_id=action.public_id,
                    lead=next(slug for kind, slug in parties if kind is PartyKind.LEAD),
                    support=(
                        *(slug for kind, slug in parties if kind is PartyKind.SUPPORT),
                        *more,
                    ),
                    basis_kind=BasisKind.MEETING if place % 3 else BasisKind.LETTER,
                    basis_reference="Rapat koordinasi (DATA CONTOH)"
                    if place % 3
                    else f"DATA CONTOH/{place:03d}",
                    basis_on=self.on - timedelta(days=125),
                    due_on=date(year, 12, 31) + timedelta(days=365 if self.on.month == 12 else 0),
                    targets={
                        indicator.id: target.value
                        for indicator in action.indicators
                        for target in indicator.targets
                        if target.year == year
                    },
                ),
                by=by,
                is_sample=True,
            )

    def _answer(self) -> None:
        """Heads answer, or focal points for them: two in three agencies accept, some of them only
        half their duties; Satpol PP asks about one duty; the rest are silent."""
        heads = {
            person.agency: person.local_part
            for person in PEOPLE
            if person.kind is AccessKind.AGENCY_HEAD
        }
        for place, slug in enumerate(FOCAL_POINTS):
            if place % 3 == 2 and slug not in heads:
                continue
            by = self.viewers[heads.get(slug, f"narahubung.{slug}")]
            shown = {link.duty_id for link in self._duties_in(("1.9", slug))}
            duties = duty_queries.duties(by, agency_id=self.agencies[slug].id)
            is_half = place % 5 == 4 and slug not in heads
            for duty in duties[::2] if is_half else duties:
                asks = slug == "satpol-pp" and duty.duty_id in shown
                with frozen_time(self.at(self.on - timedelta(days=9))):
                    answers.answer_duty(
                        duty.duty_id,
                        Answer.NEEDS_EXPLANATION if asks else Answer.ACCEPTED,
                        reason="DATA CONTOH. Apakah pemeriksaan izin usaha kewenangan DPMPTSP?"
                        if asks
                        else "",
                        by=by,
                    )

    def _duties_in(self, part: tuple[str, str]) -> list[PartyDuty]:
        code, slug = part
        return list(
            db.session.scalars(
                sa.select(PartyDuty)
                .join(AssignmentParty, AssignmentParty.id == PartyDuty.party_id)
                .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
                .join(ActionItem, ActionItem.id == Assignment.action_item_id)
                .where(ActionItem.code == code, AssignmentParty.agency_id == self.agencies[slug].id)
            )
        )

    def _period(self, number: int, months_ago: int, opens_on: date, closes_on: date) -> None:
        month = (self.on.year * 12 + self.on.month - 1) - months_ago
        year, index = divmod(month, 12)
        first = date(year, index + 1, 1)
        after = date(year + (index == 11), (index + 1) % 12 + 1, 1)
        with frozen_time(self.at(opens_on, 8)):
            period = open_new_period(
                self.force.id,
                NewPeriod(
                    year=year,
                    label=MONTHS.split()[index],
                    position=index + 1,
                    periods_in_year=12,
                    covers_from=first,
                    covers_until=after - timedelta(days=1),
                    opens_on=opens_on,
                    closes_on=closes_on,
                ),
                by=self.viewers["sekretariat"],
                is_sample=True,
            )
            if number == 2:
                grant_extension(
                    period.id,
                    self.agencies["dishub"].id,
                    until_on=working_day_on_or_after(self.on + timedelta(days=5), self.days_off),
                    reason="DATA CONTOH. Sistem penganggaran sedang dipindahkan.",
                    by=self.viewers["sekretariat"],
                )
        self._add_monthly_targets(period)
        pattern = (OUTCOMES_FIRST, OUTCOMES_SECOND, OUTCOMES_OPEN)[number - 1]
        by_kind = {
            PartyKind.SUPPORT: cycle(pattern),
            PartyKind.LEAD: cycle(OUTCOMES_SECOND_LEADS if number == 2 else pattern),
        }
        for obligation in db.session.scalars(
            sa.select(Obligation).where(Obligation.period_id == period.id).order_by(Obligation.id)
        ):
            party = obligation.party
            key = (party.assignment.action_item.code, party.agency.slug, number)
            self._report(obligation, FIXED.get(key) or next(by_kind[party.kind]), closes_on)

    def _add_monthly_targets(self, period: ReportingPeriod) -> None:
        """Give cumulative numbers a target for the month: the assignments are younger than the
        year, and a twelfth of its target is what a month owes."""
        for target in db.session.scalars(
            sa.select(AssignmentTarget)
            .join(Assignment, Assignment.id == AssignmentTarget.assignment_id)
            .where(
                Assignment.is_sample,
                AssignmentTarget.period_id.is_(None),
                AssignmentTarget.year == period.year,
            )
        ):
            if target.indicator.kind is IndicatorKind.NUMBER:
                db.session.add(
                    AssignmentTarget(
                        assignment_id=target.assignment_id,
                        indicator_id=target.indicator_id,
                        year=target.year,
                        period_id=period.id,
                        value=max(Decimal(1), round(target.value / 12)),
                    )
                )
        db.session.flush()

    def _report(self, obligation: Obligation, outcome: str, closes_on: date) -> None:
        self.obligation_place += 1
        slug = obligation.party.agency.slug
        writer = self.viewers.get(f"narahubung.{slug}")
        if outcome in ("none", "silent") or writer is None:
            return
        latest = min(closes_on, self.on) - timedelta(days=1)
        back = {"waiting": 14, "submitted": 2, "returned": 7}.get(outcome, 4)
        day = working_day_on_or_before(
            latest - timedelta(days=back - self.obligation_place % 2), self.days_off
        )
        kind = outcome if outcome in ("nil", "blocked") else "achievement"
        draft = self._draft(obligation, kind)
        with frozen_time(self.at(day, 9 + self.obligation_place % 6)):
            # Sometimes two agencies hand in the same photo of a joint activity.
            place = self.obligation_place
            number = place - 1 if place % SHARED_PHOTO == 0 else place
            files = [_picture(number)] if kind == "achievement" else []
            kept = drafts.save_draft(obligation.public_id, draft, version=0, files=files, by=writer)
            laid = sa.select(Evidence).where(Evidence.obligation_id == obligation.id)
            for one in db.session.scalars(laid).all():
                if one.needs_reason:
                    explain_reuse(one.public_id, SHARED_REASON, reports=REPORTS, by=writer)
            if outcome == "draft":
                return
            submission.submit_report(
                obligation.public_id,
                version=kept.version,
                form_key=f"demo-{obligation.public_id}",
                confirmed=True,
                by=writer,
                is_told=False,
            )
            asked = next(self.asked, None) if outcome == "blocked" else None
            if asked:
                request_decision(latest_revision(obligation), *asked, by=writer)
        if outcome == "waiting":
            with frozen_time(self.at(day, 16)):
                write_comment(obligation.public_id, QUESTION, by=self.viewers["sekretariat"])
        if outcome in ("submitted", "waiting"):
            return
        self._judge(obligation, outcome, day)

    def _draft(self, obligation: Obligation, kind: str) -> dict[str, str]:
        place = self.obligation_place
        draft = {
            "kind": kind,
            "note": NOTES[place % len(NOTES)],
            "place": PLACES[place % len(PLACES)],
        }
        if kind == "nil":
            draft["nil_reason"] = "DATA CONTOH. Tidak ada kegiatan pada bulan ini."
        if kind == "blocked":
            draft["blocked_by"] = "DATA CONTOH. Menunggu data dari instansi lain."
        targets = {
            target.indicator_id: target.value
            for target in obligation.party.assignment.targets
            if target.period_id is None
        }
        for indicator in drafts.asked_of(obligation):
            name = AskedIndicator(indicator.id, indicator.kind).field
            target = targets.get(indicator.id)
            if indicator.kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE):
                draft[name] = str(place % 2)
            elif indicator.kind is IndicatorKind.PERCENT:
                draft[name] = str(min(100, int(target or 80) - (place * 7) % 30 + 12))
            else:
                monthly = (target or Decimal(12)) / 12
                share = (Decimal("1.3"), Decimal(1), Decimal("0.7"), Decimal("1.1"))[place % 4]
                draft[name] = str(max(1, round(monthly * share)))
        return draft

    def _judge(self, obligation: Obligation, outcome: str, day: date) -> None:
        is_own = obligation.agency_id == self.agencies["biro-kesra"].id
        by = self.viewers["sekretariat2" if is_own else "sekretariat"]
        judged_on = min(working_day_on_or_after(day + timedelta(days=1), self.days_off), self.on)
        revision = latest_revision(obligation)
        with frozen_time(self.at(judged_on, 14)):
            if outcome == "returned":
                revise_by_on = working_day_on_or_after(self.on + timedelta(days=1), self.days_off)
                return_report(
                    obligation.public_id,
                    ReturnInput(
                        revision_number=1,
                        return_reason=ReturnReason.EVIDENCE_UNDATED,
                        remark="DATA CONTOH. Tambahkan tanggal pada berita acara.",
                        revise_by_on=revise_by_on,
                    ),
                    by=by,
                )
                return
            lowered = revision.values if outcome == "partial" else []
            values = {one.indicator_id: str(max(0, int(one.value) - 1)) for one in lowered}
            verify_report(
                obligation.public_id,
                VerifyInput(
                    revision_number=1,
                    identity_checked=True,
                    checked_files={row.evidence.public_id for row in revision.evidence},
                    values=values,
                    shortfall_reason=ShortfallReason.NO_DATED_REPORT if values else None,
                ),
                by=by,
            )
