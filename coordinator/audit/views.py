"""The audit trail."""

import flask
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordinator import web
from coordinator.audit import queries
from coordinator.paging import page_number, pages
from coordinator.permissions import Permission

bp = flask.Blueprint("audit", __name__)


@bp.get("/jejak")
@web.requires(Permission.SEE_AUDIT)
def trail() -> ResponseReturnValue:
    """Who changed what, newest first."""
    action = flask.request.args.get("tindakan", "")
    subject = flask.request.args.get("objek", "")
    page = page_number()
    rows, total = queries.trail(web.viewer(), action=action, subject=subject, page=page)
    return flask.render_template(
        "audit/trail.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages(total),
        action=action,
        subject=subject,
        labels=action_labels(),
    )


def action_labels() -> dict[str, str]:
    """Return the Indonesian words for each action of the trail."""
    return {
        "access.granted": _("Akses diberikan"),
        "account.disabled": _("Akun ditutup"),
        "account.password_set": _("Kata sandi diatur"),
        "account.reset_sent": _("Tautan kata sandi dikirim"),
        "action.assigned": _("Aksi ditugaskan"),
        "assignment.joined_period": _("Penugasan ikut periode"),
        "backup.created": _("Cadangan dibuat"),
        "demo.loaded": _("Data contoh dimuat"),
        "demo.removed": _("Data contoh dihapus"),
        "duty.answered": _("Uraian tugas dijawab"),
        "duty.ruled": _("Peran ditetapkan"),
        "extension.granted": _("Perpanjangan diberikan"),
        "holidays.loaded": _("Tabel hari libur dimuat"),
        "ladder.set": _("Tangga pengingat diatur"),
        "mapping.published": _("Pemetaan diterbitkan"),
        "period.opened": _("Periode dibuka"),
        "plan.import_discarded": _("Berkas rencana dibuang"),
        "plan.import_read": _("Berkas rencana dibaca"),
        "plan.import_started": _("Berkas rencana diunggah"),
        "plan.loaded": _("Rencana dimuat"),
        "plan.published": _("Versi rencana terbit"),
        "plan.taken_back": _("Versi rencana diurungkan"),
        "question.answered": _("Pesan ditulis dalam percakapan"),
        "question.published": _("Tanya jawab terbit di Kartu Peran"),
        "question.withdrawn": _("Tanya jawab ditarik dari Kartu Peran"),
        "reminders.queued": _("Pengingat diantrekan"),
        "report.draft_saved": _("Draf disimpan"),
        "report.file_removed": _("Berkas dihapus dari draf"),
        "report.returned": _("Laporan dikembalikan"),
        "report.submitted": _("Laporan dikirim"),
        "report.verified": _("Laporan diverifikasi"),
        "session.opened": _("Masuk"),
        "task_force.added": _("Gugus tugas ditambahkan"),
    }
