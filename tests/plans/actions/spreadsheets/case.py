"""What a case is, and the names that its file may mention. All of it is DATA CONTOH."""

from collections.abc import Callable
from dataclasses import dataclass

from coordinator.plans.actions.rules import PlanKind, PlanStatus
from coordinator.plans.actions.seed import PlanFile, PlanPart
from coordinator.plans.reading.shapes import Choices, KnownNames

PLAN = PlanPart(
    id="rad-uji",
    kind=PlanKind.RAD,
    title="RAD uji (DATA CONTOH)",
    status=PlanStatus.DRAFT,
    sample=True,
    first_year=2025,
    last_year=2029,
)
KNOWN = KnownNames(
    agencies={
        "dinsos": ["Dinas Sosial", "Dinsos"],
        "dinkes": ["Dinas Kesehatan", "Dinkes"],
        "dispora": ["Dinas Pemuda dan Olahraga", "Dispora"],
        "kesbangpol": ["Badan Kesatuan Bangsa dan Politik", "Kesbangpol"],
        "dkp3a": ["Dinas Kependudukan, Pemberdayaan Perempuan dan Perlindungan Anak", "DKP3A"],
        "dpmpd": ["Dinas Pemberdayaan Masyarakat dan Pemerintahan Desa", "DPMPD"],
        "polda": ["Kepolisian Daerah", "Polda"],
        "pengadilan-tinggi": ["Pengadilan Tinggi", "PT"],
    },
    working_groups={
        "pencegahan": ["Pencegahan", "Sub Gugus Tugas Pencegahan", "I"],
        "rehabilitasi-kesehatan": ["Rehabilitasi Kesehatan", "II"],
        "rehabilitasi-sosial": ["Rehabilitasi Sosial", "III"],
    },
    duties=["dispora-mengawasi"],
    courts=["pengadilan-tinggi"],
)
DECIDED = Choices(
    plan=PLAN,
    working_groups={"1": "pencegahan", "2": "rehabilitasi-kesehatan", "3": "rehabilitasi-sosial"},
)

Place = tuple[int | None, str | None, str]  # row and column as on screen, and words of the sentence
HEAD = ("No", "Strategi", "Rencana Aksi", "Indikator", "Satuan", "Target 2025", "Target 2026")
HEADER = (*HEAD, "Penanggung Jawab", "Instansi Terkait")


@dataclass(frozen=True)
class Case:
    """A file and what reading it finds: everything that is found, not only this."""

    name: str
    file: str
    make: Callable[[], bytes]
    refused: str = ""
    errors: tuple[Place, ...] = ()
    warnings: tuple[Place, ...] = ()
    agencies: tuple[str, ...] = ()  # names that are asked about
    groups: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()  # kinds of doubt that wait for an answer
    notes: tuple[str, ...] = ()  # words of what is said of the file as a whole
    unsure: str = ""  # columns that are asked about
    gives: object = None  # what `holds` finds in the plan
    holds: Callable[[PlanFile], object] | None = None
    choices: Choices = DECIDED
    known: KnownNames = KNOWN
    in_child: bool = False  # it would hurt the process that reads it


def row(
    code: object,
    strategy: str | None,
    action: str | None,
    indicator: str | None,
    *more: object,
) -> list[object]:
    """Return a row of HEADER: unit, two targets, lead and support, usual ones where not given."""
    usual: list[object] = ["kali", 12, 14, "Dinsos", None]
    return [code, strategy, action, indicator, *more, *usual[len(more) :]]


ROWS: list[list[object]] = [
    row("1.1", "Strategi 1: Pencegahan di desa", "Sosialisasi di desa", "Jumlah sosialisasi"),
    row("1.2", None, "Pelatihan kader", "Jumlah kader", "orang", 20, 30, "Dinas Kesehatan"),
    row("2.1", "Strategi 2: Layanan kesehatan", "Layanan medis", "Korban dilayani", "orang"),
]


def targets(plan: PlanFile) -> list[tuple[str, str, dict[int, float]]]:
    """Return code, unit and targets of each indicator."""
    return [
        (action.code, part.unit, {year: float(value) for year, value in part.targets.items()})
        for action in plan.actions
        for part in action.indicators
    ]


def titles(plan: PlanFile) -> list[tuple[int, str, str, int]]:
    """Return strategy, code, title and number of indicators of each action."""
    return [(a.strategy, a.code, a.title, len(a.indicators)) for a in plan.actions]


def parties(plan: PlanFile) -> list[tuple[str | None, list[str]]]:
    """Return lead and supporters of each action."""
    return [(action.lead, list(action.support)) for action in plan.actions]


def groups(plan: PlanFile) -> list[str]:
    """Return the pokja of each action."""
    return [action.working_group for action in plan.actions]


THREE = [
    (1, "1.1", "Sosialisasi di desa", 1),
    (1, "1.2", "Pelatihan kader", 1),
    (2, "2.1", "Layanan medis", 1),
]
