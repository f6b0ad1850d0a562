"""The mapping on screen: as a matrix, and as duties to read."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import now, today
from coordinator.errors import NotFound
from coordinator.mapping.duties import exports, labels, queries
from coordinator.mapping.duties.regency_queries import unheld_duties
from coordinator.mapping.duties.responsibility import MappingFilter, Responsibility, responsibility
from coordinator.mapping.duties.rules import BasisStatus, MembershipKind
from coordinator.people.directory import queries as directory
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import Permission
from coordinator.platform.audit.access import log_access
from coordinator.platform.documents.rendering import PDF_TYPE, XLSX_TYPE
from coordinator.translation import gettext as _

bp = flask.Blueprint("duties", __name__)


@bp.get("/peran")
@web.requires(Permission.SEE_MAPPING)
def mapping() -> ResponseReturnValue:
    """Show the responsibility matrix; with `instansi` or `uraian` in the address, the duties."""
    asked = flask.request.args
    if asked.get("instansi") or asked.get("uraian"):
        return _duties(asked.get("pokja", ""), asked.get("instansi", ""))
    viewer = web.viewer()
    matrix = _matrix()
    force = directory.task_force(viewer)
    version = queries.current_version(viewer.own_task_force_id)
    has_province = force is not None and force.parent_id is not None
    return flask.render_template(
        "mapping/duties/matrix.html",
        matrix=matrix,
        proposals=queries.proposal_count(viewer),
        asked=matrix.asked,
        filtered=_filter_texts(matrix),
        query=_query(matrix.asked),
        groups=queries.working_groups(viewer),
        agencies=directory.agencies(viewer),
        version=version,
        unheld=unheld_duties(viewer, version.number) if version and has_province else [],
        labels=labels,
        code=force.code if force else "",
        own_slug=next(
            (a.slug for a in directory.agencies(viewer) if a.id == viewer.agency_id), None
        ),
        may_manage=viewer.may(Permission.PUBLISH_CARDS),
        has_province=has_province,
    )


def _duties(chosen_group: str, chosen_agency: str) -> str:
    """Show the duties of a pokja or an agency, with their basis."""
    viewer = web.viewer()
    groups = queries.working_groups(viewer)
    agencies = directory.agencies(viewer)
    agency = next((a for a in agencies if a.slug == chosen_agency), None)
    if chosen_agency and agency is None:
        raise NotFound(_("Instansi itu tidak ada di gugus tugas Anda."))
    memberships = queries.memberships(viewer)
    duties = queries.duties(viewer, agency_id=agency.id if agency else None)
    shown = [g for g in groups if not chosen_group or g.key == chosen_group]
    if agency is not None:
        own = {m.working_group_id for m in memberships if m.agency_id == agency.id}
        own |= {duty.working_group_id for duty in duties}
        shown = [group for group in shown if group.id in own]
    force = directory.task_force(viewer)
    return flask.render_template(
        "mapping/duties/mapping.html",
        version=queries.current_version(viewer.own_task_force_id),
        groups=groups,
        shown=shown,
        agencies=agencies,
        agency=agency,
        chosen_group=chosen_group,
        memberships=memberships,
        duties=duties,
        amendments=queries.amendments(),
        lead=MembershipKind.LEAD,
        proposal=BasisStatus.PROPOSAL,
        code=force.code if force else "",
        may_read_card=agency is not None and viewer.agency_id in (None, agency.id),
    )


# --- the filter ----------------------------------------------------------------------------------


def _filter() -> MappingFilter:
    """Return the filter of the address; a value that means nothing narrows nothing."""
    asked = flask.request.args
    known = {group.key for group in queries.working_groups(web.viewer())}
    group = asked.get("pokja", "")
    kind, status = asked.get("jenis", ""), asked.get("dasar", "")
    return MappingFilter(
        group=group if group in known else "",
        kind=AgencyKind(kind) if kind in set(AgencyKind) else None,
        status=BasisStatus(status) if status in set(BasisStatus) else None,
        gaps_only=asked.get("celah") == "1",
    )


def _query(asked: MappingFilter) -> dict[str, str]:
    """Return the filter as the query of an address."""
    query = {
        "pokja": asked.group,
        "jenis": asked.kind.value if asked.kind else "",
        "dasar": asked.status.value if asked.status else "",
        "celah": "1" if asked.gaps_only else "",
    }
    return {name: value for name, value in query.items() if value}


def _matrix() -> Responsibility:
    return responsibility(web.viewer(), _filter())


def _filter_texts(matrix: Responsibility) -> list[str]:
    group = matrix.columns[0].group if matrix.asked.group else None
    return labels.filter_texts(matrix.asked, f"{group.numeral} {group.short}" if group else "")


# --- exports -------------------------------------------------------------------------------------


def _attachment(body: bytes, media_type: str, ending: str) -> flask.Response:
    viewer = web.viewer()
    force = directory.task_force(viewer)
    code = force.code if force else ""
    log_access("export", by=viewer, subject_id=f"peran.{ending}")
    name = f"peran_{code}_{today(viewer.zone).isoformat()}.{ending}"
    return edge.download(body, media_type, name)


@bp.get("/peran.csv")
@web.requires(Permission.SEE_MAPPING)
def mapping_csv() -> ResponseReturnValue:
    """Download the filtered matrix as CSV."""
    return _attachment(exports.matrix_csv(_matrix()), "text/csv", "csv")


@bp.get("/peran.xlsx")
@web.requires(Permission.SEE_MAPPING)
def mapping_xlsx() -> ResponseReturnValue:
    """Download the filtered matrix as a workbook."""
    viewer = web.viewer()
    matrix = _matrix()
    body = exports.matrix_xlsx(
        matrix, queries.duties(viewer), _filter_texts(matrix), at=now(), zone=viewer.zone
    )
    return _attachment(body, XLSX_TYPE, "xlsx")


@bp.get("/peran.pdf")
@web.requires(Permission.SEE_MAPPING)
def mapping_pdf() -> ResponseReturnValue:
    """Download the filtered matrix as PDF."""
    viewer = web.viewer()
    matrix = _matrix()
    force = directory.task_force(viewer)
    if force is None:
        raise NotFound(_("Gugus tugas itu tidak ada."))
    body = exports.matrix_pdf(
        matrix, _filter_texts(matrix), directory.letterhead(force), at=now(), zone=viewer.zone
    )
    return _attachment(body, PDF_TYPE, "pdf")
