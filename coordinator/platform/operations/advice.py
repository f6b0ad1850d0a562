"""What to do about what the doctor found: the same sentences in the shell and on the page."""

from coordinator.platform.operations.doctor import Check, State

NOT_LOOKED_AT = "Tidak dapat diperiksa"
# Of checks whose message does not say it.
TO_DO = {
    "data_dir": "Beri pengguna yang menjalankan server hak menulis di sana.",
    "database": "Periksa DATABASE_URL dan disknya; bila rusak, pulihkan dengan "
    "`flask backup restore BERKAS`.",
    "durability": "Taruh DATA_DIR di disk komputer ini, bukan di disk jaringan.",
    "orphan_files": "Boleh dibiarkan.",
    "copy": "Bila inilah instalasi yang dipakai, jalankan `flask mail release`.",
    "mail": "Bila email boleh keluar, isi MAIL_MODE=smtp dan SMTP_HOST di `.env`.",
}


def sentence(check: Check) -> str:
    """Return what was found, and what to do where something is not well."""
    if check.state is State.OK:
        return check.message
    if check.message.startswith(NOT_LOOKED_AT):
        return f"{check.message} Perbaiki itu, lalu periksa lagi."
    return " ".join(filter(None, (check.message, TO_DO.get(check.name))))
