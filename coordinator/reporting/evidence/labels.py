"""What people read about a use of a file: what to look at, its check, its review."""

from coordinator.formatting import kind_names
from coordinator.reporting.evidence.rules import CheckState, Level, ReviewState, WithdrawReason
from coordinator.screening import Kind
from coordinator.translation import gettext as _


def withdrawn_name() -> str:
    """Return what is shown instead of the name of a file that identified a victim."""
    return _("berkas ditarik")


def hidden_name() -> str:
    """Return what is shown instead of the name of a file under review: it may identify somebody."""
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
    """Return what happened to a file withdrawn while or after others' uses of it were reviewed.

    Empty if it was deleted.
    """
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
    """Return the message about a file uploaded again while under review or after its withdrawal.

    Only a withdrawal for the file's content counts.
    """
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


def kinds(warnings: dict[str, int]) -> str:
    """Return what the detector asks to look at: "nomor telepon (2), nomor perkara (1)"."""
    names = kind_names()
    return ", ".join(f"{names[Kind(kind)]} ({count})" for kind, count in warnings.items())


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
