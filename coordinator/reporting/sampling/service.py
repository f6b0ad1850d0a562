"""Drawing the sample of a period, once, and writing findings."""

import secrets

import sqlalchemy as sa

from coordinator import screening
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.reporting.sampling import queries
from coordinator.reporting.sampling.models import SampleDraw, SampledReport, SampleFinding
from coordinator.reporting.sampling.rules import LARGEST, SMALLEST, FindingKind, drawn
from coordinator.translation import gettext as _


def _auditor(by: Viewer) -> int:
    if not by.may(Permission.SAMPLE_REPORTS) or by.account_id is None:
        raise NotAllowed(_("Hanya Inspektorat yang mengambil sampel dan menulis temuan."))
    return by.account_id


@transactional
def draw_sample(period_id: str, *, percent: int | None, by: Viewer) -> SampleDraw:
    """Draw `percent` of a period's verified reports: once, after its window has closed.

    The new seed is stored with the whole list so that the draw can be reproduced; a period is drawn
    once, so it cannot be drawn again until it suits. Raises NotAllowed, NotFound, InvalidInput,
    Conflict (drawn already, window open, nothing verified).
    """
    account_id = _auditor(by)
    period = queries.period_of(by, period_id)
    if period is None:
        raise NotFound(_("Periode itu tidak ada."))
    if percent is None or not SMALLEST <= percent <= LARGEST:
        raise InvalidInput({"percent": _("Isi persentase dari 1 sampai 100")})
    if queries.draw_of(by, period.id) is not None:
        raise Conflict(_("Sampel periode ini sudah ditarik dan tidak dapat ditarik ulang."))
    if period.closes_on >= today(by.zone):
        raise Conflict(_("Masa pelaporan periode ini belum ditutup."))
    reports = queries.verified_reports(by.own_task_force_id, period.id)
    if not reports:
        raise Conflict(_("Belum ada laporan terverifikasi pada periode ini."))
    seed = secrets.token_hex(16)
    chosen = drawn(reports, seed=seed, percent=percent)
    draw = SampleDraw(
        period_id=period.id,
        task_force_id=by.own_task_force_id,
        percent=percent,
        seed=seed,
        population="\n".join(sorted(reports)),
        drawn_at=now(),
        drawn_by_id=account_id,
    )
    db.session.add(draw)
    db.session.flush()
    db.session.add_all(
        SampledReport(
            draw_id=draw.id,
            report_id=reports[one][0],
            revision_id=reports[one][1],
            position=position,
        )
        for position, one in enumerate(chosen, 1)
    )
    db.session.flush()
    record(
        "sample.drawn",
        by=by,
        subject=("reporting_period", period.public_id),
        percent=percent,
        seed=seed,
        population=len(reports),
        drawn=len(chosen),
    )
    return draw


def repeats(draw: SampleDraw, ids: list[str]) -> bool:
    """Return whether drawing again from the kept seed and list gives the same reports."""
    return drawn(draw.population.split("\n"), seed=draw.seed, percent=draw.percent) == ids


@transactional
def write_finding(
    public_id: str, kind: FindingKind | None, text: str, *, by: Viewer
) -> SampleFinding:
    """Add what the auditor found in a sampled report; the newest counts, the former stay.

    A finding needs its sentence. Raises NotAllowed, NotFound, InvalidInput.
    """
    account_id = _auditor(by)
    row = db.session.scalar(
        sa.select(SampledReport)
        .join(SampleDraw, SampleDraw.id == SampledReport.draw_id)
        .where(
            SampledReport.public_id == public_id,
            SampleDraw.task_force_id == by.own_task_force_id,
        )
    )
    if row is None:
        raise NotFound(_("Laporan itu tidak ada dalam sampel."))
    problems: dict[str, str] = {}
    if kind is None:
        problems["kind"] = _("Pilih hasil pemeriksaan")
    if kind is FindingKind.FINDING and not text.strip():
        problems["text"] = _("Tulis temuannya")
    if screening.blocks(text):
        problems["text"] = _("Ada angka seperti NIK di sini. Hapus angka itu.")
    if problems or kind is None:
        raise InvalidInput(problems)
    finding = SampleFinding(
        sampled_id=row.id,
        kind=kind,
        text=text.strip(),
        written_at=now(),
        written_by_id=account_id,
    )
    db.session.add(finding)
    db.session.flush()
    record(
        "sample.finding_written",
        by=by,
        subject=("sampled_report", row.public_id),
        kind=kind.value,
    )
    return finding
