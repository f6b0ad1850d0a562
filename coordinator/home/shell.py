"""What every page's frame shows: who is signed in, where they may go, what waits there."""

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import flask
import flask_login
import sqlalchemy.exc

from coordinator.clock import DEFAULT_ZONE, now
from coordinator.formatting import long_time
from coordinator.home import queries
from coordinator.paging import page_url
from coordinator.people.accounts.labels import access_labels
from coordinator.permissions import AccessKind, Permission, Viewer
from coordinator.translation import gettext as _
from coordinator.translation import marked


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation, for those who hold the permission.

    `also` are the beginnings of other addresses that belong to it, so that it is marked there too.
    """

    permission: Permission
    path: str
    label: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that are shown under one word where the navigation is long."""

    label: str
    places: tuple[Place, ...]


GROUPS = (
    Group(
        marked("Kerja"),
        (
            Place(Permission.APPROVE_REPORTS, "/beranda/kepala", marked("Beranda")),
            Place(Permission.SAMPLE_REPORTS, "/beranda/inspektorat", marked("Beranda")),
            Place(Permission.KEEP_TASK_FORCES, "/beranda/administrator", marked("Beranda")),
            Place(Permission.VERIFY_REPORTS, "/beranda", marked("Beranda")),
            Place(Permission.SEE_OWN_TASKS, "/tugas-saya", marked("Tugas saya"), ("/laporan",)),
            Place(Permission.ANSWER_DUTIES, "/jawab", marked("Uraian tugas")),
            Place(Permission.DECIDE_REQUESTS, "/ringkasan", marked("Ringkasan")),
            Place(
                Permission.VERIFY_REPORTS,
                "/verifikasi",
                marked("Verifikasi"),
                ("/tinjauan-bukti",),
            ),
            Place(Permission.SEE_DECISIONS, "/keputusan", marked("Keputusan")),
            Place(Permission.SEE_MATRIX, "/matriks", marked("Matriks"), ("/laporan",)),
            Place(Permission.SEE_SAMPLE, "/sampel", marked("Sampel")),
        ),
    ),
    Group(
        marked("Rencana dan peran"),
        (
            Place(Permission.SEE_PLAN, "/rencana", marked("Rencana aksi")),
            Place(
                Permission.SEE_ASSIGNMENTS,
                "/penugasan",
                marked("Penugasan"),
                ("/surat-penugasan",),
            ),
            Place(
                Permission.SEE_MAPPING,
                "/peran",
                marked("Peran OPD"),
                ("/kartu-peran", "/kabupaten-kota"),
            ),
            Place(Permission.SEE_ANSWERS, "/jawab/instansi", marked("Jawaban OPD"), ("/jawab",)),
            Place(Permission.CHECK_TEXTS, "/peran/naskah", marked("Pencocokan naskah")),
            Place(Permission.SEE_QUESTIONS, "/tanya", marked("Tanya jawab"), ("/preseden",)),
        ),
    ),
    Group(
        marked("Waktu"),
        (
            Place(Permission.SEE_PERIODS, "/periode", marked("Periode")),
            Place(Permission.SEE_PERIODS, "/kalender", marked("Kalender")),
            Place(Permission.SEE_REMINDERS, "/pengingat", marked("Pengingat")),
        ),
    ),
    Group(
        marked("Orang"),
        (
            Place(Permission.KEEP_TASK_FORCES, "/gugus-tugas", marked("Gugus tugas")),
            Place(Permission.SEE_PEOPLE, "/orang", marked("Orang")),
            Place(Permission.SEE_OUTBOX, "/surel", marked("Email keluar")),
        ),
    ),
    Group(
        marked("Pengaturan"),
        (
            Place(Permission.EDIT_DAYS_OFF, "/pengaturan", marked("Pengaturan"), ("/tampilan",)),
            Place(Permission.SEE_AUDIT, "/jejak", marked("Jejak audit")),
        ),
    ),
)
# More entries than this do not fit on one line, and are shown in their groups.
MOST_IN_ONE_LINE = 11
HOME = {
    AccessKind.SECRETARIAT: "/beranda",
    AccessKind.FOCAL_POINT: "/tugas-saya",
    AccessKind.AGENCY_HEAD: "/beranda/kepala",
    AccessKind.LEADERSHIP: "/ringkasan",
    AccessKind.AUDITOR: "/beranda/inspektorat",
    AccessKind.ADMINISTRATOR: "/beranda/administrator",
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


def _navigation(viewer: Viewer, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the entries the viewer may open: one by one, or in their groups if they are many."""
    groups = [
        (group.label, [place for place in group.places if viewer.may(place.permission)])
        for group in GROUPS
    ]
    here = _place_here([place for _label, places in groups for place in places])
    entries = [
        (label, [_entry(place, counts, here) for place in places])
        for label, places in groups
        if places
    ]
    if sum(len(places) for _label, places in entries) <= MOST_IN_ONE_LINE:
        return [entry for _label, places in entries for entry in places]
    return [
        places[0]
        if len(places) == 1
        else {
            "label": _(label),
            "count": sum(entry["count"] or 0 for entry in places),
            "current": any(entry["current"] for entry in places),
            "entries": places,
        }
        for label, places in entries
    ]


def _entry(place: Place, counts: Mapping[str, int], here: Place | None) -> dict[str, Any]:
    return {
        "href": place.path,
        "label": _(place.label),
        "count": counts.get(place.path),
        "current": place is here,
    }


def _place_here(places: Iterable[Place]) -> Place | None:
    """Return the entry this page belongs to: the one whose address is the longest part of its."""
    path = flask.request.path
    found = [
        (len(start), -at, place)
        for at, place in enumerate(places)
        for start in (place.path, *place.also)
        if path == start or path.startswith(start + "/")
    ]
    return max(found, key=operator.itemgetter(0, 1))[2] if found else None


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
            "name": user.name,
            "printed": long_time(now(), viewer.zone if viewer else DEFAULT_ZONE),
            "has_settings_entry": viewer is not None and viewer.may(Permission.EDIT_DAYS_OFF),
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
