"""`flask roles diff|load|export`, as another program or an officer at a shell uses them."""

import json
from dataclasses import replace
from pathlib import Path

import flask
import pytest
from click.testing import Result

from coordinator.mapping.duties.document import MAPPING_FORMAT
from coordinator.mapping.duties.models import MappingVersion
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions import queries
from coordinator.permissions import AccessKind
from tests import factories
from tests.mapping.duties.builders import FILE, KEY, reworded

LISTS = ["added", "removed", "moved", "reworded", "rebased"]


def run(app: flask.Flask, *arguments: str, code: int = 0) -> Result:
    """Run `flask roles ...`, expecting an exit code."""
    done = app.test_cli_runner().invoke(args=["roles", *arguments])
    assert done.exit_code == code, (done.output, done.exception)
    return done


def version(app: flask.Flask) -> int:
    """The version in force."""
    with app.app_context():
        return (
            factories.db.session.scalar(
                factories.sa.select(factories.sa.func.max(MappingVersion.number))
            )
            or 0
        )


@pytest.fixture
def file(mapping: Mapping, tmp_path: Path) -> Path:
    """A file that rewords one duty, moves another, drops a third and adds a fourth."""
    own = [duty for duty in mapping.duties if duty.agency == "dinsos"]
    new = replace(own[0], id="dinsos-tugas-baru", text="Tugas yang baru")
    changed = reworded(mapping, KEY, text="Mengawasi magang")
    target = next(
        m.agency
        for m in mapping.memberships
        if m.working_group == own[0].working_group and m.agency != "dinsos"
    )
    changed = reworded(changed, own[0].id, agency=target)
    changed = replace(changed, duties=[d for d in changed.duties if d.id != own[1].id] + [new])
    path = tmp_path / "peran.yaml"
    path.write_text(MAPPING_FORMAT.to_yaml(changed), encoding="utf-8")
    return path


def test_diff_prints_one_object_with_five_lists(app: flask.Flask, file: Path) -> None:
    found = json.loads(run(app, "diff", str(file), "--json").stdout)
    assert list(found) == LISTS
    assert [one["id"] for one in found["reworded"]] == [KEY]
    assert [one["id"] for one in found["added"]] == ["dinsos-tugas-baru"]
    assert len(found["removed"]) == len(found["moved"]) == 1
    assert found["rebased"] == []
    assert found["reworded"][0]["agencies"] == ["dispora"]
    assert found["moved"][0]["agencies"][1] == "dinsos"
    same = json.loads(run(app, "diff", str(FILE), "--json").stdout)
    assert list(same) == LISTS
    assert not any(same.values())
    assert version(app) == 1


def test_diff_for_a_person_names_each_agency(app: flask.Flask, file: Path) -> None:
    text = run(app, "diff", str(file)).output
    assert "\nDispora\n" in text
    assert "berubah bunyi: Mengawasi magang" in text
    assert "4 perubahan, 3 instansi." in text
    assert run(app, "diff", str(FILE)).output.strip() == "Sama."


def test_a_bad_file_changes_nothing(app: flask.Flask, file: Path, tmp_path: Path) -> None:
    bad = tmp_path / "buruk.yaml"
    bad.write_text(file.read_text().replace("agency: dinsos", "agency: dinsoss", 1))
    for command in ("diff", "load"):
        text = run(app, command, str(bad), code=1).output
        assert "dinsoss" in text
    run(app, "diff", str(tmp_path / "tidak-ada.yaml"), code=2)
    run(app, "load", code=2)
    assert version(app) == 1


def test_a_dry_run_changes_nothing(app: flask.Flask, file: Path) -> None:
    assert "4 perubahan" in run(app, "load", str(file), "--dry-run").output
    assert version(app) == 1


def test_load_publishes_and_tells_only_when_asked(
    app: flask.Flask, file: Path, mapping: Mapping, tmp_path: Path
) -> None:
    with app.app_context():
        factories.person(AccessKind.FOCAL_POINT, "dispora")
    text = run(app, "load", str(file), "--reason", "SK Gubernur").output
    assert "Versi 2 diterbitkan: 4 perubahan, 0 email." in text
    assert "sudah berlaku, tidak ada perubahan" in run(app, "load", str(file)).output
    assert version(app) == 2
    text = run(app, "load", str(FILE), "--notify", "--effective-on", "2026-11-01").output
    assert "Versi 3 diterbitkan: 4 perubahan, 1 email." in text
    with app.app_context():
        found = factories.db.session.scalars(
            factories.sa.select(MappingVersion).order_by(MappingVersion.number.desc())
        ).first()
        assert found is not None
        assert found.effective_on.isoformat() == "2026-11-01"
    run(app, "load", str(FILE), "--effective-on", "besok", code=2)


def test_what_is_exported_loads_back_to_no_change(
    app: flask.Flask, file: Path, mapping: Mapping, tmp_path: Path
) -> None:
    """The real mapping, and a mapping after edits."""
    for number in (1, 2):
        out = tmp_path / f"keluar-{number}.yaml"
        assert "uraian tugas" in run(app, "export", "-o", str(out)).output
        run(app, "check", str(out))
        assert run(app, "diff", str(out)).output.strip() == "Sama."
        assert "tidak ada perubahan" in run(app, "load", str(out)).output
        assert version(app) == number
        if number == 1:
            run(app, "load", str(file))
    older = run(app, "export", "--version", "1").stdout
    with app.app_context():
        assert older == MAPPING_FORMAT.to_yaml(mapping)
        assert queries.published(factories.task_force().id) != mapping
    run(app, "export", "--version", "9", code=1)
    run(app, "export", "--task-force", "99", code=1)
