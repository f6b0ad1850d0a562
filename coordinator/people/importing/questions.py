"""What is asked about a row of the list, in Indonesian."""

from coordinator.people.importing.service import Judged, RowDecision, RowQuestion
from coordinator.translation import gettext as _


def question_text(found: Judged) -> str:
    """Return the question that a row puts."""
    name = found.known.account.name if found.known else found.above
    agency = found.known.agency.abbreviation if found.known and found.known.agency else ""
    return {
        RowQuestion.SAME_PERSON: (
            _("Di instansi ini sudah ada %(name)s. Orang yang sama?", name=name)
            if found.known
            else _("Di atas, untuk instansi ini, sudah ada %(name)s. Orang yang sama?", name=name)
        ),
        RowQuestion.MOVED: _("%(name)s masih memegang akses %(agency)s.", name=name, agency=agency),
        RowQuestion.TWICE: _("Orang ini ada juga di instansi lain dalam daftar."),
        None: "",
    }[found.question]


def answer_text(answer: RowDecision, found: Judged) -> str:
    """Return an answer as the list offers it."""
    agency = found.known.agency.abbreviation if found.known and found.known.agency else ""
    return {
        RowDecision.SAME: _("Orang yang sama"),
        RowDecision.MOVED: _("Pindah dari %(agency)s: akses lamanya berakhir", agency=agency),
        RowDecision.BOTH: _("Bekerja untuk kedua instansi"),
        RowDecision.OTHER: _("Orang lain"),
    }[answer]


def unanswered_text(question: str) -> str:
    """Return why an unanswered row was left out, without any name."""
    return {
        RowQuestion.SAME_PERSON: _("tidak dijawab apakah ia orang yang sudah ada di instansi ini"),
        RowQuestion.MOVED: _("tidak dijawab apakah ia pindah dari instansi lain"),
        RowQuestion.TWICE: _("tidak dijawab apakah ia juga bekerja untuk instansi lain di daftar"),
    }[RowQuestion(question)]
