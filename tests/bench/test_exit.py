"""The bench prints figures and judges no clock, but says by its exit that a part is broken."""

import tomllib
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import mails
from tests.engines import ROOT


def test_a_part_that_breaks_is_named_and_the_others_still_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def breaks(*_arguments: object) -> list[dict[str, float]]:
        raise TypeError("digest() misses an argument")

    monkeypatch.setattr(bench, "CACHE", tmp_path)
    monkeypatch.setattr(mails, "measure", breaks)
    monkeypatch.setattr(bench.dataset, "seeded", lambda: ROOT / "pyproject.toml")
    monkeypatch.setattr(bench, "_print_acts", lambda *_arguments: print("the acts ran") or [])
    assert bench.main(["--quick", "--only", "surel", "--only", "rencana"]) == 1
    printed = capsys.readouterr()
    assert "the acts ran" in printed.out
    assert "broken: surel" in printed.err


def test_ci_runs_the_bench_and_its_types_are_checked() -> None:
    assert "make bench ARGS=--quick" in (ROOT / ".ci" / "run").read_text().splitlines()
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "bench" in settings["tool"]["mypy"]["packages"]
