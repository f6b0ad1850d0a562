"""Labels of what is wrong with a file or a cell."""

from coordinator.people.importing.rules import HEADER_WITHIN, CellProblem, FileProblem, Role
from coordinator.translation import gettext as _


def file_problem(problem: FileProblem) -> str:
    """Return a sentence that says what to do with a file that cannot be read."""
    return {
        FileProblem.TOO_LARGE: _(
            "Berkas terlalu besar; paling besar 5 MB. Hapus gambar di dalamnya."
        ),
        FileProblem.DAMAGED: _("Berkas ini rusak atau bukan tabel. Kirim XLSX, ODS, atau CSV."),
        FileProblem.NO_HEADER: _(
            "Baris judul tidak ditemukan. Dalam %(rows)s baris pertama harus ada satu baris dengan "
            "kolom instansi (misalnya OPD, Instansi, Perangkat daerah, Lembaga) dan kolom nama "
            "(misalnya Nama, Nama lengkap, Nama narahubung).",
            rows=HEADER_WITHIN,
        ),
        FileProblem.NO_ROWS: _("Tidak ada baris yang terisi di bawah judul."),
        FileProblem.TOO_MANY_ROWS: _("Lebih dari 1.000 baris. Pecah menjadi beberapa berkas."),
        FileProblem.TOO_HEAVY: _(
            "Berkas ini terlalu berat untuk dibaca. Salin tabelnya ke berkas baru."
        ),
    }[problem]


def cell_problem(problem: str) -> str:
    """Return in words what is wrong with a cell; a telephone number's reason is a sentence."""
    words: dict[str, str] = {
        CellProblem.MISSING: _("belum diisi"),
        CellProblem.TOO_LONG: _("terlalu panjang"),
        CellProblem.IDENTITY: _("ada angka seperti NIK; sel ini tidak dibaca dan tidak disimpan"),
        CellProblem.UNKNOWN_AGENCY: _("tidak ada instansi dengan nama ini"),
        CellProblem.NO_ADDRESS: _("bukan alamat email yang lengkap"),
        CellProblem.NO_DATE: _("bukan tanggal; tulis seperti 12/11/2026, dengan tahun empat angka"),
        CellProblem.ODD_YEAR: _("tahunnya tidak mungkin; paling awal 2000, paling akhir 2100"),
        CellProblem.NO_STANDING: _("tulis definitif, Plt., atau Plh."),
        CellProblem.NO_ROLE: _("tulis narahubung, pengganti, atau kepala"),
        CellProblem.NO_NAME: _("bukan nama orang; tulis namanya saja, tanpa nomor"),
        CellProblem.MERGED: _(
            "sel ini digabung dengan sel di atasnya; pisahkan, lalu isi tiap barisnya"
        ),
        CellProblem.FORMULA: _(
            "rumus tanpa hasil; buka di Excel, simpan, lalu unggah lagi, atau tulis isinya"
        ),
        CellProblem.FAULT: _("berisi galat rumus (misalnya #N/A); tulis isinya"),
        CellProblem.TWO_COLUMNS: _(
            "dua kolom dengan judul ini berisi hal yang berbeda; hapus salah satunya"
        ),
        CellProblem.TWO_STANDINGS: _("berbeda dari yang tertulis di kolom Jabatan"),
        CellProblem.REPEATED: _("orang yang sama sudah ada di baris sebelumnya"),
    }
    return words.get(problem, problem)


def row_place(sheet: str, row: int) -> str:
    """Return the place of a row in the file. A file without sheets (CSV) has only rows."""
    if not sheet:
        return _("baris %(row)s", row=row)
    return _("lembar %(sheet)s, baris %(row)s", sheet=sheet, row=row)


def role_labels() -> dict[Role, str]:
    """Return the labels of what a person of the list is to be."""
    return {
        Role.FOCAL_POINT: _("Narahubung"),
        Role.ALTERNATE: _("Pengganti"),
        Role.HEAD: _("Kepala OPD"),
    }
