"""Lists of people as offices send them, and what a person reads in each row."""

SPOILT = "Excel mengubah nomor ini menjadi 8.12E+11"
# Row, office, name, address, telephone; what is wrong, in the order of the columns.
CASES: dict[str, list[tuple[str, ...]]] = {
    "30-people-merged-opd.xlsx": [
        ("2", "dispar", "Rina Contoh Satu", "rina.satu@contoh.example", "+6281211110001"),
        ("3", "dispar", "Budi Contoh Dua", "budi.dua@contoh.example", "+6281211110002"),
        ("4", "dishub", "Tuti Contoh Tiga", "tuti.tiga@contoh.example", "+6281211110003"),
    ],
    "31-people-hidden-sheet.xlsx": [
        ("2", "dispar", "Rina Contoh Satu", "rina.satu@contoh.example", "+6281211110001"),
    ],
    "33-people-emails.xlsx": [
        ("2", "dispar", "Rina Contoh Satu", "rina.satu@contoh.example", "+6281211110001"),
        (
            "3", "dishub", "Budi Contoh Dua", "budi.dua@contoh.example",
            "+6281211110002", "letter_on: no_date",
        ),
        (
            "4", "dinkes", "Tuti Contoh Tiga", "tuti.tiga@contoh.example", "",
            f"telephone: {SPOILT}", "letter_on: no_date",
        ),
        (
            "5", "dinsos", "Sari Contoh Empat", "sari.empat@contoh.example", "",
            "telephone: Bukan nomor telepon yang lengkap",
        ),
        ("6", "dpmpd", "Agus Contoh Lima", "", "", "email: no_address"),
        ("7", "ksop", "Dewi Contoh Enam", "dewi.enam+tppo@contoh.example", ""),
        ("8", "dishub", "Eka Contoh Tujuh", "", "", "email: no_address"),
        ("9", "kesbangpol", "Fajar Contoh Delapan", "rina.satu@contoh.example", ""),
    ],
    "34c-people-apostrophes.csv": [
        ("2", "dispar", "Rina Contoh Satu", "rina.satu@contoh.example", "+6281211110001"),
    ],
    "36-people-phones.xlsx": [
        (
            "2", "dispora", "Gita Contoh Sembilan", "gita9@contoh.example", "",
            f"telephone: {SPOILT}",
        ),
        ("3", "dpmptsp", "Hadi Contoh Sepuluh", "hadi10@contoh.example", "+6281211110010"),
        ("4", "biro-hukum", "Ika Contoh Sebelas", "ika11@contoh.example", "+6281211110011"),
        (
            "5", "diskominfo", "Joko Contoh Duabelas", "joko12@contoh.example", "",
            "telephone: Berisi lebih dari satu nomor",
        ),
    ],
}  # fmt: skip
SAID = {"31-people-hidden-sheet.xlsx": ["Lembar tersembunyi tidak dibaca: Arsip 2023."]}
# One person three times: at another office, with titles, in capitals.
MOVED = "37-people-moved.xlsx"
