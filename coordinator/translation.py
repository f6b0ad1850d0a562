"""The words of pages and mails in the language of the request.

flask-babel resolves four proxies to find the catalogue for each text, which took half the time of a
long page. Here the catalogue is found once per request; each text is then one lookup. Outside a
request (the scheduler, the shell) flask-babel is used as before.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import flask
from babel.support import NullTranslations
from flask_babel import get_domain
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

T = TypeVar("T")

_bound: ContextVar[NullTranslations | None] = ContextVar("_bound", default=None)


def gettext(text: str, /, **variables: Any) -> str:
    """Return `text` in the language of the request, its `%(name)s` replaced by `variables`."""
    words = _catalogue().gettext(text)
    return words % variables if variables else words


def marked(text: str) -> str:
    """Return `text` as it is: the mark by which extraction finds what a table holds.

    `gettext` looks it up where it is shown, in the language of that request.
    """
    return text


def once_per_language(make: Callable[[], T]) -> Callable[[], T]:
    """Keep what `make` returns, a table of words, for each language; nobody may change it."""
    made: WeakKeyDictionary[NullTranslations, T] = WeakKeyDictionary()

    @wraps(make)
    def kept() -> T:
        catalogue = _catalogue()
        if catalogue not in made:
            made[catalogue] = make()
        return made[catalogue]

    return kept


def _catalogue() -> NullTranslations:
    return _bound.get() or get_domain().get_translations()


@pass_eval_context
def _in_template(context: EvalContext, text: str, /, **variables: Any) -> str:
    """Return `text` for a template.

    It is markup if the template escapes, so that variables are escaped and the text is not. "%%" is
    one percent sign, as in Jinja's own function.
    """
    words = _catalogue().gettext(text)
    if context.autoescape:
        # Words of ours or of a translator.
        words = Markup(words)  # noqa: S704  # nosec B704
    return words % variables if "%" in words else words


def _bind() -> None:
    _bound.set(get_domain().get_translations())


def _unbind(_error: BaseException | None) -> None:
    _bound.set(None)


def register(app: flask.Flask) -> None:
    """Bind the catalogue of each request of `app`, and give the functions to its templates.

    flask-babel must be registered before.
    """
    app.before_request(_bind)
    app.teardown_request(_unbind)
    app.jinja_env.globals.update(_=_in_template, gettext=_in_template)
