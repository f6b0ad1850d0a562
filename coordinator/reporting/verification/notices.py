"""What was just decided, as the next page says it."""

from dataclasses import dataclass

import flask

from coordinator import web
from coordinator.clock import is_within, now
from coordinator.reporting.verification.formatting import given_text
from coordinator.reporting.verification.given_queries import given_verdict
from coordinator.reporting.verification.rules import UNDO_WITHIN, may_undo


@dataclass(frozen=True, slots=True)
class VerdictNotice:
    """A verdict in words, and whether it can still be undone."""

    report_id: str
    text: str
    may_undo: bool
    version: int  # of the report, as the undo expects it
    seconds: int = UNDO_WITHIN.seconds


def verdict_notice() -> VerdictNotice | None:
    """Return the notice of the verdict that the address names, if the viewer gave it."""
    report_id = flask.request.args.get("selesai", "")
    given = given_verdict(web.viewer(), report_id) if report_id else None
    if given is None:
        return None
    return VerdictNotice(
        report_id=report_id,
        text=given_text(given),
        may_undo=may_undo(
            given.verdict,
            given.state,
            decided_at=given.decided_at,
            saved_at=given.saved_at,
            is_new=is_within(UNDO_WITHIN, given.decided_at, now()),
        ),
        version=given.version,
    )
