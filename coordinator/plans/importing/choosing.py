"""What a person chose on the page of an import -> the choices of the next reading. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from coordinator.plans.actions.seed import PlanPart
from coordinator.plans.reading.shapes import Ambiguity, Choices, Heading, PlanReading
from coordinator.typed import whole

SHEET, HEADER, TAKE, WITHOUT_WRONG = "lembar", "baris-judul", "ambil", "tanpa-salah"


def heading_names(reading: PlanReading) -> list[tuple[str, Heading]]:
    """Return each column with the name of its field on the page."""
    return [
        (f"kolom-{place}-{one.column}" if one.sheet else f"kolom-{one.column}", one)
        for place, one in enumerate(reading.headings)
    ]


def question_names(reading: PlanReading) -> list[tuple[str, Ambiguity]]:
    """Return each question with the name of its field on the page."""
    return [(f"jawab-{place}", one) for place, one in enumerate(reading.questions)]


def group_names(reading: PlanReading) -> list[tuple[str, str, Ambiguity]]:
    """Return the kinds of doubt that are asked about more than once: the name of the field that
    answers all of one kind, the kind, and a question of it that has the usual answers."""
    found: dict[str, list[Ambiguity]] = {}
    for one in reading.questions:
        found.setdefault(one.group, []).append(one)
    return [
        (f"jawab-semua-{group}", group, questions[0])
        for group, questions in found.items()
        if len(questions) > 1
        and len({tuple(way.value for way in one.options) for one in questions}) == 1
    ]


def agency_texts(reading: PlanReading, choices: Choices) -> list[str]:
    """Return the agencies' names that wait for a choice, then those that have one, in an order
    that is the same on the page and when its form comes back."""
    return list(dict.fromkeys([*(one.text for one in reading.unknown_agencies), *choices.agencies]))


def group_texts(reading: PlanReading, choices: Choices) -> list[str]:
    """Return the same for pokja."""
    unknown = (one.text for one in reading.unknown_working_groups)
    return list(dict.fromkeys([*unknown, *choices.working_groups]))


def chosen(
    fields: MultiDict[str, str], reading: PlanReading, choices: Choices, head: PlanPart | None
) -> Choices:
    """Return the choices with those of the form put over the former ones. Where other sheets or
    another header row are chosen, the columns begin again: they were those of the former ones."""
    sheets = [one.name for one in reading.sheets if one.name in fields.getlist(SHEET)]
    sheets = sheets or reading.read_sheets
    row = whole(fields.get(HEADER, ""), reading.header or 0)
    is_other = sheets != reading.read_sheets or row != (reading.header or 0)
    headings = dict(choices.headings) if not is_other else {}
    header = dict(choices.header)
    if sheets != reading.read_sheets:
        header = {}
    elif row and (is_other or header):
        header = {reading.sheet or "": row}
    if not is_other:
        for name, heading in heading_names(reading):
            if fields.get(name):
                headings[heading.key] = fields[name]
    agencies, groups = dict(choices.agencies), dict(choices.working_groups)
    _store(fields, "instansi", agency_texts(reading, choices), agencies)
    _store(fields, "pokja", group_texts(reading, choices), groups)
    is_one_sheet = len(sheets) <= 1 and sheets == reading.read_sheets and not choices.sheets
    return replace(
        choices,
        sheets=[] if is_one_sheet else sheets,
        header=header,
        headings=headings,
        agencies=agencies,
        working_groups=groups,
        answers=_answers(fields, reading, choices),
        take=_taken(fields, reading, choices),
        without_wrong=bool(fields.get(WITHOUT_WRONG)),
        plan=head or choices.plan,
    )


def answered(reading: PlanReading, choices: Choices) -> PlanReading:
    """Return a reading whose questions have the answers of choices that were not read yet."""
    questions = [
        replace(one, answer=choices.answers.get(one.key) or choices.answers.get(one.group, ""))
        for one in reading.questions
    ]
    return replace(reading, questions=questions)


def _store(
    fields: MultiDict[str, str], prefix: str, texts: Sequence[str], into: dict[str, str]
) -> None:
    for place, text in enumerate(texts):
        value = fields.get(f"{prefix}-{place}", "")
        if value:
            into[text] = value
        else:
            into.pop(text, None)


def _answers(fields: MultiDict[str, str], reading: PlanReading, choices: Choices) -> dict[str, str]:
    answers = dict(choices.answers)
    for_all = {
        group: fields[name] for name, group, _one in group_names(reading) if fields.get(name)
    }
    answers |= for_all
    for name, question in question_names(reading):
        if name not in fields:  # the page shows only the first of very many
            continue
        value = fields[name]
        is_untouched = value == question.answer
        if question.group in for_all and is_untouched:
            answers.pop(question.key, None)  # the answer for all replaces the one before
        elif value and value != answers.get(question.group):
            answers[question.key] = value
        else:
            answers.pop(question.key, None)
    return answers


def _taken(fields: MultiDict[str, str], reading: PlanReading, choices: Choices) -> list[str]:
    offered = {one.reason for one in reading.left_out}
    kept = [one for one in choices.take if one not in offered]
    return [*kept, *(one for one in dict.fromkeys(fields.getlist(TAKE)) if one in offered)]
