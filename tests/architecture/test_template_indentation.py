"""Indentation shows how a template nests, and never reaches a reader."""

import re
import subprocess
import sys
from pathlib import Path

import flask
import jinja2
import pytest

from coordinator.template_indentation import INDENTATION, WithoutIndentation
from tests.engines import ROOT

PAGES = sorted((ROOT / "templates").rglob("*.html"))
FLAT = """\
{% block content %}
<form method="post" action="{{ url_for('a',
b=1) }}">
{% call note("amber",
_('Belum.')) %}
<p>{{ size }}{% if why %}
; {{ why }}{% endif %}</p>
{% endcall %}
{#- As it
   is written. -#}
</form>
{% endblock %}
"""
INDENTED = """\
{% block content %}
  <form method="post" action="{{ url_for('a',
      b=1) }}">
    {% call note("amber",
        _('Belum.')) %}
      <p>{{ size }}{% if why %}
        ; {{ why }}{% endif %}</p>
    {% endcall %}
{#- As it
   is written. -#}
  </form>
{% endblock %}
"""


def _format(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "bin" / "format-templates"), *options, str(folder)],
        capture_output=True,
        text=True,
    )


def test_each_line_is_indented_by_what_encloses_it(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(FLAT)
    refused = _format(tmp_path, "--check")
    assert (refused.returncode, page.read_text()) == (1, FLAT)
    assert refused.stderr.startswith("page.html: ")
    assert _format(tmp_path).returncode == 0
    assert page.read_text() == INDENTED
    assert _format(tmp_path, "--check").returncode == 0


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_page_is_the_same_however_its_template_is_indented(empty_app: flask.Flask) -> None:
    """`(2 KB` and `; alasan)` meet without a blank, as they did before the line was indented."""
    environment = empty_app.jinja_env.overlay(
        loader=jinja2.DictLoader({"flat.html": FLAT, "indented.html": INDENTED}),
        bytecode_cache=None,
    )
    macros = {"url_for": lambda *_, **__: "/", "note": lambda *_, caller: caller()}
    facts = {"size": "2 KB", "why": "alasan", **macros}
    flat, indented = (
        environment.get_template(name).render(facts) for name in ("flat.html", "indented.html")
    )
    assert "2 KB; alasan" in flat
    assert indented == flat


def test_mail_in_plain_text_keeps_its_blanks() -> None:
    environment = jinja2.Environment(
        autoescape=False,  # plain text
        extensions=[WithoutIndentation],
        loader=jinja2.DictLoader({"a.txt": "Isi:\n  satu", "a.html": "Isi:\n  satu"}),
    )
    assert environment.get_template("a.txt").render() == "Isi:\n  satu"
    assert environment.get_template("a.html").render() == "Isi:\nsatu"


def test_no_blank_that_a_reader_sees_is_dropped(empty_app: flask.Flask) -> None:
    """Neither words in quotes over several lines, nor text that is shown as it is typed."""
    found = []
    for path in PAGES:
        source = path.read_text(encoding="utf-8")
        lexed = empty_app.jinja_env.lex(INDENTATION.sub("", source))
        found += [
            f"{path}:{line}" for line, kind, text in lexed if kind == "string" and "\n" in text
        ]
        written = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", source, flags=re.DOTALL)
        shown = re.findall(r"<(pre|textarea)\b[^>]*>([^<]*)", written)
        found += [f"{path}: {tag}" for tag, text in shown if "\n" in text]
    assert len(PAGES) > 100
    assert found == []
