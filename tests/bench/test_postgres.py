"""The bench on PostgreSQL: the same rows as on SQLite, in a server that leaves nothing behind."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bench import __main__ as bench
from bench import postgres as bench_postgres
from bench.postgres import Cluster, copy_rows
from tests.engines import Postgres


def _counts(connection: sqlite3.Connection, tables: list[str]) -> dict[str, int]:
    return {t: connection.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0] for t in tables}


def test_every_row_of_a_data_set_is_copied_and_the_next_one_finds_a_free_number(
    postgres: Postgres, sqlite_templates: dict[str, Path], postgres_templates: dict[str, str]
) -> None:
    postgres.create("bench_copy", template=postgres_templates["empty"])
    with (
        closing(sqlite3.connect(sqlite_templates["seeded"])) as origin,
        psycopg.connect(postgres.url("bench_copy")) as target,
    ):
        copy_rows(origin, target)
        tables = [
            str(name)
            for (name,) in target.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
        ]
        found = {
            table: target.execute(
                sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            ).fetchall()[0][0]
            for table in tables
        }
        assert found == _counts(origin, tables)
        assert found["duty"] > 100
        newest, following = target.execute(
            "SELECT max(id), nextval(pg_get_serial_sequence('duty', 'id')) FROM duty"
        ).fetchall()[0]
        assert following == newest + 1
    postgres.drop("bench_copy")


def test_the_server_of_a_run_answers_and_leaves_nothing_behind() -> None:
    with Cluster() as cluster:
        folder = cluster.folder
        with psycopg.connect(cluster.address("postgres")) as connection:
            assert connection.execute("SHOW fsync").fetchall() == [("on",)]
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(cluster.address("postgres"))


def test_without_the_server_program_the_run_says_what_it_leaves_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(bench, "CACHE", tmp_path)
    monkeypatch.setattr(bench_postgres, "missing", lambda: "initdb")
    assert bench.main(["--only", "postgres"]) == 0
    assert "left out: postgres, for initdb is not installed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--quick"], {""}),
        (["--quick", "--only", "matriks-960"], {"matriks-960"}),
        (["--only", "postgres"], {"postgres"}),
        ([], {"", "matriks-960", "postgres"}),
    ],
)
def test_the_quick_run_takes_the_long_parts_only_where_they_are_named(
    arguments: list[str], parts: set[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: set[str] = set()

    def note(group: bench.Group, run: bench.Run) -> list[bench.Verdict]:
        if group.pages(run.wanted):
            asked.add(group.part)
        return []

    monkeypatch.setattr(bench, "CACHE", tmp_path)
    monkeypatch.setattr(bench_postgres, "missing", lambda: None)
    monkeypatch.setattr(bench, "_measure", note)
    for name in ("_judge_mails", "_judge_start", "_print_acts", "_print_screening"):
        monkeypatch.setattr(bench, name, lambda *_arguments: [])
    assert bench.main(arguments) == 0
    assert asked == parts
