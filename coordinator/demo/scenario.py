"""The invented content of the demo. Every person, figure and file here is invented: DATA CONTOH."""

from dataclasses import dataclass
from decimal import Decimal

from coordinator.permissions import AccessKind

# Reserved by RFC 2606: an address here can never reach anybody.
DOMAIN = "contoh.test"
PASSWORD = "contoh-koordinator-tppo"  # noqa: S105 known on purpose, refused outside loopback
TASK_FORCE = "64"
BACKUP = "data-contoh.tar"  # in DATA_DIR


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@dataclass(frozen=True, slots=True)
class Person:
    """A demo account; `agency` is the agency acted for, `home` where the person works."""

    local_part: str
    name: str
    kind: AccessKind
    agency: str = ""
    home: str = ""
    is_alternate: bool = False

    @property
    def email(self) -> str:
        """The account's address."""
        return f"{self.local_part}@{DOMAIN}"


# Dispar and BPKAD are left without a focal point, so that the secretariat's page shows it.
FOCAL_POINTS = (
    "dispora",
    "satpol-pp",
    "dkp3a",
    "disdikbud",
    "dpmpd",
    "disnakertrans",
    "diskominfo",
    "dishub",
    "dkp",
    "dinkes",
    "dinsos",
    "uptd-ppa",
    "biro-hukum",
    "kanwil-kemenkum",
    "polda",
    "kejati",
    "lpsk",
    "bappeda",
    "biro-kesra",
    "bp3mi",
    "kantor-imigrasi",
    "kesbangpol",
    "rsud-aws",
    "rskd",
    "dpmptsp",
    "ksop",
    "kanwil-imigrasi",
    "kanwil-ham",
    "kodam",
    "lanal-balikpapan",
    "lsm-pendamping",
    "ormas",
    "perguruan-tinggi",
)

UNSEEN = "narahubung.lsm-pendamping"

PEOPLE = (
    Person("sekretariat", "Sekretariat (contoh)", AccessKind.SECRETARIAT, home="biro-kesra"),
    Person("sekretariat2", "Sekretariat DKP3A (contoh)", AccessKind.SECRETARIAT, home="dkp3a"),
    Person("pimpinan", "Biro Kesra (contoh)", AccessKind.LEADERSHIP, home="biro-kesra"),
    Person("inspektorat", "Inspektorat (contoh)", AccessKind.AUDITOR, home="inspektorat"),
    Person("admin", "Administrator (contoh)", AccessKind.ADMINISTRATOR),
    Person("kepala.dispora", "Kepala Dispora (contoh)", AccessKind.AGENCY_HEAD, "dispora"),
    Person("kepala.satpol-pp", "Kepala Satpol PP (contoh)", AccessKind.AGENCY_HEAD, "satpol-pp"),
    Person("kepala.dinsos", "Kepala Dinsos (contoh)", AccessKind.AGENCY_HEAD, "dinsos"),
    *(
        Person(f"narahubung.{slug}", f"Narahubung {slug} (contoh)", AccessKind.FOCAL_POINT, slug)
        for slug in FOCAL_POINTS
    ),
    Person(
        "pengganti.dispora",
        "Narahubung pengganti Dispora (contoh)",
        AccessKind.FOCAL_POINT,
        "dispora",
        is_alternate=True,
    ),
)

# The plan's actions that are assigned, by code, with supporters beyond the plan's suggestion.
ASSIGNED: dict[str, tuple[str, ...]] = {
    "1.1": (),
    "1.2": (),
    "1.3": ("dispora",),
    "1.5": (),
    "1.7": (),
    "1.8": ("dispora",),
    "1.9": (),
    "1.10": (),
    "1.11": (),
    "1.15": (),
    "1.16": (),
    "2.1": (),
    "2.2": (),
    "2.3": (),
    "3.1": (),
    "3.2": (),
    "3.3": (),
    "3.4": (),
    "4.1": (),
    "4.3": (),
    "5.1": (),
    "5.3": (),
    "6.1": (),
    "6.2": (),
    "6.3": (),
}

# What becomes of an obligation: the word, taken in turn over a period's obligations.
OUTCOMES_FIRST = _words(
    """
    verified verified verified verified nil verified partial verified verified blocked
    verified verified verified silent verified
    """
)
OUTCOMES_SECOND = _words(
    """
    verified submitted verified silent returned verified nil partial submitted verified
    blocked verified waiting silent submitted verified
    """
)
# The lead's report carries the achievement: more of them are there, a few of each other kind.
OUTCOMES_SECOND_LEADS = _words(
    """
    verified verified submitted verified partial verified verified verified nil verified
    verified returned verified blocked verified waiting
    """
)
OUTCOMES_OPEN = _words("none draft none none submitted none draft none none none")
# The past period and the open one of a kabupaten/kota.
OUTCOMES_BELOW = (
    _words("verified verified partial nil verified silent submitted verified"),
    _words("submitted none draft verified none"),
)

