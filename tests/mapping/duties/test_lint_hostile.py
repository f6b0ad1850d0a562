"""Hostile files, through the process that has the limits: each ends in a finding."""

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

from coordinator import child
from coordinator.mapping.duties import lint
from coordinator.platform.yaml_files import MOST_FINDINGS, content_hash
from tests.engines import ROOT
from tests.mapping.duties.small_mapping import GOOD, TODAY, look

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)
)
HOSTILE = [
    ("utf-16", GOOD.encode("utf-16"), "UTF-16"),
    ("utf-16 without mark", GOOD.encode("utf-16-le"), "UTF-16"),
    ("utf-32", GOOD.encode("utf-32"), "UTF-16"),
    ("binary", b"\xff\xfe\x00", "UTF-16"),
    ("latin-1", "title: Rés".encode("latin-1"), "bukan UTF-8"),
    ("10 MB", b"#" * 10_000_000, "terlalu besar, paling besar 5 MB"),
    ("depth 20,000", b"[" * 20_000 + b"]" * 20_000, "terlalu dalam"),
    ("depth 20,000, never closed", b"[" * 20_000, "terlalu dalam"),
    ("depth 2,000,000", b"[" * 2_000_000, "terlalu dalam"),
    ("depth of mappings", b"{a: " * 20_000, "terlalu dalam"),
    ("depth of dashes", b"- " * 20_000 + b"a", "terlalu dalam"),
    ("depth of lines", b"".join(b" " * (2 * n) + b"- a:\n" for n in range(1500)), "terlalu dalam"),
    ("depth of keys", b"? " * 20_000 + b"a", "terlalu dalam"),
    ("alias bomb", BOMB.encode(), "Alias"),
    ("a million aliases", b"a: &a x\nb:\n" + b"- *a\n" * 900_000, "Alias"),
    ("endless alias", b"a: &a [*a]\n", "Alias"),
    ("a million parts", b"- a\n" * 1_000_000, "lebih dari 100.000 bagian"),
    ("a million keys", b"".join(b"%x: 1\n" % n for n in range(500_000)), "100.000 bagian"),
    ("one long key", b"a" * 4_000_000 + b": 1", "pasangan|Bukan YAML|Kunci|Bagian"),
    ("one long value", b'schema: "' + b"x" * 4_000_000 + b'"', "salah satu|wajib"),
    ("digits", b'title: "' + b"64720145 " * 400_000 + b'"', "wajib|2000"),
    ("python object", b"!!python/object/apply:os.system ['touch /tmp/x']", "Tag"),
    ("empty", b"", "kosong"),
    ("only a mark", b"\xef\xbb\xbf", "kosong"),
    ("comments", b"\n# hanya catatan\n", "kosong"),
    ("a word", b"halo", "pasangan kunci"),
    ("a list", b"- a\n- b\n", "pasangan kunci"),
    ("null", b"null", "pasangan kunci"),
    ("a pdf", b"%PDF-1.4\n%\xc3\xa9", "Bukan YAML"),
    ("nul", b"schema: 1\x00", "U.0000"),
    ("merge key", b"schema: 1\n<<: {title: x}\n", "tidak dikenal"),
]


@pytest.mark.parametrize(
    ("content", "message"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE]
)
def test_hostile_content_ends_in_a_finding(content: bytes, message: str) -> None:
    mapping, findings = lint.check_bytes(content, "peta.yaml", TODAY)
    assert mapping is None
    assert findings
    told = " ".join(finding.message for finding in findings)
    assert re.search(message, told), told[:500]
    assert "menghentikan pemeriksaan" not in told  # nothing here may crash the reader
    assert len(findings) <= MOST_FINDINGS + 1
    assert all(finding.line >= 1 and len(finding.message) < 400 for finding in findings)
    assert all(len(finding.key) < 400 for finding in findings)


@pytest.mark.parametrize(
    ("why", "message"),
    [
        (child.Failure.TIME, "setelah 10 detik"),
        (child.Failure.MEMORY, "lebih dari 200 MB"),
        (child.Failure.CRASH, "menghentikan pemeriksaan"),
    ],
)
def test_the_end_of_the_process_is_a_finding_and_its_kind_is_logged(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    why: child.Failure,
    message: str,
) -> None:
    def fail(module: str, payload: bytes) -> bytes:
        raise child.ChildFailed(why, "KeyError")

    monkeypatch.setattr(child, "run", fail)
    with caplog.at_level(logging.WARNING):
        mapping, findings = lint.check_bytes(GOOD.encode(), "peta.yaml", TODAY)
    assert mapping is None
    assert [(f.line, f.severity) for f in findings] == [(1, "error")]
    assert message in findings[0].message
    assert "KeyError" in caplog.text


def test_what_comes_back_from_the_process_is_the_mapping_of_the_file() -> None:
    mapping, findings = lint.check_bytes(GOOD.encode(), "peta.yaml", TODAY)
    assert findings == []
    here, _findings = look(GOOD)
    assert mapping == here
    assert mapping is not None
    assert here is not None
    assert content_hash(mapping) == content_hash(here)


def test_the_web_process_loads_no_name_matcher() -> None:
    code = (
        "import sys, coordinator.app, coordinator.mapping.duties.lint;"
        "loaded = {'rapidfuzz', 'coordinator.mapping.duties.lint_rules'} & set(sys.modules);"
        "sys.exit(bool(loaded))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_folder_and_a_file_that_is_not_there_are_findings(tmp_path: Path) -> None:
    for path in (tmp_path / "tidak-ada.yaml", tmp_path):
        mapping, findings = lint.check(path)
        assert mapping is None
        assert "tidak dapat dibaca" in findings[0].message
