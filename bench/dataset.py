"""Data sets on SQLite, written with bulk inserts into the application's own migrated schema.

Built once and kept in `var/bench`, under a name that holds a hash of the schema, the seed, its
writer and the month: a change of any of them triggers a rebuild.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import flask
import sqlalchemy as sa

import config
from bench.files import fold_in, require_sound
from bench.sets import DAYS, OPEN_ROWS, POSTERS, Spec
from coordinator.app import create_app
from coordinator.assignments.models import Assignment, AssignmentParty, AssignmentTarget, PartyDuty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.rules import BasisKind
from coordinator.clock import today
from coordinator.db import Base, db
from coordinator.mapping.answers.models import DutyResponse
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.duties.models import Duty, DutyRevision, WorkingGroup
from coordinator.mapping.duties.queries import current_version
from coordinator.oversight.matrix import summary_service as matrix_summary
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.accounts.passwords import hasher
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.people.directory.rules import AgencyKind
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind
from coordinator.plans.actions.models import ActionItem, Indicator, Strategy
from coordinator.plans.actions.rules import Accumulation, Better, IndicatorKind, PartyKind
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.preparation import load_seed
from coordinator.reporting.reports.models import (
    IndicatorValue,
    Report,
    ReportRevision,
    Verification,
    VerifiedValue,
)
from coordinator.reporting.reports.rules import (
    ReportKind,
    ReportState,
    ReturnReason,
    SubmittedVia,
    Verdict,
)

CACHE = config.ROOT / "var" / "bench"
PASSWORD = "ukuran yang jujur dan tenang"
SECRET_KEY = "bench-secret-key"


@dataclass
class Facts:
    """What a measurement needs to know of a data set."""

    task_force_id: int = 0
    agency_id: int = 0
    period_id: int = 0
    period_public_id: str = ""
    obligations: int = 0
    in_open_period: int = 0
    focal_point: str = ""
    secretariat: str = ""
    leadership: str = ""
    posters: list[str] = field(default_factory=list)
    to_post: list[list[str]] = field(default_factory=list)  # public ids, by poster
    with_history: list[str] = field(default_factory=list)  # reports with the longest history


@dataclass(frozen=True)
class Ready:
    """A data set on disk."""

    path: Path
    facts: Facts


def settings_for(folder: Path, database: Path, **environ: str) -> dict[str, str]:
    """Return the environment of the product on a data set, with mail off."""
    return {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{database}",
        "SECRET_KEY": SECRET_KEY,
        "HOST": "127.0.0.1",
        "DEMO": "off",
        "MAIL_MODE": "hold",
        **environ,
    }


def app_on(folder: Path, database: Path, **environ: str) -> flask.Flask:
    """Return the product's application on a data set, in this process."""
    return create_app(config.load(settings_for(folder, database, **environ)))


def _key() -> str:
    digest = hashlib.sha256(today().strftime("%Y-%m").encode())
    sources = [
        *sorted((config.ROOT / "migrations" / "versions").glob("*.py")),
        *sorted((config.ROOT / "seed").glob("*.yaml")),
        Path(__file__),
        Path(__file__).with_name("sets.py"),
    ]
    for path in sources:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def prepare(spec: Spec) -> Ready:
    """Return a data set, built if the cache has none. Never write to what it returns."""
    CACHE.mkdir(parents=True, exist_ok=True)
    key = _key()
    for old in CACHE.glob("*.db"):
        if not old.stem.endswith(key):
            old.unlink()
            old.with_suffix(".json").unlink(missing_ok=True)
    path = CACHE / f"{spec.name}-{key}.db"
    facts_file = path.with_suffix(".json")
    if path.exists() and facts_file.exists():
        return Ready(path, Facts(**json.loads(facts_file.read_text())))
    began = time.perf_counter()
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    shutil.copyfile(seeded(), partial)
    facts = _fill(partial, spec)
    require_sound(partial)
    facts_file.write_text(json.dumps(asdict(facts)))
    partial.rename(path)
    took = time.perf_counter() - began
    print(f"built {spec.name}: {facts.obligations:,} obligations in {took:.1f} s", flush=True)
    return Ready(path, facts)


