"""What a page of HTML may be: the parser's errors, and the content models of the HTML standard.

html5lib reports what a browser would have to repair (a tag that closes nothing, a form in a form,
text between rows). It knows no content models; those of the elements that the product uses are in
the tables below, from the HTML standard as of November 2026. An element or an attribute that is in
no table is a fault: who brings it in adds it with its rule.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

import html5lib

HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


# --- content models: what an element may have as its children -----------------------------------

PHRASING = _set(
    "a abbr b br button code datalist iframe img input kbd label link mark meta noscript progress"
    " script select small span svg textarea time"
)
HEADINGS = _set("h1 h2 h3 h4")
FLOW = PHRASING | HEADINGS
FLOW |= _set(
    "aside details div dl fieldset footer form header hr main nav ol p pre section table ul"
)
UNDIVIDED = FLOW - HEADINGS - _set("aside footer header nav section")
PAIR = _set("dt dd")
NOTHING = _set("")
CONTENT = {
    **dict.fromkeys(_set("abbr b button code h1 h2 h3 h4 kbd label mark p pre progress"), PHRASING),
    **dict.fromkeys(_set("small span time"), PHRASING),
    **dict.fromkeys(_set("aside body dd div footer form header li main nav section td"), FLOW),
    **dict.fromkeys(_set("br hr img input link meta"), NOTHING),
    **dict.fromkeys(_set("iframe option script style textarea title"), NOTHING),
    **dict.fromkeys(_set("dt th"), UNDIVIDED),
    **dict.fromkeys(_set("tbody tfoot thead"), _set("tr")),
    **dict.fromkeys(_set("ol ul"), _set("li")),
    "a": FLOW,  # what its parent allows
    "noscript": FLOW,
    "caption": FLOW - {"table"},
    "details": FLOW | {"summary"},
    "dl": PAIR | {"div"},
    "fieldset": FLOW | {"legend"},
    "head": _set("link meta script style title"),
    "html": _set("body head"),
    "legend": PHRASING | HEADINGS,
    "datalist": _set("option"),
    "optgroup": _set("option"),
    "select": _set("optgroup option"),
    "summary": PHRASING | HEADINGS,
    "table": _set("caption tbody tfoot thead tr"),
    "tr": _set("td th"),
}
WITHOUT_TEXT = _set("datalist dl head html ol optgroup select table tbody tfoot thead tr ul")
FIRST = {"summary": "details", "legend": "fieldset", "caption": "table"}
LABELABLE = _set("button input progress select textarea")
# What may be in no other of them: a press would mean two things.
PRESSED = _set("a button")
INTERACTIVE = LABELABLE - {"progress"} | {"a", "details", "iframe", "label"}

# --- attributes ---------------------------------------------------------------------------------

EVERYWHERE = _set(
    "autocapitalize autofocus class dir hidden id inputmode lang role spellcheck tabindex title"
)
OWN = {
    "a": "href rel target download",
    "button": "disabled form formaction formnovalidate name type value",
    "details": "open name",
    "fieldset": "disabled form name",
    "form": "action autocomplete enctype method novalidate",
    "iframe": "height sandbox src width",
    "img": "alt height loading src width",
    "input": "accept autocomplete checked disabled form list max maxlength min minlength multiple"
    " name pattern placeholder readonly required size step type value",
    "label": "for",
    "link": "href rel type",
    "meta": "charset content http-equiv name",
    "ol": "reversed start type",
    "optgroup": "disabled label",
    "option": "disabled label selected value",
    "progress": "max value",
    "script": "defer src",
    "select": "autocomplete disabled form multiple name required size",
    "td": "colspan headers rowspan",
    "textarea": "autocomplete disabled form maxlength minlength name placeholder readonly required"
    " rows",
    "th": "abbr colspan headers rowspan scope",
    "time": "datetime",
}
PREFIXES = ("data-", "aria-", "hx-")
VALUES = {
    ("button", "type"): "button reset submit",
    ("form", "enctype"): "application/x-www-form-urlencoded multipart/form-data",
    ("form", "method"): "get post",
    ("img", "loading"): "eager lazy",
    ("input", "type"): "checkbox date email file hidden number password radio search tel text url",
    ("th", "scope"): "col colgroup row rowgroup",
}
# Of an input of one line of text alone.
OF_TEXT = _set("maxlength minlength pattern placeholder size")
TEXT_TYPES = _set("email password search tel text url")
NUMBERS = _set("colspan maxlength minlength rows rowspan size")
INSTANT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")
# Attributes that name other elements of the page by their ids.
REFERENCES = _set(
    "aria-activedescendant aria-controls aria-describedby aria-details aria-errormessage "
    "aria-flowto aria-labelledby aria-owns for form headers list"
)


class _Place(NamedTuple):
    """An element with those that enclose it, the innermost last; an SVG element has no name."""

    element: Element
    names: tuple[str, ...]

    def __str__(self) -> str:
        kept = [f'{key}="{self.element.get(key)}"' for key in ("id", "name", "class")]
        known = [each for each in kept if not each.endswith('"None"')]
        return " ".join([">".join(self.names[-3:]), *known])


def faults_of(html: str) -> list[str]:
    """Return what is wrong with a page, each fault once, in the order of the page."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=True)
    root = parser.parse(html)
    lines = html.splitlines()
    found = [
        f"{code} {values.get('name', '')}: {lines[line - 1][max(0, column - 60) : column + 20]}"
        for (line, column), code, values in parser.errors
    ]
    places = list(_places(root, ()))
    ids = [place.element.get("id", "") for place in places if "id" in place.element.attrib]
    found += [f'id "{each}" twice' for each, count in Counter(ids).items() if count > 1]
    found += [
        f'id "{each}" is empty or has a space' for each in ids if not re.fullmatch(r"\S+", each)
    ]
    labelled = {place.element.get("id") for place in places if _name(place.element) in LABELABLE}
    for place in places:
        if place.names[-1]:
            found += [f"{place}: {fault}" for fault in _faults_of_place(place)]
            found += [f"{place}: {fault}" for fault in _faults_of_attributes(place.element)]
        found += [
            f"{place}: {fault}"
            for fault in _faults_of_references(place.element, set(ids), labelled)
        ]
    return list(dict.fromkeys(found))


