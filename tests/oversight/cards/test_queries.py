"""What a card says, and who may read which."""

from dataclasses import replace

import pytest

from coordinator.assignments.obligations.extensions import grant_extension
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.mapping.duties.rules import MembershipKind
from coordinator.oversight.cards import queries, service
from coordinator.oversight.cards.rules import DueKind, instrument_name
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import AccessKind
from coordinator.plans.actions.rules import PartyKind
from tests import factories
from tests.oversight.cards.builders import card_of

pytestmark = pytest.mark.usefixtures("in_app")


def test_a_card_holds_the_agencys_duties_and_nobody_elses() -> None:
    card = card_of("dispora")
    assert card.full_name == "Dinas Pemuda dan Olahraga (Dispora)"
    assert [duty.group.numeral for duty in card.duties] == ["I", "I", "I"]
    assert card.groups[0].part is MembershipKind.MEMBER
    assert card.groups[0].lead == "DKP3A"
    assert "Satpol PP" in card.groups[0].members
    assert not {"Dispora", "DKP3A"} & set(card.groups[0].members)
    assert card.is_draft
    assert card.path == "/kartu-peran/64/dispora"


def test_a_duty_that_a_text_assigns_makes_no_draft() -> None:
    card = card_of("lpsk")
    assert card.duties
    assert not card.is_draft
    assert all(duty.citations for duty in card.duties)


def test_the_chain_of_amendments_follows_an_article() -> None:
    cards = [card_of(slug) for slug in ("dkp3a", "uptd-ppa", "polda", "lpsk", "bappeda")]
    chains = {
        citation.instrument: citation.amended_by
        for card in cards
        for duty in card.duties
        for citation in (*duty.citations, *duty.general)
    }
    amended = chains["Peraturan Presiden Nomor 69 Tahun 2008"]
    assert amended == ("Perpres 22/2021", "Perpres 49/2023")
    assert chains["Undang-Undang Nomor 21 Tahun 2007"] == ()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Undang-Undang Nomor 21 Tahun 2007 tentang X", "Undang-Undang Nomor 21 Tahun 2007"),
        ("Peraturan Menteri Nomor 8 Tahun 2023 (x)", "Peraturan Menteri Nomor 8 Tahun 2023"),
        ("Piagam", "Piagam"),
    ],
)
def test_an_instrument_is_named_without_what_it_is_about(title: str, name: str) -> None:
    assert instrument_name(title) == name


def test_when_says_what_is_assigned_and_what_is_not() -> None:
    assert {duty.due.kind for duty in card_of("dispora").duties} == {DueKind.NO_PERIOD}
    story = factories.story()
    card = card_of("dispora")
    kinds = {duty.due.kind for duty in card.duties}
    assert kinds == {DueKind.REPORT, DueKind.NOT_ASSIGNED}
    owed = next(duty for duty in card.duties if duty.due.kind is DueKind.REPORT)
    assert owed.due.on == story.period.closes_on
    assert owed.due.period == "Triwulan III 2026"
    assert owed.partners == (("Disnakertrans", PartyKind.SUPPORT),)


def test_an_extension_shows_on_no_card() -> None:
    """More time for one agency tells of its lateness: the card names the day that holds for all."""
    story = factories.story()
    agency_id = factories.agency("dispora").id
    closes_on = story.period.closes_on
    grant_extension(
        story.period.id,
        agency_id,
        until_on=closes_on.replace(day=closes_on.day + 7),
        reason="Banjir",
        by=story.secretariat,
    )
    assert {duty.due.on for duty in card_of("dispora").duties} == {closes_on}


def test_a_court_has_no_schedule() -> None:
    factories.story()
    card = card_of("pengadilan-tinggi")
    assert card.kind is AgencyKind.PENGADILAN
    assert {duty.due.kind for duty in card.duties} == {DueKind.SHARES_DATA}


def test_who_may_read_a_draft() -> None:
    readers = {
        "secretariat": factories.person(AccessKind.SECRETARIAT, home="biro-kesra"),
        "leadership": factories.person(AccessKind.LEADERSHIP, home="biro-kesra"),
        "auditor": factories.person(AccessKind.AUDITOR, home="inspektorat"),
        "own head": factories.person(AccessKind.AGENCY_HEAD, "dispora"),
        "own": factories.person(AccessKind.FOCAL_POINT, "dispora"),
        "other": factories.person(AccessKind.FOCAL_POINT, "satpol-pp"),
        "administrator": factories.person(AccessKind.ADMINISTRATOR),
    }
    readers["other task force"] = replace(
        readers["secretariat"], task_force_id=factories.task_force("64.01").id
    )
    found = {
        name: queries.find_card("64", "dispora", viewer) is not None
        for name, viewer in readers.items()
    }
    assert [name for name, may in found.items() if may] == [
        "secretariat",
        "leadership",
        "auditor",
        "own head",
        "own",
    ]
    assert queries.find_card("64", "dispora", None) is None
    service.publish_card("dispora", by=readers["secretariat"])
    everybody = [None, *readers.values()]
    assert all(queries.find_card("64", "dispora", viewer) for viewer in everybody)
    assert queries.find_card("64.01", "dispora", readers["secretariat"]) is None


def test_answers_show_to_the_task_force_alone() -> None:
    story = factories.story()
    duty = card_of("dispora").duties[0]
    head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
    service.publish_card("dispora", by=story.secretariat)
    answer_duty(duty.duty_id, Answer.ACCEPTED, by=head)
    found = queries.find_card("64", "dispora", None)
    assert found is not None
    assert queries.answers_shown(None, found) is None
    stranger = replace(head, task_force_id=factories.task_force("64.01").id)
    assert queries.answers_shown(stranger, found) is None
    shown = queries.answers_shown(story.leadership, found)
    assert shown is not None
    assert shown[duty.duty_id].answer is Answer.ACCEPTED
    assert shown[duty.duty_id].on.isoformat() == "2026-10-13"
    assert shown[duty.duty_id].is_current
