"""More time: told, changed, taken back."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.obligations import extensions
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput
from coordinator.oversight.opening import service as opening
from coordinator.periods import queries
from coordinator.periods.models import Extension
from coordinator.platform.mail import service as outbox
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from tests import factories

pytestmark = [
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("in_app"),
]


def mails() -> list[tuple[str, str, MailState]]:
    """(receiver, subject, state) of the mails about more time."""
    rows = db.session.scalars(
        sa.select(OutgoingEmail).where(OutgoingEmail.kind == "extension").order_by(OutgoingEmail.id)
    )
    return [(row.to_address.split("@")[0], row.subject, row.state) for row in rows]


def _send_all() -> None:
    while (mail := outbox.claim_next("uji")) is not None:
        outbox.mark_sent(mail.id, "uji", answer="250")


def test_the_focal_point_gets_the_last_mail_only(clock: time_machine.Traveller) -> None:
    story = factories.story()
    agency = factories.agency("dispora")

    def grant(day: int) -> None:
        extensions.grant_extension(
            story.period.id,
            agency.id,
            until_on=date(2026, 10, day),
            reason="Kantor banjir",
            by=story.secretariat,
        )

    grant(20)
    clock.shift(30)
    grant(23)
    grant(23)  # the same form sent twice
    assert mails() == [
        (
            "focal_point.dispora",
            "[TPPO] Triwulan III 2026 diperpanjang sampai Selasa, 20 Oktober - Dispora",
            MailState.CANCELLED,
        ),
        (
            "focal_point.dispora",
            "[TPPO] Triwulan III 2026 diperpanjang sampai Jumat, 23 Oktober - Dispora",
            MailState.QUEUED,
        ),
    ]
    mail = db.session.scalars(sa.select(OutgoingEmail).order_by(OutgoingEmail.id.desc())).first()
    assert mail is not None
    for text in (mail.text, mail.html):
        assert "Jumat, 23 Oktober 2026" in text
        assert "Kantor banjir" in text
    clock.shift(30)
    extensions.withdraw_extension(story.period.id, agency.id, by=story.secretariat)
    assert [state for _to, _subject, state in mails()] == [MailState.CANCELLED] * 2
    assert db.session.scalars(sa.select(Extension)).all() == []
    assert queries.extended_agencies(story.secretariat, story.period.id) == {}
    extensions.withdraw_extension(story.period.id, agency.id, by=story.secretariat)  # nothing more
    actions = db.session.scalars(
        sa.text("SELECT action FROM audit_entry WHERE action LIKE 'extension%' ORDER BY id")
    ).all()
    assert actions == ["extension.granted", "extension.granted", "extension.withdrawn"]


def test_a_mailed_extension_is_withdrawn_by_mail(clock: time_machine.Traveller) -> None:
    story = factories.story()
    agency = factories.agency("dispora")
    extensions.grant_extension(
        story.period.id, agency.id, until_on=date(2026, 10, 20), reason="x", by=story.secretariat
    )
    clock.shift(300)
    _send_all()
    extensions.withdraw_extension(story.period.id, agency.id, by=story.secretariat)
    assert mails()[-1][1] == "[TPPO] Perpanjangan Triwulan III 2026 dicabut - Dispora"


def test_a_mailed_extension_is_withdrawn_by_mail_although_a_later_one_still_waits(
    clock: time_machine.Traveller,
) -> None:
    story = factories.story()
    agency = factories.agency("dispora")

    def grant(day: int) -> None:
        extensions.grant_extension(
            story.period.id,
            agency.id,
            until_on=date(2026, 10, day),
            reason="Kantor banjir",
            by=story.secretariat,
        )

    grant(26)
    clock.shift(300)
    _send_all()
    clock.shift(86_400)
    grant(31)
    extensions.withdraw_extension(story.period.id, agency.id, by=story.secretariat)
    assert [state for _to, _subject, state in mails()] == [
        MailState.SENT,
        MailState.CANCELLED,
        MailState.QUEUED,
    ]
    assert mails()[-1][1] == "[TPPO] Perpanjangan Triwulan III 2026 dicabut - Dispora"


def test_no_more_time_without_a_reason_in_the_past_or_in_a_closed_period(
    clock: time_machine.Traveller,
) -> None:
    story = factories.story()
    agency = factories.agency("dispora")
    clock.move_to(datetime(2026, 10, 25, 2, tzinfo=UTC))
    with pytest.raises(InvalidInput) as refusal:
        extensions.grant_extension(
            story.period.id,
            agency.id,
            until_on=date(2026, 10, 20),
            reason=" ",
            by=story.secretariat,
        )
    assert set(refusal.value.fields) == {"until_on", "reason"}
    opening.close_period(story.period.public_id, by=story.secretariat)
    with pytest.raises(Conflict):
        extensions.grant_extension(
            story.period.id,
            agency.id,
            until_on=date(2026, 10, 30),
            reason="x",
            by=story.secretariat,
        )


def test_no_more_time_for_a_reason_with_a_nik() -> None:
    story = factories.story()
    with pytest.raises(InvalidInput) as refusal:
        extensions.grant_extension(
            story.period.id,
            factories.agency("dispora").id,
            until_on=date(2026, 10, 30),
            reason="Korban 6472015505080001 dirawat.",
            by=story.secretariat,
        )
    assert set(refusal.value.fields) == {"reason"}
    assert db.session.scalars(sa.select(Extension)).all() == []
    assert mails() == []
