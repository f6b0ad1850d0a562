"""The columns a plan's spreadsheet can have: ours as the template writes them, and other people's.

Spellings are those met in matrices of ministries and provinces, in Indonesian and in English.
"""

import functools
import re
import unicodedata
from datetime import date

from coordinator.plans.actions.rules import (
    Accumulation,
    Better,
    IndicatorKind,
    PlanKind,
    PlanStatus,
)
from coordinator.plans.reading.shapes import Field
from coordinator.platform.spreadsheets.cells import Cell

LABELS: dict[Field, str] = {
    Field.STRATEGY: "Strategi",
    Field.CODE: "Kode",
    Field.ACTION: "Aksi",
    Field.WORKING_GROUP: "Pokja",
    Field.TAG: "Tugas gugus tugas",
    Field.LEAD: "Penanggung jawab",
    Field.SUPPORT: "Pendukung",
    Field.INDICATOR: "Indikator",
    Field.UNIT: "Satuan",
    Field.KIND: "Jenis indikator",
    Field.BETTER: "Arah yang baik",
    Field.ACCUMULATION: "Cara menghitung",
    Field.QUESTION: "Pertanyaan di laporan",
    Field.ORIGIN: "Asal aksi",
    Field.BASIS: "Dasar hukum",
    Field.DUTIES: "Uraian tugas",
    Field.NATIONAL: "Aksi RAN yang dijalankan",
    Field.DISCONTINUED: "Tidak dilanjutkan karena",
    Field.ACTION_KEY: "ID aksi",
    Field.INDICATOR_KEY: "ID indikator",
}
# CSV has no sheets of its own for these.
STRATEGY_TITLE_LABEL = "Judul strategi"
PLAN_KEY_LABEL = "ID rencana"

