"""Photos: redrawn upright and small, without EXIF, GPS, comments or data after the picture.

Only the pixels of the file are kept, so anything else it may also be (a web page, an archive) is
gone. What a picture shows cannot be read here: it waits for a person.
"""

import io
import struct

import pillow_heif
from PIL import Image, ImageOps

from coordinator.platform.files.intake.answer import BadUpload, CleanFile, pack, pack_refusal
from coordinator.platform.files.rules import JPEG, PNG, Reading, Refusal, Removed

LONGEST_SIDE = 2000
LARGEST = 1_500_000  # bytes of a photo
# Fits in the child's 200 MB, in addition to two copies. A JPEG is decoded at an eighth if needed,
# so that the camera of a new phone (200 million pixels) is no problem.
MOST_PIXELS = {"JPEG": 250_000_000, "PNG": 20_000_000, "HEIF": 20_000_000}
QUALITIES = (85, 75, 65, 50)
GPS = 0x8825
PEOPLE = (0x013B, 0x8298, 0x9C9D, 0xA430, 0x010F, 0x0110)  # artist, copyright, owner, camera


def main(payload: bytes) -> bytes:
    """Answer for one photo."""
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # the limits are our own, by format
    try:
        return pack(_redrawn(payload))
    except BadUpload as refused:
        return pack_refusal(refused)
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError, KeyError):
        return pack_refusal(BadUpload(Refusal.DAMAGED))


def _redrawn(payload: bytes) -> CleanFile:
    with Image.open(io.BytesIO(payload), formats=("JPEG", "PNG", "HEIF")) as image:
        kind = image.format or ""
        if kind == "MPO":  # two pictures in one JPEG: the first is the photo
            kind = "JPEG"
        if image.width * image.height > MOST_PIXELS[kind]:
            raise BadUpload(Refusal.TOO_COMPLEX)
        removed = _what_it_told(image)
        was_large = max(image.size) > LONGEST_SIDE
        if kind == "JPEG":
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        orientation = image.getexif().get(0x0112, 1)
        small: Image.Image = image
        factor = max(image.size) // LONGEST_SIDE
        if factor > 1 and image.mode in ("RGB", "RGBA", "L"):
            small = image.reduce(factor)
        mode = "RGBA" if kind == "PNG" and "A" in small.getbands() else "RGB"
        small = small.convert(mode)
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        if orientation != 1 and kind != "HEIF":
            small = _upright(small, orientation)
        clean = Image.new(mode, small.size)
        clean.paste(small)
    data, media_type = _written(clean, is_png=kind == "PNG")
    if was_large:
        removed |= {Removed.SIZE}
    return CleanFile(media_type, data, Reading.NONE, frozenset(removed))


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.getexif().update(exif)
    return ImageOps.exif_transpose(image)


def _what_it_told(image: Image.Image) -> set[Removed]:
    exif = image.getexif()
    removed = set()
    if exif.get_ifd(GPS):
        removed.add(Removed.PLACE)
    if any(tag in exif for tag in PEOPLE):
        removed.add(Removed.AUTHOR)
    told = {"exif", "xmp", "comment", "photoshop", "XML:com.adobe.xmp", "Author", "Description"}
    if exif or told & set(image.info):
        removed.add(Removed.METADATA)
    return removed


def _written(image: Image.Image, *, is_png: bool) -> tuple[bytes, str]:
    if is_png:
        data = _bytes(image, "PNG")
        if len(data) <= LARGEST or image.mode == "RGBA":
            return data, PNG
    data = b""
    for quality in QUALITIES:
        data = _bytes(image, "JPEG", quality=quality)
        if len(data) <= LARGEST:
            break
    return data, JPEG


def _bytes(image: Image.Image, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
