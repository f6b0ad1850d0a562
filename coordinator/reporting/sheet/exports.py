"""An agency's open reports -> the sheet to fill."""

import json
from collections.abc import Sequence

from coordinator import child, formatting
from coordinator.errors import Unavailable
from coordinator.plans.actions.rules import IndicatorKind
from coordinator.reporting.reports.labels import field_labels, kind_labels
from coordinator.reporting.sheet.queries import OpenReport
from coordinator.reporting.sheet.rules import GUIDE, OWN_HIDDEN, SHEET, TYPED, SheetColumns
from coordinator.translation import gettext as _

CHOICES = (IndicatorKind.YES_NO, IndicatorKind.MILESTONE)
WIDTHS = {"title": 42, "question": 42, "note": 40, "nil_reason": 30, "blocked_by": 30}


def heads(layout: SheetColumns) -> list[str]:
    """Return the words over the columns."""
    said = field_labels()
    fixed = {
        "key": _("Kunci (jangan diubah)"),
        "version": _("Versi (jangan diubah)"),
        "indicators": _("Indikator (jangan diubah)"),
        "title": _("Aksi"),
        "period": _("Periode"),
        "due": _("Jatuh tempo"),
        "question": _("Yang diminta"),
        "kind": said["kind"],
        "contribution": said["contribution"],
        "send": _("Kirim? (ya/tidak)"),
        **{name: said[name] for name in TYPED},
    }
    numbered = {"indicator": _("Indikator"), "value": value_head()}
    return [
        fixed[name] if name in fixed else f"{numbered[name.rstrip('0123456789')]} {name[-1]}"
        for name in layout.columns
    ]


def value_head() -> str:
    """Return the word over the columns of values."""
    return _("Nilai")


def choice_labels() -> dict[str, str]:
    """Return the words for yes/no and milestones, by what a draft keeps."""
    return {"1": _("Sudah"), "0": _("Belum")}


def sheet(reports: Sequence[OpenReport]) -> bytes:
    """Return the workbook: keys and versions locked, lists where one of a few words fits.

    Raises Unavailable.
    """
    layout = SheetColumns(max((len(one.indicators) for one in reports), default=1) or 1)
    columns = layout.columns
    place = {name: index for index, name in enumerate(columns)}
    kinds = {kind.value: str(label) for kind, label in kind_labels().items()}
    lists: dict[str, dict[str, list[str]]] = {}
    rows = []
    for number, report in enumerate(reports, start=1):
        cells = dict.fromkeys(columns, "")
        cells |= {
            "key": report.key,
            "version": str(report.version),
            "indicators": ";".join(str(one.id) for one in report.indicators),
            "title": report.title,
            "period": report.period,
            "due": formatting.plain_date(report.due_on),
            "question": report.question,
            "kind": kinds.get(report.draft.get("kind", ""), ""),
            "contribution": report.draft.get("contribution", ""),
            **{name: report.draft.get(name, "") for name in TYPED},
        }
        lists.setdefault(str(place["kind"]), {})[str(number)] = list(kinds.values())
        lists.setdefault(str(place["send"]), {})[str(number)] = [_("ya"), _("tidak")]
        for n, indicator in enumerate(report.indicators, start=1):
            target = report.targets.get(indicator.id)
            wanted = f". {target.label}: {target.text()}" if target else ""
            cells[f"indicator{n}"] = f"{indicator.name} ({indicator.unit}){wanted}"
            value = report.draft.get(f"value-{indicator.id}", "")
            if indicator.kind in CHOICES:
                value = choice_labels().get(value, value)
                lists.setdefault(str(place[f"value{n}"]), {})[str(number)] = list(
                    choice_labels().values()
                )
            cells[f"value{n}"] = value
        rows.append([cells[name] for name in columns])
    fillable = [
        index
        for name, index in place.items()
        if name in ("kind", "contribution", "send", *TYPED) or name.startswith("value")
    ]
    payload = {
        "name": SHEET,
        "head": heads(layout),
        "rows": rows,
        "open": fillable,
        "lists": lists,
        "hidden": [place[name] for name in OWN_HIDDEN],
        "widths": [WIDTHS.get(name, 18) for name in columns],
        "guide": {"name": GUIDE, "lines": _guide(any(one.is_sample for one in reports))},
    }
    try:
        return child.run("coordinator.reporting.sheet.writer", json.dumps(payload).encode())
    except child.ChildFailed as error:
        raise Unavailable(_("Lembar belum dapat dibuat. Coba lagi beberapa saat lagi.")) from error


def _guide(has_samples: bool) -> list[str]:
    return [
        *([_("DATA CONTOH. Bukan data sebenarnya.")] if has_samples else []),
        _("Isi kolom yang putih pada lembar “Laporan”. Kolom abu-abu terkunci."),
        _("Jenis laporan dan kolom Kirim dipilih dari daftar."),
        _("Kirim “ya” berarti laporan dikirim ke Sekretariat; selain itu menjadi draf."),
        _("Baris yang tidak diubah tidak diapa-apakan."),
        _("Jangan tulis nama, NIK, nomor telepon, atau alamat korban dan saksi."),
        _("Berkas bukti dilampirkan lewat halaman laporan masing-masing."),
    ]
