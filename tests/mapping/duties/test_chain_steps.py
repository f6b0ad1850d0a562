"""A step of the chain and a limit: in the file, in the rows, and no part of the substance."""

from dataclasses import replace

import pytest

from coordinator.assignments.letters.queries import body
from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.answers.queries import current_answers
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.mapping.duties.chain_labels import limit_of
from coordinator.mapping.duties.diff import chain_text, compare, to_answer
from coordinator.mapping.duties.differences import MappingChange
from coordinator.mapping.duties.document import MAPPING_FORMAT
from coordinator.mapping.duties.lint import check_bytes
from coordinator.mapping.duties.rules import (
    BasisStatus,
    ChainStep,
    LimitBound,
    LimitUnit,
    StepHolding,
    TextVerdict,
)
from coordinator.mapping.duties.seed import LimitPart, Mapping
from coordinator.mapping.duties.service import load_mapping
from coordinator.permissions import AccessKind
from tests import factories
from tests.mapping.duties.builders import KEY, revisions, reworded
from tests.mapping.duties.small_mapping import GOOD, look
from tests.mapping.text_checks.builders import check, lawyer, step_for

LAST = '    text: "Mendata rumah perlindungan"\n'
LAW = "value: 7, unit: days, at: most"
COURT = '    text: "Berbagi data jumlah putusan"\n'


def with_lines(lines: str, after: str = LAST) -> str:
    """The good file with lines more in one duty."""
    assert GOOD.count(after) == 1
    return GOOD.replace(after, after + "".join(f"    {line}\n" for line in lines.split("|")))


@pytest.mark.parametrize(
    ("lines", "key", "said"),
    [
        ("step: serve", "duties.1.step", "harus menyebut kedudukan instansinya"),
        ("step_as: lead", "duties.1.step_as", "hanya untuk uraian tugas yang punya langkah"),
        ("step: melayani|step_as: lead", "duties.1.step", "find, serve, shelter, return, prosec"),
        ("step: serve|step_as: member", "duties.1.step_as", "lead, support"),
        (f"limit: {{{LAW}}}", "duties.1.limit", "harus menyebut pasalnya"),
        (f"limit: {{{LAW}, instrument: uu-21}}", "duties.1.limit", "harus menyebut pasalnya"),
        (
            f'limit: {{{LAW}, instrument: uu-21, article: "Pasal 53"}}',
            "duties.1.limit.article",
            "tidak ada di citations",
        ),
        (
            'limit: {value: 0, unit: days, at: most, instrument: uu-21, article: "Pasal 52"}',
            "duties.1.limit.value",
            "bilangan bulat dari 1 sampai 999",
        ),
        (
            "limit: {value: -7, unit: days, at: most, source: usulan}",
            "duties.1.limit.value",
            "bilangan bulat dari 1 sampai 999",
        ),
        (
            f'limit: {{{LAW}, instrument: uu-21, article: "Pasal 52", source: usulan}}',
            "duties.1.limit.source",
            "tidak keduanya",
        ),
        (f"limit: {{{LAW}, source: usul}}", "duties.1.limit.source", "Maksud Anda “usulan”"),
        ("limit: {value: 7, at: most, source: usulan}", "duties.1.limit.unit", "hours, days"),
    ],
)
def test_an_unfounded_step_or_limit_is_an_error(lines: str, key: str, said: str) -> None:
    mapping, findings = look(with_lines(lines))
    assert mapping is None
    (finding,) = findings
    assert (finding.severity, finding.key) == ("error", key)
    assert said in finding.message


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ("step: shelter|step_as: support", "Menampung (pendukung)"),
        (
            f'limit: {{{LAW}, instrument: uu-21, article: "Pasal 52"}}',
            "paling lama 7 hari (UU 21/2007 Pasal 52)",
        ),
        (
            "step: find|step_as: lead|limit: {value: 3, unit: months, at: least, source: usulan}",
            "Menemukan (penanggung jawab); "
            "paling sedikit 3 bulan (model, bukan kewajiban: usulan sekretariat)",
        ),
    ],
)
def test_a_founded_one_is_kept_and_said(lines: str, text: str) -> None:
    mapping, findings = look(with_lines(lines))
    assert findings == []
    assert mapping is not None
    assert chain_text(mapping, mapping.duties[1]) == text
    assert MAPPING_FORMAT.from_json(MAPPING_FORMAT.to_json(mapping)) == mapping
    again, _findings = check_bytes(MAPPING_FORMAT.to_yaml(mapping).encode(), "x.yaml")
    assert again == mapping


def test_a_court_holds_no_step() -> None:
    mapping, (finding,) = look(with_lines("step: prosecute|step_as: support", COURT))
    assert mapping is not None
    assert finding.severity == "warning"
    assert "Pengadilan hanya berbagi data" in finding.message


def test_what_a_law_gives_to_a_regency_names_a_known_instrument() -> None:
    line = '- {{id: lapor, text: "Melapor", instrument: {}, article: "Pasal 3"}}\n'
    known, findings = look(GOOD + "regency_duties:\n  " + line.format("uu-21"))
    assert known is not None
    assert findings == []
    twice = line.format("uu-22") + "  " + line.format("uu-21")
    unknown, findings = look(GOOD + "regency_duties:\n  " + twice)
    assert unknown is None
    assert [one.key for one in findings] == ["regency_duties.0.instrument", "regency_duties.1.id"]