def migrate(settings: dict[str, str]) -> None:
    """Bring the database that the settings name to the newest schema."""
    subprocess.run(
        [sys.executable, "-m", "flask", "db", "upgrade"],
        cwd=config.ROOT,
        env={**os.environ, **settings},
        check=True,
        capture_output=True,
    )


def seeded() -> Path:
    """Return a migrated and seeded database without people; made once."""
    path = CACHE / f"seeded-{_key()}.db"
    if path.exists():
        return path
    CACHE.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    migrate(settings_for(CACHE, partial))
    with app_on(CACHE, partial).app_context():
        load_seed(with_sample_plan=True)
        db.session.remove()
        db.engine.dispose()
    fold_in(partial)
    partial.rename(path)
    return path


def _fill(path: Path, spec: Spec) -> Facts:
    app = app_on(CACHE, path)
    with app.app_context(), db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-200000"):
            driver.execute(f"PRAGMA {pragma}")
        facts = _Filler(connection.execution_options(writing=True), spec).fill()
        connection.commit()
    with app.app_context():
        matrix_summary.rebuild()
        db.session.remove()
        db.engine.dispose()
    fold_in(path)
    return facts


def _at(day: date, hour: int = 3) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


class _Filler:
    """Writes one data set. Ids are counted here, so that rows can point at rows not yet sent."""

    FLUSH = 20_000

    def __init__(self, connection: sa.Connection, spec: Spec) -> None:
        self.connection = connection
        self.spec = spec
        self.on = today()
        self.rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
        self.next_ids: dict[type[Base], int] = {}
        self.facts = Facts()

    def add(self, model: type[Base], **values: Any) -> int:
        """Add a row to the pending rows of its table; return its id."""
        if model not in self.next_ids:
            newest = self.connection.scalar(sa.select(sa.func.max(model.__table__.c.id)))
            self.next_ids[model] = (newest or 0) + 1
        number = self.next_ids[model]
        self.next_ids[model] = number + 1
        rows = self.rows[model]
        rows.append({"id": number, **values})
        if len(rows) >= self.FLUSH:
            self._send(model)
        return number

    def _send(self, model: type[Base]) -> None:
        """Write a table's rows through the driver, each distinct value converted only once."""
        rows = self.rows.pop(model, [])
        if not rows:
            return
        if model is Report:
            self._send(Obligation)  # which the triggers of reports mark as sent
        columns = [c for c in model.__table__.columns if c.key in rows[0] or c.default is not None]
        filled: list[Any] = []
        for column in columns:
            convert = column.type.dialect_impl(self.connection.dialect).bind_processor(
                self.connection.dialect
            )
            default = column.default.arg if column.default is not None else None
            is_needed = any(column.key not in row for row in rows)
            fallback = default(None) if callable(default) and is_needed else default
            known: dict[Any, Any] = {}
            values = []
            for row in rows:
                value = row.get(column.key, fallback)
                if convert is None or isinstance(value, dict | list):
                    values.append(convert(value) if convert else value)
                else:
                    if value not in known:
                        known[value] = convert(value)
                    values.append(known[value])
            filled.append(values)
        names = ", ".join(f'"{column.name}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        driver: Any = self.connection.connection.driver_connection
        driver.executemany(
            f"INSERT INTO {model.__tablename__} ({names}) VALUES ({marks})",
            zip(*filled, strict=True),
        )

    def fill(self) -> Facts:
        """Write everything."""
        self.force = self.connection.execute(
            sa.select(TaskForce.id).where(TaskForce.code == "64")
        ).scalar_one()
        self.facts.task_force_id = self.force
        self._agencies()
        self._people()
        self._answers()
        self._periods()
        self._items()
        for model in list(self.rows):
            self._send(model)
        return self.facts

    def _agencies(self) -> None:
        found = list(
            self.connection.scalars(
                sa.select(Agency.id)
                .where(Agency.task_force_id == self.force, Agency.kind != AgencyKind.PENGADILAN)
                .order_by(Agency.id)
                .limit(self.spec.agencies)
            )
        )
        found.extend(
            self.add(
                Agency,
                task_force_id=self.force,
                key=f"uji-{n}",
                slug=f"uji-{n}",
                lineage=f"uji-{n}",
                name=f"Dinas Uji {n}",
                abbreviation=f"Disuji{n}",
                kind=AgencyKind.PERANGKAT_DAERAH,
                is_active=True,
            )
            for n in range(self.spec.agencies - len(found))
        )
        self.agencies = found
        self.groups = list(
            self.connection.scalars(
                sa.select(WorkingGroup.id)
                .where(WorkingGroup.task_force_id == self.force)
                .order_by(WorkingGroup.position)
            )
        )
        self.facts.agency_id = found[0]

    def _person(self, name: str, kind: AccessKind, agency_id: int | None) -> int:
        account = self.add(
            Account,
            public_id=f"p-{name}",
            email=f"{name}@bench.example",
            name=f"Orang {name}",
            password_hash=self.hash,
            home_agency_id=agency_id,
            is_active=True,
            is_sample=False,
            created_at=_at(self.on - timedelta(days=400)),
        )
        self.add(
            AccessGrant,
            account_id=account,
            kind=kind,
            task_force_id=self.force,
            agency_id=agency_id,
            is_alternate=False,
            from_on=self.on - timedelta(days=400),
        )
        return account

    def _people(self) -> None:
        self.hash = hasher.hash(PASSWORD)
        self.verifier = self._person("sekretariat", AccessKind.SECRETARIAT, None)
        self._person("pimpinan", AccessKind.LEADERSHIP, None)
        self.writers = [
            self._person(f"opd{n}", AccessKind.FOCAL_POINT, agency)
            for n, agency in enumerate(self.agencies)
        ]
        self.facts.secretariat = "sekretariat@bench.example"
        self.facts.leadership = "pimpinan@bench.example"
        self.facts.focal_point = "opd0@bench.example"
        self.facts.posters = [f"opd{n}@bench.example" for n in range(1, POSTERS + 1)]
        self.facts.to_post = [[] for _ in range(POSTERS)]

    def _answers(self) -> None:
        """Add an acceptance of every duty, as in an active task force."""
        self.duties: dict[int, list[int]] = defaultdict(list)
        by_agency = dict(zip(self.agencies, self.writers, strict=True))
        for revision, duty, agency in self.connection.execute(
            sa.select(DutyRevision.id, DutyRevision.duty_id, DutyRevision.agency_id)
            .join(Duty, Duty.id == DutyRevision.duty_id)
            .where(Duty.task_force_id == self.force, DutyRevision.until.is_(None))
        ).all():
            self.duties[agency].append(duty)
            if agency in by_agency:
                self.add(
                    DutyResponse,
                    public_id=f"j{duty}-{agency}",
                    duty_id=duty,
                    duty_revision_id=revision,
                    agency_id=agency,
                    answer=Answer.ACCEPTED,
                    answered_by_id=by_agency[agency],
                    answered_as=AccessKind.FOCAL_POINT,
                    answered_at=_at(self.on - timedelta(days=300)),
                )

    def _periods(self) -> None:
        version = current_version(self.force)
        db.session.rollback()
        closed = len(self.spec.revisions)
        self.periods: list[tuple[int, date]] = []  # (id, last day of its window)
        for n in range(closed + 1):
            covers_until = self.on - timedelta(days=DAYS * (closed - n) + 5)
            closes_on = covers_until + timedelta(days=20)
            public_id = f"periode-{n}"
            number = self.add(
                ReportingPeriod,
                public_id=public_id,
                task_force_id=self.force,
                year=self.on.year,
                label=f"Bulan {n + 1}",
                position=n + 1,
                periods_in_year=closed + 1,
                covers_from=covers_until - timedelta(days=DAYS - 1),
                covers_until=covers_until,
                opens_on=covers_until + timedelta(days=1),
                closes_on=closes_on,
                mapping_version=version.number if version else 1,
                opened_at=_at(covers_until),
                is_sample=False,
            )
            self.periods.append((number, closes_on))
        self.facts.period_id = number
        self.facts.period_public_id = public_id

    def _items(self) -> None:
        strategy, plan = self.connection.execute(
            sa.select(Strategy.id, Strategy.plan_id).order_by(Strategy.id).limit(1)
        ).one()
        groups = self.connection.execute(sa.select(WorkingGroup.id, WorkingGroup.key)).all()
        keys = {row.id: row.key for row in groups}
        open_rows = 0
        for n in range(self.spec.items):
            group = self.groups[n // self.spec.agencies % len(self.groups)]
            item = self.add(
                ActionItem,
                public_id=f"a{n}",
                plan_id=plan,
                strategy_id=strategy,
                position=1000 + n,
                key=f"uji-{n}",
                code=f"U.{n}",
                title=f"Pengawasan lembaga pelatihan kerja dan perusahaan penempatan ke-{n}",
                question="Berapa kegiatan pengawasan yang dilakukan?",
                working_group_key=keys[group],
                tag="koordinasi",
                origin="data uji",
            )
            indicator = self.add(
                Indicator,
                action_item_id=item,
                position=1,
                key=f"uji-{n}",
                name="Kegiatan pengawasan",
                unit="kegiatan",
                kind=IndicatorKind.NUMBER,
                better=Better.UP,
                accumulation=Accumulation.CUMULATIVE,
            )
            lead = n % self.spec.agencies
            # The measured agency has its full share of items; those beyond the fifty it still
            # owes were closed before the open period.
            is_closed = self.spec.parties == 1 and lead == 0 and open_rows >= OPEN_ROWS
            open_rows += lead == 0 and not is_closed
            self._assignment(n, item, indicator, group, lead, is_closed=is_closed)

    def _assignment(
        self, n: int, item: int, indicator: int, group: int, lead: int, *, is_closed: bool
    ) -> None:
        assigned_on = self.on - timedelta(days=DAYS * (len(self.spec.revisions) + 2))
        assignment = self.add(
            Assignment,
            public_id=f"t{n}",
            task_force_id=self.force,
            action_item_id=item,
            working_group_id=group,
            basis_kind=BasisKind.LETTER,
            basis_reference=f"463/{n}/UJI",
            basis_on=assigned_on,
            due_on=self.on + timedelta(days=60),
            assigned_by_id=self.verifier,
            assigned_at=_at(assigned_on),
            closed_at=_at(self.on - timedelta(days=8)) if is_closed else None,
            closed_reason="Selesai" if is_closed else None,
            is_sample=False,
        )
        self.add(
            AssignmentTarget,
            assignment_id=assignment,
            indicator_id=indicator,
            year=self.on.year,
            value=Decimal(12),
        )
        for k in range(self.spec.parties):
            place = (lead + k * 7) % self.spec.agencies
            agency = self.agencies[place]
            party = self.add(
                AssignmentParty,
                assignment_id=assignment,
                agency_id=agency,
                kind=PartyKind.LEAD if k == 0 else PartyKind.SUPPORT,
            )
            duties = self.duties.get(agency)
            if duties:
                self.add(PartyDuty, party_id=party, duty_id=duties[n % len(duties)])
            for index in range(len(self.periods)):
                is_open = index == len(self.spec.revisions)
                if not (is_open and is_closed):
                    self._obligation(n, place, party, group, index, indicator if k == 0 else None)
        self._mail(n, lead, assignment)

    def _obligation(
        self, n: int, place: int, party: int, group: int, index: int, indicator: int | None
    ) -> None:
        period, closes_on = self.periods[index]
        number = self.next_ids.get(Obligation, 1)
        public_id = f"kb{number:08d}"
        obligation = self.add(
            Obligation,
            public_id=public_id,
            period_id=period,
            party_id=party,
            task_force_id=self.force,
            agency_id=self.agencies[place],
            working_group_id=group,
            due_on=closes_on,
        )
        self.facts.obligations += 1
        if index < len(self.spec.revisions):
            times = self.spec.revisions[index]
            if (n + index) % 25 == 0:
                return  # silent
            if index == len(self.spec.revisions) - 1 and len(self.facts.with_history) < 400:
                self.facts.with_history.append(public_id)
            self._report(obligation, place, closes_on, times, indicator, is_verified=True)
            return
        self.facts.in_open_period += 1
        stays_open = place == 0 if self.spec.parties == 1 else False
        if 0 < place <= POSTERS and self.spec.parties == 1:
            if indicator is not None:
                self.facts.to_post[place - 1].append(f"{public_id} {indicator}")
            stays_open = True
        share = (n // self.spec.agencies) % 10
        if stays_open or share < 3:
            return
        self._report(obligation, place, self.on, 1, indicator, is_verified=share < 7)

    def _report(
        self,
        obligation: int,
        place: int,
        last_day: date,
        times: int,
        indicator: int | None,
        *,
        is_verified: bool,
    ) -> None:
        writer = self.writers[place]
        # A submission every other day; a verdict the day after it.
        first = last_day - timedelta(days=2 * times + obligation % 3)
        newest = first + timedelta(days=2 * (times - 1))
        kind = ReportKind.ACHIEVEMENT
        if times == 1 and obligation % 20 == 7:
            kind = ReportKind.NIL
        elif times == 1 and obligation % 20 == 13:
            kind = ReportKind.BLOCKED
        note = "Kegiatan berjalan di tiga kecamatan bersama pemerintah desa dan pendamping."
        report = self.add(
            Report,
            obligation_id=obligation,
            number=f"LAP-{self.on.year}-{self.next_ids.get(Report, 1):06d}",
            state=ReportState.VERIFIED if is_verified else ReportState.SUBMITTED,
            kind=kind,
            version=2 * times,
            draft={"kind": kind.value, "note": note},
            saved_at=_at(newest),
            saved_by_id=writer,
            first_submitted_at=_at(first),
            submitted_at=_at(newest),
            verified_at=_at(newest + timedelta(days=1)) if is_verified else None,
            verified_by_id=self.verifier if is_verified else None,
        )
        for time_number in range(1, times + 1):
            sent_on = first + timedelta(days=2 * (time_number - 1))
            is_last = time_number == times
            revision = self.add(
                ReportRevision,
                report_id=report,
                number=time_number,
                kind=kind,
                note=note,
                place="Samarinda",
                nil_reason="Tidak ada kegiatan" if kind is ReportKind.NIL else None,
                blocked_by="Menunggu instansi lain" if kind is ReportKind.BLOCKED else None,
                via=SubmittedVia.SCREEN,
                submitted_at=_at(sent_on),
                submitted_by_id=writer,
            )
            has_value = indicator is not None and kind is ReportKind.ACHIEVEMENT
            value = Decimal(2 + obligation % 3)
            if has_value:
                self.add(IndicatorValue, revision_id=revision, indicator_id=indicator, value=value)
            if is_last and not is_verified:
                continue
            verification = self.add(
                Verification,
                revision_id=revision,
                verdict=Verdict.VERIFIED if is_last else Verdict.RETURNED,
                verifier_id=self.verifier,
                agency_id=self.agencies[place],
                submitted_by_id=writer,
                decided_at=_at(sent_on + timedelta(days=1)),
                return_reason=None if is_last else ReturnReason.EVIDENCE_MISMATCH,
                remark="" if is_last else "Tanggal pada bukti tidak sama dengan isian.",
                mend_by_on=None if is_last else sent_on + timedelta(days=4),
                identity_checked=True,
            )
            if is_last and has_value:
                self.add(
                    VerifiedValue,
                    verification_id=verification,
                    indicator_id=indicator,
                    value=value - obligation % 2,
                )

    def _mail(self, n: int, lead: int, assignment: int) -> None:
        """Add the mail about its assignment that the lead got, sent long ago."""
        self.add(
            OutgoingEmail,
            key=f"assigned:{assignment}",
            message_id=f"<bench-{n}@koordinator-tppo>",
            thread=f"assignment-t{n}",
            kind="assigned",
            task_force_id=self.force,
            account_id=self.writers[lead],
            to_address=f"opd{lead}@bench.example",
            subject="Aksi baru untuk instansi Anda",
            text="Sekretariat menugaskan satu aksi kepada instansi Anda. " * 6,
            html="<p>Sekretariat menugaskan satu aksi kepada instansi Anda.</p>" * 12,
            links=[],
            state=MailState.SENT,
            attempts=1,
            not_before=_at(self.on - timedelta(days=200)),
            queued_at=_at(self.on - timedelta(days=200)),
            sent_at=_at(self.on - timedelta(days=200)),
            answer="250",
        )
