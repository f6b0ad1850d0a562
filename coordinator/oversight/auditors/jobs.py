"""The inspectors' weekly mail."""

import flask

from coordinator.oversight.auditors import service
from coordinator.people.directory.queries import active_task_forces
from coordinator.platform.operations.service import is_copy


def tell_auditors() -> str:
    """Queue this week's mail on the head of the audit trail.

    A copied installation sends none: its trail belongs to the original.
    """
    settings = flask.current_app.config["SETTINGS"]
    if is_copy(settings.data_dir):
        return "salinan: tidak ada yang diberi tahu"
    secret_key = flask.current_app.config["SECRET_KEY"]
    ids = [force.id for force in active_task_forces()]
    count = sum(
        service.notify_auditors(each, data_dir=settings.data_dir, secret_key=secret_key)
        for each in ids
    )
    return f"{count} email diantrekan"
