"""The interface of the mapping linter: takes a file or an upload, returns mapping and findings.

An uploaded file is read in a child process with limits of time and memory
(`lint_rules.child`): neither a hostile YAML nor the library that compares names is loaded in
the web process.
"""

import json
from datetime import date
from pathlib import Path

from coordinator import child, logs
from coordinator.clock import today
from coordinator.mapping.duties.seed import Mapping
from coordinator.platform.yaml_files import BadFile, YamlFinding, check_size, read_bytes

WHY = {
    child.Failure.TIME: (
        f"Pemeriksaan dihentikan setelah {child.SECONDS} detik: berkas terlalu rumit."
    ),
    child.Failure.MEMORY: (
        f"Pemeriksaan dihentikan karena memerlukan lebih dari {child.MEGABYTES} MB: "
        "berkas terlalu rumit."
    ),
    child.Failure.CRASH: "Berkas ini tidak dapat diperiksa: isinya menghentikan pemeriksaan.",
}


def check(path: Path, on: date | None = None) -> tuple[Mapping | None, list[YamlFinding]]:
    """Read and lint a mapping file; return it (None if it has an error) and all findings.

    `on` is the day its citations must be in force (default: today).
    """
    try:
        return check_bytes(read_bytes(path), path.name, on)
    except BadFile as error:
        return None, error.findings


def check_bytes(
    data: bytes, name: str, on: date | None = None
) -> tuple[Mapping | None, list[YamlFinding]]:
    """Lint the bytes of a mapping file called `name`; as `check`. Never raises for its content."""
    day = today()
    header = {"name": name, "on": (on or day).isoformat(), "today": day.isoformat()}
    try:
        check_size(data, name)
        answer = child.run(
            "coordinator.mapping.duties.lint_rules.child",
            json.dumps(header).encode() + b"\n" + data,
        )
    except BadFile as error:
        return None, error.findings
    except child.ChildFailed as error:
        logs.warning("checking a mapping ended", what=error.why, why=error.detail)
        return None, [YamlFinding(name, 1, 1, "", "error", WHY[error.why])]
    said = json.loads(answer)
    findings = [YamlFinding(**finding) for finding in said["findings"]]
    mapping = None if said["mapping"] is None else Mapping.checked(said["mapping"])
    return mapping, findings
