"""Mails about files that are reviewed or taken back. None names a file: a name may tell who."""

from collections.abc import Sequence

from coordinator.people.directory.models import TaskForce
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.reporting.evidence.models import Evidence, EvidenceReview
from coordinator.reporting.evidence.review_queries import UseUnderReview
from coordinator.reporting.evidence.rules import ReviewState
from coordinator.translation import gettext as _


def reviewed(
    found: EvidenceReview, places: Sequence[UseUnderReview], *, force: TaskForce, is_sample: bool
) -> Email:
    """To an agency that uses the file, or to who verified a report with it.

    Says what was claimed about the file, or what was decided, and what follows. `places` are the
    reader's own.
    """
    subjects = {
        ReviewState.OPEN: _("[TPPO] Bukti laporan sedang ditinjau"),
        ReviewState.KEPT: _("[TPPO] Bukti laporan ditampilkan lagi"),
        ReviewState.DELETED: _("[TPPO] Bukti laporan dihapus"),
    }
    is_withdrawn = all(place.use.evidence.withdrawn_at is not None for place in places)
    if is_withdrawn and found.state is ReviewState.KEPT:
        subjects[ReviewState.KEPT] = _("[TPPO] Bukti laporan boleh diunggah lagi")
    return render_email(
        "reporting/evidence/evidence_reviewed",
        subjects[found.state],
        state=found.state.value,
        asked_for=found.asked_for,
        reason=found.reason,
        is_withdrawn=is_withdrawn,
        places=[
            (
                place.title,
                place.period,
                place.number,
                MailLink(f"/laporan/{place.use.evidence.obligation.public_id}")
                if place.use.evidence.obligation
                else None,
            )
            for place in places
        ],
        region_short=force.short_region,
        sample_data=is_sample,
    )


def to_decide(found: EvidenceReview, *, force: TaskForce, is_sample: bool) -> Email:
    """To the secretariat: a file waits for its decision."""
    return render_email(
        "reporting/evidence/evidence_to_decide",
        _("[TPPO] Putuskan tinjauan bukti dalam satu hari kerja"),
        asked_for=found.asked_for,
        link=MailLink(f"/tinjauan-bukti/{found.public_id}"),
        region_short=force.short_region,
        sample_data=is_sample,
    )


def withdrawn(one: Evidence, reason: str, *, force: TaskForce, is_sample: bool) -> Email:
    """To the agency: the secretariat took a file of its report back, and why."""
    obligation = one.obligation
    return render_email(
        "reporting/evidence/evidence_withdrawn",
        _("[TPPO] Bukti laporan ditarik Sekretariat"),
        title=obligation.party.assignment.title if obligation else "",
        period=obligation.period.title if obligation else "",
        reason=reason,
        link=MailLink(f"/laporan/{obligation.public_id}") if obligation else None,
        region_short=force.short_region,
        sample_data=is_sample,
    )