# By (action code, agency) and period (1, 2, 3): the Dispora of the first look, and some gaps.
FIXED: dict[tuple[str, str, int], str] = {
    ("1.1", "dispora", 1): "partial",
    ("1.1", "dispora", 2): "silent",
    ("1.1", "dispora", 3): "none",
    ("1.3", "dispora", 1): "verified",
    ("1.3", "dispora", 2): "submitted",
    ("1.3", "dispora", 3): "draft",
    ("1.8", "dispora", 2): "verified",
    ("1.8", "dispora", 3): "none",
    ("1.8", "diskominfo", 2): "silent",
    ("1.9", "dispar", 2): "silent",
    ("6.3", "bpkad", 2): "silent",
    ("1.2", "satpol-pp", 2): "returned",
    ("3.1", "dinsos", 2): "partial",
    # Blocked, with what is asked of the leadership.
    ("1.16", "kesbangpol", 1): "blocked",
    ("1.16", "polda", 1): "verified",
    ("1.7", "disnakertrans", 2): "blocked",
    ("1.11", "dkp", 2): "blocked",
    ("1.3", "bp3mi", 1): "late",
    ("5.3", "lpsk", 1): "late",
    # Whose reminders do not arrive: they have one to send on any day.
    ("6.3", "bappeda", 3): "none",
    ("1.10", "ksop", 3): "none",
}

# Cards anybody may read from the start; the others wait for the secretariat.
PUBLISHED_CARDS = ("dispora", "satpol-pp", "dkp3a", "dinsos", "polda", "kejati")

# The first head whom a visitor tries still has the agency's duties to answer.
HEADS_TO_ANSWER = frozenset({"dispora"})


@dataclass(frozen=True, slots=True)
class Objection:
    """A duty that an agency does not simply accept; `suggested` is whose it may be instead."""

    agency: str
    duty: str
    reason: str
    days_ago: int
    suggested: str = ""

    @property
    def is_refusal(self) -> bool:
        """True where the agency says that the duty is not its own."""
        return bool(self.suggested)


OBJECTIONS = (
    Objection(
        "satpol-pp",
        "satpol-pp-mengedukasi-masyarakat",
        "Apakah penjelasan kepada pengelola hotel dan hiburan termasuk, atau itu tugas Dispar?",
        days_ago=9,
    ),
    Objection(
        "disnakertrans",
        "disnakertrans-mencegah-pekerja-rumah-tangga",
        "Pekerja rumah tangga di luar hubungan kerja yang kami awasi. Pembinaannya di desa ada "
        "pada DPMPD.",
        days_ago=3,
        suggested="dpmpd",
    ),
)

# What the servers said of two of the day's reminders: the first address does not exist, the second
# mail was refused and can be sent again.
GONE = "narahubung.bappeda"
GONE_ANSWER = "550 5.1.1 User unknown (DATA CONTOH)"
REFUSED = "narahubung.ksop"
REFUSED_ANSWER = "550 5.7.1 Message refused by policy (DATA CONTOH)"


@dataclass(frozen=True, slots=True)
class ForceBelow:
    """A kabupaten/kota that began: who reports there, and which part of the duties is answered."""

    code: str
    word: str  # in the addresses of its people
    focal_points: tuple[str, ...]
    answers: int  # every so many duties is left unanswered; 0: all of them are

    @property
    def office(self) -> str:
        """The name of its secretariat's account."""
        return f"sekretariat.{self.word}"

    @property
    def focal_point(self) -> str:
        """The name of a focal point's account, with a place for the agency."""
        return f"narahubung.{{}}.{self.word}"

    def people(self, region: str) -> tuple[Person, ...]:
        """Return its people: a secretariat and the focal points."""
        return (
            Person(self.office, f"Sekretariat {region} (contoh)", AccessKind.SECRETARIAT),
            *(
                Person(
                    self.focal_point.format(slug),
                    f"Narahubung {slug} {region} (contoh)",
                    AccessKind.FOCAL_POINT,
                    slug,
                )
                for slug in self.focal_points
            ),
        )


BELOW = (
    ForceBelow("64.02", "kukar", ("dkp3a", "dinsos", "satpol-pp", "disdikbud", "dpmpd"), 7),
    ForceBelow("64.03", "berau", ("dkp3a", "dinsos", "satpol-pp"), 2),
    ForceBelow("64.08", "kutim", ("dkp3a", "disdikbud"), 0),
)
AGENCIES_BELOW = frozenset(
    _words("dkp3a dinsos satpol-pp disdikbud dpmpd disnakertrans dinkes kesbangpol")
)
# Led by the first, supported by the others; only what a focal point there can report.
ASSIGNED_BELOW: dict[str, tuple[str, ...]] = {
    "1.2": ("satpol-pp", "kesbangpol"),
    "1.3": ("disdikbud", "dkp3a"),
    "1.5": ("dpmpd", "dkp3a"),
    "3.1": ("dinsos", "dkp3a"),
    "6.1": ("dkp3a",),
}
SHARE_BELOW = Decimal("0.3")  # of the province's yearly target
