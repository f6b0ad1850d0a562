"""The chain of the task force, drawn and as tables."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.mapping.chains import labels, queries, rules
from coordinator.mapping.chains.drawing import WIDTH, drawing
from coordinator.mapping.duties.chain_labels import step_labels
from coordinator.mapping.duties.queries import current_version
from coordinator.people.directory import queries as directory
from coordinator.permissions import Permission

bp = flask.Blueprint("chains", __name__)


@bp.get("/peran/rantai")
@web.requires(Permission.SEE_MAPPING)
def chain() -> ResponseReturnValue:
    """Show the chain of all pokja; with `pokja` in the address, of one."""
    viewer = web.viewer()
    groups, duties = queries.chain_groups(viewer), queries.step_duties(viewer)
    chosen = next((one for one in groups if one.key == flask.request.args.get("pokja")), None)
    found = rules.chains(groups, duties)
    shown = [one for one in found if chosen in (None, one.group)]
    names = list(step_labels().values())
    parts = [
        (one, list(zip(names, (labels.lines(link) for link in one.links), strict=True)))
        for one in shown
    ]
    whole = [(name, labels.summary(found, place)) for place, name in enumerate(names)]
    return flask.render_template(
        "mapping/chains/chain.html",
        version=current_version(viewer.own_task_force_id),
        head=directory.page_head(viewer),
        groups=groups,
        chosen=chosen,
        has_steps=bool(duties),
        whole=whole if found and chosen is None else [],
        parts=parts,
        gaps=[labels.gap_text(one) for one in rules.gaps(shown)],
        proposals=any(one.holder.is_proposal for one in duties),
        limited=[
            one
            for one in duties
            if one.limit is not None and (chosen is None or one.group_id == chosen.id)
        ],
        numerals={one.id: one.numeral for one in groups},
        width=WIDTH,
        drawing=drawing,
        labels=labels,
        may_edit=viewer.may(Permission.EDIT_MAPPING),
    )
