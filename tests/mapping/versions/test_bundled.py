"""A release brings a newer mapping: a province's own words stay, and nothing comes unsaid."""

import re
from collections.abc import Callable
from dataclasses import replace

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.errors import NotAllowed, NotFound
from coordinator.mapping.duties.differences import MappingChange
from coordinator.mapping.duties.document import MAPPING_FORMAT
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions import bundled, queries, service, updating
from coordinator.mapping.versions.models import BundledMapping, MappingDraft
from coordinator.mapping.versions.updating import UpdateOutcome
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.conftest import Browser
from tests.mapping.duties.builders import KEY, reworded
from tests.mapping.versions.builders import mails, number

OTHER = "polda-ruang-pelayanan-khusus"
OWN_WORDS = "Mengawasi pengiriman pemuda menurut SK kami."
NEW_WORDS = "Mengawasi pengiriman pemuda, bunyi baru."
LAW = "Membentuk ruang pelayanan khusus, bunyi baru."


@pytest.fixture
def secretariat(in_app: None) -> Viewer:
    """A secretariat officer of Kaltim."""
    return factories.person(AccessKind.SECRETARIAT)


def newer(mapping: Mapping) -> Mapping:
    """The next release's mapping: two duties worded otherwise, one gone, a source more."""
    changed = reworded(reworded(mapping, KEY, text=NEW_WORDS), OTHER, text=LAW)
    return replace(changed, duties=changed.duties[:-1])


def in_force() -> Mapping:
    """What holds now."""
    db.session.rollback()
    found = queries.published(factories.task_force().id)
    assert found is not None
    return found


def text_of(mapping: Mapping, key: str) -> str:
    """A duty's wording."""
    return next(duty.text for duty in mapping.duties if duty.id == key)


def test_an_edited_mapping_is_not_overwritten_and_the_update_is_offered_with_its_difference(
    secretariat: Viewer, mapping: Mapping
) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dispora")
    factories.person(AccessKind.FOCAL_POINT, "polda")
    own = reworded(mapping, KEY, text=OWN_WORDS)
    service.publish(own, by=secretariat, reason="SK Gubernur", notify=False)
    assert updating.take_in(newer(mapping), file_hash="b") is UpdateOutcome.OFFERED
    assert in_force() == own, "nothing changes before somebody publishes it"
    assert (number(), mails()) == (2, [])

    found = bundled.offer(secretariat)
    assert found is not None
    assert [(one.id, one.before, one.after) for one in found.own] == [(KEY, OWN_WORDS, NEW_WORDS)]
    gone = mapping.duties[-1].id
    assert {(one.change, one.id) for one in found.differences if one.subject == "duty"} == {
        (MappingChange.REWORDED, OTHER),
        (MappingChange.REMOVED, gone),
    }
    updating.draft_update(revision=0, base_number=2, by=secretariat)
    assert in_force() == own
    draft = db.session.get_one(MappingDraft, factories.task_force().id)
    service.publish_draft(
        revision=draft.revision, reason="Pembaruan", effective_on=None, by=secretariat
    )
    now = in_force()
    assert text_of(now, KEY) == OWN_WORDS, "the province's own words stay"
    assert text_of(now, OTHER) == LAW
    assert gone not in {duty.id for duty in now.duties}
    assert [mail.to_address.split("@")[0].split(".")[-1] for mail in mails()] == ["polda"]
    left = bundled.offer(secretariat)
    assert left is not None
    assert (left.differences, [one.id for one in left.own]) == ([], [KEY])
    updating.decline_update(by=secretariat)
    assert bundled.offer(secretariat) is None
    row = db.session.get_one(BundledMapping, factories.task_force().id)
    assert (row.taken, row.offered) == (MAPPING_FORMAT.to_json(newer(mapping)), None)


def test_a_mapping_nobody_edited_becomes_a_new_version_told_once(
    secretariat: Viewer, mapping: Mapping
) -> None:
    factories.person(AccessKind.FOCAL_POINT, "polda")
    assert updating.take_in(newer(mapping), file_hash="b") is UpdateOutcome.PUBLISHED
    assert in_force() == newer(mapping)
    assert (number(), len(mails())) == (2, 1)
    assert queries.changes_of(factories.task_force().id, 2)
    assert updating.take_in(newer(mapping), file_hash="b") is UpdateOutcome.NONE
    assert (number(), len(mails())) == (2, 1)
    assert bundled.offer(secretariat) is None


def test_a_draft_is_an_edit(secretariat: Viewer, mapping: Mapping) -> None:
    own = reworded(mapping, KEY, text=OWN_WORDS)
    revision = service.save_draft(own, revision=0, by=secretariat)
    assert updating.take_in(newer(mapping), file_hash="b") is UpdateOutcome.OFFERED
    assert (in_force(), number()) == (mapping, 1)
    updating.draft_update(revision=revision, base_number=1, by=secretariat)
    edited, _revision = queries.edited(secretariat)
    assert edited is not None
    assert (text_of(edited, KEY), text_of(edited, OTHER)) == (OWN_WORDS, LAW)


