"""A new version of the mapping and the request for answers: every agency gets one mail."""

from dataclasses import replace

import flask
import pytest
import sqlalchemy as sa

from coordinator.clock import today
from coordinator.db import db
from coordinator.errors import Conflict
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.mapping.versions import service as versions
from coordinator.mapping.versions.queries import published
from coordinator.oversight.campaigns import queries, service
from coordinator.oversight.campaigns.rules import CampaignScope
from coordinator.oversight.campaigns.telling_service import MAIL_KIND
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.rules import MailState
from tests import factories
from tests.mapping.answers.builders import sit_down
from tests.oversight.campaigns.builders import accept_all, asked_slugs, start, told

DAY = "31/12/2026"


@pytest.fixture
def people(app: flask.Flask) -> dict[str, Viewer]:
    """The secretariat, and the heads of the agencies that gain and lose a duty."""
    with app.app_context():
        found = {"secretariat": factories.person(AccessKind.SECRETARIAT, home="biro-kesra")}
        for slug in ("dispora", "dinsos", "dkp3a"):
            found[slug] = factories.person(AccessKind.AGENCY_HEAD, slug)
            accept_all(found[slug])
        return found


def publish(app: flask.Flask, people: dict[str, Viewer], *, ask: bool = True) -> str:
    """Change a duty of Dinsos, move one of DKP3A to Dinsos, publish; return where that leads."""
    with app.app_context():
        mapping = published(factories.task_force().id)
        assert mapping is not None
        own = next(duty.id for duty in mapping.duties if duty.agency == "dinsos")
        moved = next(
            duty.id
            for duty in mapping.duties
            if (duty.agency, duty.working_group) == ("dkp3a", "pencegahan")
        )
        duties = [
            replace(duty, text=f"{duty.text} (baru)")
            if duty.id == own
            else replace(duty, agency="dinsos")
            if duty.id == moved
            else duty
            for duty in mapping.duties
        ]
        versions.save_draft(replace(mapping, duties=duties), revision=0, by=people["secretariat"])
    browser = sit_down(app, people["secretariat"])
    page = browser.get("/peran/ubah").text
    seen = page.partition('id="seen-terbit"')[2].partition('value="')[2].partition('"')[0]
    typed = {
        "seen": seen,
        "reason": "Panduan teknis",
        "effective_on": f"{today():%d/%m/%Y}",
        "notify": "y",
    }
    if ask:
        typed["ask"] = "y"
    return browser.post("/peran/ubah/terbitkan", typed, page="/peran/ubah").location


def waiting(kind: str) -> dict[str, MailState]:
    """The mails of a kind, by the agency of the head that gets them."""
    return {row.to_address.partition(".")[2].partition("@")[0]: row.state for row in told(kind)}


def test_who_is_not_asked_gets_a_mail_at_publishing_and_the_others_by_the_request(
    app: flask.Flask, people: dict[str, Viewer]
) -> None:
    place = publish(app, people)
    assert place.startswith("/jawab/kampanye/baru?cakupan=changed")
    browser = sit_down(app, people["secretariat"])
    assert "bila tidak dimulai dalam satu jam" in " ".join(browser.get(place).text.split())
    with app.app_context():
        mails = {row.to_address: row for row in told("mapping_changed")}
        asked = mails[factories.email_of(people["dinsos"])]
        lost = mails[factories.email_of(people["dkp3a"])]
        assert lost.not_before < asked.not_before  # the one waits for the request, the other not
    typed = {"scope": "changed", "target_on": DAY, "instansi": ["dinsos"]}
    browser.post("/jawab/kampanye/baru", typed, page="/jawab/kampanye/baru")
    with app.app_context():
        assert waiting("mapping_changed") == {
            "dkp3a": MailState.QUEUED,
            "dinsos": MailState.CANCELLED,
        }
        assert waiting(MAIL_KIND) == {"dinsos": MailState.QUEUED}
        assert "Pemetaan versi 2 mengubah tugas ini." in told()[0].text
        # Ended within its two minutes: nobody of Dinsos has been told, the first mail leaves.
        campaign = queries.running(people["secretariat"])
        assert campaign is not None
        service.end(campaign.public_id, by=people["secretariat"])
        assert waiting("mapping_changed")["dinsos"] is MailState.QUEUED
        assert waiting(MAIL_KIND) == {"dinsos": MailState.CANCELLED}


