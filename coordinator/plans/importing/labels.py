"""Labels of an import on screen."""

from collections.abc import Collection
from datetime import date

from coordinator.plans.actions.diff import LEVEL_WORDS
from coordinator.plans.reading.shapes import LEAVE_OUT, Field, RowState
from coordinator.plans.reading.slots import Slot, target_field, target_label
from coordinator.plans.versions.rules import Missing
from coordinator.translation import gettext as _

LAST_MONTH = 12


def field_labels() -> dict[str, str]:
    """Return what most columns hold, in the order of the list it is chosen from."""
    return {
        LEAVE_OUT: _("Abaikan kolom ini"),
        Field.CODE: _("Kode"),
        Field.STRATEGY: _("Strategi"),
        Field.ACTION: _("Aksi"),
        Field.INDICATOR: _("Indikator"),
        Field.UNIT: _("Satuan"),
        Field.LEAD: _("Penanggung jawab"),
        Field.SUPPORT: _("Pendukung"),
        Field.WORKING_GROUP: _("Pokja"),
    }


def rare_field_labels() -> dict[str, str]:
    """Return what few columns hold but those of our own template."""
    return {
        Field.TAG: _("Tugas gugus tugas"),
        Field.BASIS: _("Dasar hukum"),
        Field.ORIGIN: _("Asal aksi"),
        Field.QUESTION: _("Pertanyaan di laporan"),
        Field.DUTIES: _("Uraian tugas"),
        Field.NATIONAL: _("Aksi nasional"),
        Field.DISCONTINUED: _("Tidak dilanjutkan karena"),
        Field.KIND: _("Jenis indikator"),
        Field.BETTER: _("Arah yang baik"),
        Field.ACCUMULATION: _("Cara menghitung setahun"),
        Field.ACTION_KEY: _("ID aksi"),
        Field.INDICATOR_KEY: _("ID indikator"),
    }


USUAL_PARTS = ("Q1", "Q2", "Q3", "Q4", "S1", "S2")


def column_choices(
    first_year: int, last_year: int, parts: Collection[str] = ()
) -> list[tuple[str, dict[str, str]]]:
    """Return the groups of what a column can hold, the common ones first: the plan's fields and the
    targets of its years; then those of a level, of a part of a year, and the rest. `parts`: those
    that the file has."""
    years = range(first_year, last_year + 1)
    targets = {f"target:{year}": _("Target %(year)s", year=year) for year in years}
    of_levels = {
        f"target:{level.value}:{year}": _("Target %(level)s %(year)s", level=word, year=year)
        for level, word in LEVEL_WORDS.items()
        for year in years
    }
    slots = [
        Slot(None, year, part)
        for year in years
        for part in [*USUAL_PARTS, *sorted(set(parts) - set(USUAL_PARTS))]
    ]
    return [
        ("", field_labels()),
        (_("Target setahun"), targets),
        (_("Target sebagian tahun"), {target_field(slot): target_label(*slot) for slot in slots}),
        (_("Target menurut tingkat"), of_levels),
        (_("Jarang dipakai"), rare_field_labels()),
    ]


def row_states() -> dict[str, str]:
    """Return what becomes of a row, but for one that is ready."""
    return {
        RowState.ASKED: _("Menunggu jawaban"),
        RowState.WRONG: _("Salah"),
        RowState.KEPT: _("Salah; yang berlaku tetap"),
    }


def standing_labels() -> dict[str, str]:
    """Return what the text of a replaced plan may be, by `heads.PlanStanding`."""
    return {
        "sample": _("Masih data contoh"),
        "draft": _("Naskah resmi, masih rancangan"),
        "enacted": _("Naskah resmi, sudah ditetapkan"),
    }


def new_target_labels(year: int) -> dict[str, str]:
    """Return from when the targets of new indicators count for running assignments."""
    return {
        "now": _("Mulai tahun ini, %(year)s", year=year),
        "next": _("Mulai %(year)s; tahun ini tanpa target", year=year + 1),
    }


def usual_new_target(on: date) -> str:
    """Return which of these is chosen beforehand on a day: a new measure cannot be reached in the
    last month of a year."""
    return "next" if on.month == LAST_MONTH else "now"


def missing_labels(count: int) -> dict[Missing, str]:
    """Return what may become of actions a file does not have."""
    return {
        Missing.KEEP: _("Biarkan %(n)s aksi itu seperti sekarang", n=count),
        Missing.DISCONTINUE: _("Tandai %(n)s aksi itu tidak dilanjutkan", n=count),
    }
