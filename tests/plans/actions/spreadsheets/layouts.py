"""Matrices as ministries and provinces lay them out."""

from dataclasses import replace

from tests.plans.actions.spreadsheets.builders import book, ods
from tests.plans.actions.spreadsheets.case import (
    DECIDED,
    HEAD,
    HEADER,
    KNOWN,
    ROWS,
    THREE,
    Case,
    groups,
    row,
    targets,
    titles,
)

TITLE = [
    ["MATRIKS RENCANA AKSI DAERAH"],
    ["PENCEGAHAN DAN PENANGANAN TPPO TAHUN 2025-2026"],
    [],
]
OVER_YEARS = (*HEAD[:5], "TARGET", None, "PENANGGUNG JAWAB", "PENDUKUNG")
YEARS = (None, None, None, None, None, 2025, 2026, None, None)
LEVELS = (*HEAD[:3], "Indikator", "Satuan", "Target provinsi 2025", "Target kab/kota 2025", "PJ")
BANNERS = [
    ["No", "Kegiatan", "Indikator Keberhasilan", "2025", "2026", "Penanggung Jawab"],
    ["STRATEGI I: PENCEGAHAN DI DESA"],
    [1, "Sosialisasi di desa", "Jumlah sosialisasi", "12 kali", "14 kali", "Dinsos"],
    [2, "Pelatihan kader", "Jumlah kader", "20 orang", "30 orang", "Dinkes"],
    ["STRATEGI II: LAYANAN KESEHATAN"],
    [1, "Layanan medis", "Korban dilayani", "12 orang", "14 orang", "Dinsos"],
]
NO_GROUPS = replace(DECIDED, working_groups={})
SKIPPED = "dilewati"

