"""A secretariat, and Dispora with a focal point and a head."""

from datetime import date

import pytest
import time_machine

from coordinator.assignments.models import Assignment
from coordinator.oversight.reminders import service
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.oversight.reminders.builders import at_eight, owe

Clock = time_machine.Traveller


@pytest.fixture
def force(in_app: None) -> TaskForce:
    """Kalimantan Timur with the usual ladder."""
    found = factories.task_force()
    service.ensure_ladder(found.id)
    return found


@pytest.fixture
def secretariat(force: TaskForce) -> Viewer:
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")


@pytest.fixture
def focal_point(force: TaskForce) -> Viewer:
    return factories.person(AccessKind.FOCAL_POINT, "dispora")


@pytest.fixture
def head(force: TaskForce) -> Viewer:
    return factories.person(AccessKind.AGENCY_HEAD, "dispora")


@pytest.fixture
def owed(secretariat: Viewer, clock: Clock) -> Assignment:
    """Dispora owes a report by Friday 16 October."""
    clock.move_to(at_eight(date(2026, 9, 28)))
    return owe(secretariat)
