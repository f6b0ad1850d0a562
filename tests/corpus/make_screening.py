"""Writes the three screening corpora next to this file. Every number in them is made up.

Run ``python tests/corpus/make_screening.py`` after a change; a test compares what it gives with the
files in the repository. It knows nothing of the detector: the positive lines come from how people
write a NIK, the clean lines from what else an office writes, with the values left to chance. A
clean value that happens to be shaped like a NIK stays in: that is what the false-alarm rate counts.

Line breaks, tabs and invisible characters are written as escapes, so that a reader sees them:
``decode`` turns them back.
"""

# ruff: noqa: E501 - a template of a line reads best on one line

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from random import Random

SEED = 21_2007
POSITIVE, CLEAN, WARN = "screening_positive.txt", "screening_clean.txt", "screening_warn.txt"
POSITIVE_LINES, LABELLED_LINES = 200, 41
HEADERS = {
    POSITIVE: "# Every number here is made up. kind, spelling, text; one tab between; \\n: line break.",
    CLEAN: "# Every number here is made up. One clean text per line; \\n and \\t are escapes.",
    WARN: "# Every number and name here is made up. kind, tab, text that a person must be asked about.",
}

# Regencies and cities with their codes, enough to spread over the country.
REGIONS = [
    "6401",
    "6402",
    "6403",
    "6407",
    "6408",
    "6409",
    "6411",
    "6471",
    "6472",
    "6474",
    "6404",
    "1101",
    "1271",
    "1371",
    "1404",
    "1571",
    "1671",
    "1702",
    "1871",
    "1902",
    "2171",
    "3174",
    "3201",
    "3273",
    "3302",
    "3374",
    "3404",
    "3471",
    "3515",
    "3578",
    "5103",
    "5201",
    "5371",
    "6101",
    "6171",
    "6205",
    "6303",
    "6371",
    "6501",
    "7105",
    "7171",
    "7202",
    "7315",
    "7371",
    "7404",
    "7501",
    "7604",
    "8103",
    "8171",
    "8202",
    "9102",
    "9171",
    "9202",
    "9401",
]


def encode(text: str) -> str:
    """``text`` on one line, with everything invisible as an escape."""
    out = []
    for char in text:
        if char == "\n":
            out.append("\\n")
        elif char == "\t":
            out.append("\\t")
        elif char != " " and unicodedata.category(char) in ("Cf", "Zs", "Mn", "Me", "Zl"):
            out.append(f"\\u{ord(char):04x}")
        else:
            out.append(char)
    return "".join(out)


def decode(line: str) -> str:
    """The inverse of :func:`encode`."""
    line = line.replace("\\n", "\n").replace("\\t", "\t")
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), line)


# --- Positive lines: NIK and Kartu Keluarga numbers ---------------------------------------------


def nik(r: Random) -> str:
    day = r.randint(1, 31) + r.choice((0, 40, 40))  # women and girls: day + 40
    return f"{prefix(r)}{day:02}{r.randint(1, 12):02}{r.randint(0, 99):02}{serial(r)}"


def kk(r: Random) -> str:
    return f"{prefix(r)}{r.randint(1, 31):02}{r.randint(1, 12):02}{r.randint(4, 25):02}{serial(r)}"


def odd_number(r: Random) -> str:
    """Mistyped or of an old register: 16 digits whose day part is impossible."""
    return f"{prefix(r)}{r.choice((0, 35, 38, 79, 92)):02}{r.randint(13, 99)}{r.randint(0, 99):02}{serial(r)}"


def prefix(r: Random) -> str:
    return f"{r.choice(REGIONS)}{r.randint(1, 25):02}"


def serial(r: Random) -> str:
    return f"{r.choice((r.randint(1, 9), r.randint(1, 99), r.randint(1, 9999))):04}"


