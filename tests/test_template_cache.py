"""Compiled templates are kept for the next process, and done without where they cannot be."""

from pathlib import Path

from jinja2 import Environment

import config
from coordinator.app import create_app
from coordinator.template_cache import FOLDER, TemplateCache


def _app(data_dir: Path) -> Environment:
    return create_app(config.load({"DATA_DIR": str(data_dir), "SECRET_KEY": "uji"})).jinja_env


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
