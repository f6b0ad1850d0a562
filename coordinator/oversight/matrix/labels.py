"""Labels of a cell in each layer of the matrix."""

from coordinator.oversight.matrix.rules import Band, Layer, MatrixCell
from coordinator.translation import gettext as _
from coordinator.translation import marked


def layer_labels() -> dict[Layer, tuple[str, str]]:
    """Return each layer's name and what it means, in one sentence."""
    return {
        Layer.PAHAM: (
            _("Paham tugas"),
            _("uraian tugas yang sudah diterima OPD dibanding seluruh uraian tugasnya."),
        ),
        Layer.LAPOR: (
            _("Lapor"),
            _("laporan yang dikirim tepat waktu dibanding laporan yang sudah jatuh tempo."),
        ),
        Layer.TERVERIFIKASI: (
            _("Terverifikasi"),
            _("laporan yang sudah diverifikasi dibanding laporan yang sudah jatuh tempo."),
        ),
        Layer.CAPAIAN: (
            _("Capaian"),
            _("angka terverifikasi dibanding target yang sudah jatuh tempo, bukan target tahun."),
        ),
    }


_WORDS: dict[Layer, dict[Band, str]] = {
    Layer.PAHAM: {
        Band.ON_TARGET: marked("Paham"),
        Band.ATTENTION: marked("Sebagian"),
        Band.BELOW: marked("Belum dijawab"),
        Band.NO_TASK: marked("Tanpa uraian tugas"),
    },
    Layer.LAPOR: {
        Band.ON_TARGET: marked("Lengkap"),
        Band.ATTENTION: marked("Sebagian"),
        Band.SILENT: marked("Lewat batas"),
        Band.WAITING: marked("Atas nama"),
    },
    Layer.TERVERIFIKASI: {
        Band.ON_TARGET: marked("Lengkap"),
        Band.ATTENTION: marked("Menunggu"),
        Band.BELOW: marked("Belum"),
        Band.WAITING: marked("Atas nama"),
    },
    Layer.CAPAIAN: {
        Band.BELOW: marked("Di bawah"),
        Band.SILENT: marked("Lewat batas"),
        Band.ATTENTION: marked("Perhatian"),
        Band.ON_TARGET: marked("Sesuai"),
        Band.COMPLETE: marked("Tuntas"),
    },
}
_ALWAYS = {
    Band.DISPUTED: marked("Belum jelas"),
    Band.NOT_DUE: marked("Belum jatuh tempo"),
    Band.SUPPORT: marked("Pendukung saja"),
    Band.NO_TASK: marked("Tanpa tugas"),
    Band.WAITING: marked("Menunggu"),
    Band.NIL: marked("Nihil"),
    Band.BLOCKED: marked("Terhambat"),
    Band.NO_TARGET: marked("Tanpa target"),
    Band.NONE: "",
}


def cell_word(layer: Layer, cell: MatrixCell) -> str:
    """Return a cell's word in a layer."""
    if layer is Layer.PAHAM and cell.settled and cell.good + cell.settled == cell.total:
        return _("Ditetapkan")  # nothing is open: what the agency refused was ruled to be its own
    word = _WORDS[layer].get(cell.band) or _ALWAYS.get(cell.band)
    return _(word) if word else ""


def cell_number(layer: Layer, cell: MatrixCell) -> str | None:
    """Return a cell's number: a percentage for one action alone, else "n/m"; None without."""
    if cell.band in _ALWAYS:
        return None
    if layer is Layer.CAPAIAN and cell.percent is not None:
        return f"{cell.percent}%"
    return f"{cell.good}/{cell.total}"


def cell_sentence(layer: Layer, cell: MatrixCell) -> str:
    """Return what a cell says in full, for exports."""
    word = cell_word(layer, cell)
    if layer is Layer.CAPAIAN and cell.band not in _ALWAYS and cell.total > 1:
        return _(
            "%(word)s: %(good)s dari %(total)s aksi sesuai target",
            word=word,
            good=cell.good,
            total=cell.total,
        )
    number = cell_number(layer, cell)
    return f"{word} {number}" if number else word


def legend(layer: Layer) -> list[dict[str, str | None]]:
    """Return the legend's items for a layer, worst first."""
    limits = {
        Band.BELOW: "<66%",
        Band.ATTENTION: "66–89%",
        Band.ON_TARGET: "≥90%",
        Band.COMPLETE: "≥100%",
    }
    items: list[dict[str, str | None]] = [
        {
            "state": band.value,
            "word": _(word),
            "number": limits.get(band) if layer is Layer.CAPAIAN else None,
        }
        for band, word in _WORDS[layer].items()
    ]
    items.sort(key=lambda item: list(Band).index(Band(str(item["state"]))))
    rest = [Band.DISPUTED]
    if layer is not Layer.PAHAM:
        rest += [Band.NOT_DUE, Band.NO_TASK]
    if layer is Layer.CAPAIAN:
        rest += [Band.SUPPORT, Band.WAITING, Band.NIL, Band.BLOCKED, Band.NO_TARGET]
    return [*items, *({"state": b.value, "word": _(_ALWAYS[b]), "number": None} for b in rest)]
