"""Which column of a list of people a header names, as offices write it. Pure."""

from coordinator.people.importing.rules import PeopleColumn, fold

# Folded. The first of each is the one of the template.
HEADERS: dict[PeopleColumn, tuple[str, ...]] = {
    PeopleColumn.AGENCY: (
        "opd",
        "instansi",
        "opd instansi",
        "instansi opd",
        "nama opd",
        "nama instansi",
        "nama instansi opd",
        "nama opd instansi",
        "asal instansi",
        "instansi asal",
        "skpd",
        "nama skpd",
        "perangkat daerah",
        "nama perangkat daerah",
        "perangkat daerah instansi",
        "lembaga",
        "instansi lembaga",
        "nama lembaga",
        "nama instansi lembaga",
    ),
    PeopleColumn.NAME: (
        "nama",
        "nama lengkap",
        "nama narahubung",
        "nama pejabat",
        "nama petugas",
        "nama pegawai",
        "nama pic",
        "nama gelar",
        "nama dan gelar",
        "nama lengkap gelar",
        "nama lengkap dan gelar",
        "nama lengkap dengan gelar",
        "nama lengkap beserta gelar",
    ),
    PeopleColumn.ROLE: (
        "peran",
        "sebagai",
        "peran narahubung pengganti kepala",
        "peran narahubung",
        "narahubung pengganti",
        "kedudukan",
        "kedudukan dalam tim",
        "kedudukan dlm tim",
        "kedudukan dalam gugus tugas",
        "peran dalam tim",
        "peran dlm tim",
        "peran dalam gugus tugas",
        "jenis narahubung",
        "status narahubung",
    ),
    PeopleColumn.POSITION: (
        "jabatan",
        "nama jabatan",
        "jabatan dinas",
        "jabatan struktural",
        "jabatan dalam dinas",
        "jabatan di instansi",
        "jabatan di opd",
        "jabatan pada instansi",
        "jabatan saat ini",
    ),
    PeopleColumn.STANDING: (
        "status jabatan",
        "definitif plt plh",
        "status jabatan definitif plt plh",
    ),
    PeopleColumn.EMAIL: ("surel", "surat elektronik", "alamat surat elektronik"),
    PeopleColumn.TELEPHONE: ("telepon", "hp"),
    PeopleColumn.LETTER_NUMBER: (
        "nomor surat",
        "no surat",
        "nomor sk",
        "no sk",
        "sk",
        "nomor surat penunjukan",
        "no surat penunjukan",
        "nomor sk penunjukan",
        "no sk penunjukan",
        "nomor surat tugas",
        "no surat tugas",
        "nomor surat keputusan",
    ),
    PeopleColumn.LETTER_ON: (
        "tanggal surat",
        "tgl surat",
        "tanggal sk",
        "tgl sk",
        "tanggal surat penunjukan",
        "tgl surat penunjukan",
        "tanggal sk penunjukan",
        "tgl sk penunjukan",
        "tanggal surat tugas",
        "tgl surat tugas",
        "tanggal surat keputusan",
    ),
}
# Used only if no clearer header names that column: next to "OPD", "Unit kerja" means another thing.
WEAK_HEADERS: dict[PeopleColumn, tuple[str, ...]] = {
    PeopleColumn.AGENCY: ("unit kerja", "dinas"),
    PeopleColumn.NAME: ("narahubung", "pic"),
    PeopleColumn.ROLE: ("tugas",),
    PeopleColumn.STANDING: ("status",),
}
# A header made of such words alone: "E-mail dinas", "No. HP/WA". The words of the first set say
# which column it is, those of the second say nothing more.
WORDS: dict[PeopleColumn, tuple[frozenset[str], frozenset[str]]] = {
    PeopleColumn.EMAIL: (
        frozenset(("surel", "email", "mail")),
        frozenset(("e", "alamat", "dinas", "kantor", "resmi", "aktif", "pribadi", "instansi")),
    ),
    PeopleColumn.TELEPHONE: (
        frozenset(
            [
                "telepon",
                "telpon",
                "telp",
                "tlp",
                "tel",
                "hp",
                "wa",
                "whatsapp",
                "whats",
                "handphone",
                "ponsel",
                "seluler",
                "mobile",
                "phone",
                "kontak",
            ]
        ),
        frozenset(
            [
                "no",
                "nomor",
                "nomer",
                "app",
                "aktif",
                "pribadi",
                "genggam",
                "atau",
                "dan",
                "yang",
                "bisa",
                "dapat",
                "dihubungi",
            ]
        ),
    ),
}
NUMBERING = ("no", "nomor", "no urut", "nomor urut", "nomer")  # counts the rows


def column_of(header: str) -> PeopleColumn | None:
    """Return the column that a header names, or None."""
    return _exact(header, HEADERS) or _by_words(header)


def weak_column_of(header: str) -> PeopleColumn | None:
    """Return the column that a header may name where no other header does, or None."""
    return _exact(header, WEAK_HEADERS)


def is_numbering(header: str) -> bool:
    """Return whether a column only counts the rows."""
    return fold(header) in NUMBERING


def _exact(header: str, known: dict[PeopleColumn, tuple[str, ...]]) -> PeopleColumn | None:
    folded = fold(header)
    return next((column for column, names in known.items() if folded in names), None)


def _by_words(header: str) -> PeopleColumn | None:
    words = set(fold(header).split())
    for column, (telling, others) in WORDS.items():
        if words & telling and words <= telling | others:
            return column
    return None
