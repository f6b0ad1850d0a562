"""The template's sheet that says what plan the file is."""

import re

from coordinator.checked import Unfit
from coordinator.plans.actions.seed import PlanPart
from coordinator.plans.reading.columns import PLAN_KIND_WORDS, STATUS_WORDS, folded
from coordinator.plans.reading.faults import Faults
from coordinator.plans.reading.guesses import word_key
from coordinator.plans.reading.raw import text_of
from coordinator.platform.spreadsheets.cells import Grid

SHEET = "Rencana"
STRATEGIES = "Strategi"
ACTIONS = "Aksi"

LABELS: dict[str, str] = {
    "id": "ID rencana",
    "kind": "Jenis rencana",
    "title": "Judul",
    "status": "Status",
    "sample": "Data contoh",
    "first_year": "Tahun pertama",
    "last_year": "Tahun terakhir",
    "basis": "Dasar hukum",
    "source": "Sumber",
    "note": "Catatan",
    "task_force": "Kode gugus tugas",
    "national": "ID rencana nasional",
}
NEEDED = ("id", "kind", "title", "status", "first_year", "last_year")
MESSAGES = {
    "id": "Tulis dengan huruf kecil, angka, dan tanda hubung, misalnya rad-tppo-2025-2029.",
    "kind": "Isi dengan RAN atau RAD.",
    "status": "Isi dengan rancangan atau ditetapkan.",
    "sample": "Isi dengan ya atau tidak.",
    "first_year": "Isi dengan tahun, misalnya 2025.",
    "last_year": "Isi dengan tahun, misalnya 2029.",
    "task_force": "Isi dengan kode Kemendagri, misalnya 64 atau 64.72.",
    "national": "Tulis ID rencana nasional dengan huruf kecil, angka, dan tanda hubung.",
}
MISSING = "Bagian ini wajib diisi."
TOO_LONG = "Terlalu panjang, paling panjang 2.000 karakter."


def read(grid: Grid, faults: Faults) -> PlanPart | None:
    """Return the plan that the sheet names, or None where something of it is wrong."""
    names = {folded(label): name for name, label in LABELS.items()}
    places: dict[str, int] = {}
    texts: dict[str, str] = {}
    is_clean = True
    for row, cells in grid.rows.items():
        name = names.get(folded(text_of(cells.get(0)).rstrip("* ")))
        if name is None or name in places:
            continue
        places[name] = row
        text = text_of(cells.get(1), exact=True)
        if text:
            texts[name] = text
            is_clean = faults.screen(text, row, 1) and is_clean
    for name in NEEDED:
        if name not in texts:
            faults.error(f"{LABELS[name]}: {MISSING}", places.get(name), 1)
            is_clean = False
    values: dict[str, object] = dict(texts)
    sample = {"ya": True, "tidak": False, "": False}.get(texts.get("sample", "").casefold())
    known = {
        "kind": word_key(texts.get("kind", ""), PLAN_KIND_WORDS),
        "status": word_key(texts.get("status", ""), STATUS_WORDS),
        "sample": sample,
    }
    values |= {name: key for name, key in known.items() if key is not None}
    if re.fullmatch(r"\d{4}", texts.get("task_force", "")):
        # 64.72 typed as a number in a sheet set to thousands.
        values["task_force"] = f"{texts['task_force'][:2]}.{texts['task_force'][2:]}"
    try:
        plan = PlanPart.checked(values) if is_clean else None
    except Unfit as error:
        for fault in error.faults:
            name = str(fault["loc"][0]) if fault["loc"] else ""
            message = (
                TOO_LONG if fault["type"] == "string_too_long" else MESSAGES.get(name, MISSING)
            )
            faults.error(message, places.get(name), 1, texts.get(name, ""))
        return None
    if plan is not None and plan.first_year > plan.last_year:
        faults.error("Tahun terakhir mendahului tahun pertama.", places.get("last_year"), 1)
        return None
    return plan
