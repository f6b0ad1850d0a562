"""Reads many files in one child: starting one for each would cost more than the reading."""

import importlib
import json
from base64 import b64decode, b64encode

from coordinator.platform.files.intake.answer import BadUpload, pack_refusal
from coordinator.platform.files.rules import Refusal, kind_of


def main(payload: bytes) -> bytes:
    """Answer for a JSON list of files in base64 with a list of the readers' answers."""
    answers = []
    for text in json.loads(payload):
        data = b64decode(text)
        kind = kind_of(data)
        if isinstance(kind, Refusal):
            answer = pack_refusal(BadUpload(kind))
        else:
            reader = importlib.import_module(f"coordinator.platform.files.intake.{kind.value}")
            answer = reader.main(data)
        answers.append(b64encode(answer).decode())
    return json.dumps(answers).encode()
