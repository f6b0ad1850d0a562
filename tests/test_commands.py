"""What the commands say in a folder where nothing was installed, and what `make run` prints."""

from pathlib import Path

import pytest
import sqlalchemy as sa

import config
from coordinator.app import create_app
from coordinator.commands import COMMANDS
from coordinator.preparation import command_prefix

INVITE = ("accounts", "invite", "--access", "administrator", "--email", "a@example.go.id")


@pytest.mark.parametrize(
    "arguments",
    [INVITE, ("accounts", "reset", "a@example.go.id"), ("demo", "accounts"), ("prepare",)],
)
def test_a_command_without_an_installation_says_how_to_begin(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    app = create_app(config.load({"DATA_DIR": str(tmp_path)}))
    done = app.test_cli_runner().invoke(args=arguments)
    assert done.exit_code == 1
    assert done.output.startswith(f"Belum ada pemasangan di DATA_DIR {tmp_path}: jalankan make run")
    assert "Error" not in done.output
    assert app.test_cli_runner().invoke(args=[arguments[0], "--help"]).exit_code == 0


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_found_and_explains_itself(tmp_path: Path, name: str) -> None:
    app = create_app(config.load({"DATA_DIR": str(tmp_path)}))
    done = app.test_cli_runner().invoke(args=[name, "--help"])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("Usage:")


def test_another_fault_of_the_database_is_not_taken_for_that(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'koordinator.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num TEXT)"))
    engine.dispose()
    app = create_app(config.load({"DATA_DIR": str(tmp_path)}))
    done = app.test_cli_runner().invoke(args=INVITE)
    assert isinstance(done.exception, sa.exc.OperationalError)


@pytest.mark.parametrize(
    ("given", "prefix"),
    [
        ({}, ""),
        ({"PORT": "9000"}, "PORT=9000 "),
        (
            {"DATABASE_URL": "postgresql://tppo:rahasia@db.local:5433/tppo?password=rahasia"},
            "DATABASE_URL=postgresql://tppo@db.local:5433/tppo ",
        ),
    ],
)
def test_the_command_that_is_printed_means_the_same_installation(
    tmp_path: Path, given: dict[str, str], prefix: str
) -> None:
    folder = tmp_path / "data dir"
    settings = config.load({"DATA_DIR": str(folder), **given})
    assert command_prefix(settings, given) == f"DATA_DIR='{folder}' {prefix}"
