"""What every page's frame shows: who is signed in, where they may go, what waits there."""

from collections.abc import Mapping
from typing import Any

import flask
import flask_login
import sqlalchemy.exc

from coordinator.home import queries
from coordinator.paging import page_url
from coordinator.people.accounts.labels import access_labels
from coordinator.permissions import AccessKind, Permission, Viewer
from coordinator.translation import gettext as _
from coordinator.translation import marked

# In the order of the navigation: (permission, path, label).
PLACES = (
    (Permission.SEE_OWN_TASKS, "/tugas-saya", marked("Tugas saya")),
    (Permission.VERIFY_REPORTS, "/beranda", marked("Beranda")),
    (Permission.ANSWER_DUTIES, "/jawab", marked("Uraian tugas")),
    (Permission.DECIDE_REQUESTS, "/ringkasan", marked("Ringkasan")),
    (Permission.SEE_DECISIONS, "/keputusan", marked("Keputusan")),
    (Permission.SEE_MATRIX, "/matriks", marked("Matriks")),
    (Permission.SEE_MAPPING, "/peran", marked("Peran OPD")),
    (Permission.SEE_QUESTIONS, "/tanya", marked("Tanya jawab")),
    (Permission.SEE_PLAN, "/rencana", marked("Rencana aksi")),
    (Permission.SEE_ASSIGNMENTS, "/penugasan", marked("Penugasan")),
    (Permission.VERIFY_REPORTS, "/verifikasi", marked("Verifikasi")),
    (Permission.SEE_PERIODS, "/periode", marked("Periode")),
    (Permission.SEE_PERIODS, "/kalender", marked("Kalender")),
    (Permission.SEE_REMINDERS, "/pengingat", marked("Pengingat")),
    (Permission.KEEP_TASK_FORCES, "/gugus-tugas", marked("Gugus tugas")),
    (Permission.SEE_PEOPLE, "/orang", marked("Orang")),
    (Permission.SEE_OUTBOX, "/surel", marked("Email keluar")),
    (Permission.EDIT_DAYS_OFF, "/pengaturan/hari-libur", marked("Hari libur")),
    (Permission.SEE_SAMPLE, "/sampel", marked("Sampel")),
    (Permission.SEE_AUDIT, "/jejak", marked("Jejak audit")),
)
CROWDED = frozenset(
    {"/tanya", "/keputusan", "/sampel", "/kalender", "/pengingat", "/pengaturan/hari-libur"}
)
HOME = {
    AccessKind.SECRETARIAT: "/beranda",
    AccessKind.FOCAL_POINT: "/tugas-saya",
    AccessKind.AGENCY_HEAD: "/tugas-saya",
    AccessKind.LEADERSHIP: "/ringkasan",
    AccessKind.AUDITOR: "/matriks",
    AccessKind.ADMINISTRATOR: "/orang",
}


def _who(user: Any, viewer: Viewer | None) -> str:
    if viewer is None:
        return str(user.name)
    words = {
        AccessKind.SECRETARIAT: _("Sekretariat"),
        AccessKind.FOCAL_POINT: _("Narahubung %(agency)s", agency=user.agency),
        AccessKind.AGENCY_HEAD: _("Kepala %(agency)s", agency=user.agency),
        AccessKind.LEADERSHIP: user.name,
        AccessKind.AUDITOR: _("Inspektorat"),
        AccessKind.ADMINISTRATOR: _("Administrator"),
    }
    return str(words[viewer.kind])


def _has_place(viewer: Viewer, permission: Permission, href: str) -> bool:
    """Return whether a place is in the viewer's menu.

    The secretariat's menu is full, so it leaves out `CROWDED`: the secretariat's questions are
    shown first on Beranda, with their count next to Peran OPD; decisions, the sample and the
    reminders are reached from there too; the calendar is linked from Periode, and the days off
    from there.
    """
    is_crowded = href in CROWDED and viewer.may(Permission.RULE_ON_DUTIES)
    return viewer.may(permission) and not is_crowded


def _navigation(viewer: Viewer, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    path = flask.request.path
    return [
        {
            "href": href,
            "label": _(label),
            "count": counts.get(href),
            "current": path == href or path.startswith(href + "/"),
        }
        for permission, href, label in PLACES
        if _has_place(viewer, permission, href)
    ]


def frame() -> dict[str, Any]:
    """Return the variables of base.html for this request."""
    user = flask_login.current_user
    if not user or not user.is_authenticated:
        sample_data = queries.frame_counts(None).has_sample_data
        return {"masthead": None, "navigation": [], "sample_data": sample_data}
    viewer = user.viewer
    counts = queries.frame_counts(viewer)
    return {
        "masthead": {
            "region": user.region,
            "region_short": user.short_region,
            "who": _who(user, viewer),
            "may_search": viewer is not None and viewer.may(Permission.SEE_MAPPING),
        },
        "navigation": _navigation(viewer, counts.waiting) if viewer else [],
        "sample_data": counts.has_sample_data,
        "sample_plan": counts.has_sample_plan,
    }


def register(app: flask.Flask) -> None:
    """Give every page its frame."""
    app.jinja_env.globals["access_label"] = lambda kind: access_labels()[kind]
    app.jinja_env.globals["page_url"] = page_url

    @app.context_processor
    def _frame() -> dict[str, Any]:
        if flask.g.get("without_frame"):
            return {}
        try:
            return frame()
        except sqlalchemy.exc.SQLAlchemyError:
            return {}  # the error page must work without the database
