"""What a check records, whom it is allowed, and what follows for the mapping."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.mapping.duties.models import Citation
from coordinator.mapping.duties.rules import (
    BasisStatus,
    TextStatement,
    TextVerdict,
    instrument_checked_on,
    newest_statement,
)
from coordinator.mapping.duties.seed import CitationPart, Mapping
from coordinator.mapping.duties.text_models import TextCheck
from coordinator.mapping.text_checks import queries, service
from coordinator.mapping.text_checks.service import NewChecks, NewVerdict
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from tests.mapping.answers.builders import NIK, person_elsewhere
from tests.mapping.duties.builders import reworded
from tests.mapping.text_checks.builders import (
    ARTICLE,
    KEY,
    OFFICE,
    TODAY,
    check,
    instrument_day,
    load,
    sentence,
    step_for,
)

pytestmark = pytest.mark.usefixtures("in_app")
AGREES, DIFFERS, DOUBTFUL = TextVerdict.AGREES, TextVerdict.DIFFERS, TextVerdict.DOUBTFUL


# --- one check -----------------------------------------------------------------------------------


def test_a_check_is_said_of_the_duty_with_day_and_office(checker: Viewer) -> None:
    assert sentence(checker) == "belum dicocokkan dengan naskah JDIH"
    step = step_for(checker, ARTICLE)
    assert [one.agency for one in step.items] == ["Polda Kaltim", "Kejati Kaltim"]
    assert check(checker, step, AGREES, DIFFERS, on=date(2026, 10, 12)) == 2
    assert sentence(checker) == f"dicocokkan dengan naskah, 12 Oktober 2026, {OFFICE}"
    assert (
        sentence(checker, "kejati-memblokir-harta")
        == f"tidak sesuai dengan naskah menurut {OFFICE}, 12 Oktober 2026"
    )
    row = db.session.scalars(sa.select(TextCheck).order_by(TextCheck.id)).first()
    assert row is not None
    assert row.quote == "Contoh kutipan."
    assert row.claim.startswith("Dapat memerintahkan pemblokiran harta")
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "text.checked")
    ).one()
    assert (entry.account_id, entry.subject_id) == (checker.account_id, "uu-21-2007")
    assert entry.details == {"agrees": 1, "differs": 1, "doubtful": 0}


def test_the_newest_check_of_the_same_words_counts(checker: Viewer) -> None:
    check(checker, step_for(checker, ARTICLE), DOUBTFUL)
    assert sentence(checker).startswith("kesesuaian dengan naskah diragukan")
    check(checker, step_for(checker, ARTICLE), AGREES)
    assert sentence(checker).startswith("dicocokkan dengan naskah")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TextCheck)) == 4


def test_the_same_verdict_sent_twice_is_one(checker: Viewer) -> None:
    assert check(checker, step_for(checker, ARTICLE), AGREES) == 2
    assert check(checker, step_for(checker, ARTICLE), AGREES) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TextCheck)) == 2


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"quote": " "}, {"quote"}),
        ({"office": ""}, {"office"}),
        ({"on": date(2026, 10, 14)}, {"checked_on"}),
        ({"on": date(2000, 1, 1)}, {"checked_on"}),
        ({"quote": f"NIK {NIK}"}, {"quote"}),
    ],
)
def test_what_is_missing_is_refused_at_its_field(
    checker: Viewer, change: dict[str, object], fields: set[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        check(checker, step_for(checker, ARTICLE), AGREES, **change)  # type: ignore[arg-type]
    assert set(refused.value.fields) == fields
    assert NIK not in str(refused.value)


def test_an_objection_needs_a_sentence_and_no_quote(checker: Viewer) -> None:
    step = step_for(checker, ARTICLE)
    with pytest.raises(InvalidInput) as refused:
        check(checker, step, DIFFERS, remark=" ")
    assert set(refused.value.fields) == {f"remark-{one.subject}" for one in step.items}
    verdicts = [NewVerdict(one.subject, None) for one in step.items]
    with pytest.raises(InvalidInput) as refused:
        service.check_step(step.id, NewChecks(verdicts, "x", TODAY, OFFICE), by=checker)
    assert set(refused.value.fields) == {f"verdict-{one.subject}" for one in step.items}
    assert check(checker, step, DIFFERS, quote="") == 2


def test_words_that_changed_meanwhile_are_read_again(checker: Viewer, mapping: Mapping) -> None:
    step = step_for(checker, ARTICLE)
    load(reworded(mapping, KEY, text="Dapat memerintahkan hal lain (contoh)"))
    with pytest.raises(Conflict):
        check(checker, step, AGREES)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TextCheck)) == 0


# --- who -----------------------------------------------------------------------------------------


def test_only_who_has_the_right_checks(checker: Viewer, office: Viewer) -> None:
    step = step_for(checker, ARTICLE)
    with pytest.raises(NotAllowed):
        check(replace(checker, rights=frozenset()), step, AGREES)
    assert check(office, step, AGREES, office="Sekretariat (contoh)") == 2
    assert sentence(checker).endswith("Sekretariat (contoh)")


def test_another_task_force_neither_sees_nor_checks(checker: Viewer) -> None:
    stranger = person_elsewhere(AccessKind.SECRETARIAT)
    assert queries.steps(stranger) == []
    with pytest.raises(NotFound):
        check(stranger, step_for(checker, ARTICLE), AGREES)


def test_the_office_is_kept_from_the_last_time(checker: Viewer, office: Viewer) -> None:
    assert queries.usual_office(checker) == "Biro Hukum Sekretariat Daerah"
    check(checker, step_for(checker, ARTICLE), AGREES)
    assert queries.usual_office(checker) == OFFICE
    assert queries.usual_office(office) == "Biro Kesejahteraan Rakyat Sekretariat Daerah"


# --- what follows --------------------------------------------------------------------------------


def test_other_words_or_another_article_are_asked_again(checker: Viewer, mapping: Mapping) -> None:
    check(checker, step_for(checker, ARTICLE), AGREES)
    said = sentence(checker)
    duty = next(one for one in mapping.duties if one.id == KEY)
    other = CitationPart(instrument="uu-21-2007", article="Pasal 33")
    for change in (
        {"text": "Dapat memerintahkan hal lain (contoh)"},
        {"agency": "kejati"},
        {"citations": [other]},
        {"status": BasisStatus.PROPOSAL, "source": mapping.sources[0].id},
    ):
        load(reworded(mapping, KEY, **change))
        assert sentence(checker) == "belum dicocokkan dengan naskah JDIH", change
        load(mapping)
        assert sentence(checker) == said, "the same words again"
    load(reworded(mapping, KEY, evidence=["Contoh bukti lain"]))
    assert sentence(checker) == said, "a recipe of evidence is no wording"
    load(reworded(mapping, KEY, citations=[*duty.citations, other]))
    assert sentence(checker).startswith("1 dari 2 pasal dicocokkan dengan naskah")


def test_an_instruments_day_is_that_of_its_last_citation(checker: Viewer, mapping: Mapping) -> None:
    """UU 18/2017 is cited by more than one article."""
    steps = [one for one in queries.steps(checker) if one.instrument_key == "uu-18-2017"]
    for day, step in enumerate(steps, start=1):
        assert instrument_day("uu-18-2017") is None
        check(checker, step, AGREES, on=date(2026, 10, day))
    assert instrument_day("uu-18-2017") == date(2026, 10, len(steps))
    check(checker, steps[0], DOUBTFUL)
    assert instrument_day("uu-18-2017") is None
    check(checker, steps[0], AGREES)
    assert instrument_day("uu-18-2017") == TODAY
    load(reworded(mapping, steps[0].items[0].part, text="Contoh bunyi lain"))
    assert instrument_day("uu-18-2017") is None


def _dated(mapping: Mapping, key: str, day: date | None) -> Mapping:
    parts = [
        replace(one, text_checked_on=day) if one.id == key else one
        for one in mapping.legal_instruments
    ]
    return replace(mapping, legal_instruments=parts)


def test_a_file_and_the_screen_the_newest_wins(checker: Viewer, mapping: Mapping) -> None:
    key = "uu-8-2010"
    [step] = [one for one in queries.steps(checker) if one.instrument_key == key]
    load(_dated(mapping, key, date(2026, 10, 1)))
    assert instrument_day() == date(2026, 10, 1)
    check(checker, step, DIFFERS, on=date(2026, 10, 5))
    assert instrument_day() is None, "the check is newer"
    load(_dated(mapping, key, date(2026, 10, 6)))
    assert instrument_day() == date(2026, 10, 6), "the file is newer"
    check(checker, step, AGREES, on=date(2026, 10, 12))
    load(mapping)
    assert instrument_day() == date(2026, 10, 12), "a load wipes no check"


def test_a_file_dates_one_citation(checker: Viewer, mapping: Mapping) -> None:
    def dated(day: date) -> Mapping:
        duty = next(one for one in mapping.duties if one.id == KEY)
        return reworded(
            mapping, KEY, citations=[replace(one, text_checked_on=day) for one in duty.citations]
        )

    load(dated(date(2026, 10, 1)))
    assert sentence(checker) == "dicocokkan dengan naskah, 1 Oktober 2026"
    check(checker, step_for(checker, ARTICLE), AGREES, on=date(2026, 10, 2))
    assert sentence(checker) == f"dicocokkan dengan naskah, 2 Oktober 2026, {OFFICE}"
    load(dated(date(2026, 10, 3)))
    assert sentence(checker) == "dicocokkan dengan naskah, 3 Oktober 2026"


def test_findings_are_for_who_edits_and_go_with_the_correction(
    checker: Viewer, office: Viewer, mapping: Mapping
) -> None:
    check(checker, step_for(checker, ARTICLE), DOUBTFUL, DIFFERS)
    assert [one.part for one in queries.findings(office)] == ["kejati-memblokir-harta", KEY]
    assert queries.findings(checker) == []
    assert len(queries.findings_about(office, KEY, is_duty=True)) == 1
    assert queries.findings_about(office, KEY, is_duty=False) == []
    load(reworded(mapping, KEY, text="Dapat memerintahkan hal yang benar (contoh)"))
    assert [one.part for one in queries.findings(office)] == ["kejati-memblokir-harta"]


def test_a_membership_is_checked_too(checker: Viewer) -> None:
    step = step_for(checker, "Pasal 58 ayat (3)")
    assert not any(one.is_duty for one in step.items)
    assert check(checker, step, AGREES) == len(step.items)
    linked = sa.select(sa.func.count()).where(
        Citation.membership_id.is_not(None), Citation.text_check_id.is_not(None)
    )
    assert db.session.scalar(linked) == len(step.items)


# --- rules ---------------------------------------------------------------------------------------

D1, D2, D3 = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)


def test_newest_statement() -> None:
    check_of_two = TextStatement(DIFFERS, D2, OFFICE)
    assert newest_statement(None, None) is None
    assert newest_statement(D1, None) == TextStatement(AGREES, D1)
    assert newest_statement(D1, check_of_two) is check_of_two
    assert newest_statement(D2, check_of_two) is check_of_two, "of one day the check counts"
    assert newest_statement(D3, check_of_two) == TextStatement(AGREES, D3)


@pytest.mark.parametrize(
    ("file_on", "statements", "day"),
    [
        (None, [], None),
        (D1, [], D1),
        (None, [TextStatement(AGREES, D1), TextStatement(AGREES, D2)], D2),
        (None, [TextStatement(AGREES, D1), None], None),
        (None, [TextStatement(AGREES, D1), TextStatement(DIFFERS, D2)], None),
        (None, [TextStatement(AGREES, D1), TextStatement(DOUBTFUL, D1)], None),
        (D2, [TextStatement(AGREES, D3), None], D3),
        (D2, [TextStatement(DIFFERS, D1), None], D2),
        (D2, [TextStatement(DIFFERS, D2), None], None),
    ],
)
def test_instrument_checked_on(
    file_on: date | None, statements: list[TextStatement | None], day: date | None
) -> None:
    assert instrument_checked_on(file_on, statements) == day