LAYOUTS = [
    Case("plain", "a.xlsx", lambda: book([HEADER, *ROWS]), holds=titles, gives=THREE),
    Case(
        "title rows above",
        "b.xlsx",
        lambda: book([*TITLE, HEADER, *ROWS], merge=("A1:I1", "A2:I2")),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "header over two rows, merged",
        "c.xlsx",
        lambda: book(
            [*TITLE, OVER_YEARS, YEARS, *ROWS],
            merge=("F4:G4", *(f"{letter}4:{letter}5" for letter in "ABCDEHI")),
        ),
        holds=targets,
        gives=[
            ("1.1", "kali", {2025: 12, 2026: 14}),
            ("1.2", "orang", {2025: 20, 2026: 30}),
            ("2.1", "orang", {2025: 12, 2026: 14}),
        ],
    ),
    Case(
        "header over two rows, not merged",
        "d.xlsx",
        lambda: book([OVER_YEARS, YEARS, *ROWS]),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "header over three rows",
        "e.xlsx",
        lambda: book(
            [
                ("No", "Strategi", "Kegiatan", "Indikator", None, None, None, "Pelaksana", None),
                (None, None, None, "Uraian", "Satuan", "Target", None, "Utama", "Pendukung"),
                YEARS,
                *ROWS,
            ],
            merge=("D1:G1", "H1:I1", "F2:G2", "A1:A3", "B1:B3", "C1:C3"),
        ),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "years with a budget under each",
        "f.xlsx",
        lambda: book(
            [
                ("No", "Strategi", "Aksi", "Indikator", 2025, None, 2026, None, "PJ"),
                (None, None, None, None, "Target", "Anggaran", "Target", "Anggaran", None),
                (
                    "1.1",
                    "Pencegahan",
                    "Sosialisasi",
                    "Jumlah desa",
                    "3 desa",
                    5000,
                    4,
                    7000,
                    "Dinsos",
                ),
            ],
            merge=("E1:F1", "G1:H1"),
        ),
        holds=targets,
        gives=[("1.1", "desa", {2025: 3, 2026: 4})],
    ),
    Case(
        "a row of column numbers",
        "g.xlsx",
        lambda: book([HEADER, [f"({place})" for place in range(1, 10)], *ROWS]),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "strategy and action merged down",
        "h.xlsx",
        lambda: book(
            [
                HEADER,
                row("1.1", "Strategi 1: Desa", "Sosialisasi", "Jumlah sosialisasi"),
                row(None, None, None, "Jumlah peserta", "orang", 100, 120, None),
                row("1.2", None, "Pelatihan", "Jumlah pelatihan"),
            ],
            merge=("B2:B4", "A2:A3", "C2:C3", "H2:H3"),
        ),
        holds=titles,
        gives=[(1, "1.1", "Sosialisasi", 2), (1, "1.2", "Pelatihan", 1)],
    ),
    Case(
        "blank cells below instead of merged ones",
        "i.xlsx",
        lambda: book(
            [
                HEADER,
                row("1.1", "1. Desa", "Sosialisasi", "Jumlah sosialisasi"),
                row(None, None, None, "Jumlah peserta", "orang", 100, 120, None),
            ]
        ),
        holds=titles,
        gives=[(1, "1.1", "Sosialisasi", 2)],
    ),
    Case(
        "strategies as rows across the table",
        "j.xlsx",
        lambda: book(BANNERS, merge=("A2:F2", "A5:F5")),
        unsure="DE",
        holds=titles,
        gives=THREE,
    ),
    Case(
        "pokja as rows across the table",
        "k.xlsx",
        lambda: book(
            [
                HEADER,
                ["POKJA I PENCEGAHAN"],
                *ROWS[:2],
                ["SUB GUGUS TUGAS Rehabilitasi Kesehatan"],
                *ROWS[2:],
            ],
            merge=("A2:I2",),
        ),
        choices=NO_GROUPS,
        holds=groups,
        gives=["pencegahan", "pencegahan", "rehabilitasi-kesehatan"],
    ),
    Case(
        "everything in one numbered column",
        "l.xlsx",
        lambda: book(
            [
                ["No", "Rencana Aksi", "Indikator", "Target 2025", "PJ"],
                ["1", "Pencegahan di desa"],
                ["1.1", "Sosialisasi di desa", "Jumlah sosialisasi", "12 kali", "Dinsos"],
                ["1.2", "Pelatihan kader", "Jumlah kader", "20 orang", "Dinkes"],
                ["2", "Layanan kesehatan"],
                ["2.1", "Layanan medis", "Korban dilayani", "5 orang", "Dinkes"],
            ]
        ),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "numbering 1.1.1 in front of the titles",
        "m.xlsx",
        lambda: book(
            [
                ["Strategi", "Aksi", "Indikator", "Target 2025", "PJ"],
                ["1. Desa", "1.1.1 Sosialisasi di desa", "1.1.1.1 Jumlah desa", "3 desa", "Dinsos"],
                [None, "1.1.2. Pelatihan", "a. Jumlah pelatihan", "2 kali", "Dinkes"],
            ]
        ),
        holds=lambda plan: [
            (a.code, a.title, a.indicators[0].name, plan.strategies[0].title) for a in plan.actions
        ],
        gives=[
            ("1.1.1", "Sosialisasi di desa", "Jumlah desa", "Desa"),
            ("1.1.2", "Pelatihan", "Jumlah pelatihan", "Desa"),
        ],
    ),
    Case(
        "numbering with letters",
        "n.xlsx",
        lambda: book(
            [
                ["Strategi", "Aksi", "Indikator", "Target 2025", "PJ"],
                ["A. Desa", "a. Sosialisasi", "Jumlah desa", "3 desa", "Dinsos"],
                [None, "b. Pelatihan", "Jumlah pelatihan", "2 kali", "Dinkes"],
            ]
        ),
        holds=titles,
        gives=[(1, "1.1", "Sosialisasi", 1), (1, "1.2", "Pelatihan", 1)],
    ),
    Case(
        "sub-totals and a total",
        "o.xlsx",
        lambda: book(
            [
                HEADER,
                *ROWS[:2],
                ["Sub total strategi 1", None, None, None, None, 32, 44],
                ROWS[2],
                [None, None, "JUMLAH", None, None, 44, 58],
            ]
        ),
        warnings=((4, "A", "Baris jumlah"), (6, "C", "Baris jumlah")),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "footnotes and a signature",
        "p.xlsx",
        lambda: book(
            [
                HEADER,
                *ROWS,
                [],
                ["*) Target sementara"],
                ["Keterangan: DATA CONTOH"],
                [],
                [None, None, None, None, None, None, None, "Samarinda, Januari 2026"],
                [None, None, None, None, None, None, None, "Sekretaris"],
            ]
        ),
        warnings=(
            (6, "A", "Catatan kaki"),
            (7, "A", "Catatan kaki"),
            (9, "H", SKIPPED),
            (10, "H", SKIPPED),
        ),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "the header again on the next page",
        "q.xlsx",
        lambda: book([HEADER, *ROWS[:2], HEADER, ROWS[2]]),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "English headers",
        "r.xlsx",
        lambda: book(
            [
                [
                    "No",
                    "Strategy",
                    "Activity",
                    "Success indicator",
                    "Satuan",
                    "2025",
                    "2026",
                    "Lead agency",
                    "Supporting agencies",
                ],
                *ROWS,
            ]
        ),
        unsure="FG",
        holds=titles,
        gives=THREE,
    ),
    Case(
        "misspelt headers",
        "s.xlsx",
        lambda: book(
            [
                [
                    "No",
                    "Stratgi",
                    "Rencana Aksii",
                    "Indikatr",
                    "Satuan",
                    "Targt 2025",
                    "Target 2026",
                    "Penangung Jawab",
                    "Instansi Terkaitt",
                ],
                *ROWS,
            ]
        ),
        unsure="BCDFHI",
        holds=titles,
        gives=THREE,
    ),
    Case(
        "blank rows between",
        "t.xlsx",
        lambda: book([HEADER, [], ROWS[0], [], [], ROWS[1], [" ", None, "\u00a0"], ROWS[2]]),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "the table begins at D10",
        "u.xlsx",
        lambda: book([[]] * 9 + [[None, None, None, *line] for line in (HEADER, *ROWS)]),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "a cover sheet in front",
        "v.xlsx",
        lambda: book([HEADER, *ROWS], before={"Sampul": [["RENCANA AKSI"], ["DATA CONTOH"]]}),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "a hidden sheet with another plan",
        "w.xlsx",
        lambda: book(
            [HEADER, *ROWS],
            before={"lama": [HEADER, *ROWS, *ROWS]},
            change=lambda made: setattr(made["lama"], "sheet_state", "hidden"),
        ),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "only hidden sheets",
        "x.xlsx",
        lambda: book([HEADER, *ROWS], hidden=True, before={"Kosong": []}),
        refused="tersembunyi",
    ),
    Case(
        "hidden rows are left out, and said",
        "y.xlsx",
        lambda: book(
            [HEADER, *ROWS],
            change=lambda made: setattr(made.active.row_dimensions[3], "hidden", True),  # type: ignore[union-attr]
        ),
        notes=("Baris tersembunyi tidak dibaca: 3",),
        holds=titles,
        gives=[THREE[0], THREE[2]],
    ),
    Case(
        "hidden rows are read where a person says so",
        "y2.xlsx",
        lambda: book(
            [HEADER, *ROWS],
            change=lambda made: setattr(made.active.row_dimensions[3], "hidden", True),  # type: ignore[union-attr]
        ),
        choices=replace(DECIDED, take=["hidden_row"]),
        notes=("Baris tersembunyi ikut dibaca: 3",),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "targets by level",
        "z.xlsx",
        lambda: book(
            [LEVELS, ["1.1", "Desa", "Sosialisasi", "Jumlah desa", "desa", 10, 3, "Dinsos"]]
        ),
        holds=lambda plan: [
            {level.value: dict(found) for level, found in part.level_targets.items()}
            for part in plan.actions[0].indicators
        ],
        gives=[{"province": {2025: 10}, "district": {2025: 3}}],
    ),
    Case(
        "a target column without a year",
        "aa.xlsx",
        lambda: book([["No", "Aksi", "Indikator", "Target", "PJ"], ["1.1", "A", "B", 3, "Dinsos"]]),
        warnings=((1, "D", "pilih tahunnya"), (2, None, "Judul strategi"), (2, "C", "Satuan")),
        unsure="D",
        asked=("target-year",),
    ),
    Case(
        "no column of indicators",
        "ab.xlsx",
        lambda: book(
            [["Strategi", "Kegiatan", "2025", "PJ"], ["Desa", "Sosialisasi", "3 kali", "Dinsos"]]
        ),
        unsure="C",
        holds=lambda plan: plan.actions[0].indicators[0].name,
        gives="Sosialisasi",
    ),
    Case(
        "an agency a row",
        "ac.xlsx",
        lambda: book(
            [HEADER, ROWS[0], [*[None] * 8, "Dinkes"], [*[None] * 8, "Polda"]],
        ),
        holds=lambda plan: (plan.actions[0].lead, plan.actions[0].support),
        gives=("dinsos", ["dinkes", "polda"]),
    ),
    Case(
        "ODS with merged cells",
        "ad.ods",
        lambda: ods(
            [
                HEADER,
                row("1.1", "1. Desa", "Sosialisasi", "Jumlah sosialisasi"),
                row(None, None, None, "Jumlah peserta", "orang", 100, 120, None),
            ],
            {(1, 1): (2, 1), (1, 2): (2, 1)},
        ),
        holds=titles,
        gives=[(1, "1.1", "Sosialisasi", 2)],
    ),
    Case(
        "found again in the plan in force: ids, questions and tags stay",
        "ae.xlsx",
        lambda: book([HEADER, row("1.1", "1. Desa", "SOSIALISASI  di Desa", "Jumlah sosialisasi")]),
        known=KNOWN,
        holds=lambda plan: (plan.actions[0].id, plan.actions[0].question),
        gives=("sosialisasi-di-desa", "Berapa jumlah sosialisasi?"),
    ),
]
