"""The mapping as a document: what a version was published as, and the YAML file people edit."""

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties.models import MappingDocument, MappingVersion
from coordinator.mapping.duties.seed import Mapping
from coordinator.platform.versioned_documents.format import DocumentFormat

MAPPING_FORMAT = DocumentFormat(
    Mapping,
    """\
# Pemetaan pokja dan uraian tugas, ditulis oleh "flask roles export".
# Periksa dengan "flask roles check", lihat akibatnya dengan "flask roles diff",
# terbitkan dengan "flask roles load".
""",
)


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
    return None if text is None else MAPPING_FORMAT.from_json(text)
