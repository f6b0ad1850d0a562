"""Put typed text back into the form of a page: HTML in, HTML out. Pure.

Works for every form, with and without JavaScript, because it reads what a browser reads. Everything
except the fields of that one form is copied unchanged.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

Fields = Sequence[tuple[str, str]]
# Made afresh by each page, or never put back by anybody.
KEPT_AS_THEY_ARE = frozenset({"csrf_token", "form_key"})
NOT_FILLED = frozenset({"file", "password", "submit", "button", "image", "reset"})
CONTROLS = frozenset({"input", "select", "textarea", "button"})


@dataclass(slots=True)
class _Form:
    """One form of a page."""

    id: str
    is_target: bool
    names: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    """Knows, tag by tag, which form a control belongs to."""

    def __init__(self, action: str, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.forms: list[_Form] = []
        self._action, self._page = action, urlsplit(page).path
        self._open: int | None = None

    def form_of(self, of: dict[str, str | None]) -> int | None:
        """Return the number of a control's form: the one that contains it or that it names."""
        named = of.get("form")
        if named:
            return next((n for n, one in enumerate(self.forms) if one.id == named), None)
        return self._open

    def enter(self, tag: str, of: dict[str, str | None]) -> None:
        """Note a start tag."""
        if tag == "form":
            target = urlsplit(of.get("action") or self._page).path
            is_post = (of.get("method") or "").lower() == "post"
            is_target = is_post and self._action in (target, of.get("data-form"))
            self.forms.append(_Form(of.get("id") or "", is_target))
            self._open = len(self.forms) - 1

    def leave(self, tag: str) -> None:
        """Note an end tag."""
        if tag == "form":
            self._open = None


class _Finder(_Reader):
    """Collects the names of each form's controls."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        self.enter(tag, of)
        number = self.form_of(of) if tag in CONTROLS else None
        if number is not None and of.get("name"):
            self.forms[number].names.add(of["name"] or "")

    def handle_endtag(self, tag: str) -> None:
        self.leave(tag)


class _Filler(_Reader):
    """Copies a page, with the values of one form's controls replaced."""

    def __init__(self, action: str, page: str, *, number: int, fields: Fields, note: str) -> None:
        super().__init__(action, page)
        self.out: list[str] = []
        self.note = note
        self._number = number
        self._left: dict[str, list[str]] = {}
        for name, value in fields:
            self._left.setdefault(name, []).append(value)
        self._sent = {name: list(values) for name, values in self._left.items()}
        self._select = ""
        self._is_skipping = False
        self._in_main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        self.enter(tag, of)
        raw = self.get_starttag_text() or ""
        is_own = (self._open if tag in ("form", "option") else self.form_of(of)) == self._number
        name = of.get("name") or ""
        if tag == "form" and is_own and not of.get("action"):
            raw = _tag(tag, {**of, "action": self._action})
        elif is_own and tag == "option" and self._select:
            raw = self._option(of)
        elif is_own and tag in CONTROLS and name and name not in KEPT_AS_THEY_ARE:
            raw = self._control(tag, of, name, raw)
        self.out.append(raw)
        if tag == "main":
            self._in_main = True
        elif self._in_main and tag == "div":
            self._in_main = False
            self.out.append(self.note)

    def _control(self, tag: str, of: dict[str, str | None], name: str, raw: str) -> str:
        if tag == "textarea":
            self._is_skipping = True
            # A line end straight after the tag is not part of the text.
            return raw + "\n" + escape(self._next(name))
        if tag == "select":
            self._select = name
            return raw
        kind = (of.get("type") or "text").lower()
        if tag == "button" or kind in NOT_FILLED:
            return raw
        if kind in ("checkbox", "radio"):
            return self._tick(of, of.get("value") or "on", name)
        return _tag(tag, {**of, "value": self._next(name)}) if name in self._sent else raw

    def _tick(self, of: dict[str, str | None], value: str, name: str) -> str:
        is_ticked = value in self._sent.get(name, [])
        self._take(name, value)
        without = {key: text for key, text in of.items() if key != "checked"}
        return _tag("input", {**without, "checked": None} if is_ticked else without)

    def _option(self, of: dict[str, str | None]) -> str:
        value = of.get("value") or ""
        without = {key: text for key, text in of.items() if key != "selected"}
        is_chosen = value in self._sent.get(self._select, [])
        self._take(self._select, value)
        return _tag("option", {**without, "selected": None} if is_chosen else without)

    def _next(self, name: str) -> str:
        values = self._left.get(name)
        return values.pop(0) if values else ""

    def _take(self, name: str, value: str) -> None:
        if value in self._left.get(name, []):
            self._left[name].remove(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.leave(tag)
        if tag == "textarea":
            self._is_skipping = False
        elif tag == "select":
            self._select = ""
        self.out.append(f"</{tag}>")

    def _copy(self, raw: str) -> None:
        if not self._is_skipping:
            self.out.append(raw)

    def handle_data(self, data: str) -> None:
        self._copy(data)

    def handle_entityref(self, name: str) -> None:
        self._copy(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._copy(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._copy(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._copy(f"<!{decl}>")

    @property
    def left(self) -> list[tuple[str, str]]:
        """Return the fields that have no control in the form."""
        return [(name, value) for name, values in self._left.items() for value in values if value]


def _tag(name: str, attributes: dict[str, str | None]) -> str:
    written = "".join(
        f" {key}" if value is None else f' {key}="{escape(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>"


def best_form(html: str, *, page: str, action: str, fields: Fields) -> int | None:
    """Return the number of the form of `page` that most of the fields came from.

    Only forms sent to `action` count; None if no form has any of the fields.
    """
    finder = _Finder(action, page)
    finder.feed(html)
    names = {name for name, _value in fields}
    shared = Counter(
        {
            number: len(form.names & names)
            for number, form in enumerate(finder.forms)
            if form.is_target
        }
    )
    best = shared.most_common(1)
    return best[0][0] if best and best[0][1] else None


def left_over(html: str, *, page: str, action: str, fields: Fields) -> list[tuple[str, str]]:
    """Return the fields that have no control in the page's form: rows that a script had added."""
    number = best_form(html, page=page, action=action, fields=fields)
    if number is None:
        return list(fields)
    filler = _Filler(action, page, number=number, fields=fields, note="")
    filler.feed(html)
    return filler.left


def filled(html: str, *, page: str, action: str, fields: Fields, note: str) -> str:
    """Return the page with the fields in the form they came from and `note` (HTML) above it.

    Options that were not sent are not ticked; files and passwords stay as the page has them.
    """
    number = best_form(html, page=page, action=action, fields=fields)
    filler = _Filler(
        action, page, number=-1 if number is None else number, fields=fields, note=note
    )
    filler.feed(html)
    filler.close()
    return "".join(filler.out)
