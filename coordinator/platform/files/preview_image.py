"""A picture, made smaller. Runs in a child process (`coordinator.child`): the bytes are foreign."""

import io

from PIL import Image, ImageOps

LONGEST_SIDE = 960  # pixels: legible next to the form, far from print quality
MOST_PIXELS = 60_000_000


def main(payload: bytes) -> bytes:
    """Return a small JPEG of a picture, without any of its metadata."""
    with Image.open(io.BytesIO(payload)) as image:
        if image.width * image.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        flat = Image.new("RGB", upright.size, "white")
        mask = upright.getchannel("A") if "A" in upright.getbands() else None
        flat.paste(upright.convert("RGB"), mask=mask)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=80)
    return out.getvalue()
