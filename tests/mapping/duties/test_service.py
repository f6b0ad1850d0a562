"""Publishing a mapping as versions, and what agencies answer to their duties."""

from dataclasses import replace
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties import queries, service
from coordinator.mapping.duties.models import (
    Citation,
    Duty,
    DutyRevision,
    LegalInstrument,
    MappingVersion,
    Membership,
    WorkingGroup,
)
from coordinator.mapping.duties.seed import Mapping
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.mapping.duties.builders import FILE, KEY, revisions, reworded

TABLES = (
    MappingVersion,
    TaskForce,
    WorkingGroup,
    Agency,
    Duty,
    DutyRevision,
    Membership,
    Citation,
    LegalInstrument,
)


def counts() -> dict[str, int]:
    """How many rows each table of the mapping has."""
    return {
        model.__tablename__: db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
        for model in TABLES
    }


@pytest.mark.usefixtures("in_app")
def test_what_was_loaded_is_what_the_file_says(mapping: Mapping) -> None:
    found = counts()
    assert found["duty"] == found["duty_revision"] == len(mapping.duties)
    assert found["membership"] == len(mapping.memberships)
    assert found["agency"] == len(mapping.agencies)
    parts = [*mapping.duties, *mapping.memberships]
    assert found["citation"] == sum(len(part.citations) for part in parts)
    assert found["mapping_version"] == 1
    states = {f.code: f.state.value for f in db.session.scalars(sa.select(TaskForce))}
    assert {code for code, state in states.items() if state == "active"} == {"64"}


@pytest.mark.usefixtures("in_app")
def test_a_second_load_changes_nothing(mapping: Mapping) -> None:
    before = counts()
    done = service.load_mapping(mapping, by=None, reason="lagi")
    assert (done.number, done.is_new) == (1, False)
    assert counts() == before


@pytest.mark.usefixtures("in_app")
def test_a_changed_duty_ends_one_row_and_begins_another_of_the_same_identity(
    mapping: Mapping,
) -> None:
    before = counts()
    [old] = revisions(KEY)
    identity, text = old.duty_id, old.text
    done = service.load_mapping(
        reworded(mapping, KEY, text="Mengawasi lebih luas."), by=None, reason="Rakor"
    )
    assert (done.number, done.is_new) == (2, True)
    first, second = revisions(KEY)
    assert (first.since, first.until, first.text) == (1, 2, text)
    assert (second.since, second.until, second.text) == (2, None, "Mengawasi lebih luas.")
    assert first.duty_id == second.duty_id == identity
    after = counts()
    assert after["duty"] == before["duty"]
    assert after["duty_revision"] == before["duty_revision"] + 1
    assert after["membership"] == before["membership"]
    version = queries.current_version(factories.task_force().id)
    assert version is not None
    assert (version.number, version.reason) == (2, "Rakor")


@pytest.mark.usefixtures("in_app")
def test_a_changed_basis_is_a_change_too(mapping: Mapping) -> None:
    duty = next(part for part in mapping.duties if len(part.citations) == 1)
    cited = replace(duty.citations[0], article="Pasal 99")
    service.load_mapping(reworded(mapping, duty.id, citations=[cited]), by=None, reason="x")
    first, second = revisions(duty.id)
    assert first.until == 2
    assert [citation.article for citation in first.citations] == [duty.citations[0].article]
    assert [citation.article for citation in second.citations] == ["Pasal 99"]


@pytest.mark.usefixtures("in_app")
def test_a_change_and_back_is_three_versions_and_nothing_is_rewritten(mapping: Mapping) -> None:
    original = revisions(KEY)[0].text
    for number, text in ((2, "Lain."), (3, original)):
        done = service.load_mapping(reworded(mapping, KEY, text=text), by=None, reason="x")
        assert done.number == number
    assert [(r.since, r.until, r.text) for r in revisions(KEY)] == [
        (1, 2, original),
        (2, 3, "Lain."),
        (3, None, original),
    ]


@pytest.mark.usefixtures("in_app")
def test_a_removed_agency_becomes_inactive_and_what_it_had_ends(mapping: Mapping) -> None:
    gone = "dkp"
    smaller = replace(
        mapping,
        agencies=[part for part in mapping.agencies if part.id != gone],
        memberships=[part for part in mapping.memberships if part.agency != gone],
        duties=[part for part in mapping.duties if part.agency != gone],
    )
    service.load_mapping(smaller, by=None, reason="SK baru")
    db.session.rollback()
    agency = factories.agency(gone)
    assert not agency.is_active
    for model in (DutyRevision, Membership):
        rows = list(db.session.scalars(sa.select(model).where(model.agency_id == agency.id)))
        assert rows
        assert {row.until for row in rows} == {2}
    viewer = Viewer(None, AccessKind.SECRETARIAT, task_force_id=agency.task_force_id)
    assert queries.duties(viewer, agency_id=agency.id) == []
    before = queries.memberships(viewer, version=1)
    assert agency.id in {row.agency_id for row in before}
    service.load_mapping(mapping, by=None, reason="Kembali")
    db.session.rollback()
    assert factories.agency(gone).is_active
    assert len(queries.duties(viewer, agency_id=agency.id)) > 0


@pytest.mark.usefixtures("in_app")
def test_a_new_lead_takes_over_in_one_version(mapping: Mapping) -> None:
    group = "pencegahan"
    old = next(p for p in mapping.memberships if p.working_group == group and p.as_ == "lead")
    new = next(p for p in mapping.memberships if p.working_group == group and p.as_ == "member")
    swap = {old.agency: new.as_, new.agency: old.as_}
    changed = replace(
        mapping,
        memberships=[
            replace(part, as_=swap[part.agency])
            if part.working_group == group and part.agency in swap
            else part
            for part in mapping.memberships
        ],
    )
    service.load_mapping(changed, by=None, reason="SK")
    viewer = Viewer(None, AccessKind.SECRETARIAT, task_force_id=factories.task_force().id)

    def lead(version: int | None) -> list[str]:
        return [
            row.agency.key
            for row in queries.memberships(viewer, version=version)
            if row.working_group.key == group and row.kind == "lead"
        ]

    assert lead(1) == [old.agency]
    assert lead(2) == lead(None) == [new.agency]


def test_a_bad_file_changes_nothing(app: flask.Flask, tmp_path: Path) -> None:
    bad = tmp_path / "peta.yaml"
    bad.write_text(FILE.read_text().replace("agency: dispora", "agency: tidak-ada", 1))
    with app.app_context():
        before = counts()
    done = app.test_cli_runner().invoke(args=["roles", "load", str(bad)])
    assert done.exit_code == 1
    assert "peta.yaml:" in done.stderr
    assert "Traceback" not in done.output
    dry = app.test_cli_runner().invoke(args=["roles", "load", str(FILE), "--dry-run"])
    assert dry.exit_code == 0
    with app.app_context():
        assert counts() == before


@pytest.mark.usefixtures("in_app")
def test_a_load_that_fails_half_way_leaves_nothing(
    mapping: Mapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counts()

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("listrik padam")

    monkeypatch.setattr(service, "record", fail)
    with pytest.raises(RuntimeError):
        service.load_mapping(reworded(mapping, KEY, text="Lain."), by=None, reason="x")
    assert counts() == before
    assert [revision.until for revision in revisions(KEY)] == [None]
