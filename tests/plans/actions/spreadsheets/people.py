"""Matrices that a careful person reads at once, with the right values. All of it is DATA CONTOH."""

from collections.abc import Sequence
from dataclasses import replace

from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.reading.shapes import Choices
from tests.plans.actions.spreadsheets.builders import book, text
from tests.plans.actions.spreadsheets.case import (
    DECIDED,
    HEADER,
    Case,
    parties,
    row,
    targets,
    titles,
)

TITLE: list[list[object]] = [["RENCANA AKSI DAERAH CONTOH TAHUN 2025-2029"], []]
BANNER: list[object] = [None, "STRATEGI 1: PENCEGAHAN"]
GROUPS = {str(number): "pencegahan" for number in range(1, 10)}
CHOSEN = replace(DECIDED, working_groups=GROUPS)
Row = Sequence[object]


def head(*columns: object) -> list[object]:
    """Return a header: what everybody has, then these columns, then the agencies."""
    return ["No", "Kegiatan", "Indikator", "Satuan", *columns, "Penanggung Jawab"]


def made(*rows: Row, merge: Sequence[str] = ()) -> bytes:
    """Return a matrix with its title above."""
    return book([*TITLE, *rows], merge=merge)


def item(
    *values: object, unit: str | None = "orang", name: str = "Petugas terlatih"
) -> list[object]:
    """Return a row under `head` with these targets."""
    return [1, "Melatih petugas", name, unit, *values, "Dinsos"]


def answered(**answers: str) -> Choices:
    """Return the choices of a person who has answered."""
    return replace(CHOSEN, answers={k.replace("_", "-"): v for k, v in answers.items()})


def years(plan: PlanFile) -> list[dict[int, float]]:
    """Return the targets alone."""
    return [found for _code, _unit, found in targets(plan)]


QUARTERS = [
    head("Target 2026", None, None, None),
    [*[None] * 4, "TW I", "TW II", "TW III", "TW IV"],
]
LABELS = head("Target B03 2026", "Target B06 2026", "Target B09 2026", "Target B12 2026")
YEARS = head(2026, 2027, 2028)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
KEPT = "triwulan atau bulan diisi pada penugasan"


def struck(workbook: Workbook) -> None:
    """Strike the last row out."""
    sheet = workbook["Matriks"]
    for cell in sheet[3]:
        cell.font = Font(strike=True)


def several() -> bytes:
    """Return a workbook with a sheet for each strategy."""
    rows = [HEADER, row(1, None, "Melatih petugas", "Petugas terlatih", "orang")]
    more = [HEADER, row(1, None, "Merujuk korban", "Korban dirujuk", "orang", 3, 4, "Dinkes")]
    return book(rows, name="Pencegahan", before={"Penanganan": more, "Arsip rapat": [["catatan"]]})


