"""What may be in a line of the log, and what never is."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from coordinator import child, logs
from coordinator.db import db
from tests import factories
from tests.conftest import ROOT

CANARY = "burung kenari 6472011234560001"


def _broken(statement: str) -> Callable[[], None]:
    def run() -> None:
        with db.engine.begin() as connection:
            connection.execute(sa.text(statement), {"typed": CANARY})

    return run


class _Number(BaseModel):
    value: int


REFUSED: dict[str, Callable[[], object]] = {
    "not null": _broken("UPDATE agency SET name = NULL, abbreviation = :typed"),
    "unique": _broken("UPDATE agency SET name = :typed, slug = 'sama'"),
    "foreign key": _broken("UPDATE agency SET name = :typed, task_force_id = 987654"),
    "no such column": _broken("UPDATE agency SET name = :typed, no_such = 1"),
    "detail": _broken("SELECT CAST(:typed AS varchar) FROM no_table"),
    "syntax": _broken(f"SELECT '{CANARY}' FROM FROM"),
    "a number": _broken("SELECT CAST(:typed AS integer) / 0 FROM no_table"),
    "pydantic": lambda: _Number.model_validate({"value": CANARY}),
    "json": lambda: json.loads(f'{{"{CANARY}'),
    "int": lambda: int(CANARY),
    "key": lambda: {}[CANARY],
    "unicode": lambda: f"{CANARY}\ud800".encode(),
    "file": lambda: Path(f"/tidak/ada/{CANARY}").read_text(),
}


@pytest.mark.parametrize("refused", REFUSED)
def test_a_fault_says_its_kind_and_place_and_no_word_that_was_typed(
    in_app: None, capture: list[str], refused: str
) -> None:
    try:
        REFUSED[refused]()
    except Exception as error:
        try:
            raise RuntimeError(f"around {CANARY}") from error
        except RuntimeError as outer:
            logs.fault("uji", outer, request="ABCD")
            logs.trouble("uji", error)
    finally:
        db.session.rollback()
    assert len(capture) == 2
    assert not any(CANARY in line for line in capture)
    trace = "\n".join(json.loads(capture[0])["trace"])
    assert "RuntimeError\n" in trace
    assert "tests/test_logs.py:" in trace
    assert json.loads(capture[0])["request"] == "ABCD"


def test_a_broken_constraint_is_named_on_both_engines(in_app: None) -> None:
    factories.agency("dispora")
    with pytest.raises(SQLAlchemyError) as caught:
        _broken("UPDATE agency SET slug = :typed")()
    words = logs.summary(caught.value)
    assert CANARY not in words
    assert "slug" in words
    assert "23505" in words or "SQLITE_CONSTRAINT_UNIQUE" in words


def test_a_statement_that_fails_hides_its_parameters(in_app: None) -> None:
    with pytest.raises(SQLAlchemyError) as caught:
        _broken("SELECT :typed FROM no_such_table")()
    assert CANARY not in str(caught.value)


def test_a_librarys_line_keeps_its_sentence_and_numbers_alone() -> None:
    line = _formatted("Invalid request from ip=%s: %s (%d)", "10.0.0.1", CANARY, 7)
    assert line["message"] == "Invalid request from ip=***: *** (7)"
    line = _formatted("Worker (pid:%s) was sent %s!", 7, "SIGSEGV")
    assert line["message"] == "Worker (pid:7) was sent SIGSEGV!"
    assert _formatted("%(r)s", {"r": f"GET /l/{CANARY}"})["message"] == "***"
    assert _formatted("%d", CANARY)["message"] == "***"
    line = _formatted(f"filled in before: {CANARY}")
    assert line["message"] == "***"
    assert line["place"] == "x:1 None", "so the sentence can be looked up"
    try:
        int(CANARY)
    except ValueError:
        line = _formatted("it broke", exc_info=sys.exc_info())
    assert line["trace"][0] == "ValueError"
    assert CANARY not in json.dumps(line)


def _formatted(sentence: str, *values: object, **more: object) -> dict[str, object]:
    record = logging.LogRecord("gunicorn.error", 40, "x", 1, sentence, values, None)
    record.__dict__.update(more)
    found: dict[str, object] = json.loads(logs.JsonLines().format(record))
    return found


@pytest.mark.parametrize(
    "ending",
    [
        "int(TYPED)",
        "import warnings; warnings.warn(TYPED)",
        "import threading; t = threading.Thread(target=int, args=[TYPED]); t.start(); t.join()",
        "import logging; logging.getLogger('pustaka').error('%s', TYPED)",
        "class C:\n  def __del__(self): int(TYPED)\nC()",
    ],
)
def test_nothing_else_reaches_standard_error(ending: str) -> None:
    code = f"from coordinator import logs; logs.configure(); TYPED = {CANARY!r}\n{ending}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert CANARY not in done.stdout + done.stderr
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert len(lines) == 1, "one line of JSON says that it happened"


def test_a_child_that_fails_tells_its_kind_alone() -> None:
    with pytest.raises(child.ChildFailed) as caught:
        child.run("tests.children.quoter", CANARY.encode())
    assert caught.value.detail == "ValueError"
    assert CANARY not in str(caught.value)
