"""The invented content of the demo. Every person, figure and file here is invented: DATA CONTOH."""

from dataclasses import dataclass

from coordinator.permissions import AccessKind

# Reserved by RFC 2606: an address here can never reach anybody.
DOMAIN = "contoh.test"
PASSWORD = "contoh-koordinator-tppo"  # noqa: S105 known on purpose, refused outside loopback
TASK_FORCE = "64"


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
}

NOTES = (
    "DATA CONTOH. Kegiatan berjalan sesuai rencana.",
    "DATA CONTOH. Satu lembaga diminta melengkapi izin.",
    "DATA CONTOH. Dilaksanakan bersama anggota pokja lain.",
    "DATA CONTOH. Peserta dari tiga kecamatan.",
)
# Cards anybody may read from the start; the others wait for the secretariat.
PUBLISHED_CARDS = ("dispora", "satpol-pp", "dkp3a", "dinsos", "polda", "kejati")
PLACES = ("Samarinda", "Balikpapan", "Bontang", "Tenggarong", "Sangatta")

# (which decision is needed, by whom): what the first blocked reports carry.
DECISIONS_ASKED = (
    (
        "DATA CONTOH. Siapa yang menyediakan data kegiatan antarinstansi, dan mulai kapan?",
        "Ketua harian gugus tugas",
    ),
    ("DATA CONTOH. Pembagian biaya kegiatan bersama belum disepakati.", "Sekretaris Daerah"),
    ("DATA CONTOH. Pintu masuk mana yang didahulukan tahun ini?", "Ketua harian gugus tugas"),
)
QUESTION = "DATA CONTOH. @narahubung Apakah kegiatan ini sama dengan yang dilaporkan bulan lalu?"
