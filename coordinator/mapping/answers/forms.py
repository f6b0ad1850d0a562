"""Forms of answers, messages and published questions."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from coordinator.forms import Form, IntegerField, identity_asked, no_identity
from coordinator.mapping.answers.rules import Answer

_TOO_LONG = _l("Paling panjang 2.000 karakter.")
LONGEST = 2000
# An honest answer to "whose is it?"; an agency is never forced to name one.
UNKNOWN = "tidak-tahu"


class DutyAnswerForm(Form):
    """One duty, three answers; the other required fields depend on the answer."""

    version = IntegerField()
    answer = RadioField(
        _l("Jawaban"), [InputRequired(_l("Pilih satu jawaban."))], validate_choice=True
    )
    question = TextAreaField(
        _l("Apa yang perlu dijelaskan?"),
        [Optional(), Length(max=LONGEST, message=_TOO_LONG), no_identity, identity_asked],
    )
    suggested_agency = SelectField(_l("Menurut Anda, kewenangan siapa?"), [Optional()])
    reason = TextAreaField(
        _l("Alasan, satu atau dua kalimat"),
        [Optional(), Length(max=LONGEST, message=_TOO_LONG), no_identity, identity_asked],
    )

    def only_what_was_asked(self) -> None:
        """Clear the fields that belong to the answers that were not chosen."""
        if self.answer.data != Answer.NEEDS_EXPLANATION:
            self.question.data = ""
        if self.answer.data != Answer.NOT_OURS:
            self.reason.data = ""
            self.suggested_agency.data = ""


class MessageForm(Form):
    """One message in a thread."""

    text = TextAreaField(
        _l("Pesan"),
        [
            InputRequired(_l("Tulis pesannya.")),
            Length(max=LONGEST, message=_TOO_LONG),
            no_identity,
            identity_asked,
        ],
    )


class PublishQuestionForm(Form):
    """A question and its answer, edited for everybody."""

    question = TextAreaField(
        _l("Pertanyaan"),
        [
            InputRequired(_l("Tulis pertanyaannya.")),
            Length(max=500, message=_l("Paling panjang 500 karakter.")),
            no_identity,
            identity_asked,
        ],
    )
    answer = TextAreaField(
        _l("Jawaban"),
        [
            InputRequired(_l("Tulis jawabannya.")),
            Length(max=LONGEST, message=_TOO_LONG),
            no_identity,
            identity_asked,
        ],
    )
