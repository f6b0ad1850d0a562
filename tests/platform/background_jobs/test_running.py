"""Long work: done once, watched truly, taken over when its worker dies, stopped when told."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.clock import now
from coordinator.db import db
from coordinator.errors import Conflict, NotFound
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.background_jobs import queries, running, service, storage
from coordinator.platform.background_jobs.jobs import forget_old_results
from coordinator.platform.background_jobs.models import BackgroundTask
from coordinator.platform.background_jobs.rules import KEPT, LEASE, TaskState, share
from coordinator.platform.background_jobs.running import Product, Work
from tests import factories

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def asker() -> Viewer:
    return factories.person(AccessKind.LEADERSHIP, home="biro-kesra")


@pytest.fixture(autouse=True)
def _not_stopping() -> Iterator[None]:
    yield
    running.stopping.clear()


def ask(by: Viewer, **params: object) -> str:
    """Ask for work of the kind "uji"."""
    return service.enqueue("uji", title="Uji", params=params, by=by)


def row(public_id: str) -> BackgroundTask:
    """Return the work's row as it is in the database."""
    db.session.rollback()
    return db.session.scalars(
        sa.select(BackgroundTask).where(BackgroundTask.public_id == public_id)
    ).one()


def acts() -> list[str]:
    """Return the audited acts on long work, in order."""
    rows = db.session.scalars(
        sa.select(AuditEntry.action)
        .where(AuditEntry.subject_type == "task")
        .order_by(AuditEntry.id)
    )
    return list(rows)


def test_work_is_done_for_who_asked(asker: Viewer) -> None:
    public_id = ask(asker, size=3)
    seen: list[tuple[Viewer, dict[str, object], int, int]] = []

    def handler(work: Work) -> Product:
        for step in range(3):
            work.progress(step, 3)
            found = row(public_id)
            seen.append((work.viewer, dict(work.params), found.done, found.total))
        return Product("Tiga selesai.", "uji.txt", "text/plain", b"isi")

    assert running.run_queued({"uji": handler}) == "1 pekerjaan"
    assert [(done, total) for _viewer, _params, done, total in seen] == [(0, 3), (1, 3), (2, 3)]
    viewer, params, _done, _total = seen[0]
    assert (viewer.account_id, viewer.kind, viewer.task_force_id) == (
        asker.account_id,
        asker.kind,
        asker.task_force_id,
    )
    assert params == {"size": 3}
    found = row(public_id)
    assert (found.state, found.done, found.total) == (TaskState.DONE, 3, 3)
    assert found.note == "Tiga selesai."
    path = storage.path_of(public_id)
    assert path.read_bytes() == b"isi"
    assert path.stat().st_mode & 0o777 == 0o600
    assert acts() == ["task.requested", "task.finished"]
    assert running.run_queued({"uji": handler}) == "0 pekerjaan"


def test_asking_twice_is_one_work_until_it_ends(asker: Viewer) -> None:
    other = factories.person(AccessKind.AUDITOR, home="inspektorat")
    first = ask(asker, form="zip")
    assert ask(asker, form="zip") == first
    assert len({first, ask(asker, form="pdf"), ask(other, form="zip")}) == 3
    running.run_queued({"uji": lambda _work: Product()})
    assert ask(asker, form="zip") != first


def test_a_rule_that_says_no_fails_with_its_words(asker: Viewer) -> None:
    def refuses(_work: Work) -> Product:
        raise Conflict("Berkas ini sudah dipakai.")

    def breaks(_work: Work) -> Product:
        raise RuntimeError("rahasia")

    first = ask(asker, n=1)
    running.run_queued({"uji": refuses})
    assert (row(first).state, row(first).note) == (TaskState.FAILED, "Berkas ini sudah dipakai.")
    second = ask(asker, n=2)
    running.run_queued({"uji": breaks})
    assert row(second).state is TaskState.FAILED
    assert "rahasia" not in row(second).note
    third = ask(asker, n=3)
    running.run_queued({})
    assert row(third).state is TaskState.FAILED
    assert acts().count("task.failed") == 3


