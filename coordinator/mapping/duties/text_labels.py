"""What is said of a duty's articles: compared with their text, when and by which office."""

from collections.abc import Iterable
from typing import Protocol

import flask

from coordinator.formatting import plain_date
from coordinator.mapping.duties.rules import TextStatement, TextVerdict
from coordinator.translation import gettext as _


class _Cited(Protocol):
    """A citation, as a row or as an entity."""

    @property
    def statement(self) -> TextStatement | None: ...


def verdict_labels() -> dict[TextVerdict, str]:
    """Return what each verdict is called."""
    return {
        TextVerdict.AGREES: _("Sesuai"),
        TextVerdict.DIFFERS: _("Tidak sesuai"),
        TextVerdict.DOUBTFUL: _("Ragu"),
    }


def text_sentence(citations: Iterable[_Cited]) -> str:
    """Return what is known of the citations of one duty, as it is put in brackets behind them:
    "dicocokkan dengan naskah, 3 November 2026, Biro Hukum". Empty where there are none."""
    statements = [one.statement for one in citations]
    known = [one for one in statements if one is not None]
    if not statements:
        return ""
    if not known:
        return _("belum dicocokkan dengan naskah JDIH")
    for verdict in (TextVerdict.DIFFERS, TextVerdict.DOUBTFUL):
        found = [one for one in known if one.verdict is verdict]
        if found:
            return _objection(max(found, key=lambda one: one.on))
    offices = list(dict.fromkeys(one.office for one in known if one.office))
    said = ", ".join([plain_date(max(one.on for one in known)), *offices])
    if len(known) == len(statements):
        return _("dicocokkan dengan naskah, %(said)s", said=said)
    return _(
        "%(n)s dari %(m)s pasal dicocokkan dengan naskah, %(said)s",
        n=len(known),
        m=len(statements),
        said=said,
    )


def _objection(one: TextStatement) -> str:
    day = plain_date(one.on)
    if one.verdict is TextVerdict.DIFFERS:
        return _(
            "tidak sesuai dengan naskah menurut %(office)s, %(day)s", office=one.office, day=day
        )
    return _("kesesuaian dengan naskah diragukan %(office)s, %(day)s", office=one.office, day=day)


def register(app: flask.Flask) -> None:
    """Give the sentence to the templates of `app`; `components/duty.html` uses it."""
    app.jinja_env.globals["text_sentence"] = text_sentence