def test_set_aside_is_not_offered_again_and_the_next_one_is(
    secretariat: Viewer, mapping: Mapping
) -> None:
    own = reworded(mapping, KEY, text=OWN_WORDS)
    service.publish(own, by=secretariat, reason="SK", notify=False)
    updating.take_in(newer(mapping), file_hash="b")
    updating.decline_update(by=secretariat)
    assert bundled.offer(secretariat) is None
    assert in_force() == own
    later = reworded(newer(mapping), OTHER, text="Bunyi ketiga.")
    assert updating.take_in(later, file_hash="c") is UpdateOutcome.OFFERED
    found = bundled.offer(secretariat)
    assert found is not None
    # Only what is new is shown; the older wording that was kept on purpose counts as one's own.
    assert found.differences == []
    assert [(one.id, one.after) for one in found.own] == [(OTHER, "Bunyi ketiga.")]


def test_an_update_that_is_taken_whole_is_not_offered_again(
    secretariat: Viewer, mapping: Mapping
) -> None:
    third = next(duty.id for duty in mapping.duties if duty.agency == "bps")
    own = reworded(mapping, third, text=OWN_WORDS)
    service.publish(own, by=secretariat, reason="SK", notify=False)
    updating.take_in(newer(mapping), file_hash="b")
    updating.draft_update(revision=0, base_number=2, by=secretariat)
    service.publish_draft(revision=1, reason="Pembaruan", effective_on=None, by=secretariat)
    assert bundled.offer(secretariat) is None
    assert text_of(in_force(), third) == OWN_WORDS
    row = db.session.get_one(BundledMapping, factories.task_force().id)
    assert (row.taken, row.offered) == (MAPPING_FORMAT.to_json(newer(mapping)), None)


def test_who_may_not_edit_is_offered_nothing(secretariat: Viewer, mapping: Mapping) -> None:
    service.publish(reworded(mapping, KEY, text=OWN_WORDS), by=secretariat, reason="SK")
    updating.take_in(newer(mapping), file_hash="b")
    for kind in (AccessKind.LEADERSHIP, AccessKind.AUDITOR):
        viewer = factories.person(kind)
        assert bundled.offer(viewer) is None
        with pytest.raises(NotAllowed):
            updating.draft_update(revision=0, base_number=2, by=viewer)
        with pytest.raises(NotAllowed):
            updating.decline_update(by=viewer)


@pytest.mark.usefixtures("in_app")
def test_a_mapping_of_ones_own_is_left_alone(secretariat: Viewer, mapping: Mapping) -> None:
    """A task force whose mapping did not begin from the bundled one."""
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(sa.delete(BundledMapping))
    assert updating.take_in(newer(mapping), file_hash="b") is UpdateOutcome.NONE
    assert updating.is_known("64", "b")
    assert (in_force(), number()) == (mapping, 1)
    with pytest.raises(NotFound):
        updating.draft_update(revision=0, base_number=1, by=secretariat)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_secretariat_sees_it_and_decides(
    app: flask.Flask, browser: Callable[[], Browser], mapping: Mapping
) -> None:
    with app.app_context():
        viewer = factories.person(AccessKind.SECRETARIAT)
        email = factories.email_of(viewer)
        service.publish(reworded(mapping, KEY, text=OWN_WORDS), by=viewer, reason="SK")
        updating.take_in(newer(mapping), file_hash="b")
    officer = browser().sign_in(email, factories.PASSWORD)
    assert "Pembaruan pemetaan bawaan" in officer.get("/beranda").text
    assert "Ada pembaruan pemetaan bawaan: 3 perubahan." in officer.get("/peran/ubah").text
    page = officer.get("/peran/ubah/pembaruan").text
    assert LAW in page
    assert OWN_WORDS in page
    assert "3 perubahan: 2 akan berubah, 1 tidak ikut." in page, "the number of the banner"
    kept = page[page.index("Yang tidak ikut") :]
    assert "Tulisan Anda (dipakai)" in kept
    assert "Bunyi pembaruan (tidak dipakai)" in kept
    assert "Menjadi" not in kept
    assert "Berubah bunyi" not in kept
    coming = page[page.index("Yang akan berubah") : page.index("Yang tidak ikut")]
    assert coming.count("<details") == coming.count(" open"), "nothing that will change is shut"
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', page)
    assert seen is not None
    answer = officer.post("/peran/ubah/pembaruan", {"act": "draf", "seen": seen[1]})
    assert answer.status_code == 303
    assert "Pembaruan menjadi draf." in officer.get(answer.headers["Location"]).text
    draft = officer.get("/peran/ubah").text
    assert "Lihat dan putuskan" not in draft, "it was decided"
    assert "Pembaruan pemetaan bawaan: 1 bagian tidak ikut." in draft
    left = officer.get("/peran/ubah/pembaruan").text
    assert "Yang tidak ikut" in left
    assert "Yang akan berubah" not in left
    answer = officer.post("/peran/ubah/pembaruan", {"act": "kesampingkan", "seen": ""})
    assert "Pembaruan dikesampingkan." in officer.get(answer.headers["Location"]).text
    officer.get("/peran/ubah/pembaruan", status=404)
