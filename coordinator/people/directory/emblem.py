"""Convert an uploaded emblem to a small new PNG: no metadata, no bytes of the original file."""

import io

from PIL import Image
from werkzeug.datastructures import FileStorage

from coordinator.errors import InvalidInput
from coordinator.translation import gettext as _

LARGEST_UPLOAD = 5_000_000  # bytes
LARGEST_EMBLEM = 200_000  # bytes
MOST_PIXELS = 30_000_000
# 19 x 22 mm at 600 dots an inch; smaller where the PNG would be too heavy.
SIDES = (520, 360, 240)


def receive_emblem(upload: FileStorage) -> bytes:
    """Return the emblem as PNG of at most 200 KB. Raises InvalidInput (field `emblem`)."""
    data = upload.stream.read(LARGEST_UPLOAD + 1)
    if len(data) > LARGEST_UPLOAD:
        raise InvalidInput({"emblem": _("Gambar lebih dari 5 MB. Kecilkan atau pilih yang lain.")})
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            image.load()
            clean = Image.new("RGBA", image.size)
            clean.paste(image.convert("RGBA"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidInput({"emblem": _("Lambang harus gambar PNG atau JPG.")}) from error
    for side in SIDES:
        clean.thumbnail((side, side))
        out = io.BytesIO()
        clean.save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST_EMBLEM:
            return out.getvalue()
    raise InvalidInput(
        {"emblem": _("Gambar ini terlalu rumit. Pakai gambar yang lebih sederhana.")}
    )
