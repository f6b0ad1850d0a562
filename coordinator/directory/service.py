"""Loading the table of days off."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import sqlalchemy as sa
from pydantic import Field

from coordinator.audit.service import record
from coordinator.db import db, transactional
from coordinator.directory.models import Holiday
from coordinator.directory.rules import HolidayKind
from coordinator.seedfile import Part, read, validate


class HolidayPart(Part):
    """One day off."""

    on: date
    name: Annotated[str, Field(min_length=1, max_length=160)]
    kind: HolidayKind


class HolidayYear(Part):
    """The days off of a year, with their source."""

    year: int
    source: Annotated[str, Field(min_length=1, max_length=200)]
    days: list[HolidayPart]


class HolidayFile(Part):
    """`seed/holidays_id.yaml`."""

    schema_: Annotated[Literal["1"], Field(alias="schema")]
    years: list[HolidayYear]


def read_holidays(path: Path) -> HolidayFile:
    """Read and check a file of days off. Raises BadFile."""
    return validate(read(path), HolidayFile)


@transactional
def load_holidays(file: HolidayFile) -> int:
    """Add the days that the table does not have yet; return how many. Never overwrites an edit."""
    known = set(db.session.scalars(sa.select(Holiday.on)))
    new = [
        Holiday(on=day.on, name=day.name, kind=day.kind, source=year.source)
        for year in file.years
        for day in year.days
        if day.on not in known
    ]
    if new:
        db.session.add_all(new)
        record("holidays.loaded", by=None, subject=("holiday", "table"), days=len(new))
    return len(new)
