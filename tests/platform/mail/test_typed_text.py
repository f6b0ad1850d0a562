"""What people typed arrives as they typed it: no word of theirs becomes a link, in no mail."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import flask
import jinja2
import pytest
import sqlalchemy as sa
from markupsafe import escape

from coordinator.db import db
from coordinator.platform.mail.links import MailLink, fill, writing_a_mail
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.rules import derive_token
from coordinator.platform.mail.smtp import compose
from coordinator.reporting.mail_links.models import ReportLink
from coordinator.reporting.reports.rules import ReturnReason
from coordinator.reporting.verification.returning_service import return_report
from coordinator.reporting.verification.rules import ReturnInput
from tests import factories
from tests.engines import ROOT
from tests.reporting.reports.mail_link import mail_to, remind

SECRET = "test-secret-key"
SITE = "https://tppo.uji.example"
MARKS = [
    "[[base]]",
    "[[token:laporan:abc]]",
    "[[token:undangan:abc]]",
    f"[[{'0123456789abcdef' * 2}]]",
    "{{ link_to('/x') }}",
    "{% raw %}",
    "${base}",
    "%(link)s",
]
TYPED = " ".join(MARKS)
MAILS = ROOT / "templates/email"
TEMPLATES = sorted(
    path.relative_to(MAILS).with_suffix("").as_posix() for path in MAILS.rglob("*.txt")
)


class Typed(jinja2.ChainableUndefined):
    """A variable of a template of which every part is what somebody typed."""

    def __str__(self) -> str:
        return TYPED

    def __iter__(self) -> Iterator["Typed"]:
        yield self

    def __len__(self) -> int:
        return 1

    def __bool__(self) -> bool:
        return True

    def __int__(self) -> int:
        return 1

    def __sub__(self, _other: object) -> int:
        return 1

    def __lt__(self, _other: object) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__

    def __call__(self, *_args: object, **_values: object) -> "Typed":
        return self

    def items(self) -> list[tuple["Typed", "Typed"]]:
        return [(self, self)]


@pytest.fixture
def typed_everywhere(app: flask.Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An app whose mail templates find typed text in every variable; dates are typed too."""
    environment = app.jinja_env.overlay(undefined=Typed, cache_size=0)
    names = ("long_date", "plain_date", "relative_day", "day_and_month", "long_time", "number")
    plain = dict.fromkeys(names, lambda value, *_more, **_named: str(value))
    environment.filters = {**environment.filters, **plain}
    monkeypatch.setitem(app.__dict__, "jinja_env", environment)
    with app.app_context():
        yield


@pytest.mark.usefixtures("typed_everywhere")
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_mail_leaves_typed_text_alone(template: str) -> None:
    tuples = {
        "mapping/versions/mapping_changed": ("parts", 2),
        "reporting/approval/head_asked": ("items", 2),
        "reporting/evidence/evidence_reviewed": ("places", 4),
    }
    given: dict[str, Any] = {"request": Typed()}
    if template in tuples:
        name, size = tuples[template]
        given[name] = [tuple(Typed() for _part in range(size))]
    email = render_email(template, "Perihal", **given)
    filled = [
        fill(part, email.links, base_url=SITE, secret_key=SECRET, is_html=is_html)
        for part, is_html in ((email.text, False), (email.html, True))
    ]
    assert TYPED in filled[0]
    for part in filled:
        for mark in MARKS:
            assert mark.replace("'", "&#39;") in part or mark in part, mark
        assert not re.search(r"[0-9a-f]{64}", part)
        # Nothing else looks like a place where an address should be.
        part = part.upper().replace("-", " ")  # a mail may write it large, or joined
        rest = part.replace(TYPED.upper(), "").replace(str(escape(TYPED)).upper(), "")
        assert "[[" not in rest
    for link in email.links:
        assert link.path.startswith("/")
        assert link.mark not in filled[0] + filled[1]


@dataclass(frozen=True, slots=True)
class Attack:
    """A remark that names a colleague's link, and the mail that carries it."""

    typed: str
    stolen: str
    row: OutgoingEmail


