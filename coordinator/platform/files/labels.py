"""What people read about bytes: why they are refused, what was taken out, how far they are read."""

from coordinator.platform.files.rules import MEGABYTE, Reading, Refusal, Removed
from coordinator.screening import findings
from coordinator.translation import gettext as _


def refusal(why: Refusal, where: str = "") -> str:
    """Return the sentence about a refused file; `where` is a page or a row, or what it is that
    cannot be looked into."""
    texts = {
        Refusal.EMPTY: _("Berkas kosong. Pilih berkas lain."),
        Refusal.TYPE: _(
            "Jenis berkas ini tidak diterima. Kirim JPG, PNG, HEIC, PDF, DOCX, atau XLSX."
        ),
        Refusal.OLD_FORMAT: _(
            "Format lama (DOC, XLS, PPT) tidak dapat diperiksa. "
            "Simpan sebagai DOCX, XLSX, atau PDF."
        ),
        Refusal.TOO_LARGE: _("Berkas terlalu besar. Kecilkan atau pilih berkas lain."),
        Refusal.DAMAGED: _(
            "Berkas ini rusak atau terpotong. "
            "Buka di komputer Anda, simpan ulang, lalu unggah lagi."
        ),
        Refusal.PASSWORD: _(
            "Berkas bersandi tidak dapat diperiksa. Hapus sandinya lalu unggah lagi."
        ),
        Refusal.PROGRAM: _(
            "Berkas ini memuat makro, skrip, atau program dan tidak diterima. "
            "Simpan tanpa makro, atau cetak ulang sebagai PDF."
        ),
        Refusal.COMMAND: _(
            "Berkas ini memuat rumus atau isian yang menjalankan program atau mengambil isi dari "
            "luar (misalnya DDE atau WEBSERVICE). Ganti dengan nilainya, atau cetak sebagai PDF, "
            "lalu unggah lagi."
        ),
        Refusal.PART: _(
            "Di dalam berkas ini ada %(what)s yang tidak dapat diperiksa. Hapus bagian itu, atau "
            "cetak berkasnya sebagai PDF, lalu unggah lagi.",
            what=where or _("bagian"),
        ),
        Refusal.PACKING: _(
            "Berkas ini dikemas dengan cara yang tidak dapat dibaca sistem. Buka di Word atau "
            "Excel, simpan sebagai DOCX atau XLSX, lalu unggah lagi."
        ),
        Refusal.TOO_COMPLEX: _(
            "Berkas ini terlalu rumit atau terlalu panjang untuk diperiksa. "
            "Kirim bagian yang perlu saja, sebagai PDF atau foto yang lebih kecil."
        ),
    }
    if why is not Refusal.IDENTITY:
        return texts[why]
    if where:
        return _(
            "Di dalam berkas ini ada angka seperti NIK atau nomor KK (%(where)s). Berkas tidak "
            "disimpan. Hapus angka itu; jumlah orang cukup.",
            where=where,
        )
    return _(
        "Di dalam berkas ini ada angka seperti NIK atau nomor KK. Berkas tidak disimpan. "
        "Hapus angka itu; jumlah orang cukup."
    )


def too_large(size: int, limit: int) -> str:
    """Return the sentence about a file of `size` bytes where `limit` are allowed."""
    return _(
        "Berkas %(size)s MB, paling besar %(limit)s MB. Kecilkan atau pilih berkas lain.",
        size=max(-(-size // MEGABYTE), limit // MEGABYTE + 1),
        limit=limit // MEGABYTE,
    )


def shown_name(name: str) -> str:
    """Return a refused file's name fit to be shown; empty where it holds what must not be."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(char for char in base if char.isprintable())[:80]
    return "" if findings(name) else base


def name_with_identity() -> str:
    """Return the sentence about a file name with a NIK."""
    return _("Nama berkas memuat angka seperti NIK. Ganti namanya lalu unggah lagi.")


def disk_full() -> str:
    """Return the sentence where the disk is nearly full."""
    return _(
        "Ruang penyimpanan hampir penuh, jadi berkas belum dapat diterima. Tulisan Anda tetap "
        "dapat disimpan; beri tahu administrator."
    )


def quota_reached(used: int, quota: int) -> str:
    """Return the sentence about an agency's room; both in bytes."""
    return _(
        "Ruang bukti instansi Anda penuh: terpakai %(used)s MB dari %(quota)s MB, sisa %(left)s MB."
        " Tarik berkas yang tidak diperlukan, atau minta ruang kepada administrator.",
        used=-(-used // MEGABYTE),
        quota=quota // MEGABYTE,
        left=max(quota - used, 0) // MEGABYTE,
    )


def removed(what: list[str]) -> str:
    """Return what was taken out of a file, in one phrase; empty where nothing was."""
    names = {
        Removed.PLACE: _("lokasi"),
        Removed.AUTHOR: _("nama pembuat"),
        Removed.METADATA: _("data tersembunyi"),
        Removed.ATTACHMENTS: _("lampiran di dalamnya"),
        Removed.LINKS: _("tautan otomatis"),
        Removed.PICTURES: _("gambar yang tidak dapat diperiksa"),
    }
    found = [names[one] for one in names if one.value in what]
    phrases = [_("%(what)s dihapus", what=", ".join(found))] if found else []
    if Removed.SIZE.value in what:
        phrases.append(_("diperkecil"))
    if Removed.SIGNATURE.value in what:
        phrases.append(_("tanda tangan elektronik (TTE) tidak berlaku lagi: simpan berkas aslinya"))
    return ", ".join(phrases)


def reading(how: Reading) -> str:
    """Return how far the detector could read a file."""
    return {
        Reading.NEVER: _("Disimpan sebelum isi berkas dapat dibaca sistem."),
        Reading.NONE: _("Foto atau pindaian: tidak dapat dibaca sistem, diperiksa oleh orang."),
        Reading.PARTIAL: _("Sebagian saja yang dapat dibaca sistem; sisanya diperiksa oleh orang."),
        Reading.FULL: _("Seluruh isinya sudah dibaca sistem."),
    }[how]
