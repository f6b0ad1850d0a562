"""Typesets a PDF. Runs in a child process alone: typst takes 80 MB on disk and 60 in memory.

Only the fonts that typst carries are used, so that a page breaks at the same word everywhere.
"""

import json
from pathlib import Path

import typst

from coordinator.platform.documents.qr import qr_svg

PACKAGE = Path(__file__).resolve().parents[2]


def main(payload: bytes) -> bytes:
    """Return the tagged PDF of {"template", "data", "at" (epoch seconds), "qr" (addresses)}."""
    order = json.loads(payload)
    data = dict(order["data"], qr_codes={address: qr_svg(address) for address in order["qr"]})
    return typst.compile(
        str(PACKAGE / order["template"]),
        root=str(PACKAGE),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        timestamp=order["at"],
    )
