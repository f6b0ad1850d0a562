"""Every action that is recorded has words: nobody reads raw names in the trail."""

import ast
import re
from pathlib import Path

import flask
import pytest

import coordinator
from coordinator.platform.audit.labels import action_labels

PACKAGE = Path(coordinator.__file__).parent


def _actions() -> set[str]:
    """What the first argument of each `record(...)` can be, where it is written out."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_record = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record"
            if not is_record or not node.args:
                continue
            found |= {
                part.value
                for part in ast.walk(node.args[0])
                if isinstance(part, ast.Constant)
                and isinstance(part.value, str)
                and "." in part.value.strip(".")
            }
    return found


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_action_has_words(app: flask.Flask) -> None:
    actions = _actions()
    assert len(actions) > 80, "the calls were not found: this test looks for the wrong thing"
    with app.test_request_context():
        labels = action_labels()
    assert actions - set(labels) == set()
    assert len(set(labels.values())) == len(labels), "two actions read the same"


def _written() -> tuple[set[str], set[str]]:
    """Return the texts that code outside the labels writes, and patterns of those put together."""
    texts: set[str] = set()
    shapes: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if path == PACKAGE / "audit" / "words.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                shapes.add(_shape(node))
    return texts, shapes


def _shape(text: ast.JoinedStr) -> str:
    """Return the pattern of an f-string that begins as an action ("report."), else one for none."""
    parts = [part.value if isinstance(part, ast.Constant) else None for part in text.values]
    if not re.match(r"[a-z_]+\.", str(parts[0])):
        return "(?!)"
    return "".join("[a-z_]+" if part is None else re.escape(str(part)) for part in parts)


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_word_is_of_an_action(app: flask.Flask) -> None:
    with app.test_request_context():
        labels = action_labels()
    texts, shapes = _written()
    put_together = re.compile("|".join(shapes))
    assert [n for n in labels if n not in texts and not put_together.fullmatch(n)] == []
