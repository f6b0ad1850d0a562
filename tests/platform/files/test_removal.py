"""How bytes go, and how they get their row meanwhile. Both engines."""

import os
import threading
from datetime import timedelta

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import real_now
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput
from coordinator.platform.files import removal, storage
from coordinator.platform.files.jobs import sweep_evidence
from coordinator.platform.files.models import StoredFile
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.evidence import service
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.reports.evidence_queries import REPORTS
from tests import factories
from tests.factories import Story
from tests.reporting.evidence.builders import lay, received, use

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def story(in_app: None) -> Story:
    """Dispora and Disnakertrans owe a report each."""
    return factories.story()


def test_a_file_removed_from_a_draft_leaves_its_bytes_to_the_sweep(story: Story) -> None:
    owed = factories.obligation_of(story.assignment, "dispora")
    file = received()
    public_id = lay(owed, story.focal_point, file)
    drafts.remove_file(owed.public_id, public_id, by=story.focal_point)
    assert use(public_id).withdrawn_reason == "dihapus dari draf"
    assert sweep_evidence() == "0 berkas yatim dihapus"  # younger than a day
    long_ago = (real_now() - timedelta(hours=25)).timestamp()
    os.utime(storage.path_of(file.sha256), (long_ago, long_ago))
    assert sweep_evidence() == "1 berkas yatim dihapus"
    assert not storage.current().has(file.sha256)


def test_a_row_without_its_file_is_reported_and_never_deleted(story: Story) -> None:
    owed = factories.obligation_of(story.assignment, "dispora")
    file = received()
    lay(owed, story.focal_point, file)
    storage.current().remove(file.sha256)
    assert "1 BERKAS HILANG" in sweep_evidence()
    assert len(db.session.scalars(sa.select(StoredFile)).all()) == 1


def test_bytes_that_went_meanwhile_get_no_row(story: Story) -> None:
    owed = factories.obligation_of(story.assignment, "dispora")
    file = received()
    storage.current().remove(file.sha256)
    with pytest.raises(InvalidInput, match="Unggah sekali lagi"):
        lay(owed, story.focal_point, file)
    db.session.rollback()
    assert db.session.scalars(sa.select(Evidence)).all() == []


def test_deleting_bytes_waits_for_a_row_being_written(story: Story) -> None:
    """The race between Tarik and the next upload of the same bytes, on the real engine."""
    owed_id = factories.obligation_of(story.assignment, "dispora").id
    app = flask.current_app._get_current_object()  # type: ignore[attr-defined]
    file = received()
    account_id = story.focal_point.account_id or 0
    has_row = threading.Event()

    @transactional
    def slowly() -> None:
        owed = db.session.get_one(Obligation, owed_id)
        service.attach(file, obligation=owed, account_id=account_id, reports=REPORTS)
        has_row.set()
        forgetting.join(0.5)  # it must still be waiting
        assert forgetting.is_alive()
        service.record("uji", by=None, subject=("uji", 1))

    def forget() -> None:
        with app.app_context():
            has_row.wait(10)
            answers.append(removal.delete_bytes(file.sha256))
            db.session.remove()

    answers: list[bool] = []
    forgetting = threading.Thread(target=forget)
    forgetting.start()
    slowly()
    forgetting.join()
    assert answers == [False]
    assert storage.current().has(file.sha256)
