"""A small mapping without a fault, as text, and the linter to try changed ones on."""

from datetime import date

from coordinator.mapping.duties.lint_rules import child as linter
from coordinator.mapping.duties.seed import Mapping
from coordinator.platform.yaml_files import YamlFinding

TODAY = date(2026, 10, 13)
GOOD = """\
schema: 1
title: "Pemetaan uji"
sources:
  - {id: usulan, label: "usulan sekretariat"}
legal_instruments:
  - id: uu-21
    kind: uu
    short: "UU 21/2007"
    title: "UU PTPPO"
    in_force_from: 2007-04-19
    articles:
      - {article: "Pasal 2", in_force_to: 2026-01-02, note: "Lihat Pasal 455 KUHP."}
      - {article: "Pasal 9", note: "Sedang diuji."}
  - {id: perda-4, kind: perda, short: "Perda 4/2007", title: "Perda", amended_by: [uu-21]}
task_forces:
  - {code: "64", name: "Gugus Tugas Uji", region: "Provinsi Uji", level: province}
  - {code: "64.71", name: "Gugus Tugas Kota", region: "Kota Uji", level: city, parent: "64"}
working_groups:
  - {id: satu, number: I, code: A, short: Satu, name: "Pokja satu", scope: "Semua"}
agencies:
  - {id: dispora, name: "Dinas Pemuda dan Olahraga", abbreviation: Dispora, kind: perangkat_daerah}
  - id: dinsos
    name: "Dinas Sosial"
    abbreviation: Dinsos
    kind: perangkat_daerah
    aliases: ["Dinsos Uji"]
  - {id: pengadilan, name: "Pengadilan Uji", abbreviation: PU, kind: pengadilan}
memberships:
  - {agency: dispora, working_group: satu, as: lead, status: proposal, source: usulan}
  - {agency: dinsos, working_group: satu, as: member, status: proposal, source: usulan}
  - {agency: pengadilan, working_group: satu, as: member, status: proposal, source: usulan}
duties:
  - id: dispora-mengawasi
    agency: dispora
    working_group: satu
    text: "Mengawasi pengiriman pemuda"
    status: regulation
    citations:
      - {instrument: uu-21, article: "Pasal 57"}
  - id: dinsos-mendata
    agency: dinsos
    working_group: satu
    text: "Mendata rumah perlindungan"
    status: proposal
    source: usulan
    citations:
      - {instrument: uu-21, article: "Pasal 52"}
  - id: pengadilan-berbagi
    agency: pengadilan
    working_group: satu
    text: "Berbagi data jumlah putusan"
    status: proposal
    source: usulan
"""


def look(text: str | bytes, on: date = TODAY) -> tuple[Mapping | None, list[YamlFinding]]:
    """Lint a text as the child process does, without the process."""
    data = text if isinstance(text, bytes) else text.encode()
    return linter.lint(data, "peta.yaml", on=on, today=TODAY)
