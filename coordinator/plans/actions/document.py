"""A plan as a document: the text a version is kept as, and the YAML file people edit."""

import json
from decimal import Decimal
from enum import Enum
from typing import Any

import yaml

from coordinator.plans.actions.seed import PlanFile
from coordinator.platform.yaml_files import is_in_odd_quotes

HEAD = """\
# Rencana aksi, ditulis oleh "flask plan export".
# Periksa dengan "flask plan check", lihat akibatnya dengan "flask plan import --dry-run".
"""


def dumped(plan: PlanFile) -> dict[str, Any]:
    """Return a plan as plain JSON data; what equals its default is left out."""
    data: dict[str, Any] = json.loads(
        json.dumps(_plain(plan.model_dump(by_alias=True, exclude_defaults=True)), default=str)
    )
    return data


def to_json(plan: PlanFile) -> str:
    """Return a plan as the text of a version's document. Equal plans give equal texts."""
    return json.dumps(dumped(plan), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> PlanFile:
    """Return the plan in a document's text."""
    return PlanFile.model_validate_json(text)


def to_yaml(plan: PlanFile) -> str:
    """Return a plan as a YAML file that loads back to no change."""
    body = yaml.dump(
        _plain(plan.model_dump(by_alias=True, exclude_defaults=True)),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=100,
    )
    return HEAD + str(body)


class _Years(dict[int, Any]):
    """Targets by year: written on one line."""


class _Dumper(yaml.SafeDumper):
    """List items indented, as a person would write it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        """Indent lists under their key."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        """Write everything out: the reader refuses aliases."""
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    # Read back, a literal NEL would be a plain line end, and Word's quotes a fault.
    is_quoted = "\x85" in value or is_in_odd_quotes(value)
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"' if is_quoted else None)


def _number(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    tag = "float" if "." in str(value) else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{tag}", str(value))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Decimal, _number)
_Dumper.add_representer(
    _Years,
    lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True),
)


def plain_number(value: Decimal) -> Decimal:
    """Return the same number in its shortest writing: 8.50 is 8.5, and 1E+3 is 1000."""
    return Decimal(format(value.normalize(), "f")) if value else Decimal(0)


def _plain(value: Any) -> Any:
    """Enums as their words, numbers in their shortest writing, years in order."""
    if isinstance(value, dict):
        items = {_plain(key): _plain(part) for key, part in value.items()}
        if items and all(isinstance(key, int) for key in items):
            return _Years(sorted(items.items()))
        return items
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return plain_number(value)
    return value
