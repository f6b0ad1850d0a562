"""Pictures on paper: the typesetter takes text alone, so a PNG travels inside an SVG."""

import base64


def emblem_svg(png: bytes | None) -> str | None:
    """Return an SVG that shows a PNG whole, or None where there is none."""
    if png is None:
        return None
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    encoded = base64.b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
        f'xlink:href="data:image/png;base64,{encoded}"/></svg>'
    )
