"""What is in cells: targets in all writings, dates, formulas, names, secrets."""

from dataclasses import replace
from datetime import date

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from coordinator.plans.reading.shapes import LEAVE_OUT
from tests.plans.actions.spreadsheets.builders import book, computed, text
from tests.plans.actions.spreadsheets.case import (
    DECIDED,
    HEADER,
    ROWS,
    THREE,
    Case,
    groups,
    parties,
    row,
    targets,
    titles,
)

NIK = "6472015505080001"  # made up; the shape alone is what is refused


def one(*targets: object, unit: str | None = None) -> list[list[object]]:
    """Return a header and rows, one for each target of 2025."""
    rows: list[list[object]] = [list(HEADER)]
    for number, value in enumerate(targets, start=1):
        rows.append(
            row(f"1.{number}", "1. Desa", f"Aksi {number}x", "Jumlah desa", unit, value, None)
        )
    return rows


def of(lead: str | None, support: str | None = None) -> list[object]:
    """Return a row whose agencies are these."""
    return row(None, "1. Desa", f"Aksi {lead}", "Jumlah", "kali", 1, 1, lead, support)


LISTED = "1. Dinkes\n2. Badan Kesatuan Bangsa dan Politik & Polda"
LONG_NAMES = (
    "Dinas Kependudukan, Pemberdayaan Perempuan dan Perlindungan Anak, Dinas Pemuda dan Olahraga "
    "dan Kesbangpol"
)


def mac(made: openpyxl.Workbook) -> None:
    """Count days from 1904, as Excel on old Macs does."""
    made.epoch = CALENDAR_MAC_1904


WRITINGS = ("12 kali", "≥ 90 desa", ">= 90%", "minimal 3 desa", "-", "n/a", "1 dokumen")
MORE_WRITINGS = ("1.234,5 ha", "1,234.5 ha", "80 %", "12 (dua belas) kali", "1 000 orang")

