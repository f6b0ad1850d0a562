"""A campaign: whom it asks, what each person gets, and what is refused."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.clock import today
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.mapping.answers.campaign_queries import own_duties
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.mapping.versions.queries import published
from coordinator.mapping.versions.service import publish
from coordinator.oversight.campaigns import (
    candidate_queries,
    letter_queries,
    queries,
    service,
)
from coordinator.oversight.campaigns.rules import CampaignScope
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.mapping.duties.builders import KEY, reworded
from tests.oversight.campaigns.builders import (
    accept_all,
    asked_slugs,
    duty_ids,
    refuse_first,
    start,
    steps,
    told,
)

Clock = time_machine.Traveller


def test_the_head_gets_one_mail_with_the_duties_and_the_focal_point_a_copy(
    secretariat: Viewer, head: Viewer, focal_point: Viewer
) -> None:
    start(secretariat, message="Mohon dibahas di rapat staf.")
    mails = {row.account_id: row for row in told()}
    assert set(mails) == {head.account_id, focal_point.account_id}
    to_head, copy = mails[head.account_id], mails[focal_point.account_id]
    for mail, said in (
        (to_head, "Email yang sama dikirim kepada narahubung Anda."),
        (copy, "Anda boleh menjawab atas nama kepala."),
    ):
        assert "3 uraian tugas menunggu jawaban" in mail.subject
        for text in (
            "Mohon dibahas di rapat staf.",
            said,
            *[d.revision.text for d in own_duties(head)],
        ):
            assert text in mail.text
            assert text in mail.html
        assert {link.path for link in mail.mail_links} == {"/jawab", "/kartu-peran/64/dispora"}
    assert to_head.text.startswith("Yth. Kepala Dispora")
    assert "diminta masuk dengan email dan kata sandi" in to_head.text
    assert "seminggu sebelum, sehari sebelum, dan tiga hari sesudah" in to_head.text
    assert "H-7" not in to_head.text
    assert steps(head) == [(today(), "opening", "sent")]


def test_who_has_answered_everything_is_not_asked_nor_is_a_court(
    secretariat: Viewer, head: Viewer
) -> None:
    accept_all(head)
    start(secretariat)
    assert told() == []
    asked = asked_slugs()
    assert "dispora" not in asked
    assert "pengadilan-tinggi" not in asked
    assert "dinsos" in asked  # nobody to write to yet: a letter


@pytest.mark.parametrize(
    ("scope", "group", "is_asked"),
    [
        (CampaignScope.ALL, "", True),
        (CampaignScope.GROUP, "pencegahan", True),
        (CampaignScope.GROUP, "norma-hukum", False),
        (CampaignScope.SILENT, "", False),
        (CampaignScope.CHANGED, "", False),
    ],
)
def test_each_scope_asks_its_own(
    scope: CampaignScope, group: str, is_asked: bool, secretariat: Viewer, head: Viewer
) -> None:
    refuse_first(head)
    group_id = db.session.scalar(sa.select(WorkingGroup.id).where(WorkingGroup.key == group))
    found = {
        one.agency.slug: one.open
        for one in candidate_queries.candidates(secretariat, scope, group_id)
    }
    assert ("dispora" in found) == is_asked
    if is_asked:
        assert found["dispora"] == 2


def test_what_changed_is_asked_and_what_is_answered_stays(
    secretariat: Viewer, head: Viewer
) -> None:
    accept_all(head)
    mapping = published(factories.task_force().id)
    assert mapping is not None
    publish(
        reworded(mapping, KEY, text="Mengawasi pengiriman pemuda ke luar negeri."),
        by=secretariat,
        reason="Panduan baru",
        notify=False,
    )
    start(secretariat, scope=CampaignScope.CHANGED)
    assert asked_slugs() == {"dispora"}
    assert "Mengawasi pengiriman pemuda ke luar negeri." in told()[0].text
    assert "1 uraian tugas" in told()[0].subject


def test_one_at_a_time_and_only_by_the_secretariat(
    secretariat: Viewer, head: Viewer, focal_point: Viewer
) -> None:
    for kind in (AccessKind.LEADERSHIP, AccessKind.AUDITOR, AccessKind.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            start(replace(secretariat, kind=kind))
    for viewer in (head, focal_point):
        with pytest.raises(NotAllowed):
            start(viewer)
    campaign = start(secretariat)
    with pytest.raises(Conflict):
        start(secretariat)
    stranger = replace(secretariat, task_force_id=factories.task_force("64.72").id)
    with pytest.raises(NotFound):
        service.end(campaign.public_id, by=stranger)
    assert queries.campaigns(stranger) == []
    assert len(told()) == 2


@pytest.mark.parametrize(
    ("days", "message", "field"),
    [
        (0, "", "target_on"),
        (-1, "", "target_on"),
        (400, "", "target_on"),
        (14, "NIK 6472015505080001", "message"),
    ],
)
def test_a_wrong_day_or_an_identity_number_starts_nothing(
    days: int, message: str, field: str, secretariat: Viewer, head: Viewer
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        start(secretariat, days=days, message=message)
    assert set(refusal.value.fields) == {field}
    assert queries.campaigns(secretariat) == []
    assert told() == []


def test_a_campaign_with_nothing_to_ask_is_refused(secretariat: Viewer) -> None:
    with pytest.raises(InvalidInput) as refusal:
        start(secretariat, scope=CampaignScope.CHANGED)
    assert set(refusal.value.fields) == {"scope"}


def test_the_letter_names_each_open_duty(secretariat: Viewer, head: Viewer) -> None:
    start(secretariat, message="Mohon dibahas.")
    refuse_first(head)
    letter = letter_queries.letter(secretariat, "dispora")
    assert letter is not None
    assert letter.addressee == "Kepala Dinas Pemuda dan Olahraga"
    assert len(letter.lines) == len(duty_ids(head)) - 1
    accept_all(head)
    assert letter_queries.letter(secretariat, "dispora") is None
    assert letter_queries.letter(head, "dinsos") is None
