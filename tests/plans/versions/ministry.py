"""A national plan as a ministry sends it: a matrix of any length. DATA CONTOH."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import openpyxl

from coordinator.plans.actions.seed import ActionPart, IndicatorPart, PlanFile

YEARS = (2025, 2026, 2027, 2028, 2029)
WORK = ("Menyusun", "Melatih", "Mengawasi", "Mendampingi", "Memetakan", "Menerbitkan", "Menguji")
WHAT = (
    "pedoman layanan terpadu",
    "juru bahasa isyarat",
    "kapal penyeberangan",
    "pengelola rumah aman",
    "jalur perbatasan laut",
    "buku saku bagi awak kapal",
    "saluran aduan daring",
    "penerjemah bahasa daerah",
    "pos pemeriksaan dermaga",
    "kader kampung nelayan",
    "pengajar madrasah",
    "pemilik rumah kos",
    "sopir angkutan malam",
    "pengelola bandara perintis",
    "petugas lapas perempuan",
    "penyuluh perkebunan",
    "pekerja tambang rakyat",
    "agen perjalanan umrah",
    "kurator museum",
    "pengurus masjid agung",
    "penjaga mercusuar",
    "operator radio komunitas",
    "pengrajin rotan",
    "perenang penyelamat",
    "pembina pramuka laut",
    "pustakawan keliling",
    "peternak lebah",
    "teknisi menara",
)


HEADER = ["Kode", "Strategi", "Rencana Aksi", "Indikator", "Satuan", "Target", *[None] * 4]
UNCHANGED = ("persen", "ya/tidak")  # units whose targets are not doubled


@dataclass(frozen=True)
class Ministry:
    """What the matrix makes of the sample plan: actions with these codes have another title, are
    left out, or measure something else; targets are doubled. New ones fill it up to `rows`."""

    plan: PlanFile
    agencies: dict[str, str]  # abbreviations by key
    rows: int = 200
    retitled: tuple[str, ...] = ("1.2", "1.3")
    left_out: tuple[str, ...] = ("1.5", "1.8")
    measured_otherwise: tuple[str, ...] = ("1.7",)

    def title(self, part: ActionPart) -> str:
        """Return the title of one of the sample's actions in the matrix."""
        is_other = part.code in self.retitled
        return f"Penguatan {part.title[0].lower()}{part.title[1:]}" if is_other else part.title

    def book(self) -> bytes:
        """Return the workbook: titles above, a header over two rows, a signature below."""
        made = openpyxl.Workbook()
        sheet = made.active
        assert sheet is not None
        sheet.append(["LAMPIRAN PERATURAN PRESIDEN (DATA CONTOH)"])
        sheet.append(["MATRIKS RENCANA AKSI NASIONAL PENCEGAHAN DAN PENANGANAN TPPO 2025-2029"])
        sheet.append([])
        sheet.append([*HEADER, "Penanggung Jawab"])
        sheet.append([*[None] * 5, *YEARS, None])
        sheet.merge_cells("F4:J4")
        for row in [*self._of_sample(), *self._new()][: self.rows]:
            sheet.append(row)
        sheet.append([])
        sheet.append([*[None] * 9, "Jakarta, 1 Desember 2026"])
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()

    def _strategy(self, number: int) -> str:
        titles = {one.number: one.title for one in self.plan.strategies}
        return f"{number}. {titles[number]}"

    def _of_sample(self) -> Iterator[list[object]]:
        for part in self.plan.actions:
            for indicator in part.indicators if part.code not in self.left_out else ():
                is_other = part.code in self.measured_otherwise
                yield [
                    part.code,
                    self._strategy(part.strategy),
                    self.title(part),
                    f"Jumlah lain {part.code}" if is_other else indicator.name,
                    indicator.unit,
                    *(_target(indicator, year) for year in YEARS),
                    self.agencies[part.lead or "dkp3a"],
                ]

    def _new(self) -> Iterator[list[object]]:
        for place in range(len(WORK) * len(WHAT)):
            thing = WHAT[place % len(WHAT)]
            strategy = 1 + place % len(self.plan.strategies)
            yield [
                f"{strategy}.{100 + place}",
                self._strategy(strategy),
                f"{WORK[place // len(WHAT)]} {thing}",
                f"Jumlah {thing}",
                "kegiatan",
                *(1 + (place + year) % 9 for year in YEARS),
                self.agencies["dkp3a"],
            ]


def _target(part: IndicatorPart, year: int) -> float | None:
    value = part.targets.get(year)
    if value is None:
        return None
    return float(value if part.unit in UNCHANGED else value * Decimal(2))