VALUES = [
    Case(
        "targets as people write them",
        "va.xlsx",
        lambda: book(one(*WRITINGS)),
        warnings=((6, "D", "Satuan"), (7, "D", "Satuan")),
        holds=lambda plan: [(unit, found.get(2025)) for _c, unit, found in targets(plan)],
        gives=[
            ("kali", 12),
            ("desa", 90),
            ("%", 90),
            ("desa", 3),
            ("angka", None),
            ("angka", None),
            ("dokumen", 1),
        ],
    ),
    Case(
        "numbers as people write them",
        "vb.xlsx",
        lambda: book(one(*MORE_WRITINGS)),
        holds=lambda plan: [(unit, found.get(2025)) for _c, unit, found in targets(plan)],
        gives=[("ha", 1234.5), ("ha", 1234.5), ("%", 80), ("kali", 12), ("orang", 1000)],
    ),
    Case(
        "numbers kept as text",
        "vc.xlsx",
        lambda: book(one("12", " 14 ", "'16", unit="kali")),
        holds=lambda plan: [found[2025] for _c, _u, found in targets(plan)],
        gives=[12, 14, 16],
    ),
    Case(
        "words instead of numbers",
        "vd.xlsx",
        lambda: book(one("ada", "Ya", "✓")),
        holds=lambda plan: [
            (a.indicators[0].kind.value, a.indicators[0].targets) for a in plan.actions
        ],
        gives=[("milestone", {2025: 1})] * 3,
    ),
    Case(
        "less is better",
        "ve.xlsx",
        lambda: book(one("≤ 5 hari", "maksimal 3 hari")),
        holds=lambda plan: [
            (a.indicators[0].better.value, a.indicators[0].accumulation.value) for a in plan.actions
        ],
        gives=[("down", "per_period")] * 2,
    ),
    Case(
        "ranges and several numbers",
        "vf.xlsx",
        lambda: book(one("10-12", "10 s/d 12", "12 kali di 5 desa", "banyak", unit="kali")),
        errors=(
            (2, "F", "rentang"),
            (3, "F", "rentang"),
            (4, "F", "lebih dari satu angka"),
            (5, "F", "Bukan angka"),
        ),
    ),
    Case(
        "a number that may mean two",
        "vg.xlsx",
        lambda: book(one("1,234", "1.234", unit="kali")),
        asked=("number",),
        warnings=((3, "F", "dibaca 1234"),),
    ),
    Case(
        "a date where a number belongs",
        "vh.xlsx",
        lambda: book(one(date(2025, 12, 10), unit="kali")),
        errors=((2, "F", "10/12/2025"),),
    ),
    Case(
        "a small number shown as a date of 1900",
        "vi.xlsx",
        lambda: book(one(12, unit="kali"), formats={"F2": "dd/mm/yyyy"}),
        errors=((2, "F", "1900 atau 1904"),),
    ),
    Case(
        "the same in a workbook that counts from 1904",
        "vj.xlsx",
        lambda: book(one(12, unit="kali"), formats={"F2": "dd/mm/yyyy"}, change=mac),
        errors=((2, "F", "1900 atau 1904"),),
    ),
    Case(
        "percent formats",
        "vk.xlsx",
        lambda: book(one(0.8, 0.125), formats={"F2": "0%", "F3": "0.0%"}),
        holds=targets,
        gives=[("1.1", "%", {2025: 80}), ("1.2", "%", {2025: 12.5})],
    ),
    Case(
        "a share that is perhaps a percentage",
        "vl.xlsx",
        lambda: book(one(0.8, unit="%")),
        asked=("percent-small",),
    ),
    Case(
        "too many digits behind the comma",
        "vm.xlsx",
        lambda: book(one(33.33333, unit="%")),
        warnings=((2, "F", "33,333"),),
        holds=targets,
        gives=[("1.1", "%", {2025: 33.333})],
    ),
    Case(
        "formulas with results",
        "vn.xlsx",
        lambda: computed(
            one(1, 2, unit="kali"), {"F2": ("=10+2", 12), "C3": ('="Rapat"', "Rapat")}
        ),
        holds=lambda plan: [(a.title, a.indicators[0].targets[2025]) for a in plan.actions],
        gives=[("Aksi 1x", 12), ("Rapat", 2)],
    ),
    Case(
        "formulas that nobody computed",
        "vo.xlsx",
        lambda: book(one("=10+2", unit="kali")),
        errors=((2, "F", "Rumus tanpa hasil"),),
    ),
    Case(
        "broken formulas",
        "vp.xlsx",
        lambda: computed(one(1, unit="kali"), {"F2": ("=1/0", "#DIV/0!")}),
        errors=((2, "F", "galat rumus"),),
    ),
    Case(
        "spaces of all kinds",
        "vq.xlsx",
        lambda: book(
            [
                [f" {text_} \u00a0" for text_ in HEADER],
                *([f"  {v}\u00a0 " if isinstance(v, str) else v for v in line] for line in ROWS),
            ]
        ),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "a year outside the plan",
        "vr.xlsx",
        lambda: book([(*HEADER[:6], "Target 2031", *HEADER[7:]), *ROWS[:1]]),
        errors=((2, "G", "Tahun 2031"),),
    ),
    Case(
        "a title without end",
        "vs.xlsx",
        lambda: book([HEADER, row("1.1", "1. Desa", "x" * 2001, "Jumlah")]),
        errors=((2, "C", "2000"),),
    ),
    Case(
        "1.10 turned into 1.1",
        "vt.xlsx",
        lambda: book(
            [HEADER, row(1.1, "1. Desa", "A b", "Jumlah"), row(1.1, None, "C d", "Jumlah")]
        ),
        errors=((3, "A", "Kode 1.1 sudah dipakai di baris 2"),),
    ),
    Case(
        "a code turned into a date",
        "vu.xlsx",
        lambda: book([HEADER, row(date(2025, 2, 1), "1. Desa", "A b", "Jumlah")]),
        errors=((2, "A", "menjadi tanggal"),),
    ),
    Case(
        "a NIK in a title and in a skipped column's neighbour",
        "vv.xlsx",
        lambda: book([HEADER, row("1.1", "1. Desa", f"Bantuan bagi NIK {NIK}", "Jumlah orang")]),
        errors=((2, "C", "NIK"),),
    ),
    Case(
        "a telephone number",
        "vw.xlsx",
        lambda: book([HEADER, row("1.1", "1. Desa", "Hubungi 081234567890", "Jumlah orang")]),
        warnings=((2, "C", "data seseorang"),),
        holds=lambda plan: len(plan.actions),
        gives=1,
    ),
    Case(
        "targets without an indicator",
        "vx.xlsx",
        lambda: book([HEADER, row("1.1", "1. Desa", "Sosialisasi", None)]),
        errors=((2, "D", "Indikator kosong"),),
    ),
    Case(
        "several agencies in a cell",
        "vy.xlsx",
        lambda: book([HEADER, of("Dinas Sosial", LISTED), of("DKP3A / Dispora", "Dinkes; Dinsos")]),
        warnings=((3, "H", "Beberapa instansi"),),
        holds=parties,
        gives=[
            ("dinsos", ["dinkes", "kesbangpol", "polda"]),
            ("dkp3a", ["dispora", "dinkes", "dinsos"]),
        ],
    ),
    Case(
        "names with a comma and with dan stay whole",
        "vz.xlsx",
        lambda: book([HEADER, of(None, LONG_NAMES)]),
        holds=parties,
        gives=[(None, ["dkp3a", "dispora", "kesbangpol"])],
    ),
    Case(
        "unknown agencies are asked about",
        "wa.xlsx",
        lambda: book([HEADER, of("Dinas Sosial Provinsi", "BNN")]),
        agencies=("Dinas Sosial Provinsi", "BNN"),
    ),
    Case(
        "and follow what was chosen",
        "wb.xlsx",
        lambda: book([HEADER, of("Dinas Sosial Provinsi", "BNN")]),
        choices=replace(DECIDED, agencies={"Dinas Sosial Provinsi": "dinsos", "BNN": LEAVE_OUT}),
        holds=parties,
        gives=[("dinsos", [])],
    ),
    Case(
        "a court is named",
        "wc.xlsx",
        lambda: book([HEADER, of("Pengadilan Tinggi")]),
        warnings=((2, "H", "hanya berbagi data"),),
        holds=parties,
        gives=[("pengadilan-tinggi", [])],
    ),
    Case(
        "no pokja is named",
        "wd.xlsx",
        lambda: book([HEADER, *ROWS]),
        choices=replace(DECIDED, working_groups={}),
        groups=("1", "2"),
    ),
    Case(
        "a column of pokja",
        "we.xlsx",
        lambda: book(
            [(*HEADER, "Pokja"), [*ROWS[0], "Pokja II"], [*ROWS[2], "Rehabilitasi Sosial"]]
        ),
        holds=groups,
        gives=["rehabilitasi-kesehatan", "rehabilitasi-sosial"],
    ),
    Case(
        "what plan it is stands nowhere",
        "wf.xlsx",
        lambda: book([["RENCANA AKSI DAERAH TPPO 2025-2026"], HEADER, *ROWS]),
        choices=replace(DECIDED, plan=None),
        errors=((None, None, "tidak menyebut rencananya"),),
    ),
    Case(
        "CSV with semicolons and a mark",
        "wg.csv",
        lambda: text([HEADER, *ROWS], ";", "utf-8-sig"),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "CSV with commas, as Windows writes it",
        "wh.csv",
        lambda: text([HEADER, row("1.1", "1. Désa – kota", "A, b", "Jumlah")], ",", "cp1252"),
        holds=lambda plan: (plan.strategies[0].title, plan.actions[0].title),
        gives=("Désa – kota", "A, b"),
    ),
    Case(
        "CSV with tabs in UTF-16, as Excel calls Unicode",
        "wi.txt",
        lambda: text([HEADER, *ROWS], "\t", "utf-16"),
        holds=titles,
        gives=THREE,
    ),
    Case(
        "CSV that names its separator",
        "wj.csv",
        lambda: b"sep=;\r\n" + text([HEADER, *ROWS], ";"),
        holds=titles,
        gives=THREE,
    ),
]
