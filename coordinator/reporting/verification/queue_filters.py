"""What the verification queue can be narrowed to: in addresses, and in words."""

import flask

from coordinator import web
from coordinator.assignments.obligations.names import with_former_names
from coordinator.mapping.duties import queries as duty_queries
from coordinator.mapping.duties.queries import AgencyName
from coordinator.people.directory import queries as directory
from coordinator.reporting.verification.rules import Flag, QueueFilter
from coordinator.translation import gettext as _


def flag_labels() -> dict[Flag, str]:
    """Return the words for what the queue can be narrowed to."""
    return {
        Flag.ON_BEHALF: _("Atas nama"),
        Flag.REUSED_FILE: _("Berkas dipakai ulang"),
        Flag.NO_EVIDENCE: _("Tanpa bukti"),
        Flag.NOT_MINE: _("Perlu verifikator lain"),
    }


def wanted_reports() -> QueueFilter:
    """Return the filter that the address asks for."""
    asked = flask.request.args
    flag = asked.get("tanda", "")
    return QueueFilter(
        working_group=asked.get("pokja", ""),
        agency=asked.get("instansi", ""),
        flag=Flag(flag) if flag in set(Flag) else None,
    )


def query_of(wanted: QueueFilter) -> dict[str, str]:
    """Return the filter as parameters of an address."""
    found = {
        "pokja": wanted.working_group,
        "instansi": wanted.agency,
        "tanda": wanted.flag.value if wanted.flag else "",
    }
    return {name: text for name, text in found.items() if text}


def agencies() -> list[AgencyName]:
    """Return the agencies to filter by, with the names that older reports use."""
    viewer = web.viewer()
    return with_former_names(viewer, directory.agencies(viewer))


def filter_texts(wanted: QueueFilter) -> list[str]:
    """Return the filter in words, for the page and its links."""
    found = []
    if wanted.working_group:
        groups = duty_queries.working_groups(web.viewer())
        names = {one.key: f"{one.numeral} {one.short}" for one in groups}
        found.append(names.get(wanted.working_group, wanted.working_group))
    if wanted.agency:
        short = {one.slug: one.abbreviation for one in agencies()}
        found.append(short.get(wanted.agency, wanted.agency))
    if wanted.flag:
        found.append(flag_labels()[wanted.flag])
    return found
