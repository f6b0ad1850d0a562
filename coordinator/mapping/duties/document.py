"""The mapping as a document: what a version was published as, and the YAML file people edit."""

import json

import sqlalchemy as sa
import yaml

from coordinator.db import db
from coordinator.mapping.duties.models import MappingDocument, MappingVersion
from coordinator.mapping.duties.seed import Mapping
from coordinator.platform.yaml_files import is_in_odd_quotes

HEAD = """\
# Pemetaan pokja dan uraian tugas, ditulis oleh "flask roles export".
# Periksa dengan "flask roles check", lihat akibatnya dengan "flask roles diff",
# terbitkan dengan "flask roles load".
"""


def dumped(mapping: Mapping) -> dict[str, object]:
    """Return a mapping as plain data; what equals its default is left out."""
    data: dict[str, object] = mapping.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return data


def to_json(mapping: Mapping) -> str:
    """Return a mapping as the text of a `MappingDocument`."""
    return json.dumps(dumped(mapping), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Mapping:
    """Return the mapping in a document's text."""
    return Mapping.model_validate_json(text)


def to_yaml(mapping: Mapping) -> str:
    """Return a mapping as a YAML file that loads back to no change."""
    body = yaml.dump(
        dumped(mapping),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=100,
    )
    return HEAD + str(body)


class _Dumper(yaml.SafeDumper):
    """Blank line before each part, list items indented: as a person would write it."""

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


_Dumper.add_representer(str, _text)


def document_text(task_force_id: int, number: int) -> str | None:
    """Return the text of a version's document."""
    return db.session.scalar(
        sa.select(MappingDocument.content)
        .join(MappingVersion, MappingVersion.id == MappingDocument.mapping_version_id)
        .where(MappingVersion.task_force_id == task_force_id, MappingVersion.number == number)
    )


def document(task_force_id: int, number: int) -> Mapping | None:
    """Return the mapping of a task force as version `number` published it."""
    text = document_text(task_force_id, number)
    return None if text is None else from_json(text)
