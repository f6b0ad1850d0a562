"""Pages of the report form that were opened before each button had an address of its own."""

from collections.abc import Callable

import flask
from flask.typing import ResponseReturnValue

from coordinator.reporting.report_form import actions
from coordinator.reporting.report_form.editors import FormAction, ReportEditor
from coordinator.reporting.report_form.send_action import send

ACTIONS: dict[str, Callable[[ReportEditor], ResponseReturnValue]] = {
    FormAction.AUTOSAVE: actions.autosave,
    FormAction.CHECK: actions.check,
    FormAction.MERGE: actions.merge,
    FormAction.SEND: send,
}
USE_STORED = "pakai-tersimpan"  # a link now


def from_old_page(editor: ReportEditor) -> ResponseReturnValue:
    """Do what the field `act` says, which names the button; for any other value, save the text."""
    act = flask.request.form.get("act", "")
    if act == USE_STORED:
        return actions.to_form(editor)
    name, _colon, evidence_id = act.partition(":")
    if name == FormAction.REMOVE_FILE:
        return actions.remove_file(editor, evidence_id)
    return ACTIONS.get(act, actions.save)(editor)
