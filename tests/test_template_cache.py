"""Compiled templates are kept for the next process, and done without where they cannot be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

import config
from coordinator.app import create_app
from coordinator.template_cache import FOLDER, TemplateCache


def _app(data_dir: Path) -> Environment:
    return create_app(config.load({"DATA_DIR": str(data_dir), "SECRET_KEY": "uji"})).jinja_env


def _warmed(environment: Environment) -> int:
    cache = environment.bytecode_cache
    assert isinstance(cache, TemplateCache)
    return cache.warm(environment)


def test_the_next_process_finds_what_was_compiled(tmp_path: Path) -> None:
    first, second = _app(tmp_path), _app(tmp_path)
    source = first.get_template("base.html")
    kept = list((tmp_path / FOLDER).iterdir())
    assert len(kept) == 1
    assert (tmp_path / FOLDER).stat().st_mode & 0o077 == 0
    written = kept[0].stat().st_mtime_ns
    assert second.get_template("base.html").name == source.name
    assert kept[0].stat().st_mtime_ns == written


def test_a_disk_that_cannot_be_written_and_a_broken_entry_are_no_faults(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    environment = _app(tmp_path)
    environment.bytecode_cache = TemplateCache(in_the_way)
    assert environment.get_template("base.html")

    _app(tmp_path).get_template("base.html")
    for entry in (tmp_path / FOLDER).iterdir():
        entry.write_bytes(entry.read_bytes()[:-50])
    assert _app(tmp_path).get_template("base.html")


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The templates that Jinja compiles."""
    names: list[str | None] = []
    compile_one = Environment.compile

    def noted(self: Environment, source: str, name: str | None = None, *more: Any) -> Any:
        names.append(name)
        return compile_one(self, source, name, *more)

    monkeypatch.setattr(Environment, "compile", noted)
    return names


def test_a_start_loads_what_is_compiled_and_compiles_nothing(
    tmp_path: Path, compiled: list[str | None]
) -> None:
    assert _warmed(_app(tmp_path)) == 0  # the first start
    assert compiled == []
    _app(tmp_path).get_template("base.html")
    del compiled[:]

    environment = _app(tmp_path)
    assert _warmed(environment) == 1
    next((tmp_path / FOLDER).iterdir()).unlink()
    environment.get_template("base.html")
    assert compiled == []  # it was in memory already
    environment.get_template("home/help_page.html")
    assert compiled == ["home/help_page.html"]


def test_a_start_after_an_upgrade_leaves_what_was_compiled_of_another_text(
    tmp_path: Path, compiled: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    _app(tmp_path).get_template("base.html")
    del compiled[:]
    environment = _app(tmp_path)
    assert environment.loader is not None
    read = environment.loader.get_source

    def upgraded(*asked: Any) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, filename, is_fresh = read(*asked)
        return f"{source} ", filename, is_fresh

    monkeypatch.setattr(environment.loader, "get_source", upgraded)
    assert _warmed(environment) == 0
    assert compiled == []
