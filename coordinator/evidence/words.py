"""What people read about files: why one is refused, what was taken out, what to look at."""

from flask_babel import gettext as _

from coordinator.evidence.review.rules import ReviewState
from coordinator.evidence.rules import (
    MEGABYTE,
    CheckState,
    Level,
    Reading,
    Refusal,
    Removed,
    WithdrawReason,
)
from coordinator.screening import Kind, findings
from coordinator.words import kind_names


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


def withdrawn_name() -> str:
    """Return what stands where the name of a file with a victim's identity stood."""
    return _("berkas ditarik")


def hidden_name() -> str:
    """Return what stands where the name of a file under review stood: a name may tell as well."""
    return _("berkas yang ditinjau")


def under_review() -> str:
    """Return the sentence about a file that nobody can open while it is reviewed."""
    return _(
        "Berkas ini sedang ditinjau Sekretariat, karena disebut memuat identitas korban atau "
        "saksi. Selama ditinjau tidak dapat dibuka."
    )


def wait_for_decision() -> str:
    """Return the sentence where somebody takes away a file that is under review."""
    return _("Berkas ini sedang ditinjau Sekretariat. Tunggu putusannya, lalu tarik bila perlu.")


def cleared() -> str:
    """Return the sentence where an agency says of a file what the secretariat found untrue."""
    return _(
        "Sekretariat sudah meninjau berkas yang sama: tidak memuat identitas korban atau saksi. "
        "Bila ada yang terlewat, hubungi Sekretariat; Sekretariat dapat menghapusnya untuk semua. "
        "Untuk melepasnya dari laporan ini saja, pilih alasan lain."
    )


def after_review(state: ReviewState) -> str:
    """Return what has become of a file whose use was withdrawn, while or after others' uses of it
    were reviewed; empty where it was deleted."""
    if state is ReviewState.OPEN:
        return _(
            "Berkas yang sama pada laporan lain disembunyikan dan sedang ditinjau Sekretariat. "
            "Anda tidak perlu melakukan apa pun; putusannya dikabarkan lewat email."
        )
    if state is ReviewState.KEPT:
        return _(
            "Sekretariat sudah memutuskan: berkas ini tidak memuat identitas korban atau saksi. "
            "Unggah lagi bila laporannya memerlukannya."
        )
    return ""


def not_taken(why: ReviewState) -> str:
    """Return the sentence about a file that comes back while it is under review, or after it was
    withdrawn for its content."""
    if why is ReviewState.OPEN:
        return _(
            "Berkas yang sama sedang ditinjau Sekretariat, karena disebut memuat identitas korban "
            "atau saksi. Berkas tidak disimpan; tunggu putusannya."
        )
    return _(
        "Berkas yang sama sudah ditarik karena memuat identitas korban atau saksi. "
        "Berkas tidak disimpan. Hapus bagian itu, simpan ulang, lalu unggah. Bila itu keliru, "
        "minta Sekretariat menerima berkas ini lagi."
    )


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
        Removed.METADATA: _("keterangan tersembunyi"),
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


def kinds(warnings: dict[str, int]) -> str:
    """Return what the detector asks to look at: "nomor telepon (2), nomor perkara (1)"."""
    names = kind_names()
    return ", ".join(f"{names[Kind(kind)]} ({count})" for kind, count in warnings.items())


def reading(how: Reading) -> str:
    """Return how far the detector could read a file."""
    return {
        Reading.NEVER: _("Disimpan sebelum isi berkas dapat dibaca sistem."),
        Reading.NONE: _("Foto atau pindaian: tidak dapat dibaca sistem, diperiksa oleh orang."),
        Reading.PARTIAL: _("Sebagian saja yang dapat dibaca sistem; sisanya diperiksa oleh orang."),
        Reading.FULL: _("Seluruh isinya sudah dibaca sistem."),
    }[how]


def check(state: CheckState) -> str:
    """Return a check state in words."""
    return {
        CheckState.WAITING: _("Menunggu pemeriksaan"),
        CheckState.CLEAN: _("Sudah diperiksa"),
        CheckState.REFUSED: _("Memuat identitas"),
    }[state]


EVENTS = (
    "evidence.withdrawn",
    "evidence.level_set",
    "evidence.reuse_explained",
    "evidence.hidden",
    "evidence.shown_again",
)


def event(action: str, *, level: str, reason: str) -> str:
    """Return what happened to a file, as one of `EVENTS` in the audit trail says."""
    if action == "evidence.withdrawn":
        return _("Bukti ditarik: %(why)s", why=reason)
    if action == "evidence.level_set":
        is_restricted = level == Level.RESTRICTED.value
        return _("Bukti dibatasi") if is_restricted else _("Pembatasan bukti dicabut")
    if action == "evidence.hidden":
        return _("Bukti ditinjau: disebut memuat identitas korban atau saksi")
    if action == "evidence.shown_again":
        return _("Bukti ditampilkan lagi sesudah ditinjau")
    return _("Alasan memakai ulang bukti ditulis")


def levels() -> dict[Level, str]:
    """Return the levels with who may open the file."""
    return {
        Level.INTERNAL: _("Biasa: instansi Anda, Sekretariat, pimpinan, dan Inspektorat"),
        Level.RESTRICTED: _("Terbatas: hanya instansi Anda, Sekretariat, dan Inspektorat"),
    }


def withdraw_reasons() -> dict[WithdrawReason, str]:
    """Return the reasons to take a file back."""
    return {
        WithdrawReason.IDENTITY: _("Memuat identitas korban atau saksi"),
        WithdrawReason.WRONG_FILE: _("Salah berkas"),
        WithdrawReason.OTHER: _("Alasan lain"),
    }
