"""A plan as a document: the text a version is kept as, and the YAML file people edit."""

from coordinator.plans.actions.seed import PlanFile
from coordinator.platform.versioned_documents.format import DocumentFormat

PLAN_FORMAT = DocumentFormat(
    PlanFile,
    """\
# Rencana aksi, ditulis oleh "flask plan export".
# Periksa dengan "flask plan check", lihat akibatnya dengan "flask plan import --dry-run".
""",
)