def without_chain(mapping: Mapping) -> Mapping:
    """The mapping as it was before there were steps."""
    bare = [replace(one, step=None, step_as=None, limit=None) for one in mapping.duties]
    return replace(mapping, duties=bare, regency_duties=[])


def test_a_mapping_without_steps_is_written_as_before(mapping: Mapping) -> None:
    bare = without_chain(mapping)
    assert bare != mapping
    for text in (MAPPING_FORMAT.to_json(bare), MAPPING_FORMAT.to_yaml(bare)):
        for key in ("step", "step_as", "limit", "regency_duties"):
            assert f'"{key}":' not in text
            assert f" {key}:" not in text
            assert not text.startswith(f"{key}:")
    text = MAPPING_FORMAT.to_json(bare)
    assert MAPPING_FORMAT.to_json(MAPPING_FORMAT.from_json(text)) == text


# --- in force ------------------------------------------------------------------------------------

LIMIT = LimitPart(
    value=24,
    unit=LimitUnit.HOURS,
    at=LimitBound.MOST,
    instrument="uu-40-2009",
    article="Pasal 20 huruf a dan penjelasannya",
)


def stepped(mapping: Mapping, **change: object) -> Mapping:
    """The mapping with Dispora's duty as a step."""
    step = {"step": ChainStep.FIND, "step_as": StepHolding.LEAD, "limit": LIMIT}
    return reworded(mapping, KEY, **{**step, **change})


@pytest.mark.usefixtures("in_app")
def test_another_step_asks_no_agency_again(mapping: Mapping) -> None:
    head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
    (first,) = revisions(KEY)
    answer_duty(first.duty_id, Answer.ACCEPTED, by=head)
    checker = lawyer()
    check(checker, step_for(checker, LIMIT.article or "", "uu-40-2009"), TextVerdict.AGREES)
    before = current_answers(factories.task_force().id)[first.duty_id].response_id
    for number, after in enumerate(
        (
            stepped(mapping),
            stepped(mapping, step=ChainStep.RETURN),
            stepped(mapping, step_as=StepHolding.SUPPORT),
            stepped(mapping, limit=replace(LIMIT, value=12)),
            mapping,
        ),
        start=2,
    ):
        assert to_answer(mapping, after) == []
        load_mapping(after, by=None, reason="langkah")
        newest = revisions(KEY)[-1]
        assert (newest.since, newest.substance_since) == (number, 1)
        answers = current_answers(factories.task_force().id)
        assert answers[first.duty_id].response_id == before
        assert newest.citations[0].statement is not None, "nothing has to be compared again"
    assert newest.step is None


@pytest.mark.usefixtures("in_app")
def test_no_new_letter_is_due_for_another_step(mapping: Mapping) -> None:
    factories.story()
    force, dispora = factories.task_force(), factories.agency("dispora")
    before = body(force, dispora, on=today())
    duties = [
        replace(one, step=ChainStep.FIND, step_as=StepHolding.LEAD)
        if one.agency == "dispora"
        else one
        for one in mapping.duties
    ]
    load_mapping(replace(mapping, duties=duties), by=None, reason="langkah")
    after = body(force, dispora, on=today())
    assert before is not None
    assert after is not None
    assert after.substance == before.substance


@pytest.mark.usefixtures("in_app")
def test_the_rows_say_what_the_file_says(mapping: Mapping) -> None:
    load_mapping(stepped(mapping), by=None, reason="langkah")
    row = revisions(KEY)[-1]
    assert (row.step, row.step_as) == (ChainStep.FIND, StepHolding.LEAD)
    assert limit_of(row) == ("paling lama 24 jam (UU 40/2009 Pasal 20 huruf a dan penjelasannya)")
    model = LimitPart(
        value=3, unit=LimitUnit.MONTHS, at=LimitBound.LEAST, source="model-perda-diy-6-2025"
    )
    load_mapping(stepped(mapping, limit=model), by=None, reason="model")
    row = revisions(KEY)[-1]
    assert (row.limit_instrument, row.limit_article) == (None, None)
    assert limit_of(row) == (
        "paling sedikit 3 bulan (model, bukan kewajiban: Perda DIY 6/2025, peraturan daerah lain)"
    )
    # A decree sets the duty; the time stays a model's.
    row.status = BasisStatus.DECREE
    assert limit_of(row) == (
        "paling sedikit 3 bulan (model: Perda DIY 6/2025, peraturan daerah lain; SK menetapkan "
        "tugasnya, bukan batas waktunya)"
    )
    db.session.rollback()


def test_a_difference_names_step_and_limit(mapping: Mapping) -> None:
    (one,) = compare(mapping, stepped(mapping))
    assert (one.change, one.agencies) == (MappingChange.REWORDED, ("dispora",))
    assert one.fields == ("step", "step_as", "limit")
    assert one.before == "Langkah: –\nBatas waktu: –"
    assert one.after == (
        "Langkah: Menemukan (penanggung jawab)\n"
        "Batas waktu: paling lama 24 jam (UU 40/2009 Pasal 20 huruf a dan penjelasannya)"
    )
