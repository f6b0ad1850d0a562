"""The edge to HTTP: input is cleaned and bounded before any view sees it, and downloads have a
header that every browser understands."""

import io
import re
from pathlib import Path
from typing import Any, TypeVar

import flask
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, UnicodeConverter, ValidationError
from werkzeug.utils import cached_property

from coordinator.typed import LARGEST, clean, storable, whole

V = TypeVar("V")

LONGEST_SEGMENT = 200  # characters of one part of a path; our ids, slugs and tokens have fewer
PASSWORDS = frozenset(("password", "old"))  # the form fields with a password
LONGEST_NAME = 150  # characters of a download's name
NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def _own_names(pairs: MultiDict[str, V]) -> ImmutableMultiDict[str, V]:
    """Return the fields under clean names. A name with a non-ASCII digit is not one of ours:
    WTForms would read it as a row number and fail."""
    return ImmutableMultiDict(
        (clean(name), value)
        for name, value in pairs.items(multi=True)
        if not any(char.isdigit() and not char.isascii() for char in name)
    )


def _clean_pairs(pairs: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict(
        # An existing password may contain any typed character.
        (name, storable(value) if name in PASSWORDS else clean(value))
        for name, value in _own_names(pairs).items(multi=True)
    )


class Request(flask.Request):
    """A request whose query string, form and file names hold nothing that cannot be stored."""

    @cached_property
    def args(self) -> Any:
        """Return the query string's parameters. Invalid UTF-8 is replaced, not refused."""
        raw = self.query_string
        if not raw.isascii():
            self.query_string = raw.decode(errors="replace").encode()
        return _clean_pairs(super().args)

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        self.__dict__["form"] = _clean_pairs(self.__dict__["form"])
        # Flask-WTF merges both: file fields must follow the same name rules as text fields.
        self.__dict__["files"] = _own_names(self.__dict__["files"])
        for _name, file in self.__dict__["files"].items(multi=True):  # noqa: PERF102 (all of a name)
            file.filename = clean(file.filename or "")


class BoundedInteger(IntegerConverter):
    """`<int:...>` in a rule: ASCII digits, no larger than a column holds. Else 404."""

    regex = r"[0-9]{1,10}"

    def __init__(self, map: Any, **options: Any) -> None:
        super().__init__(map, **{"max": LARGEST, **options})


class CleanSegment(UnicodeConverter):
    """Any other part of a path: an id, slug or token that could be one of ours. Else 404."""

    # What only `to_python` refuses is 405 where another method of the same address came first.
    regex = rf"[^/\x00-\x1f\x7f\ud800-\udfff]{{1,{LONGEST_SEGMENT}}}"

    def __init__(self, map: Any) -> None:
        super(UnicodeConverter, self).__init__(map)

    def to_python(self, value: str) -> str:
        """Return the segment. Raises ValidationError, which is 404."""
        if len(value) > LONGEST_SEGMENT or clean(value) != value:
            raise ValidationError
        return value


def register(app: flask.Flask) -> None:
    """Install these checks for every request of `app`. Call it before any rule is added."""
    app.request_class = Request
    app.url_map.converters.update(
        {"int": BoundedInteger, "string": CleanSegment, "default": CleanSegment}
    )


def query_number(name: str, default: int = 0, *, least: int = 0, most: int = LARGEST) -> int:
    """Return the query string's number `name`; `default` where it is none within the bounds."""
    return whole(flask.request.args.get(name), default, least=least, most=most)


def form_number(name: str, default: int = 0) -> int:
    """Return the number that a form sent as `name`; `default` where it is none."""
    return whole(flask.request.form.get(name), default)


def download(
    content: bytes | str | Path, media_type: str, name: str, *, is_shown: bool = False
) -> flask.Response:
    """Return a file under a `name`, to be saved, or with `is_shown` opened in the browser.

    `content` is its bytes, its text or its path. The name may have any character: the library
    writes it as RFC 6266 requires, with an ASCII form for old programs. No cache on the way stores
    the file.
    """
    if isinstance(content, str):
        content = content.encode()
    response = flask.send_file(
        io.BytesIO(content) if isinstance(content, bytes) else content,
        mimetype=media_type,
        as_attachment=not is_shown,
        download_name=NOT_IN_A_NAME.sub("-", clean(name))[-LONGEST_NAME:],
        max_age=0,
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
