"""Labels of the states and reasons of reports."""

from coordinator.reporting.reports.models import Verification
from coordinator.reporting.reports.rules import (
    ReportKind,
    ReportState,
    ReturnReason,
    ShortfallReason,
)
from coordinator.translation import gettext as _


def return_reason_labels() -> dict[ReturnReason, str]:
    """Return why a report goes back, for lists and mails."""
    return {
        ReturnReason.EVIDENCE_MISSING: _("Bukti belum ada"),
        ReturnReason.EVIDENCE_UNDATED: _("Bukti tanpa tanggal"),
        ReturnReason.EVIDENCE_MISMATCH: _("Bukti tidak sesuai dengan tugas"),
        ReturnReason.FIGURE_UNCLEAR: _("Angka tidak jelas asalnya"),
        ReturnReason.IDENTITY_VISIBLE: _("Ada identitas korban atau saksi"),
        ReturnReason.OTHER: _("Alasan lain"),
    }


def sent_back_texts(verification: Verification) -> tuple[str, str]:
    """Return why a report is with its agency again, and the verifier's sentence about it."""
    if verification.reopened_at is not None:
        return _("Verifikasi dibuka kembali"), verification.reopen_reason or ""
    reason = verification.return_reason
    return (return_reason_labels()[reason] if reason else ""), verification.remark


def shortfall_reason_labels() -> dict[ShortfallReason, str]:
    """Return why less was verified than reported."""
    return {
        ShortfallReason.NO_DATED_REPORT: _("Tanpa laporan bertanggal"),
        ShortfallReason.EVIDENCE_COVERS_LESS: _("Bukti mencakup lebih sedikit"),
        ShortfallReason.COUNTED_TWICE: _("Terhitung dua kali"),
        ShortfallReason.OUTSIDE_PERIOD: _("Di luar periode"),
        ShortfallReason.OTHER: _("Alasan lain"),
    }


def kind_labels() -> dict[ReportKind, str]:
    """Return the labels of what a report says."""
    return {
        ReportKind.ACHIEVEMENT: _("Ada capaian"),
        ReportKind.NIL: _("Nihil"),
        ReportKind.BLOCKED: _("Terhambat"),
    }


def state_labels() -> dict[ReportState, str]:
    """Return the labels of a report's state."""
    return {
        ReportState.DRAFT: _("Berjalan"),
        ReportState.AWAITING_HEAD: _("Menunggu kepala OPD"),
        ReportState.SUBMITTED: _("Menunggu verifikasi"),
        ReportState.RETURNED: _("Dikembalikan"),
        ReportState.VERIFIED: _("Selesai"),
    }


def field_labels() -> dict[str, str]:
    """Return the labels of the fields of a report, by the name of the field."""
    return {
        "kind": _("Jenis laporan"),
        "note": _("Catatan singkat"),
        "held_on": _("Tanggal"),
        "place": _("Tempat (kecamatan)"),
        "nil_reason": _("Alasan nihil"),
        "blocked_by": _("Pihak yang ditunggu, dan apa yang ditunggu"),
        "contribution": _("Jumlah dukungan"),
        "decision_question": _("Keputusan yang dibutuhkan"),
        "decision_asked_of": _("Diputuskan oleh"),
    }
