"""What every template must hold, read from the files: a page nobody opened in a test counts too."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import flask
import jinja2
import pytest
from jinja2 import nodes

from tests.engines import ROOT

TEMPLATES = ROOT / "templates"
STATIC = ROOT / "coordinator" / "static"
FILES = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt"))
# Mail programs know only inline styles; the static page must show while nothing else can be read.
MAIL = {path for path in FILES if "email" in path.relative_to(TEMPLATES).as_posix()}
ALONE = {TEMPLATES / "errors" / "static_503.html"}
PAGES = [path for path in FILES if path not in MAIL | ALONE and path.suffix == ".html"]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _without_comments(path: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def _offences(paths: list[Path], pattern: str) -> list[str]:
    return [
        f"{_name(path)}: {found[0]}"
        for path in paths
        for found in re.finditer(pattern, _without_comments(path), re.IGNORECASE)
    ]


def test_there_are_templates() -> None:
    assert len(PAGES) > 30
    assert len(MAIL) > 5


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_template_compiles(empty_app: flask.Flask) -> None:
    """With the product's own filters and functions; an unknown filter fails here."""
    environment = empty_app.jinja_env
    for path in FILES:
        environment.get_template(path.relative_to(TEMPLATES).as_posix())


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_include_and_import_exists(empty_app: flask.Flask) -> None:
    environment = empty_app.jinja_env
    for path in FILES:
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            assert isinstance(node.template, nodes.Const), _name(path)
            environment.get_template(node.template.value)


def test_every_address_leads_somewhere(empty_app: flask.Flask) -> None:
    """A link in a branch that no test renders breaks its page all the same."""
    known = set(empty_app.view_functions)
    named = {
        (_name(path), endpoint)
        for path in FILES
        for endpoint in re.findall(r"url_for\(\s*['\"]([\w.]+)['\"]", _without_comments(path))
    }
    assert len(named) > 100
    assert [(path, endpoint) for path, endpoint in sorted(named) if endpoint not in known] == []


def test_every_template_is_used() -> None:
    """A page no view renders and no template includes is a page nobody maintains."""
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for folder, kind in ((ROOT / "coordinator", "*.py"), (TEMPLATES, "*"))
        for path in folder.rglob(kind)
        if path.is_file()
    )
    unused = []
    for path in FILES:
        relative = path.relative_to(TEMPLATES)
        quoted = f'"{relative.as_posix()}"'
        mail = f'"{relative.with_suffix("").as_posix().removeprefix("email/")}"' in text
        if quoted not in text and not mail:
            unused.append(_name(path))
    assert unused == []


# --- what the security policy forbids ------------------------------------------------------------


def test_no_inline_style() -> None:
    assert _offences(PAGES, r"\sstyle\s*=") == []
    assert _offences(PAGES, r"<style\b") == []


def test_no_inline_script() -> None:
    assert _offences(FILES, r"<script(?![^>]*\ssrc=)[^>]*>") == []
    assert _offences(FILES, r"""\son[a-z]+\s*=\s*["']""") == []
    assert _offences(FILES, r"javascript:") == []


def test_nothing_is_marked_safe_outside_components() -> None:
    """And there, only what the template itself spells out."""
    outside = [path for path in FILES if path.parent.name != "components"]
    assert _offences(outside, r"\|\s*safe\b") == []
    assert _offences(FILES, r"\{%-?\s*autoescape\s+false") == []
    inside = [path for path in FILES if path.parent.name == "components"]
    for path in inside:
        for found in re.finditer(r"(\S+|'[^']*')\s*\|\s*safe\b", _without_comments(path)):
            assert re.search(r"'[^']*'\s*\|\s*safe\b", found[0]) or "'" in found[1], found[0]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_html_is_escaped_and_mail_text_is_not(empty_app: flask.Flask) -> None:
    environment = empty_app.jinja_env
    assert callable(environment.autoescape)
    assert environment.autoescape("x/y.html")
    assert not environment.autoescape("email/y.txt")


# `act_fields` is the macro of an act on an assignment: token, form key, version.
TOKEN = r"csrf_token|form\.hidden_tag\(\)|hidden_token\(\)|act_fields\(form\)"


def test_every_post_form_has_a_token() -> None:
    forms = 0
    for path in PAGES:
        text = _without_comments(path)
        for form in re.finditer(r"<form\b(?:[^>%]|%[^}]|%\})*?>.*?</form>", text, re.DOTALL):
            head = form[0].split(">", 1)[0].lower()
            if 'method="post"' in head:
                forms += 1
                token = re.search(TOKEN, form[0])
                assert token, f"{_name(path)}: {head}"
            else:
                assert 'method="get"' in head, f"{_name(path)}: a form must say its method"
    assert forms >= 5


# --- words ---------------------------------------------------------------------------------------


def _calls_of_gettext(tree: nodes.Template) -> list[nodes.Call]:
    return [
        call
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext")
    ]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_is_translated_is_literal(empty_app: flask.Flask) -> None:
    """`_(variable)` never reaches the catalogue: the words would stay untranslatable."""
    count = 0
    for path in FILES:
        tree = empty_app.jinja_env.parse(path.read_text(encoding="utf-8"))
        for call in _calls_of_gettext(tree):
            count += 1
            literal = isinstance(call.args[0], nodes.Const)
            assert literal, f"{_name(path)}:{call.lineno}: text to translate is no literal"
    assert count > 200


class _Heads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pictures_without_alt = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img" and "alt" not in dict(attrs):
            self.pictures_without_alt += 1


def test_pictures_say_what_they_show() -> None:
    for path in FILES:
        parser = _Heads()
        parser.feed(_without_comments(path))
        assert parser.pictures_without_alt == 0, _name(path)


# --- nothing from elsewhere ----------------------------------------------------------------------

NAMESPACES = {"www.w3.org"}
# A page may link to WhatsApp; nothing is fetched from it.
LINKED = {"wa.me"}


def test_no_other_host_is_named() -> None:
    own = [path for path in STATIC.rglob("*") if path.is_file() and path.parent.name != "vendor"]
    named = {
        (_name(path), host)
        for path in [*FILES, *own]
        for host in re.findall(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", _text(path))
        if host not in NAMESPACES | LINKED
    }
    assert named == set()


def test_vendored_files_fetch_nothing() -> None:
    """Addresses stand there in comments alone; no import, no font, no source map from elsewhere."""
    for path in (STATIC / "vendor").glob("*.css"):
        code = re.sub(r"/\*.*?\*/", "", _text(path), flags=re.DOTALL)
        assert "@import" not in code, path.name
        assert "sourceMappingURL" not in _text(path), path.name
        hosts = set(re.findall(r"https?://([a-z0-9.-]+)", code))
        assert hosts <= NAMESPACES, path.name
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//", code), path.name
    for path in (STATIC / "vendor").glob("*.js"):
        assert "sourceMappingURL" not in _text(path), path.name


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def test_vendored_files_match_their_sums() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "bin" / "vendor-assets"), "--check"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_undefined_names_in_a_template_are_found() -> None:
    """A proof that compiling notices an unknown filter."""
    with pytest.raises(jinja2.TemplateAssertionError):
        jinja2.Environment(autoescape=True).from_string("{{ x|tidakada }}")