def grouped(number: str, lengths: str, separators: str) -> str:
    """``number`` cut at ``lengths`` (hexadecimal digits); the last separator serves all the rest."""
    parts, at = [], 0
    for index, length in enumerate(lengths):
        size = int(length, 16)
        parts.append(number[at : at + size])
        at += size
        if at < len(number):
            parts.append(separators[min(index, len(separators) - 1)])
    return "".join(parts)


def digits_of(zero: int) -> Callable[[str], str]:
    return lambda number: "".join(chr(zero + int(digit)) for digit in number)


def confused(number: str) -> str:
    return number.replace("0", "O", 2) if number.count("0") > 1 else number.replace("1", "l", 1)


SPELLINGS: dict[str, Callable[[str, Random], str]] = {
    "plain": lambda n, r: n,
    "fours, spaces": lambda n, r: grouped(n, "4444", " "),
    "fours, hyphens": lambda n, r: grouped(n, "4444", "-"),
    "fours, dots": lambda n, r: grouped(n, "4444", "."),
    "fours, underscores": lambda n, r: grouped(n, "4444", "_"),
    "fours, slashes": lambda n, r: grouped(n, "4444", "/"),
    "pairs, spaces": lambda n, r: grouped(n, "2222224", " "),
    "pairs, dots": lambda n, r: grouped(n, "2222224", "."),
    "parts, dots": lambda n, r: grouped(n, "22264", "."),
    "parts, spaces": lambda n, r: grouped(n, "22264", " "),
    "parts, mixed": lambda n, r: grouped(n, "22264", ("..-", "..--", "// -")[r.randint(0, 2)]),
    "six six four": lambda n, r: grouped(n, "664", r.choice(" -./")),
    "six ten": lambda n, r: grouped(n, "6a", r.choice(" -.")),
    "twelve four": lambda n, r: grouped(n, "c4", r.choice(" -.")),
    "halves": lambda n, r: grouped(n, "88", r.choice(" -.")),
    "spaced hyphens": lambda n, r: grouped(n, "4444", "-").replace("-", " - "),
    "one stray space": lambda n, r: stray(n, r.randint(3, 12), " "),
    "broken line": lambda n, r: stray(n, r.randint(2, 14), "\n"),
    "broken line, hyphen": lambda n, r: stray(n, r.randint(3, 13), "-\n"),
    "fours over two lines": lambda n, r: grouped(n, "4444", " \n "),
    "box per digit": lambda n, r: grouped(n, "1" * 16, " "),
    "box per digit, bars": lambda n, r: " | ".join(n),
    "box per digit, tabs": lambda n, r: "\t".join(n),
    "full width": lambda n, r: digits_of(0xFF10)(n),
    "full width, grouped": lambda n, r: grouped(digits_of(0xFF10)(n), "4444", "\u3000"),
    "arabic digits": lambda n, r: digits_of(0x0660)(n),
    "bold digits": lambda n, r: digits_of(0x1D7CE)(n),
    "zero width": lambda n, r: grouped(n, "4444", "\u200b"),
    "no-break spaces": lambda n, r: grouped(n, "4444", "\u00a0"),
    "thin spaces": lambda n, r: grouped(n, "22264", "\u2009"),
    "en dashes": lambda n, r: grouped(n, "4444", "\u2013"),
    "percent encoded": lambda n, r: "%20" + grouped(n, "4444", "_").replace("_", "%20"),
    "letter O": lambda n, r: confused(n),
}


def stray(number: str, at: int, separator: str) -> str:
    return number[:at] + separator + number[at:]


