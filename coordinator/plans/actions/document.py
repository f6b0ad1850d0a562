"""A plan as a document: the text a version is kept as, and the YAML file people edit."""

import json

from coordinator.plans.actions.seed import PlanFile, PlanPart
from coordinator.platform.versioned_documents.format import DocumentFormat

PLAN_FORMAT = DocumentFormat(
    PlanFile,
    """\
# Rencana aksi, ditulis oleh "flask plan export".
# Periksa dengan "flask plan check", lihat akibatnya dengan "flask plan import --dry-run".
""",
)


def head_of(content: str) -> PlanPart:
    """Return what a version's text says of the plan, without reading the rest of it."""
    start = content.index('"plan":') + len('"plan":')
    return PlanPart.checked(json.JSONDecoder().raw_decode(content, start)[0])
