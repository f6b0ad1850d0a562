"""The one way to read a plan's file: in a child process, with limits of time and memory."""

import json

from coordinator import child
from coordinator.plans.reading.shapes import Choices, KnownNames, PlanReading

WORKER = "coordinator.plans.reading.worker"
LARGEST = 10 * 1024 * 1024

REFUSALS = {
    child.Failure.TIME: (
        "Berkas terlalu rumit untuk dibaca dalam 10 detik. Simpan hanya lembar rencananya sebagai "
        "berkas baru, lalu unggah lagi."
    ),
    child.Failure.MEMORY: (
        "Berkas memerlukan terlalu banyak memori. Simpan hanya lembar rencananya sebagai berkas "
        "baru, lalu unggah lagi."
    ),
    child.Failure.CRASH: (
        "Berkas tidak dapat dibaca: rusak, atau terlalu besar. Buka di Excel atau LibreOffice, "
        "simpan lembar rencananya sebagai berkas baru, lalu unggah lagi."
    ),
}
TOO_LARGE = "Berkas terlalu besar, paling besar 10 MB."
NOTHING_CHOSEN = Choices()


def read(
    data: bytes, name: str, *, known: KnownNames, choices: Choices = NOTHING_CHOSEN
) -> PlanReading:
    """Return what a file says: our template, somebody's matrix, CSV or YAML, told by its content.

    Never raises for a bad file: `Reading.refused` is the sentence, `Reading.problems` lists the
    problems of single rows. `name` is the file's own name and only shown.
    """
    if len(data) > LARGEST:
        return PlanReading(refused=TOO_LARGE)
    order = {
        "name": name,
        "known": known.to_plain(),
        "choices": choices.to_plain(),
    }
    payload = json.dumps(order).encode() + b"\n" + data
    try:
        answer = child.run(WORKER, payload)
    except child.ChildFailed as failed:
        return PlanReading(refused=REFUSALS[failed.why])
    return PlanReading.from_json(answer)
