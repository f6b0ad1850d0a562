"""The form and the check page where two people, two reports or an old page get in each other's
way."""

import re
from collections.abc import Callable

import flask
import sqlalchemy as sa

from coordinator.db import db
from coordinator.permissions import AccessKind
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.reports.models import ReportRevision
from tests import factories
from tests.conftest import Browser, csrf_token


def _typed(page: str) -> list[str]:
    return re.findall(r'class="typed">(.*?)<', page)


def test_two_people_and_two_reports(app: flask.Flask, browser: Callable[[], Browser]) -> None:
    with app.app_context():
        story = factories.story()
        db.session.execute(sa.text("UPDATE indicator SET kind = 'yes_no'"))
        db.session.commit()
        other = factories.person(
            AccessKind.FOCAL_POINT, "dispora", email="pengganti@uji.example", alternate=True
        )
        obligation = factories.obligation_of(story.assignment, "dispora")
        supporting = factories.obligation_of(story.assignment, "disnakertrans")
        draft = factories.draft_for(obligation, "1")
        report_id = obligation.public_id
        drafts.save_draft(report_id, draft, version=0, by=story.focal_point)
        factories.submit(supporting, story.supporter)
        theirs = db.session.scalars(sa.select(ReportRevision.form_key)).one()
        mail = factories.email_of(story.focal_point)
        value = next(name for name in draft if name.startswith("value-"))
    writer = browser().sign_in(mail, factories.PASSWORD)
    address = f"/laporan/{report_id}"
    form = writer.get(address).text
    for name in ("nil_reason", "blocked_by"):  # asked for where they are shown
        label = re.search(rf'<label for="{name}">(.*?)</label>', form)
        assert label
        assert "boleh kosong" not in label[1]
    check = writer.get(f"{address}/periksa").text
    fields = dict(
        re.findall(r'name="((?:version|form_key|seen_files|read-[^"]+))" value="([^"]*)"', check)
    )
    sent = {"csrf_token": csrf_token(check), **fields, "confirmed": "y", "act": "kirim"}

    # The key of another report's form, and one that no form of ours has.
    assert theirs
    for forged in (theirs, "x" * 41):
        assert writer.client.post(address, data={**sent, "form_key": forged}).status_code == 409

    # A colleague has written between reading and sending: what changed is shown, in words.
    with app.app_context():
        drafts.save_draft(
            report_id, {**draft, "note": "Kalimat rekan.", value: "0"}, version=1, by=other
        )
    late = writer.client.post(address, data=sent)
    assert late.status_code == 409
    shown = " ".join(_typed(late.text))
    assert "Kalimat rekan." in shown
    assert "Belum" in shown
    assert "berkasnya yang berubah" not in late.text
    assert f'href="{address}/periksa"' in late.text
    late = writer.client.post(
        address,
        data={"csrf_token": csrf_token(form), "version": "1", **draft, "act": "simpan"},
    )
    assert late.status_code == 409
    assert {"Sudah", "Belum"} <= set(_typed(late.text))


def test_the_form_names_what_the_law_asks_for(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        mail = factories.email_of(factories.person(AccessKind.FOCAL_POINT, "uptd-ppa"))
        assignment = factories.assign(secretariat, "5.5", "uptd-ppa", join=factories.open_period())
        report_id = factories.obligation_of(assignment, "uptd-ppa").public_id
    page = browser().sign_in(mail, factories.PASSWORD).get(f"/laporan/{report_id}").text
    assert "Kewajiban hukum: 100 persen (PP 9/2008 Pasal 14 ayat (5))" in page
