"""The leadership's first page, and whom the secretariat rings today."""

from collections.abc import Callable
from datetime import UTC, datetime

import flask
import pytest
import time_machine

from coordinator.people.accounts import appointments
from tests import factories
from tests.conftest import Browser
from tests.statements import statements

AFTER = datetime(2026, 10, 19, 2, 0, tzinfo=UTC)


@pytest.fixture
def emails(app: flask.Flask, clock: time_machine.Traveller) -> dict[str, str]:
    """Addresses of the story's people, three days after the last day."""
    with app.app_context():
        story = factories.story()
        owed = factories.obligation_of(story.assignment, "dispora")
        factories.submit(
            owed,
            story.focal_point,
            kind="blocked",
            blocked_by="Kesbangpol belum menetapkan lokasi",
            decision_question="Tetapkan lokasi kegiatan.",
            decision_asked_of="Kesbangpol",
        )
        appointments.edit_person(
            story.supporter.account_id or 0,
            appointments.PersonDetails(
                name="Narahubung Uji", telephone="+6281234567890", contact_email=None
            ),
            by=story.secretariat,
        )
        found = {
            name: factories.email_of(getattr(story, name))
            for name in ("leadership", "secretariat", "focal_point")
        }
    clock.move_to(AFTER)
    return found


def test_the_leadership_sees_on_one_page_what_is_stuck(
    emails: dict[str, str], browser: Callable[[], Browser]
) -> None:
    leader = browser().sign_in(emails["leadership"], factories.PASSWORD)
    assert leader.client.get("/").location == "/ringkasan"
    page = " ".join(leader.get("/ringkasan").text.split())
    assert "Satu keputusan menunggu" in page
    assert "Tetapkan lokasi kegiatan." in page
    assert "1 instansi lewat batas, terlama 3 hari." in page
    assert "https://wa.me/6281234567890?text=Yth." in page
    assert 'href="tel:+6281234567890"' in page
    assert "Kesbangpol belum menetapkan lokasi" in page
    assert "1 dari 2" in page  # of its pokja: one sent in time, one not


def test_the_secretariat_rings_the_longest_first(
    emails: dict[str, str], browser: Callable[[], Browser]
) -> None:
    office = browser().sign_in(emails["secretariat"], factories.PASSWORD)
    home = " ".join(office.get("/beranda").text.split())
    assert home.index("Hubungi hari ini") < home.index("Laporan menunggu verifikasi")
    assert "lewat 3 hari" in home
    assert 'href="/pengingat/catat/disnakertrans"' in home
    assert "Catat kontak Disnakertrans" in office.get("/pengingat/catat/disnakertrans").text


def test_the_page_reads_a_fixed_number_of_statements(
    app: flask.Flask, emails: dict[str, str], browser: Callable[[], Browser]
) -> None:
    leader = browser().sign_in(emails["leadership"], factories.PASSWORD)
    with statements(app) as sent:
        leader.get("/ringkasan")
    # The frame 3, letterhead 2, periods, decisions 4, who is late 6, blocked 2, the matrix 7, the
    # campaign and the answers 6.
    assert len(sent) <= 31, sent
