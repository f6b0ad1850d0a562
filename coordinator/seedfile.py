"""Reading YAML that people write: text in, plain data out, every fault with its line.

PyYAML composes the node tree; the data is built here, so that `no`, `12:30` and `007` stay text,
a key given twice is a fault instead of a silent loss, and no tag can make an object.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

M = TypeVar("M", bound=BaseModel)
Location = tuple[str | int, ...]
LARGEST = 5_000_000  # bytes; the real mapping has about 150 kB
PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "timestamp", "null")
)
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong (or odd) in a file, where a person finds it: 1-based line and column."""

    file: str
    line: int
    column: int
    key: str
    severity: Literal["error", "warning"]
    message: str

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as `roles check --json` prints it."""
        return asdict(self)

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        return f"{where}: {self.key}: {self.message}" if self.key else f"{where}: {self.message}"


class BadFile(Exception):
    """The file cannot be used; `findings` says why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


class Part(BaseModel):
    """Base of every mapping in a seed file: unknown keys are faults, values are trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


@dataclass(frozen=True, slots=True)
class Source:
    """A file's data, with the place of every part of it."""

    file: str
    data: Any
    places: dict[Location, tuple[int, int]]

    def finding(
        self,
        location: Iterable[str | int],
        message: str,
        *,
        severity: Literal["error", "warning"] = "error",
    ) -> Finding:
        """Return a finding at `location`, or at the nearest part above it that has a place."""
        path: Location = tuple(location)
        key = ".".join(map(str, path))
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return Finding(self.file, line, column, key, severity, message)


def read(path: Path) -> Source:
    """Read a YAML file. Raises BadFile with a finding for whatever is wrong with it."""
    name = path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadFile(
            [Finding(name, 1, 1, "", "error", f"Berkas tidak dapat dibaca: {error.strerror}.")]
        ) from error
    if len(raw) > LARGEST:
        raise BadFile(
            [Finding(name, 1, 1, "", "error", "Berkas terlalu besar, paling besar 5 MB.")]
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadFile(
            [Finding(name, line, 1, "", "error", "Berkas bukan UTF-8. Simpan ulang sebagai UTF-8.")]
        ) from error
    try:
        node = yaml.compose(text, Loader=LOADER)
        if node is None:
            raise BadFile([Finding(name, 1, 1, "", "error", "Berkas kosong.")])
        builder = _Builder(name)
        data = builder.build(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise BadFile(
            [Finding(name, line, column, "", "error", f"Bukan YAML yang benar: {error.problem}.")]
        ) from error
    except yaml.YAMLError as error:
        raise BadFile(
            [Finding(name, 1, 1, "", "error", "Berkas memuat karakter yang tidak diizinkan.")]
        ) from error
    except RecursionError as error:
        raise BadFile(
            [Finding(name, 1, 1, "", "error", "Berkas bersarang terlalu dalam.")]
        ) from error
    if builder.findings:
        raise BadFile(builder.findings)
    return Source(name, data, builder.places)


class _Builder:
    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[Location, tuple[int, int]] = {}
        self.findings: list[Finding] = []
        self._seen: set[int] = set()

    def _fault(self, node: yaml.Node, path: Location, message: str) -> None:
        mark = node.start_mark
        self.findings.append(
            Finding(
                self.file,
                mark.line + 1,
                mark.column + 1,
                ".".join(map(str, path)),
                "error",
                message,
            )
        )

    def build(self, node: yaml.Node, path: Location, near: yaml.Node | None = None) -> Any:
        """Return a node's data; `near` is where an alias stands, which is the anchor's node."""
        self.places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, yaml.ScalarNode):
            if node.tag not in PLAIN_TAGS:
                self._fault(node, path, f"Tag {node.tag} tidak diizinkan.")
                return None
            return None if node.tag.endswith(":null") and not node.style else node.value
        if id(node) in self._seen:
            self._fault(
                near or node, path, "Alias YAML (*) tidak diizinkan; tulis isinya sekali lagi."
            )
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [
                self.build(child, (*path, index), node) for index, child in enumerate(node.value)
            ]
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._fault(key_node, path, "Kunci harus berupa kata.")
                continue
            key = key_node.value
            if key in found:
                self._fault(key_node, (*path, key), "Kunci ini ditulis dua kali.")
                continue
            found[key] = self.build(value_node, (*path, key), key_node)
        return found


def _message(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    expected = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
    messages = {
        "missing": "Bagian ini wajib ada.",
        "extra_forbidden": "Kunci tidak dikenal.",
        "enum": f"Nilai harus salah satu dari: {expected}.",
        "literal_error": f"Nilai harus salah satu dari: {expected}.",
        "string_type": "Isi dengan teks.",
        "string_too_short": "Bagian ini tidak boleh kosong.",
        "string_too_long": f"Paling panjang {context.get('max_length')} karakter.",
        "string_pattern_mismatch": "Tulis dengan huruf kecil, angka, dan tanda hubung.",
        "int_parsing": "Isi dengan bilangan bulat.",
        "int_type": "Isi dengan bilangan bulat.",
        "decimal_parsing": "Isi dengan angka.",
        "decimal_type": "Isi dengan angka.",
        "bool_parsing": "Isi dengan true atau false.",
        "list_type": "Isi dengan daftar (tanda hubung di depan tiap butir).",
        "model_type": "Isi dengan pasangan kunci dan nilai.",
        "dict_type": "Isi dengan pasangan kunci dan nilai.",
    }
    if error["type"].startswith("date"):
        return "Tanggal tidak ada di kalender. Tulis seperti 2026-11-21."
    return messages.get(error["type"], "Nilai tidak dapat dipakai.")


def validate(source: Source, model: type[M]) -> M:
    """Return the data as `model`. Raises BadFile with one finding per fault."""
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        raise BadFile(
            [source.finding(part["loc"], _message(part)) for part in error.errors()]
        ) from error


def content_hash(part: BaseModel) -> str:
    """Return a hash that is equal exactly where the content is."""
    text = json.dumps(part.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
