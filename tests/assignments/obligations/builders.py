"""An agency that is given another name."""

from dataclasses import replace

from coordinator.mapping.versions.queries import published
from coordinator.mapping.versions.service import publish
from coordinator.permissions import Viewer
from tests import factories

NEW, NEW_LONG = "Disbaru", "Dinas Baru Sama Sekali"


def rename(slug: str, by: Viewer) -> None:
    """Publish a mapping in which an agency has another name."""
    mapping = published(factories.task_force().id)
    assert mapping is not None
    change = {"abbreviation": NEW, "name": NEW_LONG}
    agencies = [replace(part, **change) if part.id == slug else part for part in mapping.agencies]
    publish(replace(mapping, agencies=agencies), by=by, reason="SK perubahan nama")
