"""The texts of templates, forms and errors are marked for translators.

Not looked at: what the shell prints, and the messages of readers, which run without Flask.
"""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from jinja2 import nodes

from tests.engines import ROOT

PACKAGE = ROOT / "coordinator"
TEMPLATES = ROOT / "templates"
# Shown while nothing of the product runs.
ALONE = TEMPLATES / "errors" / "static_503.html"
# Names of the product and of kinds of file, a command, a part of an address.
NAMES = re.compile(
    r"Koordinator\s+TPPO|\b(?:CSV|DOCX|PDF|XLSX)\b|flask [a-z -]+|/[a-z]+\b|[\w.]+@[\w.]+|Asia/\w+"
)
WORD = re.compile(r"[^\W\d_]{2}")
SPOKEN = {"alt", "aria-label", "data-label", "data-off", "data-on", "label", "placeholder", "title"}
# A literal of an expression is a text if it is written like one, and not like a key or a class.
SENTENCE = re.compile(r"[A-Z][a-z]{2}|[a-z]{3,} [a-z(]{2}")
LOOKED_UP = {"_", "gettext", "ngettext"}


# --- templates -----------------------------------------------------------------------------------


class _Texts(HTMLParser):
    """What a reader sees or hears of a page: text, and the attributes that are spoken."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.is_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_style = tag == "style"
        self.found += [value for name, value in attrs if value and name in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        self.is_style = False

    def handle_data(self, data: str) -> None:
        if not self.is_style:
            self.found.append(data)


def unmarked_in(source: str, *, is_html: bool) -> list[str]:
    """Return the texts of a template that no `_()` holds."""
    # base.html takes this as a class.
    plain = re.sub(r"\{% block body_class %\}.*?\{% endblock %\}", "", source)
    plain = re.sub(r"<(/?)\{\{.*?\}\}", r"<\1x", plain)
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", plain, flags=re.DOTALL)
    texts = [plain]
    if is_html:
        parser = _Texts()
        parser.feed(plain)
        parser.close()
        texts = parser.found
    texts += _literals(jinja2.Environment(extensions=["jinja2.ext.do"]).parse(source))
    return [text.strip() for text in texts if WORD.search(NAMES.sub("", text))]


def _literals(node: nodes.Node) -> Iterator[str]:
    """Yield the sentences in expressions: joined, chosen or passed on, but not compared."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Test | nodes.Compare):
            continue
        value = child.value if isinstance(child, nodes.Const) else None
        if isinstance(value, str) and SENTENCE.search(value):
            yield value
        if isinstance(child, nodes.Call) and getattr(child.node, "name", "") in LOOKED_UP:
            for given in child.kwargs:
                yield from _literals(given)
        else:
            yield from _literals(child)


def test_every_text_of_the_templates_is_marked() -> None:
    found = {
        path.relative_to(TEMPLATES).as_posix(): texts
        for path in sorted(TEMPLATES.rglob("*"))
        if path.suffix in (".html", ".txt") and path != ALONE
        if (texts := unmarked_in(path.read_text(encoding="utf-8"), is_html=path.suffix == ".html"))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "<p>Kirim</p>",
        "<p>{{ n }} laporan</p>",
        '<input placeholder="Cari">',
        "<td data-label=\"Pokja {{ n }}\">{{ _('a') }}</td>",
        "{{ rows('Nama instansi') }}",
        "{{ 'Belum ada' if x else _('Ada') }}",
        "{{ _('%(a)s b', a='Belum ada') }}",
    ],
)
def test_a_text_that_is_not_marked_is_noticed(source: str) -> None:
    assert len(unmarked_in(source, is_html=True)) == 1


# --- Python --------------------------------------------------------------------------------------

MARKS = {"_", "_l", "gettext", "marked"}
# Which give the text of a table that `marked` holds.
OF_TABLES = {
    "forms.py",
    "home/settings_views.py",
    "home/shell.py",
    "oversight/matrix/labels.py",
    "translation.py",
}
# Their first argument, and what is passed by these names, is read by a person.
SHOWN = re.compile(
    r"\w*Field|flash|Conflict|NotFound|Question|ValidationError|StopValidation"
    r"|DataRequired|InputRequired|FileRequired|SelectChoice"
)
SHOWN_BY_NAME = {"description", "label", "message"}
# `flask demo` speaks to who installs it.
OPERATORS = {"demo/service.py"}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).rsplit(".", 1)[-1], node


def unmarked_calls(tree: ast.Module) -> list[str]:
    """Return the texts that a module hands to what shows them, bare."""
    found = []
    for name, call in _calls(tree):
        by_name = {each.arg: each.value for each in call.keywords}
        shown = [by_name[each] for each in SHOWN_BY_NAME & by_name.keys()]
        if not SHOWN.fullmatch(name):
            continue
        for given in [*call.args[:1], *shown]:
            literals = given.values if isinstance(given, ast.JoinedStr) else [given]
            found += [
                str(each.value)
                for each in literals
                if isinstance(each, ast.Constant) and SENTENCE.search(str(each.value))
            ]
    return found


def test_what_a_person_reads_is_marked() -> None:
    found = {name: texts for name, tree in _modules() if (texts := unmarked_calls(tree))}
    assert {name: texts for name, texts in found.items() if name not in OPERATORS} == {}


@pytest.mark.parametrize(
    "code",
    [
        'StringField("Nama instansi")',
        'InputRequired("Pilih instansi.")',
        'InputRequired(message="Pilih instansi.")',
        'Conflict(f"Sudah dipakai {name}.")',
        'wtforms.SelectField("Jenis")',
    ],
)
def test_a_bare_text_is_noticed(code: str) -> None:
    assert unmarked_calls(ast.parse(code)) != []


def test_what_is_looked_up_is_a_literal_or_from_a_table() -> None:
    found = {
        name
        for name, tree in _modules()
        for mark, call in _calls(tree)
        if mark in MARKS and call.args and not isinstance(call.args[0], ast.Constant)
    }
    assert found == OF_TABLES


# --- extraction ----------------------------------------------------------------------------------


def test_extraction_sees_tables_forms_and_templates() -> None:
    with Path(ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, "_l": None, "marked": None}
    found: dict[str, set[str]] = {}
    for folder in ("coordinator/home", "coordinator/oversight/matrix", "templates/email"):
        ways = [(pattern.partition("/")[2], way) for pattern, way in methods]
        for name, _line, text, *_more in extract_from_dir(ROOT / folder, ways, options, keywords):
            found.setdefault(str(text), set()).add(name)
    assert {"Hari libur", "Belum jatuh tempo", "Menunggu", "DATA CONTOH."} <= found.keys()
