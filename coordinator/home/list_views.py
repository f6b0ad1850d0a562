"""How much each agency holds, and who holds nothing."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.home import exports
from coordinator.home import workload as workloads
from coordinator.home.blueprint import bp
from coordinator.mapping.duties import queries as duty_queries
from coordinator.permissions import Permission
from coordinator.platform.documents.rendering import XLSX_TYPE


def _asked() -> dict[str, str]:
    arguments = flask.request.args
    order = arguments.get("urut", "")
    return {
        "pokja": arguments.get("pokja", ""),
        "tanpa": "1" if arguments.get("tanpa") == "1" else "",
        "urut": order if order.removeprefix("-") in workloads.ORDERS else "",
    }


def _shown(all_loads: list[workloads.Load]) -> list[workloads.Load]:
    asked = _asked()
    return workloads.shown(
        all_loads,
        working_group=asked["pokja"],
        only_idle=bool(asked["tanpa"]),
        order=asked["urut"],
    )


@bp.get("/penugasan/instansi")
@web.requires(Permission.SEE_ASSIGNMENTS)
def workload() -> ResponseReturnValue:
    """Every agency with its duties, assignments and open reports."""
    viewer = web.viewer()
    everyone = workloads.loads(viewer)
    return flask.render_template(
        "home/workload.html",
        rows=_shown(everyone),
        total=len(everyone),
        idle=sum(load.is_idle for load in everyone),
        groups=duty_queries.working_groups(viewer),
        asked=_asked(),
        may_assign=viewer.may(Permission.ASSIGN_ACTIONS),
    )


@bp.get("/penugasan/instansi.csv")
@web.requires(Permission.SEE_ASSIGNMENTS)
def loads_csv() -> ResponseReturnValue:
    """The same list as CSV."""
    return _file(exports.loads_csv(_shown(workloads.loads(web.viewer()))), "text/csv", "csv")


@bp.get("/penugasan/instansi.xlsx")
@web.requires(Permission.SEE_ASSIGNMENTS)
def loads_xlsx() -> ResponseReturnValue:
    """The same list as a workbook."""
    return _file(exports.loads_xlsx(_shown(workloads.loads(web.viewer()))), XLSX_TYPE, "xlsx")


def _file(data: bytes, media_type: str, ending: str) -> flask.Response:
    return edge.download(data, media_type, f"beban-instansi.{ending}")
