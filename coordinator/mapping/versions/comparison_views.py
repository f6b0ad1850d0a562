"""Any two published versions side by side."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.errors import NotFound
from coordinator.mapping.duties.diff import compare
from coordinator.mapping.duties.document import document
from coordinator.mapping.versions import comparing, labels, queries
from coordinator.mapping.versions.blueprint import bp
from coordinator.permissions import Permission
from coordinator.translation import gettext as _
from coordinator.typed import whole


@bp.get("/peran/versi/banding")
@web.requires(Permission.SEE_MAPPING)
def comparison() -> ResponseReturnValue:
    """Show two versions, the older on the left; `?instansi=` narrows them to one agency."""
    viewer, asked = web.viewer(), flask.request.args
    lines = queries.versions(viewer)
    known = {line.number: line for line in lines}
    if not lines:
        raise NotFound(_("Belum ada versi yang terbit."))
    newest = lines[0].number
    chosen = (whole(asked.get("lama"), newest - 1), whole(asked.get("baru"), newest))
    old, new = min(chosen), max(chosen)
    before, after = document(viewer.own_task_force_id, old), document(viewer.own_task_force_id, new)
    names = comparing.agency_names(before, after) if before and after else {}
    agency = asked.get("instansi", "")
    if agency and agency not in names:
        raise NotFound(_("Instansi itu tidak ada di kedua versi."))
    groups = (
        comparing.by_agencies(compare(before, after), before, after, only=agency)
        if before and after and old != new
        else []
    )
    return flask.render_template(
        "mapping/versions/comparison.html",
        versions=lines,
        old=known.get(old),
        new=known.get(new),
        is_readable=before is not None and after is not None,
        groups=groups,
        count=sum(len(group.changes) for group in groups),
        names=sorted(names.items(), key=lambda item: item[1].casefold()),
        agency=agency,
        changes=labels.change_labels(),
        subjects=labels.subject_labels(),
    )
