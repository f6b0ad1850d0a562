"""The sealing job."""

from coordinator.audit import service


def seal_audit_entries() -> str:
    """Seal what was committed since the last minute."""
    return f"{service.seal_audit_entries()} catatan disegel"
