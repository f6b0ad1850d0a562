"""The sweeping job. Doing the work is composed in the scheduler, which knows the handlers."""

from coordinator.clock import now
from coordinator.platform.background_jobs import queries, service, storage


def forget_old_results() -> str:
    """Delete result files after a day, and files that no work names."""
    service.forget_old_results(now())
    found = storage.names()  # before the query: what appears meanwhile is left alone
    removed = storage.remove_others(found, queries.ids_with_results())
    return f"{removed} berkas dihapus"
