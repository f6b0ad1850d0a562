"""Files that people write (YAML): data with the place of every part, and faults that name it."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

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

M = TypeVar("M", bound=BaseModel)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written_as_a_day(value: object) -> object:
    # pydantic would also take a count of seconds, and a day with a time behind it.
    if isinstance(value, str) and not DAY.fullmatch(value.strip()):
        raise PydanticCustomError("date_form", "not a day")
    return value


Day = Annotated[date, BeforeValidator(_written_as_a_day)]


class SeedPart(BaseModel):
    """Base of every mapping in a seed file: unknown keys are faults, values are trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


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
    "extra_forbidden": "Kunci tidak dikenal.",
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
    "model_type": "Isi dengan pasangan kunci dan nilai.",
    "dict_type": "Isi dengan pasangan kunci dan nilai.",
}
NOTHING_THERE = frozenset(("missing", "string_type", "string_too_short"))


def _message(error: ErrorDetails, hints: Mapping[str, str]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind.startswith("date"):
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
        return model.model_validate(source.data)
    except ValidationError as error:
        faults = islice(error.errors(include_url=False, include_input=False), MOST_FINDINGS)
        raise BadFile(
            [
                source.finding(
                    fault["loc"],
                    _message(fault, hints or {}),
                    of_key=fault["type"] == "extra_forbidden",
                )
                for fault in faults
            ]
        ) from error


def content_hash(part: BaseModel) -> str:
    """Return a hash that is equal exactly where the content is."""
    text = json.dumps(part.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