SPELLINGS: dict[Field, tuple[str, ...]] = {
    Field.ACTION: (
        "rencana aksi", "aksi", "kegiatan", "aksi kegiatan", "kegiatan aksi", "uraian aksi",
        "uraian kegiatan", "nama kegiatan", "rencana kegiatan", "rincian kegiatan", "aktivitas",
        "kegiatan utama", "aksi daerah", "aksi nasional", "action", "activity", "activities",
        "action item", "program kegiatan", "program dan kegiatan",
        "program kegiatan sub kegiatan", "program kegiatan subkegiatan", "kegiatan sub kegiatan",
        "sub kegiatan", "subkegiatan", "program kegiatan dan sub kegiatan", "uraian rencana aksi",
    ),
    Field.STRATEGY: (
        "strategi", "strategi nasional", "sasaran strategis", "arah kebijakan", "pilar",
        "fokus", "isu strategis", "tujuan", "strategy", "strategi dan arah kebijakan",
    ),
    Field.CODE: ("no", "nomor", "kode", "kode aksi", "nomor aksi", "no urut", "no aksi", "code"),
    Field.INDICATOR: (
        "indikator", "indikator keberhasilan", "indikator kinerja", "indikator capaian",
        "ukuran keberhasilan", "indikator output", "indikator keluaran", "indikator hasil",
        "indikator aksi", "indikator kegiatan", "kriteria keberhasilan", "tolok ukur", "indicator",
        "indicators", "success indicator", "indikator kinerja kegiatan", "ukuran", "iku",
        "indikator kinerja utama", "indikator kinerja utama iku", "indikator intervensi",
        "indikator kinerja program kegiatan", "indikator sasaran",
    ),
    Field.UNIT: ("satuan", "satuan target", "satuan ukuran"),
    Field.LEAD: (
        "penanggung jawab", "penanggungjawab", "pj", "instansi penanggung jawab",
        "opd penanggung jawab", "penanggung jawab utama", "leading sector", "koordinator",
        "lead agency", "pic", "perangkat daerah penanggung jawab", "penanggung jawab kegiatan",
        "utama", "responsible agency", "lead", "instansi utama", "k l penanggung jawab",
        "unit kerja penanggung jawab", "unit kerja penanggungjawab", "opd penanggungjawab",
        "unit opd penanggung jawab", "unit penanggung jawab", "instansi penanggungjawab",
        "perangkat daerah penanggungjawab", "skpd penanggung jawab",
    ),
    Field.SUPPORT: (
        "pendukung", "instansi terkait", "instansi pendukung", "mitra", "opd pendukung",
        "opd terkait", "lembaga terkait", "pihak terkait", "mitra kerja", "mitra pendukung",
        "perangkat daerah pendukung", "supporting agency", "support", "supporting agencies",
        "instansi pendukung mitra", "k l pendukung", "pihak pendukung", "instansi lain",
    ),
    Field.WORKING_GROUP: (
        "pokja", "kelompok kerja", "sub gugus tugas", "sub gugus tugas pokja", "subgugus tugas",
        "bidang", "working group", "sub gugus", "pokja sub gugus tugas",
    ),
    Field.QUESTION: ("pertanyaan laporan", "pertanyaan"),
    Field.TAG: ("tugas", "tag"),
    Field.ORIGIN: ("asal", "sumber aksi", "origin"),
    Field.BASIS: ("landasan hukum", "dasar", "legal basis", "regulasi"),
    Field.KIND: ("jenis", "tipe indikator", "kind", "jenis ukuran"),
    Field.BETTER: ("arah", "arah indikator", "polaritas", "better"),
    Field.ACCUMULATION: ("penghitungan", "sifat", "akumulasi", "sifat target", "accumulation"),
    Field.DISCONTINUED: ("tidak dilanjutkan", "dihentikan karena"),
}  # fmt: skip
# Only where no column is surely the field: they are shown to be confirmed.
SECOND_BEST: dict[str, Field] = {
    "program": Field.STRATEGY,
    "sasaran": Field.STRATEGY,
    "output": Field.INDICATOR,
    "keluaran": Field.INDICATOR,
    "hasil": Field.INDICATOR,
    "outcome": Field.INDICATOR,
    "instansi pelaksana": Field.LEAD,
    "pelaksana": Field.LEAD,
    "opd pelaksana": Field.LEAD,
    "pelaksana kegiatan": Field.LEAD,
    "instansi": Field.LEAD,
    "opd": Field.LEAD,
    "k l": Field.LEAD,
    "k l d": Field.LEAD,
    "kementerian lembaga": Field.LEAD,
    "perangkat daerah": Field.LEAD,
    "unit kerja": Field.LEAD,
    "skpd": Field.LEAD,
    "pemangku kepentingan": Field.LEAD,
    "stakeholder": Field.LEAD,
    "para pihak": Field.LEAD,
}
# Met in matrices and no part of a plan here: left out without a question.
NOT_OURS = frozenset(
    (
        "anggaran", "sumber dana", "sumber anggaran", "sumber pendanaan", "pagu", "pendanaan",
        "biaya", "keterangan", "ket", "catatan", "realisasi", "capaian", "baseline", "data dasar",
        "kondisi awal", "lokasi", "waktu", "waktu pelaksanaan", "jadwal", "kendala", "kelompok "
        "sasaran", "penerima manfaat", "status", "bukti dukung", "sumber data", "judul strategi",
        "id rencana", "alokasi anggaran", "kebutuhan anggaran", "indikasi anggaran", "budget",
        "pagu indikatif", "remarks", "notes",
    )
)  # fmt: skip
KIND_WORDS: dict[IndicatorKind, tuple[str, ...]] = {
    IndicatorKind.NUMBER: ("angka", "jumlah", "number"),
    IndicatorKind.PERCENT: ("persen", "persentase", "percent"),
    IndicatorKind.YES_NO: ("ya/tidak", "ya atau tidak", "yes_no"),
    IndicatorKind.MILESTONE: ("tonggak", "milestone"),
}
BETTER_WORDS: dict[Better, tuple[str, ...]] = {
    Better.UP: ("makin besar makin baik", "naik", "up", "positif", "maximize"),
    Better.DOWN: ("makin kecil makin baik", "turun", "down", "negatif", "minimize"),
}
ACCUMULATION_WORDS: dict[Accumulation, tuple[str, ...]] = {
    Accumulation.CUMULATIVE: ("dijumlahkan", "kumulatif", "cumulative"),
    Accumulation.PER_PERIOD: ("keadaan per periode", "tidak dijumlahkan", "per_period"),
}
PLAN_KIND_WORDS: dict[PlanKind, tuple[str, ...]] = {
    PlanKind.RAN: ("RAN", "nasional"),
    PlanKind.RAD: ("RAD", "daerah"),
}
STATUS_WORDS: dict[PlanStatus, tuple[str, ...]] = {
    PlanStatus.DRAFT: ("rancangan", "draf", "draft"),
    PlanStatus.ENACTED: ("ditetapkan", "enacted"),
}

RAISED = re.compile(r"[⁰¹²³⁴-⁹⁺-⁾]+")  # footnote marks: "Target 2026¹"
NO_WORD = re.compile(r"[\W_]+")
YEAR = re.compile(r"(?:19|20)\d\d")
SERIAL_DAYS = range(1950, 2101)
FIRST_SERIAL = date(1899, 12, 30)


@functools.lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Return text as names are compared: lower case, "&" as "dan", only letters and digits."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", RAISED.sub("", text))
    return " ".join(NO_WORD.sub(" ", text.casefold().replace("&", " dan ")).split())


def header_text(cell: Cell | None) -> str:
    """Return a cell as a header: one line; a year stays a year however it is formatted."""
    if cell is None or cell.value is None:
        return ""
    value = cell.value
    if isinstance(value, date):
        # 2025 typed into a cell formatted as a date is 17 July 1905.
        serial = (value - FIRST_SERIAL).days
        return str(serial) if serial in SERIAL_DAYS else str(value.year)
    return " ".join(str(value).split())
