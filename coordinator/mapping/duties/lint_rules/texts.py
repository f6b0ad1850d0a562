"""The texts: short enough for a card, without duplicates, and without anybody's identity."""

import re
from collections.abc import Iterator

from coordinator import screening
from coordinator.mapping.duties.seed import Mapping
from coordinator.platform.yaml_files import Source, YamlFinding
from coordinator.platform.yaml_files.findings import Location

LONGEST = 200  # characters of a duty that a role card shows well on a phone
IDENTITIES = {
    screening.Kind.NIK: "angka yang mirip NIK",
    screening.Kind.KK: "angka yang mirip nomor Kartu Keluarga",
    screening.Kind.PHONE: "nomor telepon",
    screening.Kind.INITIALS: "inisial orang",
    screening.Kind.IDENTITY: "identitas korban atau saksi",
    screening.Kind.CASE_NUMBER: "nomor perkara",
}


def findings(mapping: Mapping, source: Source) -> Iterator[YamlFinding]:
    """Yield texts that identify somebody, long ones, and the same wording twice."""
    yield from _identities(source)
    yield from _wording(mapping, source)


def _identities(source: Source) -> Iterator[YamlFinding]:
    """UU 21/2007 Pasal 24 and 44: who a victim or witness is stays secret. No text is repeated."""
    for path, text in _texts(source):
        kinds = {(found.severity, found.kind) for found in screening.findings(text)}
        for severity, kind in sorted(kinds):
            if severity is screening.Severity.BLOCK:
                yield source.finding(path, f"Ada {IDENTITIES[kind]}. Hapus dari berkas ini.")
            else:
                yield source.finding(
                    path,
                    f"Mungkin ada {IDENTITIES[kind]}. Hapus bila menyangkut orang.",
                    severity="warning",
                )


def _texts(source: Source) -> Iterator[tuple[Location, str]]:
    waiting: list[tuple[Location, object]] = [((), source.data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            waiting += [((*path, key), part) for key, part in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, index), part) for index, part in enumerate(value)]


def _wording(mapping: Mapping, source: Source) -> Iterator[YamlFinding]:
    seen: dict[tuple[str, str, str], int] = {}
    for index, duty in enumerate(mapping.duties):
        here = ("duties", index, "text")
        if len(duty.text) > LONGEST:
            yield source.finding(
                here,
                f"Uraian tugas ini {len(duty.text)} karakter; di kartu peran terbaca baik sampai "
                f"{LONGEST}. Persingkat atau pecah menjadi dua.",
                severity="warning",
            )
        words = " ".join(re.findall(r"\w+", duty.text.casefold()))
        same = (duty.agency, duty.working_group, words)
        line, _column = source.place(here)
        if same in seen:
            yield source.finding(
                here,
                f"Uraian tugas ini sama dengan yang di baris {seen[same]}.",
                severity="warning",
            )
        seen.setdefault(same, line)