def test_with_a_campaign_running_all_get_a_mail_and_new_duties_can_be_added_to_it(
    app: flask.Flask, people: dict[str, Viewer]
) -> None:
    with app.app_context():
        start(people["secretariat"], scope=CampaignScope.ALL)
        assert "dinsos" not in asked_slugs()
        before = len(told())
    place = publish(app, people)
    assert place == "/jawab/instansi?terbit=2"
    with app.app_context():
        assert waiting("mapping_changed") == {
            "dkp3a": MailState.QUEUED,
            "dinsos": MailState.QUEUED,
        }
    browser = sit_down(app, people["secretariat"])
    page = browser.get(place).text
    assert "1 instansi punya tugas baru atau berubah" in page
    box = page.partition('value="dinsos"')[2].partition(">")[0]
    assert "checked" in box
    action = page.partition('/tambah"')[0].rpartition('"')[2] + "/tambah"
    assert "Centang paling sedikit satu" in browser.post(action, {}, page=place, status=422).text
    done = browser.post(action, {"instansi": ["dinsos"]}, page=place)
    assert "1 instansi ditambahkan." in browser.get(done.location).text
    with app.app_context():
        assert "dinsos" in asked_slugs()
        assert len(told()) == before + 1
        assert waiting("mapping_changed")["dinsos"] is MailState.CANCELLED  # one mail is enough
        found = queries.progress(people["secretariat"], queries.running(people["secretariat"]))
        (row,) = [one for one in found.agencies if one.slug == "dinsos"]
        assert row.asked_open == 2


def test_only_the_secretariat_adds_agencies(app: flask.Flask, people: dict[str, Viewer]) -> None:
    with app.app_context():
        campaign = start(people["secretariat"]).public_id
    sit_down(app, people["dispora"]).post(
        f"/jawab/kampanye/{campaign}/tambah", {"instansi": ["dinsos"]}, page="/jawab", status=403
    )


def test_a_version_without_a_request_tells_everybody_after_two_minutes(
    app: flask.Flask, people: dict[str, Viewer]
) -> None:
    publish(app, people, ask=False)
    with app.app_context():
        left = {row.not_before - row.queued_at for row in told("mapping_changed")}
        assert len(left) == 1


@pytest.mark.parametrize("elsewhere_too", [True, False])
def test_a_request_about_one_pokja_does_not_take_the_mail_about_another(
    app: flask.Flask, people: dict[str, Viewer], elsewhere_too: bool
) -> None:
    """Published with "Minta jawaban"; then the secretariat asks one pokja only."""
    by = people["secretariat"]
    with app.app_context():
        mapping = published(factories.task_force().id)
        assert mapping is not None
        own = [one for one in mapping.duties if one.agency == "dinsos"]
        here = next(one for one in own if one.working_group == "pencegahan")
        there = next(one for one in own if one.working_group != "pencegahan")
        changed = (here, there) if elsewhere_too else (here,)
        duties = [
            replace(one, text=f"{one.text} (baru)") if one in changed else one
            for one in mapping.duties
        ]
        versions.publish(replace(mapping, duties=duties), by=by, reason="x", asking=True)
        group = db.session.scalars(
            sa.select(WorkingGroup).where(WorkingGroup.key == "pencegahan")
        ).one()
        start(by, scope=CampaignScope.GROUP, group_id=group.id)
        assert waiting(MAIL_KIND) == {"dinsos": MailState.QUEUED}
        (notice,) = told("mapping_changed")
        assert (there.text[:60] in notice.text) is elsewhere_too
        assert notice.state is (MailState.QUEUED if elsewhere_too else MailState.CANCELLED)


def test_a_version_is_taken_back_after_the_request_on_it_has_ended(
    app: flask.Flask, people: dict[str, Viewer]
) -> None:
    publish(app, people)
    by = people["secretariat"]
    with app.app_context():
        campaign = start(by, scope=CampaignScope.CHANGED).public_id
    browser = sit_down(app, by)
    page = browser.get("/peran/versi/2").text
    assert "dapat diurungkan sesudah permintaan itu diakhiri" in page
    assert "/peran/versi/2/urungkan" not in page
    with app.app_context():
        with pytest.raises(Conflict, match="Akhiri dahulu, lalu urungkan"):
            versions.undo(2, by=by)
        service.end(campaign, by=by)
    assert "/peran/versi/2/urungkan" in browser.get("/peran/versi/2").text
    with app.app_context():
        versions.undo(2, by=by)
        left = {mail.state for kind in ("mapping_changed", MAIL_KIND) for mail in told(kind)}
        assert left == {MailState.CANCELLED}
        with pytest.raises(Conflict, match="Hanya versi terbaru"):
            versions.undo(2, by=by)
