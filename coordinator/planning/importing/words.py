"""Words of an import on screen."""

from flask_babel import gettext as _

from coordinator.plan.diff import LEVEL_WORDS
from coordinator.plan.importing.shapes import LEAVE_OUT, Field
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


def target_labels(first_year: int, last_year: int) -> dict[str, str]:
    """Return the fields of target columns for the years of a plan."""
    years = range(first_year, last_year + 1)
    found = {f"target:{year}": _("Target %(year)s", year=year) for year in years}
    for level, word in LEVEL_WORDS.items():
        for year in years:
            found[f"target:{level.value}:{year}"] = _(
                "Target %(level)s %(year)s", level=word, year=year
            )
    return found


def missing_labels(count: int) -> dict[Missing, str]:
    """Return what may become of actions a file does not have."""
    return {
        Missing.KEEP: _("Biarkan %(n)s aksi itu seperti sekarang", n=count),
        Missing.DISCONTINUE: _("Tandai %(n)s aksi itu tidak dilanjutkan", n=count),
    }
