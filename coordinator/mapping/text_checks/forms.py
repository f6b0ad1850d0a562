"""The forms of the check of texts."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import FieldList, FormField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from coordinator.forms import DateField, Form, Longest, no_identity, select_choices
from coordinator.mapping.duties.rules import TextVerdict
from coordinator.mapping.duties.text_labels import verdict_labels
from coordinator.mapping.text_checks.rules import LONGEST_QUOTE, LONGEST_REMARK, CheckStep

NO_DAY = _l("Tanggal belum ada. Tulis seperti 12/11/2026")


class CitationVerdictForm(Form):
    """What is said of one citation."""

    class Meta(Form.Meta):
        """A row has no token of its own."""

        csrf = False

    subject = HiddenField()
    verdict = RadioField(_l("Putusan"), [Optional()])
    remark = TextAreaField(
        _l("Apa yang tidak sesuai, dalam satu kalimat"),
        [Optional(), Longest(LONGEST_REMARK), no_identity],
    )


class CheckForm(Form):
    """The quoted words, a verdict for each citation, the day and the office. `seen` is the newest
    check that the page showed."""

    ALL, EACH = "semua", "masing-masing"

    quote = TextAreaField(_l("Kutipan naskah"), [Optional(), Longest(LONGEST_QUOTE), no_identity])
    checked_on = DateField(_l("Dicocokkan pada"), [InputRequired(NO_DAY)])
    office = StringField(
        _l("Kantor yang mencocokkan"),
        [InputRequired(_l("Tulis kantor yang mencocokkan.")), Longest(160), no_identity],
    )
    text = HiddenField()
    seen = HiddenField()
    rows = FieldList(FormField(CitationVerdictForm))


class InstrumentTextForm(Form):
    """The text of a law, pasted or as PDF, and its source. The service screens the pasted text,
    which is longer than a field of a form may be."""

    source = StringField(
        _l("Sumber"),
        [InputRequired(_l("Tulis dari mana naskah ini.")), Longest(300), no_identity],
    )
    taken_on = DateField(_l("Diambil pada"), [InputRequired(NO_DAY)])
    text = TextAreaField(_l("Naskah yang ditempel"), [Optional()])
    file = FileField(_l("Atau lampirkan PDF"))


def check_form(step: CheckStep, *, is_sent: bool, **values: object) -> CheckForm:
    """Return the form of a step: as it was sent, or (not `is_sent`) as it was last checked."""
    rows = [
        {
            "subject": one.subject,
            "verdict": one.check.verdict.value if one.check else None,
            "remark": one.check.remark if one.check else "",
        }
        for one in step.subjects
    ]
    data = {"rows": rows, **values}
    form = CheckForm(data=data) if is_sent else CheckForm(formdata=None, data=data)
    choices = select_choices((value.value, label) for value, label in verdict_labels().items())
    for row in form.rows:
        row.form.verdict.choices = choices
    return form


def chosen(text: str | None) -> TextVerdict | None:
    """Return the verdict of a radio button, None where none was pressed."""
    return TextVerdict(text) if text in set(TextVerdict) else None