SENTENCES = (
    "Pendampingan dilakukan terhadap seorang perempuan dengan NIK {} di rumah aman.",
    "Telah dipulangkan satu orang, nomor {}, melalui pelabuhan.",
    "Koordinasi dengan Disdukcapil untuk {} sudah selesai pada 12 Mei 2025.",
    "Penerima layanan ({}) dirujuk ke UPTD PPA pada tahun 2025.",
    "Data diri: {}, usia 17 tahun, dirujuk tanggal 03-02-2025.",
    "Mohon dicek {} apakah sudah terdaftar di BPJS.",
    "{} sudah menerima bantuan pemulangan sebesar Rp 2.500.000.",
    "Hasil rapat 14.00-16.00: identitas {} perlu diverifikasi ulang",
    "nik nya {} ya bu, tolong dibantu",
    "Lampiran 3. Daftar penerima layanan, antara lain {}.",
)
CELLS = ("{}", "1 {} Samarinda 2025", "1. {}", "3\t{}\tBalikpapan", "12;{};Bontang", "a.n. NN / {}")
FILES = (
    "ktp_{}.jpg",
    "scan-{}-final.pdf",
    "KTP{}.png",
    "IMG {} (2).jpeg",
    "2025-05-08_{}.pdf",
    "C:\\Users\\staf\\Downloads\\{}.docx",
    "identitas_{}_v2.zip",
)
KK_TEXTS = (
    "No. KK {}",
    "Kartu Keluarga nomor {} atas nama kepala keluarga",
    "kk_{}.pdf",
    "Nomor KK: {}, alamat sesuai kartu",
    "Fotokopi KK ({}) terlampir",
)
ODD_TEXTS = ("NIK: {}", "NIK {} (salah ketik?)", "No KTP {}", "e-KTP {} belum terekam", "No. KK {}")
# No office names a file with a line break or a slash in it.
NOT_IN_FILES = ("broken", "over two lines", "slashes", "mixed", "box", "tabs", "percent")


def positive_lines() -> list[str]:
    r = Random(SEED)
    lines = []
    names = list(SPELLINGS)
    for index in range(POSITIVE_LINES - LABELLED_LINES):
        spelling = names[index % len(names)]
        contexts: tuple[str, ...] = SENTENCES
        if index // len(names) % 3 == 1:
            contexts = CELLS
        elif index // len(names) % 3 == 2 and not any(word in spelling for word in NOT_IN_FILES):
            contexts = FILES
        if spelling == "percent encoded":
            contexts = ("ktp{}.jpg", "https://drive.contoh.id/berkas/scan{}-final.pdf")
        text = r.choice(contexts).format(SPELLINGS[spelling](nik(r), r))
        lines.append(f"nik\t{spelling}\t{encode(text)}")
    for index in range(25):
        spelling = r.choice(names[:16])
        text = KK_TEXTS[index % len(KK_TEXTS)].format(SPELLINGS[spelling](kk(r), r))
        lines.append(f"kk\t{spelling}\t{encode(text)}")
    for index in range(12):
        text = ODD_TEXTS[index % len(ODD_TEXTS)]
        spelling = r.choice(("plain", "fours, spaces", "six six four", "full width"))
        kind = "kk" if "KK" in text else "nik"
        lines.append(
            f"{kind}\t{spelling}, odd\t{encode(text.format(SPELLINGS[spelling](odd_number(r), r)))}"
        )
    for _ in range(4):
        n = nik(r)
        money = ".".join([n[0], *(n[i : i + 3] for i in range(1, 16, 3))])
        lines.append(f"nik\tformatted as an amount\tNIK: {money}")
    return lines


# --- Clean lines --------------------------------------------------------------------------------


def number(r: Random, length: int) -> str:
    """Digits by chance; the first is not 0."""
    return str(r.randint(10 ** (length - 1), 10**length - 1))


