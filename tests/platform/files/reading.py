"""What becomes of many files at once."""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence

from coordinator import child
from coordinator.platform.files.intake.answer import BadUpload, CleanFile, unpack


def read_all(files: Sequence[bytes]) -> list[CleanFile | BadUpload]:
    """Return the answer, or the refusal, of the product's readers for each file."""
    payload = json.dumps([b64encode(data).decode() for data in files]).encode()
    raw = child.run("tests.children.many_files", payload, seconds=120, megabytes=400)
    return [_one(b64decode(text)) for text in json.loads(raw)]


def read_one(data: bytes) -> CleanFile | BadUpload:
    """The same for one."""
    return read_all([data])[0]


def _one(raw: bytes) -> CleanFile | BadUpload:
    try:
        return unpack(raw)
    except BadUpload as refused:
        return refused
