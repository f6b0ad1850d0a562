"""Checking a mapping file in a child process: a hostile one costs the web process nothing.

The child reads bytes and prints `{"mapping": its JSON or null, "findings": [...]}`.
"""

import json
import tempfile
from pathlib import Path

from coordinator import child, screening
from coordinator.roles.seed import Mapping, check
from coordinator.seedfile import Finding

SHOWN = 200  # findings; a file with more has one cause


def problems(data: bytes, name: str) -> tuple[Mapping | None, list[Finding]]:
    """Check a mapping's bytes (YAML, or JSON, which is YAML); return it (None where an error
    stands) and every finding. For bytes of our own; foreign ones go through `checked`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pemetaan")
        path.write_bytes(data)
        mapping, found = check(path)
    return mapping, [Finding(name, f.line, f.column, f.key, f.severity, f.message) for f in found]


def _foreign(data: bytes, name: str) -> tuple[Mapping | None, list[Finding]]:
    mapping, found = problems(data, name)
    findings = found + _identities(data, name)
    findings.sort(key=lambda finding: (finding.severity, finding.line, finding.column))
    has_error = any(finding.severity == "error" for finding in findings)
    return (None if has_error else mapping), findings[:SHOWN]


def _identities(data: bytes, name: str) -> list[Finding]:
    """UU 21/2007 arts. 24 and 44: no text of the mapping may hold a person's number."""
    text = data.decode("utf-8", errors="ignore")
    if not screening.blocks(text):
        return []
    message = "Ada angka seperti NIK atau nomor KK di sini. Hapus angka itu."
    lines = [n for n, line in enumerate(text.splitlines(), start=1) if screening.blocks(line)]
    return [Finding(name, line, 1, "", "error", message) for line in lines or [1]]


def main(payload: bytes) -> bytes:
    """Do the work of `checked` in the child: a line with the file's name, then its bytes."""
    name, _newline, data = payload.partition(b"\n")
    mapping, findings = _foreign(data, name.decode())
    return json.dumps(
        {
            "mapping": mapping.model_dump(mode="json", by_alias=True) if mapping else None,
            "findings": [finding.as_dict() for finding in findings],
        }
    ).encode()


def checked(data: bytes, name: str) -> tuple[Mapping | None, list[Finding]]:
    """Check bytes in a child; a file that takes too much time or memory is a finding too."""
    payload = name.replace("\n", " ").encode() + b"\n" + data
    try:
        answer = json.loads(child.run("coordinator.publication.checking", payload))
    except child.ChildFailed:
        return None, [Finding(name, 1, 1, "", "error", "Berkas terlalu rumit untuk diperiksa.")]
    mapping = None if answer["mapping"] is None else Mapping.model_validate(answer["mapping"])
    return mapping, [Finding(**finding) for finding in answer["findings"]]
