"""A document as text: the JSON a version is kept as, and the YAML file people edit."""

import json
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeVar

import yaml

from coordinator.platform.yaml_files import SeedPart, is_in_odd_quotes

D = TypeVar("D", bound=SeedPart)


class DocumentFormat(Generic[D]):
    """How documents of one kind are written. Equal documents give equal texts."""

    def __init__(self, kind: type[D], head: str) -> None:
        """`head`: the comment at the top of a YAML file."""
        self.kind = kind
        self.head = head

    def to_json(self, document: D) -> str:
        """Return a document as the text a version keeps; what equals its default is left out."""
        return json.dumps(_plain(document), ensure_ascii=False, separators=(",", ":"), default=str)

    def from_json(self, text: str) -> D:
        """Return the document in a version's text."""
        return self.kind.from_json(text)

    def to_yaml(self, document: D) -> str:
        """Return a document as a YAML file that loads back to no change."""
        body = yaml.dump(
            _plain(document),
            Dumper=_Dumper,
            allow_unicode=True,
            sort_keys=False,
            default_flow_style=False,
            width=100,
        )
        return self.head + str(body)


def plain_number(value: Decimal) -> Decimal:
    """Return the same number in its shortest writing: 8.50 is 8.5, and 1E+3 is 1000."""
    return Decimal(format(value.normalize(), "f")) if value else Decimal(0)


class _Years(dict[int, Any]):
    """Values by year: written on one line."""


def _plain(document: SeedPart) -> Any:
    return _simplest(document.to_plain("python", exclude_defaults=True))


def _simplest(value: Any) -> Any:
    """Enums as their words, days as text, numbers in their shortest writing, years in order."""
    if isinstance(value, dict):
        items = {_simplest(key): _simplest(part) for key, part in value.items()}
        if items and all(isinstance(key, int) for key in items):
            return _Years(sorted(items.items()))
        return items
    if isinstance(value, list):
        return [_simplest(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain_number(value)
    return value


class _Dumper(yaml.SafeDumper):
    """List items indented, as a person would write it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        """Indent lists under their key."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        """Write everything out: the reader refuses aliases."""
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    # When read back, a literal NEL would be a plain line end, and Word's quotes an error.
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
