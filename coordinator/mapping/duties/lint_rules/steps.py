"""Check the steps of the chain and the limits: whole, and of no other law than what is cited."""

from collections.abc import Iterator

from coordinator.mapping.duties.limits import LARGEST_LIMIT, is_founded
from coordinator.mapping.duties.seed import DutyPart, LimitPart, Mapping
from coordinator.people.directory.rules import AgencyKind
from coordinator.platform.yaml_files import Source, YamlFinding
from coordinator.platform.yaml_files.findings import Location

NO_HOLDING = (
    "Langkah (step) harus menyebut kedudukan instansinya: tulis step_as lead "
    "(penanggung jawab) atau support (pendukung)."
)
NO_STEP = "step_as hanya untuk uraian tugas yang punya langkah (step)."
OF_A_COURT = (
    "Pengadilan hanya berbagi data dan tidak memegang langkah; langkah ini tidak ditampilkan."
)
NO_SIZE = f"Batas waktu harus bilangan bulat dari 1 sampai {LARGEST_LIMIT}."
NO_LAW = (
    "Batas waktu harus menyebut pasalnya (instrument dan article), atau sumbernya (source) "
    "bila hanya model."
)
TWO_SOURCES = "Batas waktu menyebut pasal atau sumber, tidak keduanya."
NOT_CITED = (
    "Pasal batas waktu ini tidak ada di citations uraian tugasnya. Kutip pasal itu di sana, "
    "atau hapus batas waktunya."
)


def findings(mapping: Mapping, source: Source) -> Iterator[YamlFinding]:
    """Yield steps without a holding, steps of courts, and limits that rest on nothing."""
    courts = {part.id for part in mapping.agencies if part.kind is AgencyKind.PENGADILAN}
    for index, duty in enumerate(mapping.duties):
        here: Location = ("duties", index)
        if duty.step is not None and duty.step_as is None:
            yield source.finding((*here, "step"), NO_HOLDING)
        if duty.step is None and duty.step_as is not None:
            yield source.finding((*here, "step_as"), NO_STEP)
        if duty.step is not None and duty.agency in courts:
            yield source.finding((*here, "step"), OF_A_COURT, severity="warning")
        if duty.limit is not None:
            yield from _limit(duty, duty.limit, (*here, "limit"), source)


def _limit(
    duty: DutyPart, limit: LimitPart, here: Location, source: Source
) -> Iterator[YamlFinding]:
    if not 1 <= limit.value <= LARGEST_LIMIT:
        yield source.finding((*here, "value"), NO_SIZE)
    names_law = limit.instrument is not None or limit.article is not None
    if limit.source is not None:
        if names_law:
            yield source.finding((*here, "source"), TWO_SOURCES)
    elif limit.instrument is None or limit.article is None:
        yield source.finding(here, NO_LAW)
    elif not is_founded(duty):
        yield source.finding((*here, "article"), NOT_CITED)
