"""Write the empty list to fill in. Runs only in a child process (`coordinator.child`).

In: JSON ({"agencies": [abbreviation, ...], "region"}). Out: an XLSX file.
"""

import io
import json

import xlsxwriter

from coordinator.people.importing.rules import OWN_SHEETS, TITLES, PeopleColumn

ROWS = 300
WIDTHS = {
    PeopleColumn.AGENCY: 26,
    PeopleColumn.NAME: 30,
    PeopleColumn.POSITION: 34,
    PeopleColumn.EMAIL: 34,
}
GUIDE = (
    "Isi satu orang satu baris pada lembar Daftar. "
    "Kolom OPD dan Nama wajib; yang lain boleh kosong.",
    "Peran: narahubung, pengganti, atau kepala. Kosong berarti narahubung.",
    "Status jabatan: definitif, Plt., atau Plh.",
    "Email: boleh email kantor yang sama untuk beberapa orang. "
    "Tanpa email: kosongkan, lalu cetak surat aktivasi.",
    "Telepon: tulis dengan angka nol di depan; pesawat boleh ikut (0541-733766 ext. 12).",
    "Tanggal surat: tulis seperti 12/11/2026.",
    "Jangan menulis NIK atau data korban di mana pun: sel seperti itu ditolak.",
    "Unggah di halaman Orang, Impor daftar. Tidak ada yang berubah sebelum Anda menekan Terapkan.",
)


def main(payload: bytes) -> bytes:
    """Return the template of a task force."""
    given = json.loads(payload)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    bold = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    people = book.add_worksheet("Daftar")
    lists, guide = (book.add_worksheet(name) for name in OWN_SHEETS)

    for place, column in enumerate(PeopleColumn):
        people.write_string(0, place, TITLES[column], bold)
        form = day if column is PeopleColumn.LETTER_ON else text
        people.set_column(place, place, WIDTHS.get(column, 18), form)
    people.freeze_panes(1, 0)
    people.autofilter(0, 0, ROWS, len(PeopleColumn) - 1)

    choices = {
        PeopleColumn.AGENCY: list(given["agencies"]),
        PeopleColumn.ROLE: ["narahubung", "pengganti", "kepala"],
        PeopleColumn.STANDING: ["definitif", "Plt.", "Plh."],
    }
    for place, (column, values) in enumerate(choices.items()):
        lists.write_string(0, place, TITLES[column], bold)
        for number, value in enumerate(values, start=1):
            lists.write_string(number, place, value)
        letter = "ABC"[place]
        index = list(PeopleColumn).index(column)
        people.data_validation(
            1,
            index,
            ROWS,
            index,
            {
                "validate": "list",
                "source": f"=Pilihan!${letter}$2:${letter}${len(values) + 1}",
                # Only a help: a name that is written otherwise is asked about on upload.
                "error_type": "warning",
                "error_title": "Tidak ada di daftar",
                "error_message": "Tulisan ini tidak ada di daftar pilihan. Tetap pakai?",
            },
        )
    lists.set_column(0, 2, 30)
    lists.protect()

    guide.set_column(0, 0, 90, wrapped)
    guide.write_string(0, 0, f"Daftar narahubung Gugus Tugas PP TPPO {given['region']}", bold)
    for number, line in enumerate(GUIDE, start=1):
        guide.write_string(number, 0, f"{number}. {line}", wrapped)
    people.activate()
    book.close()
    return out.getvalue()