def test_cancelled_work_stops_at_its_next_step(asker: Viewer) -> None:
    public_id = ask(asker)
    steps = []

    def handler(work: Work) -> Product:
        for step in range(5):
            work.progress(step, 5)
            steps.append(step)
            if step == 1:
                assert service.cancel(public_id, by=asker)
        return Product("", "uji.txt", "text/plain", b"x")

    running.run_queued({"uji": handler})
    assert steps == [0, 1]
    assert row(public_id).state is TaskState.CANCELLED
    assert not storage.path_of(public_id).exists()
    assert not service.cancel(public_id, by=asker)
    assert acts() == ["task.requested", "task.cancelled"]


def test_work_cancelled_before_its_turn_is_never_begun(asker: Viewer) -> None:
    service.cancel(ask(asker), by=asker)
    assert running.run_queued({}) == "0 pekerjaan"


def test_a_dead_workers_work_is_done_again_at_most_twice(
    asker: Viewer, clock: time_machine.Traveller
) -> None:
    public_id = ask(asker)
    for attempt in (1, 2, 3):
        claim = service.claim_next(f"mati-{attempt}")
        assert claim is not None
        assert service.claim_next("lain") is None  # held
        clock.move_to(now() + LEASE + timedelta(seconds=1))
    assert "Diulang" in row(public_id).note
    assert not service.report_progress(row(public_id).id, "mati-1", done=1, total=2)
    assert service.claim_next("lain") is None
    assert row(public_id).state is TaskState.FAILED
    assert acts() == ["task.requested", "task.failed"]


def test_the_new_worker_wins_over_the_old(asker: Viewer, clock: time_machine.Traveller) -> None:
    public_id = ask(asker)
    old = service.claim_next("lama")
    assert old is not None
    clock.move_to(now() + LEASE + timedelta(seconds=1))
    assert service.claim_next("baru") is not None
    assert not service.finish(old.id, "lama", note="dari yang lama")
    assert service.finish(old.id, "baru", note="dari yang baru")
    assert row(public_id).note == "dari yang baru"


def test_a_stopping_process_releases_its_work(asker: Viewer) -> None:
    public_id = ask(asker)

    def handler(work: Work) -> Product:
        running.stopping.set()
        work.progress(1, 2)
        return Product()

    running.run_queued({"uji": handler})
    assert (row(public_id).state, row(public_id).attempts) == (TaskState.QUEUED, 0)


def test_files_go_after_a_day_and_strays_at_once(
    asker: Viewer, clock: time_machine.Traveller
) -> None:
    public_id = ask(asker)
    running.run_queued({"uji": lambda _work: Product("", "uji.txt", "text/plain", b"x")})
    storage.keep("liar", b"x")
    assert forget_old_results() == "1 berkas dihapus"
    assert storage.path_of(public_id).exists()
    clock.move_to(now() + KEPT + timedelta(minutes=1))
    forget_old_results()
    assert not storage.path_of(public_id).exists()
    assert row(public_id).result_name is None


def test_an_unfinished_file_of_running_work_is_left(asker: Viewer) -> None:
    public_id = ask(asker)
    service.claim_next("kerja")
    storage.keep(f".{public_id}.abcd.tmp", b"x")
    forget_old_results()
    assert storage.names() == {f".{public_id}.abcd.tmp"}


def test_who_may_watch(asker: Viewer) -> None:
    public_id = ask(asker)
    secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    auditor = factories.person(AccessKind.AUDITOR, home="inspektorat")
    administrator = factories.person(AccessKind.ADMINISTRATOR)
    elsewhere = Viewer(
        account_id=asker.account_id,
        kind=asker.kind,
        task_force_id=factories.task_force("64.01").id,
    )
    watchers = [asker, secretariat, auditor, administrator, elsewhere]
    assert [queries.task(viewer, public_id) is not None for viewer in watchers] == [
        True,
        True,
        False,
        False,
        False,
    ]
    with pytest.raises(NotFound):
        service.cancel(public_id, by=auditor)
    assert queries.recent_tasks(auditor) == []
    assert len(queries.recent_tasks(secretariat)) == 1


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(0, 0, 0), (0, 3, 0), (1, 3, 33), (3, 3, 100), (5, 3, 100)]
)
def test_the_share_of_a_job_is_in_percent(done: int, total: int, percent: int) -> None:
    assert share(done, total) == percent
