"""Writing a comment on a report."""

from datetime import date

import sqlalchemy as sa

from coordinator import screening
from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.queries import may_open
from coordinator.reporting.threads.models import ReportComment, ReportMention
from coordinator.reporting.threads.rules import called, side_of
from coordinator.translation import gettext as _


@transactional
def write_comment(
    public_id: str, text: str, *, form_key: str | None = None, by: Viewer
) -> ReportComment:
    """Add a comment to a report that was sent at least once; a draft is its agency's alone.

    "@narahubung" and "@sekretariat" call the other side: they read of it in their next reminder
    mail. The same form sent twice (`form_key`) is one comment. Raises NotAllowed, NotFound,
    InvalidInput.
    """
    if not by.may(Permission.COMMENT_ON_REPORTS) or by.account_id is None:
        raise NotAllowed(_("Akses Anda hanya dapat membaca percakapan ini."))
    row = db.session.execute(
        sa.select(Obligation, Report)
        .join(Report, Report.obligation_id == Obligation.id)
        .where(
            Obligation.public_id == public_id,
            may_open(by),
            Report.first_submitted_at.is_not(None),
        )
    ).first()
    if row is None:
        raise NotFound(_("Laporan itu tidak ada, atau belum dikirim."))
    obligation, report = row
    if form_key:
        done = db.session.scalar(
            sa.select(ReportComment).where(
                ReportComment.form_key == form_key, ReportComment.report_id == report.id
            )
        )
        if done is not None:
            return done
    if not text.strip():
        raise InvalidInput({"text": _("Tulis komentarnya")})
    if screening.blocks(text):
        raise InvalidInput({"text": _("Ada angka seperti NIK di sini. Hapus angka itu.")})
    comment = ReportComment(
        report_id=report.id,
        author_id=by.account_id,
        written_as=by.kind,
        text=text.strip(),
        form_key=form_key or None,
        written_at=now(),
    )
    db.session.add(comment)
    db.session.flush()
    calls = [one for one in called(text) if one is not side_of(by.kind)]
    db.session.add_all(ReportMention(comment_id=comment.id, addressee=one) for one in calls)
    db.session.flush()
    record(
        "report.commented",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        calls=[one.value for one in calls],
    )
    return comment


@transactional
def mark_told(mention_ids: set[int], on: date) -> None:
    """Note that a reminder mail of the day `on` told of these mentions. Part of queueing it."""
    for mention in db.session.scalars(
        sa.select(ReportMention).where(ReportMention.id.in_(mention_ids))
    ):
        mention.told_on = on
