"""QR codes. segno is pure Python, takes a megabyte and 20 ms a code: no child process is needed."""

import functools
import io
import re

import segno

PATH = re.compile(r' d="([^"]+)"')


def qr_svg(address: str) -> str:
    """Return the QR code of an address as an SVG document."""
    return _drawn(_code(address))


@functools.lru_cache(maxsize=512)
def qr_code(address: str) -> tuple[int, str]:
    """Return (modules a side, SVG path) of the QR code of `address`.

    The process keeps it: the address holds BASE_URL, which is a setting and never stored.
    """
    code = _code(address)
    found = PATH.search(_drawn(code))
    if found is None:
        raise RuntimeError("no path in the code")
    return int(code.symbol_size(border=0)[0]), found[1]


def _code(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False)


def _drawn(code: segno.QRCode) -> str:
    out = io.BytesIO()
    code.save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()
