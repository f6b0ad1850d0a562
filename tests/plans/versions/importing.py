"""A plan's file on its way through the pages of an import."""

import io
import re
from typing import Any

import flask
import openpyxl

from coordinator.scheduler import run_queued_tasks
from tests.conftest import Browser

KEY = "ran-tppo-2025-2029"


def matrix() -> bytes:
    """A ministry's matrix: a title, a header over two rows, a name nobody has."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["MATRIKS RENCANA AKSI PP TPPO 2025-2029"],
        [],
        [
            "No",
            "Strategi",
            "Rencana Aksi",
            "Indikator",
            "Satuan",
            "Target",
            None,
            "Penanggung Jawab",
        ],
        [None, None, None, None, None, 2026, 2027, None],
        [
            "1.1",
            "1. Pencegahan",
            "Pengawasan magang",
            "Kegiatan",
            "kegiatan",
            "12 kali",
            "-",
            "Dispora",
        ],
        ["1.2", None, "Desa bebas TPPO", "Desa", "desa", 5, 8, "Badan Antah"],
    ):
        sheet.append(row)
    sheet.merge_cells("F3:G3")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(
    app: flask.Flask, office: Browser, data: bytes, *, plan: str = KEY, name: str = "rencana.yaml"
) -> str:
    """Send a file and let it be read; return the address of its import."""
    answer = office.post("/rencana/impor", {"file": (io.BytesIO(data), name), "plan": plan})
    assert "sedang dibaca" in office.get(answer.location).text
    read_waiting(app)
    return str(answer.location)


def read_waiting(app: flask.Flask) -> None:
    """Read the one file that waits, as the scheduler does."""
    with app.app_context():
        assert run_queued_tasks() == "1 pekerjaan"


def apply_import(office: Browser, path: str, *, status: int = 303, **fields: Any) -> Any:
    """Apply what an import's page shows now; return the answer."""
    page = office.get(path).text
    number = re.search(r'name="round"[^>]*value="(\d+)"', page)
    seen = re.search(r'name="seen"[^>]*value="(\w*)"', page)
    wanted = {
        "seen": seen[1] if seen else "",
        "round": number[1] if number else "",
        "reason": "Surat 12",
        "missing": "keep",
    }
    return office.post(
        f"{path}/terapkan", {**wanted, "notify": "y", **fields}, page=path, status=status
    )


def choices_of(page: str) -> dict[str, str]:
    """Return what the form of a page holds: the plan's facts, and the choice of each list."""
    found = dict(
        re.findall(
            r'<input[^>]*name="(title|first_year|last_year|round)"[^>]*value="([^"]*)"', page
        )
    )
    kind = re.search(r'checked[^>]*name="kind"[^>]*value="(\w+)"', page)
    found["kind"] = kind[1] if kind else "ran"
    standing = re.search(r'checked[^>]*name="standing"[^>]*value="(\w+)"', page)
    found["standing"] = standing[1] if standing else "sample"
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    return found
