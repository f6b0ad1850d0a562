"""The linter itself, as it runs in a child process: bytes in, findings and mapping out as JSON."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import chain, islice

from coordinator.mapping.duties.lint_rules import basis, references, steps, structure, texts
from coordinator.mapping.duties.seed import Mapping
from coordinator.platform.yaml_files import (
    MOST_FINDINGS,
    BadFile,
    Source,
    YamlFinding,
    parse,
    validate,
)

PICK_AGENCY = "Tulis id instansi dari daftar agencies."
PICK_GROUP = "Tulis id pokja dari daftar working_groups."
HINTS = {
    "agency": f"Uraian tugas dan keanggotaan harus menyebut instansinya. {PICK_AGENCY}",
    "working_group": PICK_GROUP,
    "status": "Tulis regulation, guide, decree, atau proposal.",
    "as": "Tulis lead (koordinator) atau member (anggota).",
    "unit": "Tulis hours, days, atau months.",
    "at": "Tulis most (paling lama) atau least (paling sedikit).",
}


def main(payload: bytes) -> bytes:
    """Lint one file; `payload` is a line of JSON (name, on, today) and then the file."""
    header, _newline, data = payload.partition(b"\n")
    asked = json.loads(header)
    mapping, findings = lint(
        data,
        asked["name"],
        on=date.fromisoformat(asked["on"]),
        today=date.fromisoformat(asked["today"]),
    )
    return json.dumps(
        {
            "mapping": mapping and mapping.to_plain(),
            "findings": [finding.as_dict() for finding in findings],
        }
    ).encode()


def lint(
    data: bytes, name: str, *, on: date, today: date
) -> tuple[Mapping | None, list[YamlFinding]]:
    """Return the mapping (None if it has an error) and its findings in the file's order.

    Citations must be in force `on`; no text may have been checked on a day after `today`.
    """
    try:
        source = parse(data, name)
        mapping = validate(source, Mapping, HINTS)
    except BadFile as error:
        return None, error.findings
    rules = chain(
        references.findings(mapping, source),
        basis.findings(mapping, source, on=on, today=today),
        structure.findings(mapping, source),
        steps.findings(mapping, source),
        texts.findings(mapping, source),
    )
    findings = list(_some(rules, source))
    findings.sort(key=lambda finding: (finding.line, finding.column))
    has_error = any(finding.severity == "error" for finding in findings)
    return (None if has_error else mapping), findings


def _some(rules: Iterator[YamlFinding], source: Source) -> Iterator[YamlFinding]:
    """Return the first findings: nobody reads a longer list to its end."""
    yield from islice(rules, MOST_FINDINGS)
    if next(rules, None) is not None:
        yield source.finding((), f"Lebih dari {MOST_FINDINGS} temuan; sisanya tidak ditampilkan.")