def dotted(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def amount(r: Random) -> str:
    step = r.choice((1_000, 1_000, 500, 1, 1_000_000))
    return dotted(r.randint(10, 9_999) * step * r.choice((1, 10, 1000)))


def date(r: Random) -> str:
    d, m, y = r.randint(1, 28), r.randint(1, 12), r.randint(2021, 2026)
    month = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
    return r.choice(
        (
            f"{d:02}/{m:02}/{y}",
            f"{d:02}-{m:02}-{y}",
            f"{d:02}.{m:02}.{y}",
            f"{y}-{m:02}-{d:02}",
            f"{d} {month.split()[m - 1]} {y}",
        )
    )


def date_range(r: Random) -> str:
    mark = r.choice("/-. ")
    days = [
        mark.join((f"{r.randint(1, 28):02}", f"{r.randint(1, 12):02}", f"{r.randint(2023, 2026)}"))
        for _ in range(2)
    ]
    return r.choice((" - ", "-", " s.d. ", " sampai ", "\u2013")).join(days)


def hours(r: Random) -> str:
    mark, start = r.choice(".:"), r.randint(8, 15)
    return (
        f"{start:02}{mark}{r.choice((0, 15, 30, 45)):02}{r.choice(('-', ' - ', ' s.d. '))}"
        f"{start + r.randint(1, 3):02}{mark}{r.choice((0, 15, 30, 45)):02}"
    )


def nip(r: Random) -> str:
    birth = f"{r.randint(1966, 1999)}{r.randint(1, 12):02}{r.randint(1, 28):02}"
    start = f"{r.randint(1990, 2024)}{r.randint(1, 12):02}"
    sex, last = r.choice("12"), f"{r.randint(1, 30):03}"
    gap = r.choice(("", " ", " ", "."))
    return gap.join((birth, start, sex, last))


def roman(r: Random) -> str:
    return r.choice(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"])


def account(r: Random) -> str:
    """A bank account in the lengths of the banks here; 15 digits may be in groups."""
    fifteen = f"{r.randint(1, 999):04}01{r.randint(1, 999_999):06}{r.choice((50, 53, 56))}{r.randint(0, 9)}"
    return r.choice(
        (
            number(r, 10),
            number(r, 13),
            fifteen,
            f"{fifteen[:4]}-{fifteen[4:6]}-{fifteen[6:12]}-{fifteen[12:14]}-{fifteen[14:]}",
        )
    )


def card(r: Random) -> str:
    digits = r.choice("45") + number(r, 15)
    return r.choice((" ", "-", "")).join(digits[i : i + 4] for i in range(0, 16, 4))


def activity(r: Random) -> str:
    return f"{r.randint(1, 7)}.{r.randint(1, 17):02}.{r.randint(1, 9):02}.{r.choice('12')}.{r.randint(1, 9):02}.{r.randint(1, 40):04}"


def budget_code(r: Random) -> str:
    return f"5.{r.choice('12')}.{r.randint(1, 5):02}.{r.randint(1, 9):02}.{r.randint(1, 12):02}.{r.randint(1, 90):04}"


def asset(r: Random) -> str:
    return f"1.3.{r.randint(1, 5)}.{r.randint(1, 19):02}.{r.randint(1, 9):02}.{r.randint(1, 9):02}.{r.randint(1, 40):03}.{r.randint(1, 60):04}"


def unit(r: Random) -> str:
    return f"{r.randint(1, 7)}.{r.randint(1, 17):02}.{r.choice('02')}.{r.randint(0, 14):02}.0.00.{r.randint(1, 3):02}.0000"


def plate(r: Random) -> str:
    return f"KT {r.randint(1000, 9999)} {r.choice('ABCDKMNPRW')}{r.choice('ABCDEFXYZ')}"


def coordinates(r: Random) -> str:
    places = r.choice((6, 6, 7, 14, 16))
    south = f"-{r.randint(0, 2)}.{r.randint(10 ** (places - 1), 10**places - 1)}"
    east = f"11{r.randint(5, 9)}.{r.randint(10 ** (places - 1), 10**places - 1)}"
    return f"{south}{r.choice((', ', ',', ' '))}{east}"


def row(r: Random, columns: int, low: int, high: int) -> str:
    return r.choice((" ", "\t", " | ", ";", ", ")).join(
        str(r.randint(low, high)) for _ in range(columns)
    )


def column(r: Random, rows: int, length: int) -> str:
    return "\n".join(number(r, length) for _ in range(rows))


PLACES = [
    "Samarinda",
    "Balikpapan",
    "Bontang",
    "Paser",
    "Berau",
    "Kutai_Barat",
    "Kutai_Timur",
    "Mahakam_Ulu",
]
TOPICS = (
    "sosialisasi pencegahan TPPO",
    "rapat koordinasi Gugus Tugas",
    "bimbingan teknis pencatatan dan pelaporan",
    "pemantauan jalur pelabuhan",
    "pelatihan relawan desa",
    "penguatan layanan rumah aman",
)


def place(r: Random) -> str:
    return r.choice(PLACES).replace("_", " ")


def topic(r: Random) -> str:
    return r.choice(TOPICS)


def office(r: Random) -> str:
    return r.choice(
        ["DKP3A", "Disnaker", "Dinsos", "Dinkes", "Kesbangpol", "Diskominfo", "BP3MI", "Imigrasi"]
    )


GUIDANCE: tuple[str, ...] = (
    "Identitas korban dirahasiakan sesuai aturan",
    "Jangan menulis nama atau inisial korban dalam laporan",
    "Alamat korban tidak dicantumkan",
    "Nama korban dan saksi disamarkan oleh UPTD PPA",
    "Hak korban atas restitusi dijelaskan kepada aparat desa",
    "Perlindungan alamat korban menjadi tanggung jawab LPSK",
    "Materi: hak saksi dan korban, termasuk kerahasiaan identitas",
    "Perkara TPPO yang diputus tahun ini dilaporkan sebagai jumlah",
)

# fmt: off
# Each kind of line and how many of it: more of what fills reports, some of every odd number.
CLEAN_KINDS: tuple[tuple[int, Callable[[Random], str]], ...] = (
    (26, lambda r: f"Telah dilaksanakan {topic(r)} di {place(r)} pada {date(r)}, dihadiri {r.randint(15, 240)} peserta."),
    (14, lambda r: f"Capaian triwulan {roman(r)[:3]}: {r.randint(1, 40)} dari {r.randint(41, 90)} kegiatan ({r.randint(10, 99)},{r.randint(10, 99)}%)."),
    (14, lambda r: f"Rapat {hours(r)} {r.choice(('WITA, ', 'wita ', ' ', ''))}{date(r)} di ruang rapat {office(r)}"),
    (14, lambda r: f"Kegiatan berlangsung {date_range(r)}, {topic(r)}"),
    (22, lambda r: f"NIP {nip(r)}"),
    (8, lambda r: f"Narahubung: Pejabat Contoh, S.Sos., M.Si. / {nip(r)} / Penata Tk. I (III/d)"),
    (5, lambda r: f"{r.randint(1, 40)}\tPegawai Contoh\t{nip(r)}\t{office(r)}"),
    (18, lambda r: f"Surat Nomor {r.randint(0, 999):03}.{r.randint(1, 9)}.{r.randint(1, 9)}/{r.randint(1, 4999)}/{office(r)}/{r.randint(2023, 2026)} tanggal {date(r)}"),
    (10, lambda r: f"Menindaklanjuti surat B-{r.randint(1, 999)}/{office(r)}.{r.randint(1, 5)}/{r.randint(1, 12):02}/{r.randint(2023, 2026)}"),
    (12, lambda r: f"SK Gubernur Nomor 100.3.3.1/K.{r.randint(1, 600)}/{r.randint(2023, 2026)} tentang {topic(r)}"),
    (6, lambda r: f"Nomor : {r.randint(100, 900)}/{r.randint(1000, 9999)}/{r.randint(1000, 9999)}/{r.randint(2023, 2026)}"),
    (26, lambda r: f"Pagu Rp {amount(r)} realisasi Rp {amount(r)},00 ({r.randint(10, 99)},{r.randint(1, 99):02} persen)"),
    (8, lambda r: f"Rp {dotted(r.randint(10**15, 10**16 - 1))}"),
    (6, lambda r: f"Total {dotted(r.randint(10**15, 10**16 - 1))},- untuk simulasi lembar kerja"),
    (6, lambda r: f"Rp{dotted(r.randint(10**10, 10**11 - 1))} (sebelum pergeseran Rp{dotted(r.randint(10**10, 10**11 - 1))})"),
    (18, lambda r: f"{activity(r)} {budget_code(r)} {topic(r)} {amount(r)}"),
    (10, lambda r: f"Sub kegiatan {activity(r)}/{r.randint(2024, 2026)}"),
    (8, lambda r: f"DPA/A.1/{unit(r)}/{r.randint(1, 9):03}/{r.randint(2023, 2026)}"),
    (10, lambda r: f"Kode barang {asset(r)} printer, baik"),
    (6, lambda r: f"{asset(r)} {r.randint(2015, 2025)} {amount(r)}"),
    (12, lambda r: f"No. rekening {account(r)} a.n. Bendahara Pengeluaran"),
    (8, lambda r: f"{r.randint(1, 60)} {account(r)} Bank Contoh {amount(r)}"),
    (8, lambda r: f"NPWP {r.randint(0, 99):02}.{r.randint(0, 999):03}.{r.randint(0, 999):03}.{r.randint(0, 9)}-{r.randint(0, 999):03}.000"),
    (6, lambda r: f"NPWP instansi 00{number(r, 9)}{r.randint(721, 729)}00"),
    (4, lambda r: f"NITKU 00{number(r, 14)}000000"),
    (10, lambda r: f"NIB {r.choice(('91203', '02202', '12700', '08122', '25092'))}{number(r, 8)} sudah aktif"),
    (10, lambda r: f"Kendaraan dinas {plate(r)} dan {plate(r)}, km {r.randint(10_000, 190_000)}"),
    (14, lambda r: f"Titik lokasi {coordinates(r)}"),
    (6, lambda r: f"https://maps.contoh.id/@{coordinates(r).replace(', ', ',').replace(' ', ',')},17z"),
    (6, lambda r: f"https://www.contoh.go.id/berita/{number(r, 5)}/{topic(r).replace(' ', '-')}?id={number(r, r.randint(6, 13))}"),
    (5, lambda r: f"https://www.facebook.com/photo?fbid={r.choice(('1015', '1622', '1220', '3184'))}{number(r, r.choice((12, 12, 13)))}"),
    (5, lambda r: f"https://x.com/contoh/status/1{number(r, 18)}"),
    (5, lambda r: f"IMG_{r.randint(2023, 2026)}{r.randint(1, 12):02}{r.randint(1, 28):02}_{r.randint(7, 17):02}{r.randint(0, 59):02}{r.randint(0, 59):02}.jpg"),
    (5, lambda r: f"{r.randint(1, 40)}_{r.randint(2023, 2026)}{r.randint(1, 12):02}{r.randint(1, 28):02}_{r.randint(7, 17):02}{r.randint(0, 59):02}{r.randint(0, 59):02}.jpg"),
    (5, lambda r: f"Screenshot_{r.randint(2023, 2026)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}-{r.randint(7, 17):02}-{r.randint(0, 59):02}-{r.randint(0, 59):02}-{r.randint(0, 999):03}.png"),
    (4, lambda r: f"WhatsApp Image {r.randint(2023, 2026)}-{r.randint(1, 12):02}-{r.randint(1, 28):02} at {r.randint(7, 17):02}.{r.randint(0, 59):02}.{r.randint(0, 59):02} ({r.randint(1, 9)}).jpeg"),
    (10, lambda r: f"{place(r)} {row(r, r.randint(4, 12), 0, 99)}"),
    (10, lambda r: f"{place(r)} {row(r, r.randint(3, 6), 1000, 9999)}"),
    (8, lambda r: f"{row(r, r.randint(6, 14), 1, 60)} {r.randint(2023, 2026)}"),
    (6, lambda r: row(r, r.randint(12, 24), 0, 9)),
    (6, lambda r: column(r, r.randint(3, 6), r.choice((4, 6, 7, 10)))),
    (6, lambda r: f"Tahun {', '.join(str(year) for year in range(r.randint(2012, 2019), 2026))}"),
    (6, lambda r: f"Kartu debit {card(r)} (kartu contoh pelatihan)"),
    (5, lambda r: f"Virtual account {r.choice(('8808', '7001', '9881', '2611', '8277'))}{number(r, 12)}"),
    (4, lambda r: f"Kode billing {r.choice('0128')}{number(r, 14)}, NTPN {''.join(r.choice('0123456789ABCDEF') for _ in range(16))}"),
    (4, lambda r: f"Resi pengiriman {r.choice(('01', '54', '88', '10', '20'))}{number(r, r.choice((11, 13, 14)))}"),
    (3, lambda r: f"NUPTK {r.randint(1, 9)}{r.randint(0, 999):03}7{r.randint(30, 75)}{r.randint(600, 699)}{r.choice((200, 300, 110, 210))}{r.randint(2, 99):03}"),
    (4, lambda r: f"INV/{r.randint(2023, 2026)}{r.randint(1, 12):02}{r.randint(1, 28):02}/MPL/{number(r, 10)}"),
    (3, lambda r: f"IMEI {r.choice(('35', '86'))}{number(r, 13)}, SN {number(r, 8)}"),
    (3, lambda r: f"ISBN 978-602-{number(r, 4)}-{number(r, 2)}-{r.randint(0, 9)}, {r.randint(80, 300)} halaman"),
    (4, lambda r: f"Zoom ID {number(r, 3)} {number(r, 4)} {number(r, 4)}, kode {number(r, 6)}"),
    (4, lambda r: f"{r.randint(1, 30)}/{r.randint(31, 60)} = {r.randint(1, 30) / r.randint(31, 61)!r}"),
    (8, lambda r: f"Bantuan bagi {r.randint(20, 400)} KK di {r.randint(2, 9)} desa, anggaran Rp {amount(r)}"),
    (6, lambda r: f"Perekaman KTP-el {dotted(r.randint(1000, 90_000))} jiwa per {date(r)}; blangko KTP {r.randint(100, 900)} keping"),
    (5, lambda r: f"Layanan KTP keliling {date_range(r)}"),
    (4, lambda r: f"Transfer berhasil, no. referensi {number(r, 16)}, {date(r)}"),
    (5, lambda r: f"{r.randint(1, 20)}. {place(r)}: {r.randint(1, 30)} desa, {r.randint(31, 900)} relawan, {amount(r)}"),
    (4, lambda r: f"Hubungi SAPA 129 atau polisi 110 bila melihat tanda perekrutan, {topic(r)}"),
    (6, lambda r: f"Dasar: UU 21/2007 Pasal {r.randint(2, 60)}, Perpres 49/2023 Pasal {r.randint(2, 30)}, Permen PPPA {r.randint(1, 12)}/{r.randint(2020, 2025)}"),
    (8, lambda r: r.choice(GUIDANCE) + f" ({office(r)}, {r.randint(2023, 2026)})"),
    (8, lambda r: f"Jumlah korban yang dilayani {r.randint(0, 25)} orang, saksi {r.randint(0, 9)} orang, {place(r)}"),
)
# fmt: on


def clean_lines() -> list[str]:
    r = Random(SEED + 1)
    lines: dict[str, None] = {}  # a set that keeps its order, the same on every run
    for count, make in CLEAN_KINDS:
        wanted = len(lines) + count
        while len(lines) < wanted:
            lines[encode(make(r))] = None
    shuffled = list(lines)
    r.shuffle(shuffled)
    return shuffled


# --- Lines to ask about -------------------------------------------------------------------------


def warn_lines() -> list[str]:
    r = Random(SEED + 2)

    def mobile() -> str:
        digits = f"8{r.choice(('12', '21', '52', '13', '57', '95'))}{number(r, r.choice((7, 8)))}"
        parts = (digits[:3], digits[3:7], digits[7:])
        return r.choice(
            (
                f"0{digits}",
                f"+62{digits}",
                f"62{digits}",
                f"0{'-'.join(parts)}",
                f"+62 {'-'.join(parts)}",
                f"0{' '.join(parts)}",
                f"62 {' '.join(parts)}",
                f"(+62) {' '.join(parts)}",
                f"0{'.'.join(parts)}",
            )
        )

    phones = (
        "Hubungi {} untuk penjemputan",
        "HP {}",
        "ibu yang bersangkutan ({})",
        "wa.me/{}",
        "kontak_{}.vcf",
        "Saksi dapat dihubungi di {}.",
    )
    landline = (
        "Telp. (0541) {}",
        "(0542) {}",
        "0541-{}",
        "Rumah korban (0549) {}",
        "telp: +62 541 {}",
    )
    initials = (
        "Korban berinisial {} dirujuk ke rumah aman",
        "korban (inisial {}) berasal dari {p}",
        "korban inisial {}., 16 tahun",
        "Saksi berinisial {} sudah diperiksa",
        "Seorang anak perempuan berinisial {} dari {p}",
        "PMI berinisial {} dipulangkan",
    )
    identity = (
        "korban bernama Contoh Satu",
        "Nama korban: Contoh Dua",
        "nama lengkap korban : Contoh Tiga",
        "Alamat korban di Jalan Contoh RT 4 {p}",
        "alamat korban: Desa Contoh",
        "Saksi yang bernama Contoh Empat",
        "nama saksi adalah Contoh Lima",
        "korban a.n. Contoh Enam",
        "atas nama korban Contoh Tujuh",
        "tempat tinggal korban berada di {p}",
    )
    cases = (
        f"LP/B/{r.randint(1, 400)}/{roman(r)}/2025/SPKT/POLRESTA CONTOH/POLDA CONTOH",
        f"LP/{r.randint(1, 400)}/{roman(r)}/2025/SPKT",
        f"LP/A/{r.randint(1, 400)}/{roman(r)}/2025/SPKT.DITRESKRIMUM",
        f"LP-B/{r.randint(1, 400)}/{roman(r)}/RES.1.16./2025/Ditreskrimum",
        f"Laporan Polisi Nomor: LP / B / {r.randint(1, 400)} / {roman(r)} / 2025",
        f"Nomor: {r.randint(1, 400)}/Pid.Sus/2025/PN Smr",
        f"putusan {r.randint(1, 400)}/Pid.Sus-Anak/2024/PN Bpp",
        f"{r.randint(1, 400)}/PID.SUS/2025/PT SMR",
        f"{r.randint(1, 4000)} K/Pid.Sus/2025",
        f"Perkara {r.randint(1, 400)} / Pid.B / 2025 / PN Trg",
        f"SPDP/{r.randint(1, 400)}/{roman(r)}/2025/Ditreskrimum",
        f"STTLP/{r.randint(1, 400)}/{roman(r)}/2025/SPKT",
        f"PDM-{r.randint(1, 400)}/SAMAR/Eoh.2/05/2025",
    )
    lines = [f"phone\t{phones[i % len(phones)].format(mobile())}" for i in range(30)]
    lines += [f"phone\t{landline[i % len(landline)].format(number(r, 6))}" for i in range(10)]
    lines += [
        f"initials\t{initials[i % len(initials)].format(r.choice(('X', 'A.B', 'RS', 'M')), p=place(r))}"
        for i in range(18)
    ]
    lines += [f"identity\t{line.format(p=place(r))}" for line in identity]
    lines += [f"case_number\t{line}" for line in cases]
    return [encode(line).replace("\\t", "\t", 1) for line in lines]


def render() -> dict[str, str]:
    """File name to content of the three corpora."""
    made = {POSITIVE: positive_lines(), CLEAN: clean_lines(), WARN: warn_lines()}
    return {name: "\n".join([HEADERS[name], *lines]) + "\n" for name, lines in made.items()}


def main() -> None:
    """Write the corpora next to this file."""
    for name, content in render().items():
        (Path(__file__).parent / name).write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
