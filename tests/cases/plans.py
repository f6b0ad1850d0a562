"""Plans as offices send them, and each row as a person reads it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """`rows`: action | indicator | targets and unit | lead, support. `asked`: the cell and the
    answers it may have. `wrong`: the errors. `said`: words that stand in a note or a warning."""

    file: str
    rows: str
    asked: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    choices: dict[str, Any] = field(default_factory=dict)


QUARTERS = "Melatih petugas desa | Petugas terlatih | ? 2026 menunggu jawaban orang | DPMPD"
SHEET_1 = """
    Melatih petugas desa | Petugas terlatih | 2026 80, 2027 90, 2028 95 orang | DPMPD, Dinsos
    Memeriksa kapal | Kapal diperiksa | 2026 10, 2027 10, 2028 10 kapal | KSOP
"""
MONTHLY = "Jumlah petugas terlatih | Jumlah petugas terlatih"
AREA = "Luas kawasan diawasi | Luas kawasan diawasi"
ONE = "Melatih petugas desa | Cakupan desa terlatih | 2026 80, 2027 90, 2028 95 %"
CASES = [
    Case(
        "01-percent-literal-format.xlsx",
        f"""
        {ONE} | DPMPD, Dinsos
        Memeriksa kapal | Kapal yang diperiksa | 2026 75, 2027 80, 2028 85 % | KSOP
        """,
    ),
    Case(
        "01b-percent-over-100.xlsx",
        "Melatih petugas desa | Cakupan desa terlatih"
        " | ? 2026 menunggu jawaban, 2027 90, 2028 95 % | DPMPD",
        asked=("E5: 8.000 persen | 80 persen",),
    ),
    Case(
        "01b-percent-over-100.xlsx",
        f"{ONE} | DPMPD",
        choices={"answers": {"percent-large": "hundredth"}},
    ),
    Case(
        "02-target-merged-across-years.xlsx",
        """
        Melatih petugas desa | Cakupan desa terlatih | 2026 100, 2027 100, 2028 100 %
        | DPMPD, Dinsos
        Menyusun pedoman | Pedoman tersusun | 2026 1, 2027 2, 2028 3 dokumen | DKP3A
        """,
        said=("Satu sel target mencakup 2026-2028: 100 berlaku untuk tiap tahun.",),
    ),
    Case("03-four-interim-targets-of-a-year.xlsx", QUARTERS, asked=("E5: 40 | 100",)),
    Case("03b-quarters-under-target-2026.xlsx", QUARTERS, asked=("E6: 40 | 100",)),
    Case(
        "04-monthly-target-realisasi.xlsx",
        f"{MONTHLY} | ? 2026 menunggu jawaban orang | Dinsos",
        asked=("F4: 5 | 60",),
        said=("Kolom realisasi, capaian, atau kondisi awal tidak dibaca: G (Jan / Realisasi)",),
    ),
    Case(
        "04-monthly-target-realisasi.xlsx",
        f"{MONTHLY} | 2026 60 orang | Dinsos",
        choices={"answers": {"periods": "sum"}},
    ),
    Case(
        "05-struck-out-row.xlsx",
        f"{ONE} | DPMPD, Dinsos",
        said=("Baris yang dicoret tidak dibaca: 6.",),
    ),
    Case(
        "05-struck-out-row.xlsx",
        f"""
        {ONE} | DPMPD, Dinsos
        Membentuk posko pelabuhan | Posko terbentuk | 2026 1, 2027 2, 2028 3 posko | KSOP, Dishub
        """,
        said=("Baris dicoret ikut dibaca: 6.",),
        choices={"take": ["struck_row"]},
    ),
    Case(
        "06-ditto-words.xlsx",
        """
        Melatih petugas desa | Petugas terlatih | 2026 80, 2027 90, 2028 95 orang | DPMPD, Dinsos
        Menyusun modul pelatihan | Modul tersusun | 2026 1, 2027 1, 2028 1 modul | DPMPD, Dinsos
        Memeriksa kapal | Kapal diperiksa | 2026 10, 2027 10, 2028 10 kapal | KSOP, Dishub
        Menyuluh awak kapal | Awak tersuluh | 2026 10, 2027 10, 2028 10 orang | KSOP, Dishub
        """,
        said=("diisi dari baris di atasnya: baris 6, 8.",),
    ),
    Case(
        "07e-pipe.csv",
        """
        Melatih petugas desa | Petugas terlatih | 2026 1.234, 2027 90, 2028 95 orang | DPMPD, Dinsos
        Memeriksa kapal | Kapal diperiksa | 2026 10, 2027 12,5, 2028 10 kapal | KSOP, Dishub
        """,
        said=("“1.234” dibaca 1234.",),
    ),
    Case(
        "11b-agencies-one-per-line.xlsx",
        """
        Melatih petugas desa | Petugas terlatih | 2026 80, 2027 90, 2028 95 orang
        | DPMPD, Dinsos, Dinkes, Polda Kaltim
        """,
    ),
    Case(
        "12-lead-and-target-merged-down.xlsx",
        """
        Melatih petugas desa | Petugas terlatih | 2026 80, 2027 90, 2028 95 orang | DPMPD, Dinsos
        Melatih petugas desa | Modul tersusun | 2026 80 modul | DPMPD, Dinsos
        Menyusun pedoman | Pedoman tersusun | 2026 1, 2027 2, 2028 3 dokumen | DPMPD, Dinsos
        """,
        said=("digabung dengan baris 5: angkanya berlaku juga untuk indikator ini. Periksa.",),
    ),
    Case(
        "13-unit-in-number-format.xlsx",
        """
        Melatih petugas desa | Petugas terlatih | 2026 1.250, 2027 1.300, 2028 1.400 orang
        | DPMPD
        """,
    ),
    Case("15-backslash-names.xlsx", f"{ONE} | DPMPD, Dinsos"),
    Case(
        "17-invisible-characters.xlsx",
        f"{ONE} | Dinkes, Dinsos, Polda Kaltim",
    ),
    Case(
        "18-two-stakeholder-columns.xlsx",
        f"""
        {AREA} | ? ha
        | Dinkes, Dinsos, Dinas Kominikasi dan Informatika (belum dipastikan)
        """,
        asked=(
            "E3: Target 2026 | Target 2027 | Target 2028 | Jangan baca kolom ini",
            "G3: Target 2026 | Target 2027 | Target 2028 | Jangan baca kolom ini",
            "Dinas Kominikasi dan Informatika: diskominfo",
        ),
        said=("Tahun kolom target ini tidak tertulis: pilih tahunnya.",),
    ),
    Case(
        "18-two-stakeholder-columns.xlsx",
        f"""
        {AREA} | 2026 450.000 ha
        | Dinkes, Dinsos, Diskominfo
        """,
        choices={
            "agencies": {"Dinas Kominikasi dan Informatika": "diskominfo"},
            "headings": {"E": "target:2026"},
            "answers": {"target-year": "leave"},
        },
    ),
    Case(
        "20-header-repeated.xlsx",
        """
        Melatih petugas desa | Petugas terlatih | 2026 80, 2027 90, 2028 95 orang | DPMPD, Dinsos
        Memeriksa kapal | Kapal diperiksa | 2026 10, 2027 10, 2028 10 kapal | KSOP, Dishub
        """,
        said=("Baris jumlah dilewati.", "Tempat, tanggal, dan tanda tangan dilewati."),
    ),
    Case(
        "21b-odd-targets-readable.xlsx",
        """
        Kegiatan contoh nomor 1 | Indikator contoh 1 | 2026 10.000 angka | DPMPD
        Kegiatan contoh nomor 2 | Indikator contoh 2 | 2026 2 angka | DPMPD
        Kegiatan contoh nomor 3 | Indikator contoh 3 | 2026 1 keg | DPMPD
        Kegiatan contoh nomor 4 | Indikator contoh 4 | 2026 5 % | DPMPD
        Kegiatan contoh nomor 5 | Indikator contoh 5 | 2026 1.500.000 angka | DPMPD
        Kegiatan contoh nomor 6 | Indikator contoh 6 | 2026 100 % | DPMPD
        Kegiatan contoh nomor 7 | Indikator contoh 7 | 2026 12 bln | DPMPD
        Kegiatan contoh nomor 8 | Indikator contoh 8 | 2026 1 pkt | DPMPD
        Kegiatan contoh nomor 9 | Indikator contoh 9 | 2026 3 angka | DPMPD
        Kegiatan contoh nomor 10 | Indikator contoh 10 | 2026 3 kali | DPMPD
        Kegiatan contoh nomor 11 | Indikator contoh 11 | 2026 1.000.000 angka | DPMPD
        Kegiatan contoh nomor 12 | Indikator contoh 12 | 2026 0,75 angka | DPMPD
        Kegiatan contoh nomor 13 | Indikator contoh 13 | 2026 80 angka | DPMPD
        Kegiatan contoh nomor 14 | Indikator contoh 14 | 2026 8 kali | DPMPD
        Kegiatan contoh nomor 15 | Indikator contoh 15 | 2026 12 laporan | DPMPD
        Kegiatan contoh nomor 16 | Indikator contoh 16 | 2026 4 dok | DPMPD
        Kegiatan contoh nomor 17 | Indikator contoh 17 | 2026 25 org | DPMPD
        """,
        said=(
            "“1,5 jt” dibaca 1.500.000.",
            "“2 kali/triwulan” dibaca 8 kali setahun.",
            "“1 laporan per bulan” dibaca 12 laporan setahun.",
        ),
    ),
    Case(
        "22-renstra-target-rp.xlsx",
        "Melatih petugas desa | Petugas terlatih (orang) | 2026 40, 2027 50 orang | DPMPD",
        said=("Kolom uang tidak dibaca: F (2026 / Rp), H (2027 / Rp), J (Kondisi akhir / Rp).",),
    ),
    Case(
        "23-evaluasi-k-rp.xlsx",
        "Melatih petugas desa | Petugas terlatih | 2026 40 angka | DPMPD",
        said=(
            "H (Target Kinerja dan Anggaran Tahun berjalan (2026)",
            "Kolom yang mencakup beberapa tahun tidak dibaca: E",
            "Kolom realisasi, capaian, atau kondisi awal tidak dibaca: I",
        ),
    ),
    Case(
        "25-one-sheet-per-strategy.xlsx",
        SHEET_1,
        said=("2 lembar lain tidak dibaca: Strategi 2, Strategi 3.",),
    ),
    Case(
        "25-one-sheet-per-strategy.xlsx",
        f"""
        {SHEET_1}
        Merujuk korban ke layanan kesehatan | Korban dirujuk | 2026 100, 2027 100, 2028 100 persen
        | Dinkes, UPTD PPA
        Melatih penyidik | Penyidik terlatih | 2026 20, 2027 20, 2028 20 orang | Polda Kaltim
        """,
        choices={"sheets": ["Strategi 1", "Strategi 2", "Strategi 3"]},
    ),
    Case(
        "55-several-indicators-in-one-cell.xlsx",
        """
        Melatih petugas desa | Petugas terlatih | 2026 100, 2027 110, 2028 120 orang | DPMPD, Dinsos
        Melatih petugas desa | Modul tersusun | 2026 2, 2027 3, 2028 3 modul | DPMPD, Dinsos
        """,
        said=("Sel ini memuat 2 indikator; dibaca satu per satu",),
    ),
    Case(
        "59-program-kegiatan-subkegiatan.xlsx",
        """
        PROGRAM PERLINDUNGAN PEREMPUAN | Persentase korban terlayani | 2026 90 % | DKP3A
        Kegiatan penyediaan layanan rujukan | Jumlah lembaga rujukan | 2026 5 lembaga | DKP3A
        Sub kegiatan penguatan jejaring | Jumlah jejaring dikuatkan | 2026 3 jejaring | UPTD PPA
        """,
        said=("Kolom uang tidak dibaca: F (Pagu 2026).",),
    ),
]
# Our own template with doubtful percentages, and what is asked about each of their cells.
OWN_TEMPLATE = "54-plan-export-percent-edited.xlsx"
EDITED = {"N7": "0,9 persen | 90 persen", "N13": "8.000 persen | 80 persen"}
EDITED["N29"] = EDITED["N7"]
