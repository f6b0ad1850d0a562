"""The set-up installs what the locks say and nothing else, today and in a year."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.engines import ROOT

HOLDS_COMMANDS = ("Makefile", "bin/*", ".ci/*", "README.md", "docs/**/*.md")
PINS = ("--no-deps", "--require-hashes")


def _install_lines(text: str) -> list[str]:
    """Return the commands of `text` that install Python packages, make's variables filled in."""
    text = text.replace("\\\n", " ")
    variables = dict(re.findall(r"^(\w+) [:?]?= (.*)$", text, re.M))
    for _depth in range(3):
        text = re.sub(r"\$\((\w+)\)", lambda found: variables.get(found[1], found[0]), text)
    lines = [line for line in text.splitlines() if not re.match(r"\w+ [:?]?= ", line)]
    return [line for line in lines if re.search(r"\b(pip|uv)\b.*\b(install|sync)\b", line)]


def _all_install_lines() -> list[tuple[str, str]]:
    files = [path for pattern in HOLDS_COMMANDS for path in sorted(ROOT.glob(pattern))]
    return [
        (str(path.relative_to(ROOT)), line)
        for path in files
        if path.is_file()
        for line in _install_lines(path.read_text())
    ]


def test_every_install_takes_the_lock_as_it_is() -> None:
    # With --require-hashes alone pip still resolves: a newer release of something the lock pins
    # without its extra stopped the set-up within a week.
    found = _all_install_lines()
    assert len(found) >= 2, "make run and make test install from their locks"
    assert [line for line in found if not all(pin in line[1] for pin in PINS)] == []


@pytest.mark.parametrize(
    "line",
    [
        "\t@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock",
        "pip install --no-deps -r requirements.lock",
        "\tuv pip sync requirements.lock",
    ],
)
def test_an_install_that_resolves_is_seen(line: str) -> None:
    (seen,) = _install_lines(f"BIN := .venv/bin\n{line}\n")
    assert not all(pin in seen for pin in PINS)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_and_hashes_every_line(lock: str) -> None:
    entries = re.split(r"^(?=\S)", (ROOT / lock).read_text(), flags=re.M)
    entries = [entry for entry in entries if entry.strip() and not entry.startswith("#")]
    assert entries
    for entry in entries:
        assert re.match(r"[\w.\-]+(\[[\w,]+\])?==\S+", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


def test_an_older_python_is_refused_by_name(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.lock"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.18"\n[ "$1" != -c ]\n')
    old.chmod(0o755)
    done = subprocess.run(
        ["make", "run", f"PYTHON={old}"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "Python 3.9.18" in done.stderr
    assert not (tmp_path / ".venv").exists()
