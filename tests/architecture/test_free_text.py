"""No service keeps what a person typed without having looked for an identity number in it."""

from __future__ import annotations

import ast
from pathlib import Path

import flask
import pytest

import coordinator
from coordinator.errors import InvalidInput
from coordinator.free_text import refuse_identity

PACKAGE = Path(coordinator.__file__).parent
# Names of parameters, and of fields of what is passed in, that hold sentences.
SENTENCES = frozenset(
    {
        *("reason", "note", "remark", "text", "question", "answer", "missing_reason", "label"),
        *("comment", "description", "basis_reference", "letter_number"),
    }
)
# What is no sentence of a person, or was looked through before it got here.
EXEMPT = {
    ("coordinator.people.accounts.devices", "remember"): "a cookie",
    ("coordinator.platform.mail.service", "mark_sent"): "a mail server's answer",
    ("coordinator.platform.mail.service", "mark_failed"): "a mail server's answer",
    ("coordinator.platform.mail.service", "note_bounce"): "a mail server's answer",
    ("coordinator.platform.mail.reports", "_note"): "a mail server's answer",
    ("coordinator.oversight.opening.service", "send_trial"): "a mail of our own, to who asks",
    ("coordinator.platform.background_jobs.service", "enqueue"): "parameters of a job",
    ("coordinator.platform.background_jobs.service", "finish"): "a job's own words",
    ("coordinator.platform.background_jobs.service", "fail"): "a job's own words",
    ("coordinator.reporting.mail_links.tokens", "mail_addresses"): "rows of our own",
    ("coordinator.mapping.versions.service", "save_draft"): "each form of the mapping's editor",
    ("coordinator.mapping.versions.updating", "note_bundled"): "the file of the program",
    ("coordinator.assignments.replanning.service", "unsettle"): "titles that a plan has",
    ("coordinator.plans.importing.service", "keep_reading"): "numbers of versions",
}
Key = tuple[str, str]


class Code:
    """The functions of the product, and which of them they call."""

    def __init__(self, package: Path) -> None:
        self.functions: dict[Key, ast.FunctionDef] = {}
        self.imports: dict[Key, Key] = {}
        self.fields: dict[str, set[str]] = {}
        for path in sorted(package.rglob("*.py")):
            parts = path.relative_to(package.parent).with_suffix("").parts
            self._read(
                ".".join(parts).removesuffix(".__init__"), ast.parse(path.read_text("utf-8"))
            )

    def _read(self, module: str, tree: ast.Module) -> None:
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                self.functions[module, node.name] = node
            elif isinstance(node, ast.ClassDef):
                self.fields[node.name] = {
                    part.target.id
                    for part in node.body
                    if isinstance(part, ast.AnnAssign)
                    and isinstance(part.target, ast.Name)
                    and "str" in ast.unparse(part.annotation)
                }
            elif isinstance(node, ast.ImportFrom) and node.module:
                for name in node.names:
                    self.imports[module, name.asname or name.name] = (node.module, name.name)

    def called(self, module: str, function: ast.expr) -> Key | None:
        """The function of ours that an expression names."""
        if isinstance(function, ast.Name):
            own = (module, function.id)
            return own if own in self.functions else self.imports.get(own)
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            origin = self.imports.get((module, function.value.id))
            return (".".join(origin), function.attr) if origin else None
        return None

    def is_screened(self, key: Key, seen: set[Key]) -> bool:
        """Whether a function, one that it calls or its decorator looks for identity numbers."""
        if key[0].startswith("coordinator.screening") and key[1] in ("blocks", "findings"):
            return True
        if key in seen or key not in self.functions:
            return False
        seen.add(key)
        function = self.functions[key]
        calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
        keys = [self.called(key[0], one) for one in (*calls, *function.decorator_list)]
        return any(self.is_screened(one, seen) for one in keys if one is not None)

    def sentences(self, function: ast.FunctionDef) -> set[str]:
        """What a function is given that holds sentences."""
        found = set()
        for given in [*function.args.args, *function.args.kwonlyargs]:
            if given.annotation is None:
                continue
            if given.arg in SENTENCES and "str" in ast.unparse(given.annotation):
                found.add(given.arg)
            for node in ast.walk(given.annotation):
                if isinstance(node, ast.Name):
                    fields = self.fields.get(node.id, set()) & SENTENCES
                    found |= {f"{given.arg}.{field}" for field in fields}
        return found


def unscreened(package: Path) -> dict[Key, set[str]]:
    """Services that write and are given sentences nobody looks through."""
    code = Code(package)
    return {
        key: code.sentences(function)
        for key, function in code.functions.items()
        if any(ast.unparse(mark) == "transactional" for mark in function.decorator_list)
        and code.sentences(function)
        and not code.is_screened(key, set())
    }


def test_every_sentence_that_is_kept_was_looked_through() -> None:
    found = unscreened(PACKAGE)
    assert {key: found[key] for key in found.keys() - EXEMPT.keys()} == {}
    assert EXEMPT.keys() <= found.keys(), "an exemption that nothing needs"


def test_a_service_that_forgets_is_seen(tmp_path: Path) -> None:
    package = tmp_path / "coordinator"
    package.mkdir()
    (package / "service.py").write_text(
        "from coordinator.free_text import refuse_identity\n"
        "@transactional\ndef close(public_id: str, *, reason: str) -> None:\n    save(reason)\n"
        "@transactional\ndef open(public_id: str) -> None:\n    save(public_id)\n"
    )
    assert unscreened(package) == {("coordinator.service", "close"): {"reason"}}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_number_is_refused_at_its_field(app: flask.Flask) -> None:
    with app.test_request_context(), pytest.raises(InvalidInput) as refused:
        refuse_identity(reason="NIK 6472015505080001", note="Sepuluh desa", remark=None)  # made up
    assert list(refused.value.fields) == ["reason"]
    assert "6472" not in str(refused.value)
