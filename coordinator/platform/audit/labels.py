"""Labels of the actions of the audit trail."""

from coordinator.translation import gettext as _


def action_labels() -> dict[str, str]:
    """Return the label of each action, by its name in the trail."""
    return {
        **_people(),
        **_mapping(),
        **_plan(),
        **_assignments(),
        **_periods(),
        **_reports(),
        **_upkeep(),
    }


def _people() -> dict[str, str]:
    return {
        "access.changed": _("Akses diubah"),
        "access.ended": _("Akses diakhiri"),
        "access.granted": _("Akses diberikan"),
        "account.changed": _("Data orang diubah"),
        "account.code_printed": _("Kode aktivasi dicetak"),
        "account.disabled": _("Akun ditutup"),
        "account.invited": _("Undangan dikirim"),
        "account.password_set": _("Kata sandi diatur"),
        "account.reset_asked": _("Tautan kata sandi diminta sendiri"),
        "account.reset_sent": _("Tautan kata sandi dikirim"),
        "address.mended": _("Alamat email diperbaiki"),
        "contact.noted": _("Pemberitahuan di luar email dicatat"),
        "duty.handed_over": _("Serah terima narahubung"),
        "people.imported": _("Daftar orang diimpor"),
        "people.invited": _("Undangan massal dikirim"),
        "right.ended": _("Hak tambahan diakhiri"),
        "right.given": _("Hak tambahan diberikan"),
        "session.opened": _("Masuk"),
    }


def _mapping() -> dict[str, str]:
    return {
        "card.published": _("Kartu Peran diterbitkan"),
        "card.withdrawn": _("Kartu Peran ditarik"),
        "campaign.started": _("Permintaan jawaban dimulai"),
        "campaign.extended": _("Instansi ditambahkan ke permintaan jawaban"),
        "campaign.ended": _("Permintaan jawaban diakhiri"),
        "duty.answered": _("Uraian tugas dijawab"),
        "duty.units_named": _("Unit tugas disebut instansi"),
        "duty.ruled": _("Peran ditetapkan"),
        "mapping.decreed": _("SK dicatat, tugas ditetapkan"),
        "mapping.draft_discarded": _("Rancangan pemetaan dibuang"),
        "mapping.draft_saved": _("Rancangan pemetaan disimpan"),
        "mapping.published": _("Pemetaan diterbitkan"),
        "mapping.update_declined": _("Pembaruan pemetaan bawaan dikesampingkan"),
        "mapping.update_noted": _("Pemetaan bawaan diperiksa"),
        "question.answered": _("Pesan ditulis dalam percakapan"),
        "question.published": _("Tanya jawab terbit di Kartu Peran"),
        "question.withdrawn": _("Tanya jawab ditarik dari Kartu Peran"),
        "task_force.added": _("Gugus tugas ditambahkan"),
        "task_force.drafted": _("Rancangan gugus tugas disimpan"),
        "task_force.renamed": _("Nama gugus tugas diubah"),
        "text.brought": _("Naskah hukum dibawa masuk"),
        "text.withdrawn": _("Naskah hukum ditarik"),
        "text.checked": _("Kutipan dicocokkan dengan naskah"),
    }


def _plan() -> dict[str, str]:
    return {
        "plan.import_discarded": _("Berkas rencana dibuang"),
        "plan.import_read": _("Berkas rencana dibaca"),
        "plan.import_started": _("Berkas rencana diunggah"),
        "plan.imports_forgotten": _("Berkas rencana lama dihapus"),
        "plan.published": _("Versi rencana terbit"),
        "plan.sample_removed": _("Rencana contoh dihapus"),
        "plan.taken_back": _("Versi rencana diurungkan"),
    }


def _assignments() -> dict[str, str]:
    return {
        "action.assigned": _("Aksi ditugaskan"),
        "actions.assigned_together": _("Aksi ditugaskan bersama-sama"),
        "actions.assigned_together_undone": _("Penugasan bersama diurungkan"),
        "actions.proposed": _("Aksi diusulkan ke kabupaten/kota"),
        "actions.proposed_undone": _("Usulan aksi diurungkan"),
        "actions.proposed_withdrawn": _("Usulan aksi ditarik"),
        "assignment.amended": _("Penugasan diubah"),
        "assignment.replanned": _("Penugasan mengikuti rencana baru"),
        "assignment.replanning_undone": _("Penugasan kembali seperti sebelum rencana baru"),
        "assignment.closed": _("Penugasan ditutup"),
        "assignment.joined_period": _("Penugasan ikut periode"),
        "assignment.made_by_split": _("Bagian penugasan dibuat"),
        "assignment.reassigned": _("Penugasan dialihkan"),
        "assignment.split": _("Penugasan dibagi"),
        "assignment.support_changed": _("Pendukung diubah"),
        "letter.made": _("Surat penugasan dibuat"),
        "letterhead.saved": _("Kop surat disimpan"),
        "proposal.accepted": _("Usulan provinsi diterima"),
        "proposal.declined": _("Usulan provinsi ditolak"),
        "proposals.accepted": _("Usulan provinsi diterima bersama"),
    }


