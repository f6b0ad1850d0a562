"""Words of an import on screen."""

from collections.abc import Collection

from flask_babel import gettext as _

from coordinator.plan.diff import LEVEL_WORDS
from coordinator.plan.importing.shapes import LEAVE_OUT, Field, RowState
from coordinator.plan.importing.slots import Slot, target_field, target_label
from coordinator.planning.rules import Missing


def field_labels() -> dict[str, str]:
    """Return what a column can hold, in the order of the list it is chosen from."""
    return {
        LEAVE_OUT: _("Abaikan kolom ini"),
        Field.STRATEGY: _("Strategi"),
        Field.CODE: _("Kode"),
        Field.ACTION: _("Aksi"),
        Field.INDICATOR: _("Indikator"),
        Field.UNIT: _("Satuan"),
        Field.LEAD: _("Penanggung jawab"),
        Field.SUPPORT: _("Pendukung"),
        Field.WORKING_GROUP: _("Pokja"),
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


def target_labels(first_year: int, last_year: int, parts: Collection[str] = ()) -> dict[str, str]:
    """Return the fields of target columns for the years of a plan, and for the parts of each: the
    usual ones and `parts`, which a file has."""
    years = range(first_year, last_year + 1)
    found = {f"target:{year}": _("Target %(year)s", year=year) for year in years}
    for level, word in LEVEL_WORDS.items():
        for year in years:
            found[f"target:{level.value}:{year}"] = _(
                "Target %(level)s %(year)s", level=word, year=year
            )
    for year in years:
        for part in [*USUAL_PARTS, *sorted(set(parts) - set(USUAL_PARTS))]:
            slot = Slot(None, year, part)
            found[target_field(slot)] = target_label(*slot)
    return found


def row_states() -> dict[str, str]:
    """Return what becomes of a row, but for one that is ready."""
    return {
        RowState.ASKED: _("Menunggu jawaban"),
        RowState.WRONG: _("Salah"),
        RowState.KEPT: _("Salah; yang berlaku tetap"),
    }


def missing_labels(count: int) -> dict[Missing, str]:
    """Return what may become of actions a file does not have."""
    return {
        Missing.KEEP: _("Biarkan %(n)s aksi itu seperti sekarang", n=count),
        Missing.DISCONTINUE: _("Tandai %(n)s aksi itu tidak dilanjutkan", n=count),
    }
