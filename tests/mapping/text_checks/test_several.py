"""Several people at one article, several texts of one law."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.mapping.decrees.effect import Choice
from coordinator.mapping.duties.rules import (
    TextVerdict,
)
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.text_checks import queries, service, text_service
from coordinator.mapping.text_checks.labels import standing_text
from coordinator.mapping.text_checks.service import NewChecks, NewVerdict
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from tests import factories
from tests.mapping.answers.builders import person_elsewhere
from tests.mapping.decrees.builders import enter
from tests.mapping.duties.builders import reworded
from tests.mapping.text_checks.builders import (
    ARTICLE,
    KEY,
    LAW,
    OFFICE,
    TODAY,
    bring,
    check,
    load,
    sentence,
    step_for,
)

pytestmark = pytest.mark.usefixtures("in_app")
AGREES, DIFFERS, DOUBTFUL = TextVerdict.AGREES, TextVerdict.DIFFERS, TextVerdict.DOUBTFUL


def test_an_objection_is_not_overridden_from_an_old_page(checker: Viewer, office: Viewer) -> None:
    step = step_for(checker, ARTICLE)
    check(checker, step, DIFFERS)
    with pytest.raises(service.AlreadyChecked):
        check(office, step, AGREES, seen=step.newest_check)
    assert sentence(checker).startswith("tidak sesuai")
    assert check(checker, step, DIFFERS, seen=step.newest_check) == 0, "the same sent twice"
    check(office, step_for(office, ARTICLE), AGREES)
    assert sentence(checker).startswith("dicocokkan")


def test_a_note_belongs_to_what_was_checked(checker: Viewer, mapping: Mapping) -> None:
    duty = next(one for one in mapping.duties if one.id == KEY)
    check(checker, step_for(checker, ARTICLE), AGREES)
    said = sentence(checker)
    noted = [replace(one, note="Contoh: pasal ini melarangnya.") for one in duty.citations]
    load(reworded(mapping, KEY, citations=noted))
    assert sentence(checker) == "belum dicocokkan dengan naskah JDIH"
    load(mapping)
    assert sentence(checker) == said


OTHER = LAW.replace("pemblokiran harta. Contoh kutipan.", "hal yang lain.")
GONE = LAW.replace("Pasal 32\n", "Pasal 31\n").replace("Contoh kutipan.", "")


@pytest.mark.parametrize("newer", [OTHER, GONE], ids=["other words", "article gone"])
def test_a_newer_text_without_the_quote_asks_again(checker: Viewer, newer: str) -> None:
    bring(checker)
    check(checker, step_for(checker, ARTICLE), AGREES)
    text_id = bring(checker, newer, source="salinan lain")
    assert sentence(checker) == "belum dicocokkan dengan naskah JDIH"
    step = step_for(checker, ARTICLE)
    assert step.is_open
    old = queries.outdated_checks(checker, [one.subject for one in step.subjects])
    assert {one.quote for one in old.values()} == {"Contoh kutipan."}
    text_service.withdraw_text(text_id, by=checker)
    assert sentence(checker).startswith("dicocokkan dengan naskah"), "the wrong text is gone"
    bring(checker, newer, source="salinan lain")
    check(checker, step_for(checker, ARTICLE), AGREES, quote="Contoh: penyidik", is_sure=True)
    assert sentence(checker).startswith("dicocokkan dengan naskah")


def test_a_text_of_other_articles_changes_no_verdict(checker: Viewer) -> None:
    bring(checker)
    check(checker, step_for(checker, ARTICLE), AGREES)
    bring(checker, "Pasal 45\n(1) Contoh: ruang lain.\nPasal 46\nLain.", source="sebagian")
    assert sentence(checker).startswith("dicocokkan dengan naskah")


def test_a_quote_that_no_text_has_is_asked_about(checker: Viewer) -> None:
    step = step_for(checker, ARTICLE)
    check(checker, step, AGREES, quote="Tanpa naskah tidak ditanya.")
    bring(checker)
    with pytest.raises(InvalidInput) as asked:
        check(checker, step, AGREES, quote="Contoh karangan.")
    assert set(asked.value.fields) == {"quote"}
    assert check(checker, step, DIFFERS, quote="Contoh karangan.") == 2
    assert check(checker, step, AGREES, quote="Contoh karangan.", is_sure=True) == 2


def test_who_withdraws_a_text(checker: Viewer, office: Viewer) -> None:
    other = replace(factories.person(AccessKind.FOCAL_POINT, "dispora"), rights=checker.rights)
    text_id = bring(checker)
    with pytest.raises(NotAllowed):
        text_service.withdraw_text(text_id, by=other)
    with pytest.raises(NotFound):
        text_service.withdraw_text(text_id, by=person_elsewhere(AccessKind.SECRETARIAT))
    text_service.withdraw_text(text_id, by=office)
    assert not queries.texts(checker)[0].is_used
    newest = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert newest is not None
    assert (newest.action, newest.account_id) == ("text.withdrawn", office.account_id)
    again = bring(checker)
    assert again != text_id, "a text that was withdrawn can be brought again"
    step = step_for(checker, ARTICLE)
    new = NewChecks(
        [NewVerdict(one.subject, AGREES) for one in step.subjects],
        "Contoh kutipan.", TODAY, OFFICE, text_id=again,
    )  # fmt: skip
    service.check_step(step.id, new, by=checker)
    with pytest.raises(Conflict):
        text_service.withdraw_text(again, by=office)


def test_a_decree_is_no_law_to_compare(checker: Viewer, office: Viewer) -> None:
    step = step_for(checker, ARTICLE)
    before = {one.instrument_key for one in queries.steps(checker)}
    choice = Choice(frozenset(one.part for one in step.items))
    enter(office, choice=choice)
    assert {one.instrument_key for one in queries.steps(checker)} == before
    assert "Dasar umum" in standing_text(step_for(checker, ARTICLE).items[0])
