"""Reading a plan's file as long work; letting old files go."""

from coordinator.clock import now
from coordinator.plans.importing import queries, service
from coordinator.plans.reading import matched
from coordinator.plans.reading.shapes import Choices
from coordinator.plans.versions.queries import all_newest_numbers
from coordinator.platform.background_jobs.running import Product, Work
from coordinator.translation import gettext as _

READ_PLAN = service.KIND
STEPS = 3


def read_plan(work: Work) -> Product:
    """Read an uploaded file in a child process and keep what it says."""
    public_id, round_read = str(work.params["import"]), int(work.params["round"])
    row = queries.stored(work.viewer, public_id)
    data = queries.data_of(work.viewer, public_id)
    if row is None or data is None or row.round != round_read:
        return Product(_("Berkas itu sudah tidak ada, atau sudah dibaca ulang."))
    name, choices = row.file_name, Choices.from_json(row.choices)
    key = row.plan_key or (choices.plan.id if choices.plan else None)
    work.progress(1, STEPS)
    against = all_newest_numbers()
    found = matched.read(work.viewer, data, name, plan_key=key, choices=choices)
    work.progress(2, STEPS)
    service.keep_reading(public_id, found, round_read=round_read, against=against, by=work.viewer)
    work.progress(STEPS, STEPS)
    if found.refused is not None:
        return Product(found.refused)
    return Product(_("%(n)s baris terbaca. Buka halaman impor untuk memeriksanya.", n=found.rows))


def forget_old_plan_imports() -> str:
    """Delete the files and previews of imports after a day."""
    return f"{service.forget_old_imports(now())} impor dihapus"
