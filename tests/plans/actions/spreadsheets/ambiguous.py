"""Matrices that were read wrongly without a word. All of it is DATA CONTOH."""

from dataclasses import replace

from coordinator.plans.actions.seed import PlanFile
from tests.plans.actions.spreadsheets.builders import book
from tests.plans.actions.spreadsheets.case import Case, titles
from tests.plans.actions.spreadsheets.people import (
    BANNER,
    CHOSEN,
    TITLE,
    YEARS,
    answered,
    head,
    item,
    made,
    years,
)

TWO = head("Target 2026", "Target 2027")
MIN_MAX = [None, None, None, None, "Min", "Maks"]
OTHER = [2, "Merujuk", "Korban dirujuk", "orang", 20, 10, "Dinkes"]


def names(plan: PlanFile) -> list[tuple[str, list[str]]]:
    """Return each action's title with its indicators' names."""
    return [(one.title, [part.name for part in one.indicators]) for one in plan.actions]


AMBIGUOUS = [
    Case(
        "a second header with its years the other way round",
        "ra.xlsx",
        lambda: made(TWO, BANNER, item(1, 2), [], head("Target 2027", "Target 2026"), OTHER),
        choices=CHOSEN,
        errors=((7, "A", "lain dari judul di baris 3"),),
    ),
    Case(
        "a second header with other years",
        "rb.xlsx",
        lambda: made(TWO, BANNER, item(1, 2), [], head("Target 2028", "Target 2029"), OTHER),
        choices=CHOSEN,
        errors=((7, "A", "lain dari judul di baris 3"),),
    ),
    Case(
        "the same header again, of two rows",
        "rc.xlsx",
        lambda: made(
            head("Target", None),
            [None, None, None, None, 2026, 2027],
            BANNER,
            item(1, 2),
            head("Target", None),
            [None, None, None, None, 2026, 2027],
            OTHER,
        ),
        choices=CHOSEN,
        holds=years,
        gives=[{2026: 1, 2027: 2}, {2026: 20, 2027: 10}],
    ),
    Case(
        "its second row the other way round",
        "rd.xlsx",
        lambda: made(
            head("Target", None),
            [None, None, None, None, 2026, 2027],
            BANNER,
            item(1, 2),
            head("Target", None),
            [None, None, None, None, 2027, 2026],
            OTHER,
        ),
        choices=CHOSEN,
        errors=((8, "E", "lain dari judul di baris 3"),),
    ),
    Case(
        "one answer for all shares of a row",
        "re.xlsx",
        lambda: made(YEARS, BANNER, item(0.8, 0.9, 1, unit="%")),
        choices=answered(percent_small="hundredfold"),
        unsure="EFG",
        holds=years,
        gives=[{2026: 80, 2027: 90, 2028: 100}],
    ),
    Case(
        "the same indicator twice with other targets",
        "rf.xlsx",
        lambda: made(YEARS, BANNER, item(5, 6, 7), item(9, 6, 7)),
        choices=CHOSEN,
        unsure="EFG",
        asked=("twice",),
    ),
    Case(
        "and the second is the right one",
        "rg.xlsx",
        lambda: made(YEARS, BANNER, item(5, 6, 7), item(9, 6, 7)),
        choices=answered(twice="second"),
        unsure="EFG",
        holds=years,
        gives=[{2026: 9, 2027: 6, 2028: 7}],
    ),
    Case(
        "the same indicator twice with the same targets",
        "rh.xlsx",
        lambda: made(YEARS, BANNER, item(5, 6, 7), item(5, 6, 7)),
        choices=CHOSEN,
        unsure="EFG",
        warnings=((6, "C", "Sama dengan baris 5"),),
        holds=years,
        gives=[{2026: 5, 2027: 6, 2028: 7}],
    ),
    Case(
        "the same action in two sheets",
        "ri.xlsx",
        lambda: book(
            [TWO, item(5, 6)], name="Pencegahan", before={"Penanganan": [TWO, item(9, 6)]}
        ),
        choices=replace(CHOSEN, sheets=["Pencegahan", "Penanganan"]),
        asked=("twice",),
    ),
    Case(
        "units that say how often",
        "rj.xlsx",
        lambda: made(
            TWO,
            BANNER,
            item(1, 1, unit="kali per dua bulan"),
            [2, "Menyusun", "Laporan tersusun", "laporan bulanan", 1, 1, "Dinsos"],
        ),
        choices=answered(unit_rate="times"),
        holds=years,
        gives=[{2026: 6, 2027: 6}, {2026: 12, 2027: 12}],
    ),
    Case(
        "a unit that is less than once a year",
        "rk.xlsx",
        lambda: made(head("Target 2026"), BANNER, item(1, unit="kali per 2 tahun")),
        choices=CHOSEN,
        errors=((5, "E", "tidak pas dalam setahun"),),
    ),
    Case(
        "millions in the unit and in the target",
        "rl.xlsx",
        lambda: made(head("Target 2026"), BANNER, item("1,5 jt", unit="juta rupiah")),
        choices=CHOSEN,
        asked=("unit-scale",),
    ),
    Case(
        "people in percent",
        "rm.xlsx",
        lambda: made(head("Target 2026"), BANNER, item("12 orang", unit="%")),
        choices=CHOSEN,
        errors=((5, "E", "Samakan satuan"),),
    ),
    Case(
        "a list goes by its numbers",
        "rn.xlsx",
        lambda: made(
            head("Target 2026"), BANNER, item("2. 5\n1. 6", name="1. A\n2. B", unit="1. x\n2. y")
        ),
        choices=CHOSEN,
        warnings=((5, "C", "menurut nomornya"),),
        holds=years,
        gives=[{2026: 6}, {2026: 5}],
    ),
    Case(
        "a list in one line",
        "ro.xlsx",
        lambda: made(head("Target 2026"), BANNER, item("1) 5; 2) 6", name="1) A; 2) B")),
        choices=CHOSEN,
        warnings=((5, "C", "menurut nomornya"),),
        holds=years,
        gives=[{2026: 5}, {2026: 6}],
    ),
    Case(
        "an action that begins like a signature",
        "rp.xlsx",
        lambda: made(
            TWO,
            BANNER,
            item(1, 2),
            [2, "Kepala desa dilatih"],
            [None, None, "Kepala desa terlatih", "orang", 3, 4, "Dinkes"],
            [None, "Sekretaris desa dilatih"],
            [None, None, "Sekretaris desa terlatih", "orang", 5, 6, "Dinkes"],
        ),
        choices=CHOSEN,
        holds=names,
        gives=[
            ("Melatih petugas", ["Petugas terlatih"]),
            ("Kepala desa dilatih", ["Kepala desa terlatih"]),
            ("Sekretaris desa dilatih", ["Sekretaris desa terlatih"]),
        ],
    ),
    Case(
        "years of the plan by number",
        "rq.xlsx",
        lambda: made(head("Th. I", "Th. II", "Tahun III"), BANNER, item(1, 2, 3)),
        choices=CHOSEN,
        warnings=tuple((3, column, "pilih tahunnya") for column in "EFG"),
        unsure="EFG",
        asked=("target-year",) * 3,
    ),
    Case(
        "men, women and their sum",
        "rr.xlsx",
        lambda: made(
            head("Target 2026", None, None),
            [None, None, None, None, "L", "P", "Jumlah"],
            BANNER,
            item(4, 6, 10),
            merge=("E3:G3",),
        ),
        choices=CHOSEN,
        warnings=((4, "E", "sama dengan kolom G"), (4, "F", "sama dengan kolom G")),
        unsure="EF",
        holds=years,
        gives=[{2026: 10}],
    ),
    Case(
        "the least and the most",
        "rs.xlsx",
        lambda: made(
            head("Target 2026", None),
            [None, None, None, None, "Min", "Maks"],
            BANNER,
            item(4, 6),
            merge=("E3:F3",),
        ),
        choices=CHOSEN,
        errors=((4, "E", "sama-sama target"), (4, "F", "sama-sama target")),
        unsure="EF",
    ),
    Case(
        "and a person says which",
        "rt.xlsx",
        lambda: made(head("Target 2026", None), MIN_MAX, BANNER, item(4, 6), merge=("E3:F3",)),
        choices=replace(CHOSEN, headings={"F": "target:2026"}),
        notes=("Kolom lain yang tidak dibaca: E",),
        unsure="E",
        holds=years,
        gives=[{2026: 6}],
    ),
    Case(
        "a revised target",
        "ru.xlsx",
        lambda: made(head("Target 2026", "Target Perubahan 2026"), BANNER, item(4, 6)),
        choices=CHOSEN,
        warnings=((3, "E", "sama dengan kolom F"),),
        unsure="E",
        holds=years,
        gives=[{2026: 6}],
    ),
    Case(
        "two units: that beside the target is its own",
        "rv.xlsx",
        lambda: book(
            [
                ["Kegiatan", "Indikator", "Volume", "Satuan", "Target 2026", "Satuan", "PJ"],
                ["Melatih", "Petugas", 3, "paket", 40, "orang", "Dinsos"],
            ]
        ),
        choices=CHOSEN,
        warnings=((2, None, "Judul strategi"),),
        unsure="CD",
        holds=lambda plan: [part.unit for one in plan.actions for part in one.indicators],
        gives=["orang"],
    ),
    Case(
        "an average is an action where somebody answers for it",
        "rw.xlsx",
        lambda: made(
            TWO,
            BANNER,
            item(1, 2),
            [2, "Rata-rata kepuasan layanan", None, None, None, None, "Dinkes"],
            [None, None, "Nilai kepuasan", "poin", 3, 4, None],
            [None, "Jumlah", None, "orang", 4, 6, None],
        ),
        choices=CHOSEN,
        warnings=((8, "B", "Baris jumlah"),),
        holds=names,
        gives=[
            ("Melatih petugas", ["Petugas terlatih"]),
            ("Rata-rata kepuasan layanan", ["Nilai kepuasan"]),
        ],
    ),
    Case(
        "rows that count the columns",
        "rx.xlsx",
        lambda: book(
            [
                *TITLE,
                TWO,
                ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)=5+1", "(7)"],
                list("abcdefg"),
                BANNER,
                item(1, 2),
            ]
        ),
        choices=CHOSEN,
        holds=titles,
        gives=[(1, "1.1", "Melatih petugas", 1)],
    ),
]
