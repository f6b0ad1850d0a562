"""Files that people write (YAML): data with the place of every part, and faults that name it."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

from coordinator.checked import CheckedData, Limits, Unfit
from coordinator.platform.yaml_files.findings import BadFile, Source, YamlFinding, shown, unreadable
from coordinator.platform.yaml_files.reader import (
    LARGEST,
    MOST_FINDINGS,
    check_size,
    is_in_odd_quotes,
    parse,
)

__all__ = [
    "MOST_FINDINGS",
    "BadFile",
    "Day",
    "SeedPart",
    "Source",
    "YamlFinding",
    "check_size",
    "content_hash",
    "is_in_odd_quotes",
    "parse",
    "read",
    "read_bytes",
    "shown",
    "validate",
]

M = TypeVar("M", bound=CheckedData)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written_as_a_day(value: object) -> object:
    # pydantic would also take a count of seconds, and a day with a time behind it.
    if isinstance(value, str) and not DAY.fullmatch(value.strip()):
        raise ValueError("not a day")
    return value


Day = Annotated[date, Limits(_written_as_a_day)]


class SeedPart(CheckedData):
    """Base of every mapping in a seed file: unknown keys are faults, values are trimmed."""

    __pydantic_config__ = {**CheckedData.__pydantic_config__, "str_strip_whitespace": True}


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, at most `LARGEST` and one. Raises BadFile where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise unreadable(path.name, "Berkas tidak dapat dibaca.") from error


def read(path: Path) -> Source:
    """Read a YAML file. Raises BadFile with a finding for any fault in it."""
    return parse(read_bytes(path), path.name)


MESSAGES = {
    "missing": "Bagian ini wajib ada.",
    "unexpected_keyword_argument": "Kunci tidak dikenal.",
    "string_type": "Isi dengan teks.",
    "string_too_short": "Bagian ini tidak boleh kosong.",
    "string_pattern_mismatch": "Tulis dengan huruf kecil, angka, dan tanda hubung.",
    "int_parsing": "Isi dengan bilangan bulat.",
    "int_type": "Isi dengan bilangan bulat.",
    "decimal_parsing": "Isi dengan angka.",
    "decimal_type": "Isi dengan angka.",
    "bool_parsing": "Isi dengan true atau false.",
    "list_type": "Isi dengan daftar (tanda hubung di depan tiap butir).",
    "too_short": "Daftar ini tidak boleh kosong.",
    "dataclass_type": "Isi dengan pasangan kunci dan nilai.",
    "dict_type": "Isi dengan pasangan kunci dan nilai.",
}
NOTHING_THERE = frozenset(("missing", "string_type", "string_too_short"))


def _message(error: dict[str, Any], hints: Mapping[str, str]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind.startswith("date") or kind == "value_error":
        return "Tanggal tidak ada di kalender. Tulis seperti 2026-11-21."
    if kind in ("enum", "literal_error"):
        expected = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
        return f"Nilai harus salah satu dari: {expected}."
    if kind == "string_too_long":
        return f"Paling panjang {context.get('max_length')} karakter."
    sentence = MESSAGES.get(kind, "Nilai tidak dapat dipakai.")
    hint = hints.get(str(error["loc"][-1])) if error["loc"] and kind in NOTHING_THERE else None
    return f"{sentence} {hint}" if hint else sentence


def validate(source: Source, model: type[M], hints: Mapping[str, str] | None = None) -> M:
    """Return the data as `model`. Raises BadFile with one finding per fault.

    `hints`: by the name of a key, what to write there when nothing is.
    """
    try:
        return model.checked(source.data)
    except Unfit as error:
        faults = error.faults[:MOST_FINDINGS]
        raise BadFile(
            [
                source.finding(
                    fault["loc"],
                    _message(fault, hints or {}),
                    of_key=fault["type"] == "unexpected_keyword_argument",
                )
                for fault in faults
            ]
        ) from error


def content_hash(part: CheckedData) -> str:
    """Return a hash that is equal exactly where the content is."""
    text = json.dumps(part.to_plain(exclude_defaults=True), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