PEOPLE = [
    Case(
        "a percentage merged over the years",
        "pa.xlsx",
        lambda: made(YEARS, BANNER, item("100%", unit="%"), merge=("E5:G5",)),
        choices=CHOSEN,
        warnings=((5, "E", "tiap tahun"),),
        unsure="EFG",
        holds=years,
        gives=[{2026: 100, 2027: 100, 2028: 100}],
    ),
    Case(
        "a number merged over the years is asked about",
        "pb.xlsx",
        lambda: made(YEARS, BANNER, item(300), merge=("E5:G5",)),
        choices=CHOSEN,
        asked=("across",),
        unsure="EFG",
    ),
    Case(
        "and may be reached in the last year alone",
        "pc.xlsx",
        lambda: made(YEARS, BANNER, item(300), merge=("E5:G5",)),
        choices=answered(across="last"),
        unsure="EFG",
        holds=years,
        gives=[{2028: 300}],
    ),
    Case(
        "targets of B03 to B12 are asked about",
        "pd.xlsx",
        lambda: made(LABELS, BANNER, item(10, 20, 30, 40)),
        choices=CHOSEN,
        asked=("periods",),
        notes=(KEPT,),
    ),
    Case(
        "as running totals they are the last",
        "pe.xlsx",
        lambda: made(LABELS, BANNER, item(10, 20, 30, 40)),
        choices=answered(periods="last"),
        holds=years,
        gives=[{2026: 40}],
    ),
    Case(
        "as parts they are the sum",
        "pf.xlsx",
        lambda: made(LABELS, BANNER, item(10, 20, 30, 40)),
        choices=answered(periods="sum"),
        holds=years,
        gives=[{2026: 100}],
    ),
    Case(
        "the header itself says that they run on",
        "pg.xlsx",
        lambda: made(
            head("Target kumulatif TW I 2026", "Target kumulatif TW II 2026"), BANNER, item(10, 25)
        ),
        choices=CHOSEN,
        warnings=((5, "E", "yang terakhir"),),
        holds=years,
        gives=[{2026: 25}],
    ),
    Case(
        "what falls cannot run on: the sum",
        "ph.xlsx",
        lambda: made(*QUARTERS, BANNER, item(40, 10, 10, 5), merge=("E3:H3",)),
        choices=CHOSEN,
        warnings=((6, "E", "dijumlahkan"),),
        holds=years,
        gives=[{2026: 65}],
    ),
    Case(
        "quarters below the year are asked about",
        "pi.xlsx",
        lambda: made(*QUARTERS, BANNER, item(10, 20, 30, 40), merge=("E3:H3", "A3:A4", "B3:B4")),
        choices=CHOSEN,
        asked=("periods",),
    ),
    Case(
        "percentages that rise are the last of them",
        "pj.xlsx",
        lambda: made(*QUARTERS, BANNER, item(25, 50, 75, 100, unit="%"), merge=("E3:H3",)),
        choices=CHOSEN,
        warnings=((6, "E", "yang terakhir"),),
        holds=years,
        gives=[{2026: 100}],
    ),
    Case(
        "equal shares of a hundred are asked about",
        "pk.xlsx",
        lambda: made(*QUARTERS, BANNER, item(25, 25, 25, 25, unit="%"), merge=("E3:H3",)),
        choices=CHOSEN,
        asked=("periods",),
    ),
    Case(
        "the year beside its parts is the year's",
        "pl.xlsx",
        lambda: made(head("Target 2026", "TW I 2026", "TW II 2026"), BANNER, item(50, 20, 30)),
        choices=CHOSEN,
        holds=years,
        gives=[{2026: 50}],
    ),
    Case(
        "and is said to differ where it does",
        "pm.xlsx",
        lambda: made(head("Target 2026", "TW I 2026", "TW II 2026"), BANNER, item(60, 20, 30)),
        choices=CHOSEN,
        warnings=((5, "E", "tidak sama"),),
        holds=years,
        gives=[{2026: 60}],
    ),
    Case(
        "months below one year's title, with what was done beside",
        "pn.xlsx",
        lambda: book(
            [
                ["LAPORAN RENAKSI TAHUN 2026"],
                [
                    "No",
                    "Kode",
                    "IKU",
                    "Unit Kerja",
                    "Satuan",
                    *(text for month in MONTHS for text in (month, None)),
                ],
                [*[None] * 5, *["Target", "Realisasi"] * 12],
                [1, "1.1", "Jumlah petugas", "Dinsos", "orang", *[5, None] * 12],
            ],
            merge=("F2:G2", "H2:I2", *(f"{letter}2:{letter}3" for letter in "ABCDE")),
        ),
        choices=answered(periods="sum"),
        warnings=((4, None, "Judul strategi"),),
        notes=("realisasi", "judul di atas tabel"),
        unsure="ADFHJLNPRTVXZAB",
        holds=years,
        gives=[{2026: 60}],
    ),
    Case(
        "targets beside money, under the years",
        "po.xlsx",
        lambda: book(
            [
                ["RENCANA AKSI DAERAH CONTOH TAHUN 2026-2028"],
                [
                    "Tujuan",
                    "Program/Kegiatan",
                    "Indikator",
                    2026,
                    None,
                    "Kondisi akhir",
                    None,
                    "Unit Kerja Penanggungjawab",
                    "Lokasi",
                ],
                [*[None] * 3, "Target", "Rp", "Target", "Rp"],
                ["A", "Melatih", "Petugas (orang)", 40, "250.000.000", 90, "1.000", "Dinsos", "X"],
            ],
            merge=("D2:E2", "F2:G2", "A2:A3", "B2:B3", "C2:C3", "H2:H3", "I2:I3"),
        ),
        choices=CHOSEN,
        notes=("Kolom uang tidak dibaca: E (2026 / Rp)", "kondisi awal tidak dibaca: F", "Lokasi"),
        holds=targets,
        gives=[("1.1", "orang", {2026: 40})],
    ),
    Case(
        "K is the target, Rp the money",
        "pp.xlsx",
        lambda: book(
            [
                ["EVALUASI RENJA"],
                [
                    "No",
                    "Program/Kegiatan",
                    "Indikator Kinerja",
                    "Target Renstra 2024 s/d 2028",
                    None,
                    "Target Kinerja dan Anggaran Tahun berjalan (2026)",
                    None,
                    "Realisasi Kinerja Pada Triwulan",
                    None,
                    "Unit OPD penanggung jawab",
                ],
                [*[None] * 7, "I"],
                [*[None] * 3, "K", "Rp", "K", "Rp", "K", "Rp"],
                [
                    1,
                    "Melatih",
                    "Petugas",
                    200,
                    "1.000.000",
                    "40 orang",
                    "2.000",
                    10,
                    "60",
                    "Dinsos",
                ],
            ],
            merge=("D2:E3", "F2:G3", "H2:I2", "H3:I3", "A2:A4", "B2:B4", "C2:C4", "J2:J4"),
        ),
        choices=CHOSEN,
        warnings=((5, None, "Judul strategi"),),
        notes=("beberapa tahun tidak dibaca: D", "Kolom uang tidak dibaca: E", "realisasi"),
        holds=targets,
        gives=[("1.1", "orang", {2026: 40})],
    ),
    Case(
        "a first row of values is never part of the header",
        "pq.xlsx",
        lambda: made(
            YEARS, BANNER, item("10.000,-", "2/tahun", "1,5 jt"), item("3x", 4, 5, name="Modul")
        ),
        choices=CHOSEN,
        warnings=((5, "E", "dibaca 10000"), (5, "G", "1.500.000"), (6, "E", "satuan indikatornya")),
        unsure="EFG",
        holds=years,
        gives=[{2026: 10000, 2027: 2, 2028: 1500000}, {2026: 3, 2027: 4, 2028: 5}],
    ),
    Case(
        "unit and place under a year",
        "pq2.xlsx",
        lambda: book(
            [
                ["Strategi", "Kegiatan", "Indikator", "Target 2026", None, None, "PJ"],
                [None, None, None, "Volume", "Satuan", "Lokasi"],
                ["1. Desa", "Melatih", "Petugas", 12, "orang", "Samarinda", "Dinsos"],
            ],
            merge=("D1:F1", "A1:A2", "B1:B2", "C1:C2", "G1:G2"),
        ),
        notes=("Lokasi",),
        holds=targets,
        gives=[("1.1", "orang", {2026: 12})],
    ),
    Case(
        "ticked months of a schedule are no targets",
        "pr.xlsx",
        lambda: made(
            head("Target 2026", "Waktu Pelaksanaan", None),
            [*[None] * 5, "TW I", "TW II"],
            BANNER,
            item(12, "v", "v"),
            merge=("F3:G3", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4", "H3:H4"),
        ),
        choices=CHOSEN,
        holds=years,
        gives=[{2026: 12}],
    ),
    Case(
        "a rate in a part of the year",
        "ps.xlsx",
        lambda: made(*QUARTERS, BANNER, item("1 per bulan", 3, 3, 3), merge=("E3:H3",)),
        choices=CHOSEN,
        errors=((6, "E", "per bulan"),),
        asked=("periods",),
    ),
    Case(
        "a unit that is a rate is asked about",
        "pt.xlsx",
        lambda: made(head("Target 2026"), BANNER, item(1, unit="laporan per bulan")),
        choices=CHOSEN,
        asked=("unit-rate",),
    ),
    Case(
        "and gives its twelve",
        "pu.xlsx",
        lambda: made(head("Target 2026"), BANNER, item(1, unit="laporan per bulan")),
        choices=answered(unit_rate="times"),
        holds=targets,
        gives=[("1.1", "laporan", {2026: 12})],
    ),
    Case(
        "percentages below 1 and above 100",
        "pv.xlsx",
        lambda: made(YEARS, BANNER, item(0.9, 8000, 95, unit="%")),
        choices=CHOSEN,
        asked=("percent-small", "percent-large"),
        unsure="EFG",
    ),
    Case(
        "and their answers",
        "pw.xlsx",
        lambda: made(YEARS, BANNER, item(0.9, 8000, 95, unit="%")),
        choices=answered(percent_small="hundredfold", percent_large="hundredth"),
        unsure="EFG",
        holds=years,
        gives=[{2026: 90, 2027: 80, 2028: 95}],
    ),
    Case(
        "a percent sign beside another unit is said",
        "px.xlsx",
        lambda: made(head("Target 2026"), BANNER, item("80%")),
        choices=CHOSEN,
        warnings=((5, "E", "ditulis dengan %"),),
        holds=targets,
        gives=[("1.1", "orang", {2026: 80})],
    ),
    Case(
        "the same as above, in all writings",
        "py.xlsx",
        lambda: book(
            [
                HEADER,
                row(1, "1. Desa", "Melatih", "Petugas", "orang", 12, 14, "Dinsos", "Dinkes"),
                row(2, "sda", "Menyusun", "Modul", "s.d.a.", "idem", '"', "〃", '-"-'),
                row(3, "″", "Memeriksa", "Desa", "idem.", "SDA", "''", "sda", "s d a"),
            ]
        ),
        notes=("baris 3, 4",),
        holds=lambda plan: (parties(plan), years(plan), {a.strategy for a in plan.actions}),
        gives=([("dinsos", ["dinkes"])] * 3, [{2025: 12, 2026: 14}] * 3, {1}),
    ),
    Case(
        "the same as above, and nothing above",
        "pz.xlsx",
        lambda: book([HEADER, row(1, "1. Desa", "Melatih", "Petugas", "orang", 12, 14, "sda")]),
        errors=((2, "H", "di atasnya kosong"),),
        agencies=("sda",),
    ),
    Case(
        "a target merged down over two indicators",
        "qa.xlsx",
        lambda: book(
            [
                HEADER,
                row(1, "1. Desa", "Melatih", "Petugas", "orang", 80, 90),
                row(None, None, None, "Modul", "modul", None, 2, None),
            ],
            merge=("A2:A3", "B2:B3", "C2:C3", "F2:F3", "H2:H3"),
        ),
        warnings=((3, "F", "digabung dengan baris 2"),),
        holds=years,
        gives=[{2025: 80, 2026: 90}, {2025: 80, 2026: 2}],
    ),
    Case(
        "all merged down but the agencies, one in each row",
        "qa2.xlsx",
        lambda: book(
            [
                HEADER,
                row(1, "1. Desa", "Melatih", "Petugas", "orang", 80, 90, "Dinsos", "Dinkes"),
                [*[None] * 8, "Polda"],
                [*[None] * 8, "DKP3A"],
            ],
            merge=tuple(f"{letter}2:{letter}4" for letter in "ABCDEFGH"),
        ),
        holds=lambda plan: (parties(plan), years(plan)),
        gives=([("dinsos", ["dinkes", "polda", "dkp3a"])], [{2025: 80, 2026: 90}]),
    ),
    Case(
        "two indicators in one cell, each with its number",
        "qb.xlsx",
        lambda: book(
            [
                HEADER,
                row(
                    1,
                    "1. Desa",
                    "Melatih",
                    "1. Petugas terlatih\n2. Modul tersusun",
                    "1. orang\n2. modul",
                    "1. 100\n2. 2",
                    "1. 110\n2. 3",
                ),
            ]
        ),
        warnings=((2, "D", "memuat 2 indikator"),),
        holds=lambda plan: [
            (part.name, part.unit, dict(part.targets)) for part in plan.actions[0].indicators
        ],
        gives=[
            ("Petugas terlatih", "orang", {2025: 100, 2026: 110}),
            ("Modul tersusun", "modul", {2025: 2, 2026: 3}),
        ],
    ),
    Case(
        "two indicators and one target",
        "qc.xlsx",
        lambda: book(
            [HEADER, row(1, "1. Desa", "Melatih", "a) Petugas\nb) Modul", None, 100, None)]
        ),
        errors=((2, "D", "satu baris untuk tiap indikator"),),
        warnings=((2, "D", "Satuan"),),
    ),
    Case(
        "a signature under the targets, with its numbers",
        "qd.xlsx",
        lambda: book(
            [
                HEADER,
                row(1, "1. Desa", "Melatih", "Petugas", "orang", 12, 14),
                [],
                [None, "Mengetahui,", None, None, None, "Samarinda, 1 Desember 2026"],
                [None, "Sekretaris Daerah", None, None, None, "Kepala Dinas,"],
                [None, "Nama Contoh", None, None, None, "Contoh Nama, M.Si"],
                [None, None, None, None, None, "NIP 19700101"],
            ]
        ),
        warnings=tuple((line, "B" if line < 7 else "F", "dilewati") for line in (4, 5, 6, 7)),
        holds=titles,
        gives=[(1, "1.1", "Melatih", 1)],
    ),
    Case(
        "outline numbers of several kinds",
        "qe.xlsx",
        lambda: book(
            [
                ["Strategi", "Aksi", "Indikator", "Target 2025", "PJ"],
                ["I. Desa", "I.A.1 Melatih", "1.1.a Petugas", "3 orang", "Dinsos"],
                [None, "1.1.b. Menyusun", "a) Modul", "2 modul", "Dinkes"],
                [None, "2 kali rapat", "Rapat", "2 kali", "Dinkes"],
            ]
        ),
        holds=lambda plan: [(a.code, a.title, a.indicators[0].name) for a in plan.actions],
        gives=[
            ("I.A.1", "Melatih", "Petugas"),
            ("1.1.b", "Menyusun", "Modul"),
            ("1.1", "2 kali rapat", "Rapat"),
        ],
    ),
    Case(
        "agencies one below the other in a cell",
        "qf.xlsx",
        lambda: book(
            [
                HEADER,
                row(
                    1,
                    "1. Desa",
                    "Melatih",
                    "Petugas",
                    "orang",
                    1,
                    1,
                    "Dinsos",
                    "Dinas Kesehatan\nPolda\nBadan Baru Antah",
                ),
            ]
        ),
        agencies=("Badan Baru Antah",),
    ),
    Case(
        "the unit in the number's format",
        "qg.xlsx",
        lambda: book(
            [["Aksi", "Indikator", "Target 2025", "PJ"], ["Melatih", "Petugas", 1250, "Dinsos"]],
            formats={"C2": '#,##0" orang"'},
        ),
        warnings=((2, None, "Judul strategi"),),
        holds=targets,
        gives=[("1.1", "orang", {2025: 1250})],
    ),
    Case(
        "years before the plan are data of the past",
        "qh.xlsx",
        lambda: made(head("Target 2023", "Target 2025", "Target 2027"), BANNER, item(1, 2, 3)),
        choices=CHOSEN,
        notes=("2023 sebelum masa rencana", "untuk tahun 2026, 2028, 2029"),
        holds=years,
        gives=[{2025: 2, 2027: 3}],
    ),
    Case(
        "a year twice is said",
        "qi.xlsx",
        lambda: made(head("Target 2026", "Target 2026"), BANNER, item(1, 2)),
        choices=CHOSEN,
        warnings=((3, "F", "sama dengan kolom E"),),
        unsure="F",
        holds=years,
        gives=[{2026: 1}],
    ),
    Case(
        "a year chosen twice is refused",
        "qj.xlsx",
        lambda: made(head("Target 2026", "Target 2027"), BANNER, item(1, 2)),
        choices=replace(CHOSEN, headings={"F": "target:2026"}),
        errors=((3, "F", "sama-sama dipilih"),),
    ),
    Case(
        "columns whose words nobody knows are chosen by hand",
        "qk.xlsx",
        lambda: book(
            [["catatan"], ["apa", "ukur", "t1", "siapa"], ["Melatih", "Petugas", 3, "Dinsos"]]
        ),
        choices=replace(
            CHOSEN,
            header={"*": 2},
            headings={"A": "action", "B": "indicator", "C": "target:2026", "D": "lead"},
        ),
        warnings=((3, None, "Judul strategi"), (3, "B", "Satuan")),
        holds=lambda plan: (titles(plan), years(plan), parties(plan)),
        gives=([(1, "1.1", "Melatih", 1)], [{2026: 3}], [("dinsos", [])]),
    ),
    Case(
        "programme, activity and sub-activity in one column, the unit beside the target",
        "ql.xlsx",
        lambda: book(
            [
                [
                    "Kode",
                    "Program/Kegiatan/Sub Kegiatan",
                    "Indikator Kinerja",
                    "Target 2026",
                    None,
                    "Pagu 2026",
                    "OPD Penanggung Jawab",
                ],
                ["2.08.03", "PROGRAM A", "Persentase korban", 0.9, "%", "1.000.000", "Dinsos"],
                ["2.08.03.1", "Kegiatan B", "Jumlah lembaga", 5, "lembaga", "500.000", "Dinsos"],
            ],
            formats={"D2": "0%"},
        ),
        choices=CHOSEN,
        warnings=((2, None, "Judul strategi"),),
        notes=("Kolom E tidak berjudul", "Kolom uang tidak dibaca: F"),
        unsure="E",
        holds=targets,
        gives=[("2.08.03", "%", {2026: 90}), ("2.08.03.1", "lembaga", {2026: 5})],
    ),
    Case(
        "stakeholders, numbered",
        "qm.xlsx",
        lambda: book(
            [
                [
                    "id",
                    "indikator_intervensi",
                    "pemangku_kepentingan_1",
                    "pemangku_kepentingan_2",
                    "target",
                    "satuan",
                ],
                [1, "Luas kawasan", "Dinas Kesehatan", "Dinas Sosial; Polda", 45, "ha"],
            ]
        ),
        choices=replace(CHOSEN, headings={"E": "target:2026"}),
        warnings=((2, None, "Judul strategi"),),
        unsure="ACD",
        holds=lambda plan: (parties(plan), targets(plan)),
        gives=([("dinkes", ["dinsos", "polda"])], [("1.1", "ha", {2026: 45})]),
    ),
    Case(
        "a struck-out action is said and left out",
        "qn.xlsx",
        lambda: book(
            [HEADER, row(1, "1. Desa", "Melatih", "Petugas"), row(2, None, "Posko", "Posko")],
            change=struck,
        ),
        notes=("dicoret tidak dibaca: 3",),
        holds=titles,
        gives=[(1, "1.1", "Melatih", 1)],
    ),
    Case(
        "several sheets: one is read, the others are named",
        "qo.xlsx",
        several,
        choices=CHOSEN,
        notes=("lembar lain tidak dibaca",),
        warnings=((2, "B", "Judul strategi"),),
        holds=lambda plan: len(plan.actions),
        gives=1,
    ),
    Case(
        "several sheets read as one plan",
        "qp.xlsx",
        several,
        choices=replace(CHOSEN, sheets=["Pencegahan", "Penanganan"]),
        notes=("1 lembar lain tidak dibaca: Arsip rapat",),
        holds=lambda plan: (titles(plan), [part.title for part in plan.strategies]),
        gives=(
            [(1, "1.1", "Melatih petugas", 1), (2, "2.1", "Merujuk korban", 1)],
            ["Pencegahan", "Penanganan"],
        ),
    ),
    Case(
        "CSV divided by bars",
        "qr.csv",
        lambda: text([HEADER, row(1, "1. Desa", "Melatih", "Petugas", "orang", "12,5", 14)], "|"),
        holds=years,
        gives=[{2025: 12.5, 2026: 14}],
    ),
]