def _periods() -> dict[str, str]:
    return {
        "calendar_feed.ended": _("Tautan kalender dimatikan"),
        "calendar_feed.made": _("Tautan kalender dibuat"),
        "extension.granted": _("Perpanjangan diberikan"),
        "extension.withdrawn": _("Perpanjangan ditarik"),
        "holiday.added": _("Hari libur ditambahkan"),
        "holiday.changed": _("Hari libur diubah"),
        "holiday.removed": _("Hari libur dihapus"),
        "holidays.loaded": _("Tabel hari libur dimuat"),
        "lateness.noted": _("Pemberitahuan tentang laporan yang lewat batas dicatat"),
        "ladder.set": _("Jadwal pengingat diatur"),
        "period.closed": _("Periode ditutup"),
        "period.dates_changed": _("Tanggal periode diubah"),
        "period.left_out_changed": _("Yang dilaporkan dalam periode diubah"),
        "period.opened": _("Periode dibuka"),
        "period.reopened": _("Periode dibuka kembali"),
        "period.tried": _("Email periode dikirim sebagai uji"),
        "reminders.queued": _("Pengingat diantrekan"),
        "clock.confirmed": _("Jam server dipastikan benar, email dilepas"),
        "installation.adopted": _("Salinan dipakai sungguhan, email dilepas"),
        "year.planned": _("Kalender tahun disusun"),
    }


def _reports() -> dict[str, str]:
    return {
        "agency.head_approval_set": _("Persetujuan kepala diatur"),
        "decision.decided": _("Permintaan diputuskan"),
        "decision.noted": _("Catatan untuk pimpinan ditulis"),
        "decision.requested": _("Keputusan diminta"),
        "decision.withdrawn": _("Permintaan keputusan ditarik"),
        "evidence.acknowledged": _("Isi berkas dipastikan pengunggah"),
        "evidence.hidden": _("Bukti disembunyikan untuk ditinjau"),
        "evidence.level_set": _("Tingkat berkas diubah"),
        "evidence.reuse_explained": _("Alasan pakai ulang ditulis"),
        "evidence.review_decided": _("Tinjauan bukti diputuskan"),
        "evidence.shown_again": _("Bukti ditampilkan lagi"),
        "evidence.withdrawn": _("Bukti ditarik"),
        "report.commented": _("Komentar ditulis"),
        "report.confirmed_by_agency": _("Laporan atas nama dibenarkan"),
        "report.draft_saved": _("Draf disimpan"),
        "report.file_removed": _("Berkas dihapus dari draf"),
        "report.files_added": _("Berkas ditambahkan ke draf"),
        "report.objected_by_agency": _("Laporan atas nama disanggah"),
        "report.reopened": _("Verifikasi dibuka kembali"),
        "report.returned": _("Laporan dikembalikan"),
        "report.sent_back_by_head": _("Laporan dikembalikan kepala"),
        "report.sent_to_head": _("Laporan dikirim ke kepala"),
        "report.submitted": _("Laporan dikirim"),
        "report.taken_from_head": _("Laporan ditarik dari kepala"),
        "report.typed_on_behalf": _("Laporan diketik atas nama"),
        "report.verdict_undone": _("Keputusan atas laporan diurungkan"),
        "report.verified": _("Laporan diverifikasi"),
        "report.withdrawn": _("Laporan ditarik"),
        "reporting.set": _("Pengaturan pelaporan diubah"),
        "sample.drawn": _("Sampel diambil"),
        "sample.finding_written": _("Hasil pemeriksaan sampel ditulis"),
        "sheet.applied": _("Lembar laporan diterapkan"),
    }


def _upkeep() -> dict[str, str]:
    return {
        "audit.head_adopted": _("Kepala jejak audit diterima ulang"),
        "demo.loaded": _("Data contoh dimuat"),
        "demo.removed": _("Data contoh dihapus"),
        "first_steps.hidden": _("Langkah pertama disembunyikan"),
        "first_steps.shown": _("Langkah pertama ditampilkan lagi"),
        "mail.tried": _("Email uji dikirim ke diri sendiri"),
        "task.cancelled": _("Pekerjaan dibatalkan"),
        "task.failed": _("Pekerjaan gagal"),
        "task.finished": _("Pekerjaan selesai"),
        "task.requested": _("Pekerjaan diminta"),
        "view.deleted": _("Tampilan dihapus"),
        "view.saved": _("Tampilan disimpan"),
    }