@pytest.fixture
def attack(in_app: None) -> Attack:
    """The secretariat types the placeholder of the supporter's link into a remark to Dispora."""
    story = factories.story()
    remind()
    db.session.rollback()
    victim = mail_to(story.supporter.account_id, "digest").mail_links
    secret = next(link for link in victim if link.is_secret)
    typed = f"Lihat [[base]]/l/[[token:laporan:{secret.secret_id}]] dan {secret.mark}"
    owed = factories.obligation_of(story.assignment, "dispora")
    factories.submit(owed, story.focal_point)
    return_report(
        owed.public_id,
        ReturnInput(
            revision_number=1,
            return_reason=ReturnReason.FIGURE_UNCLEAR,
            remark=typed,
            revise_by_on=date(2026, 10, 20),
        ),
        by=story.secretariat,
    )
    row = mail_to(story.focal_point.account_id, "returned")
    return Attack(typed, derive_token(SECRET, secret.purpose, secret.secret_id), row)


def bodies(row: OutgoingEmail) -> list[str]:
    """Both parts of a mail as they leave."""
    message = compose(row, sender="tppo@uji.example", base_url=SITE, secret_key=SECRET)
    parts = [message.get_body((kind,)) for kind in ("plain", "html")]
    return [part.get_content() for part in parts if part is not None]


def test_nobody_elses_link_can_be_typed(attack: Attack) -> None:
    text, html = bodies(attack.row)
    assert attack.typed in text
    assert attack.typed in html
    assert attack.stolen not in text + html
    # The mail's own button still opens the receiver's own report, and nothing else.
    tokens = set(re.findall(rf"{SITE}/l/([0-9a-f]{{64}})", text))
    own = db.session.scalars(
        sa.select(ReportLink.public_id).where(
            ReportLink.public_id.in_([link.secret_id for link in attack.row.mail_links])
        )
    )
    assert tokens == {derive_token(SECRET, "laporan", link_id) for link_id in own}


def test_a_repeat_carries_the_same_links(attack: Attack) -> None:
    assert bodies(attack.row) == bodies(attack.row)


def test_the_table_holds_where_links_lead_and_no_secret(attack: Attack) -> None:
    stored = repr([attack.row.links, attack.row.text, attack.row.html])
    for token in re.findall(r"[0-9a-f]{64}", "".join(bodies(attack.row))):
        assert token not in stored


# --- the mechanism -------------------------------------------------------------------------------


def test_an_address_with_two_questions_is_whole_in_both_parts() -> None:
    with writing_a_mail() as shown:
        part = f"<a href='{MailLink('/rencana?a=1&b=2')}'>"
    links = list(shown.values())
    assert fill(part, links, base_url=SITE, secret_key="") == f"<a href='{SITE}/rencana?a=1&b=2'>"
    assert "a=1&amp;b=2" in fill(part, links, base_url=SITE, secret_key="", is_html=True)


def test_a_link_outside_a_mail_is_a_fault() -> None:
    with pytest.raises(LookupError):
        str(MailLink("/tugas-saya"))


def test_only_one_place_makes_marks() -> None:
    """A template that writes an address by itself would be text again."""
    wrong = [
        path.name
        for path in [
            *(path for path in MAILS.rglob("*") if path.is_file()),
            ROOT / "templates/components/email.html",
        ]
        if re.search(r"\[\[|https?://|base_url", path.read_text())
    ]
    assert wrong == []


def test_nothing_writes_a_placeholder_by_hand() -> None:
    """What once stood for an address is plain text now: anyone who writes it sends a dead link."""
    wrong = [
        str(path.relative_to(ROOT))
        for folder in ("coordinator", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".html", ".txt")
        and re.search(r"\[\[(?:base|token)", path.read_text("utf-8"))
    ]
    assert wrong == []


def test_a_stored_link_comes_back_as_it_was() -> None:
    link = MailLink("/l/", "laporan", "abc")
    stored: Any = link.to_json()
    assert MailLink.from_json(stored) == link