def _name(element: Element) -> str:
    """Return an HTML element's name, "svg" for the root of a drawing, nothing inside of one."""
    tag = str(element.tag)
    return tag.removeprefix(HTML) if tag.startswith(HTML) else "svg" if tag == f"{SVG}svg" else ""


def _places(element: Element, above: tuple[str, ...]) -> Iterator[_Place]:
    names = (*above, _name(element))
    yield _Place(element, names)
    for child in element:
        if isinstance(child.tag, str):
            yield from _places(child, names)


def _faults_of_place(place: _Place) -> Iterator[str]:
    """The content model of the element, and what of it depends on those around it."""
    name = place.names[-1]
    if name == "svg":
        return
    if name not in CONTENT:
        yield "no such element in the tables"
        return
    children = [_name(child) for child in place.element if isinstance(child.tag, str)]
    above = place.names[-2] if len(place.names) > 1 else ""
    allowed = CONTENT[above] if name == "a" else CONTENT[name]
    if above == "dl" and name == "div":
        allowed = PAIR
    yield from (f"<{child}> not allowed in it" for child in children if child not in allowed)
    if name in WITHOUT_TEXT and _has_text(place.element):
        yield "text not allowed in it"
    if name == "dl" or allowed is PAIR:
        yield from _faults_of_pairs(name, children)
    if name in FIRST and above != FIRST[name]:
        yield f"not in a <{FIRST[name]}>"
    yield from (f"<{child}> is not the first" for child in children[1:] if FIRST.get(child) == name)
    if name == "details" and "summary" not in children:
        yield "no <summary>"
    yield from _faults_of_control(place)


def _faults_of_control(place: _Place) -> Iterator[str]:
    """What is pressed, filled in or chosen, and its label."""
    element, name = place.element, place.names[-1]
    if name in INTERACTIVE and element.get("type") != "hidden" and PRESSED & set(place.names[:-1]):
        yield "inside of what is pressed"
    if name == "label":
        controls = [each for each in element.iter() if _name(each) in LABELABLE]
        if len(controls) > 1:
            yield "labels two controls"
        if controls and element.get("for") not in (None, controls[0].get("id")):
            yield "has one control and names another"
    if name == "select" and "required" in element.attrib:
        first = next(element.iter(f"{HTML}option"), None)
        if first is None or first.get("value"):
            yield "required, and its first option is an answer"


def _has_text(element: Element) -> bool:
    return bool((element.text or "").strip()) or any(
        (child.tail or "").strip() for child in element
    )


def _faults_of_pairs(name: str, children: list[str]) -> Iterator[str]:
    """Names, then their values; in a group of them only once."""
    kinds = "".join({"dt": "t", "dd": "d", "div": "g"}.get(child, "") for child in children)
    if name == "dl" and not re.fullmatch(r"g*|(t+d+)*", kinds):
        yield "neither groups nor names with values"
    if name == "div" and not re.fullmatch(r"t+d+", kinds):
        yield "a group is names, then values, once"


def _faults_of_attributes(element: Element) -> Iterator[str]:
    name = _name(element)
    if name == "svg":
        return
    own = set(OWN.get(name, "").split())
    for key, value in element.attrib.items():
        if key not in own | EVERYWHERE and not key.startswith(PREFIXES):
            yield f"no attribute {key}"
        known = VALUES.get((name, key))
        if known is not None and value not in known.split():
            yield f'{key}="{value}" is unknown'
        if key in NUMBERS and not re.fullmatch(r"[1-9]\d*", value):
            yield f'{key}="{value}" is no number above 0'
    if name == "input":
        kind = element.get("type", "text")
        yield from (
            f"{key} on {kind}" for key in OF_TEXT & set(element.attrib) if kind not in TEXT_TYPES
        )
        if kind == "hidden" and {"required", "checked", "readonly"} & set(element.attrib):
            yield "hidden, and yet to be filled in"
    if name == "img" and "alt" not in element.attrib:
        yield "no alt"
    if name == "time" and not INSTANT.fullmatch(element.get("datetime") or element.text or ""):
        yield "no date"


def _faults_of_references(
    element: Element, ids: set[str], labelled: set[str | None]
) -> Iterator[str]:
    for key in REFERENCES & set(element.attrib):
        yield from (
            f'{key}="{each}" leads nowhere'
            for each in element.attrib[key].split()
            if each not in ids
        )
    if _name(element) == "label" and "for" in element.attrib and element.get("for") not in labelled:
        yield "for nothing that can be labelled"
    href = element.get("href", "")
    if href.startswith("#") and href[1:] not in ids:
        yield f'href="{href}" leads nowhere'
