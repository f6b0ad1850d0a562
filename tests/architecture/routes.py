"""Who may open what: every address that is read, and its answer to each kind of access."""

import re
from collections.abc import Iterator

import flask

from coordinator.reporting.report_form.editors import FormAction

ACTORS = (
    "anonymous",
    "focal_point",  # Dispora, who leads the assignment and reported
    "other_agency",  # Disdikbud, who has nothing to do with it
    "head",  # head of Dispora
    "secretariat",
    "leadership",
    "auditor",
    "administrator",
)


def row(
    anonymous: int,
    focal_point: int,
    other_agency: int,
    head: int,
    secretariat: int,
    leadership: int,
    auditor: int,
    administrator: int,
) -> dict[str, int]:
    """One line of the table, in the order of ACTORS."""
    values = (
        anonymous,
        focal_point,
        other_agency,
        head,
        secretariat,
        leadership,
        auditor,
        administrator,
    )
    return dict(zip(ACTORS, values, strict=True))


EVERYBODY = row(200, 200, 200, 200, 200, 200, 200, 200)
SIGNED_IN_PEOPLE = row(302, 200, 200, 200, 200, 200, 200, 200)
IN_A_TASK_FORCE = row(302, 200, 200, 200, 200, 200, 200, 403)
AGENCIES = row(302, 200, 200, 200, 403, 403, 403, 403)
SECRETARIAT = row(302, 403, 403, 403, 200, 403, 403, 403)
READERS = row(302, 403, 403, 403, 200, 200, 200, 403)
MANAGERS = row(302, 403, 403, 403, 200, 403, 403, 200)
ADMINISTRATORS = row(302, 403, 403, 403, 403, 403, 403, 200)
# Dispora's card, not published: its own people and those who look after the task force.
DRAFT_READERS = row(404, 200, 404, 200, 200, 200, 200, 404)
# Work the leadership asked for: its own, and the secretariat's of the same task force.
OWN_WORK = row(302, 404, 404, 404, 200, 200, 404, 404)
MANAGERS_OF_BELOW = row(302, 403, 403, 403, 200, 403, 403, 404)  # the installation has no below
# A letter to Dispora: its own people, and those who read assignments.
LETTER_READERS = row(302, 200, 404, 200, 200, 200, 200, 404)
MAIL_READERS = row(302, 403, 403, 403, 200, 403, 200, 200)
# GET by rule. Placeholders are filled with ids of the Dispora report and its assignment.
# A thing the viewer may not see is 404 (it does not exist for them); a page they may not open, 403.
GETS: dict[str, dict[str, int]] = {
    "/": row(302, 302, 302, 302, 302, 302, 302, 302),
    "/masuk": row(200, 302, 302, 302, 302, 302, 302, 302),
    "/bantuan": EVERYBODY,
    "/privasi": EVERYBODY,
    "/aksesibilitas": EVERYBODY,
    "/sehat": EVERYBODY,
    "/siap": row(503, 503, 503, 503, 503, 503, 503, 503),  # no scheduler runs in this test
    "/undangan/<token>": EVERYBODY,
    "/akses": SIGNED_IN_PEOPLE,
    "/akun": SIGNED_IN_PEOPLE,
    "/kotak-masuk": SIGNED_IN_PEOPLE,
    "/kotak-masuk/<int:email_id>": row(302, 200, 404, 404, 404, 404, 404, 404),
    "/kotak-masuk/<int:email_id>/isi": row(302, 200, 404, 404, 404, 404, 404, 404),
    "/aktivasi": EVERYBODY,
    "/lupa-kata-sandi": EVERYBODY,
    "/gugus-tugas": ADMINISTRATORS,
    "/gugus-tugas/<code>": ADMINISTRATORS,
    "/orang": MANAGERS,
    "/orang/undang": MANAGERS,
    "/orang/hak": SECRETARIAT,
    "/orang/<account_id>": MANAGERS,
    "/orang/<account_id>/serah-terima": row(302, 404, 404, 404, 404, 403, 403, 403),
    "/orang/serah-terima/<handover_id>": row(302, 404, 404, 404, 404, 403, 403, 403),
    "/orang/surel/<int:email_id>": row(302, 403, 403, 403, 303, 403, 403, 303),
    "/orang/instansi": SECRETARIAT,
    "/orang/instansi/<slug>": SECRETARIAT,
    "/orang/surat": MANAGERS,
    "/orang/impor": SECRETARIAT,
    "/orang/impor/templat.xlsx": SECRETARIAT,
    "/orang/impor/<import_id>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/orang/impor/<import_id>/galat.csv": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/peran": IN_A_TASK_FORCE,
    "/peran.csv": IN_A_TASK_FORCE,
    "/peran.xlsx": IN_A_TASK_FORCE,
    "/peran.pdf": IN_A_TASK_FORCE,
    "/peran/rantai": IN_A_TASK_FORCE,
    "/kartu-peran": SECRETARIAT,
    "/kartu-peran/<code>/<slug>": DRAFT_READERS,
    "/kartu-peran/<code>/<slug>.pdf": DRAFT_READERS,
    "/lambang/<code>.png": row(404, 404, 404, 404, 404, 404, 404, 404),  # none was given
    "/pengaturan": SIGNED_IN_PEOPLE,
    "/pengaturan/kop": SECRETARIAT,
    "/pekerjaan": SIGNED_IN_PEOPLE,
    "/pekerjaan/<task_id>": OWN_WORK,
    "/pekerjaan/<task_id>/keadaan": OWN_WORK,
    "/pekerjaan/<task_id>/berkas": OWN_WORK,
    # And who was given the right to check texts: tests/mapping/text_checks.
    "/peran/naskah": SECRETARIAT,
    "/peran/naskah/<step_id>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/peran/naskah/peraturan/<key>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/peran/naskah/teks/<text_id>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/peran/ubah": SECRETARIAT,
    "/peran/ubah/pemetaan.yaml": SECRETARIAT,
    "/peran/ubah/tugas": SECRETARIAT,
    "/peran/ubah/tugas/baru": SECRETARIAT,
    "/peran/ubah/tugas/<key>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/peran/ubah/pembaruan": row(302, 403, 403, 403, 404, 403, 403, 403),  # none is offered
    "/peran/ubah/instansi": SECRETARIAT,
    "/peran/ubah/instansi/baru": SECRETARIAT,
    "/peran/ubah/instansi/<key>": SECRETARIAT,
    "/peran/ubah/dasar": SECRETARIAT,
    "/peran/ubah/dasar/baru": SECRETARIAT,
    "/peran/ubah/dasar/<key>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/peran/ubah/pokja": SECRETARIAT,
    "/peran/ubah/pokja/baru": SECRETARIAT,
    "/peran/ubah/pokja/<key>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/peran/versi": IN_A_TASK_FORCE,
    "/peran/versi/<int:number>": IN_A_TASK_FORCE,
    "/peran/versi/banding": IN_A_TASK_FORCE,
    "/peran/sk": IN_A_TASK_FORCE,
    "/peran/sk/naskah.docx": SECRETARIAT,
    "/peran/sk/rancangan.docx": SECRETARIAT,
    "/peran/sk/rancangan.pdf": SECRETARIAT,
    "/peran/sk/catat": SECRETARIAT,
    "/peran/sk/<decree_id>/salinan": IN_A_TASK_FORCE,
    "/kabupaten-kota": row(302, 403, 403, 403, 200, 200, 403, 403),
    "/kabupaten-kota/<below>": SECRETARIAT,
    "/kabupaten-kota/<below>/sekretariat": MANAGERS_OF_BELOW,
    "/kabupaten-kota/<below>/sk": row(302, 404, 404, 404, 404, 404, 404, 403),
    "/rencana": IN_A_TASK_FORCE,
    "/rencana.csv": IN_A_TASK_FORCE,
    "/rencana.xlsx": IN_A_TASK_FORCE,
    "/rencana/<action_id>": IN_A_TASK_FORCE,
    "/rencana/<action_id>/ubah": SECRETARIAT,
    "/rencana/<action_id>/hentikan": SECRETARIAT,
    "/rencana/baru/<key>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/rencana/tentang/<key>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/rencana/contoh": SECRETARIAT,
    "/rencana/versi": IN_A_TASK_FORCE,
    "/rencana/versi/<key>/<int:number>": row(302, 404, 404, 404, 404, 404, 404, 403),
    "/rencana/versi/<key>/<int:number>/urungkan": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/rencana/impor": SECRETARIAT,
    "/rencana/impor/templat.xlsx": SECRETARIAT,
    "/rencana/impor/<import_id>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/rencana/impor/<import_id>/galat.csv": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/periode": IN_A_TASK_FORCE,
    "/periode/tahun/<int:year>": SECRETARIAT,
    "/periode/<period_id>": row(302, 404, 404, 404, 200, 404, 404, 403),  # planned, not opened
    "/periode/<period_id>/buka/<int:step>": SECRETARIAT,
    "/periode/<period_id>/tutup": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/periode/<period_id>/buka-kembali": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/kalender": IN_A_TASK_FORCE,
    "/kalender/<token>.ics": row(404, 404, 404, 404, 404, 404, 404, 404),  # no feed's token
    "/pengaturan/hari-libur": MANAGERS,
    "/pengaturan/hari-libur/<on>": MANAGERS,
    "/pengingat": row(302, 200, 200, 200, 200, 403, 403, 403),
    # Nothing of Dispora's is late here: its log of contacts is shown, and there is no letter.
    "/pengingat/catat/<slug>": row(302, 403, 403, 403, 302, 403, 403, 403),
    "/pengingat/surat/<slug>.pdf": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/pengingat/surat/<slug>.docx": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/penugasan": READERS,
    "/penugasan.csv": READERS,
    "/penugasan.xlsx": READERS,
    "/penugasan/<assignment_id>": READERS,
    "/penugasan/baru/<action_id>": SECRETARIAT,
    "/penugasan/<assignment_id>/dasar": row(302, 404, 404, 404, 404, 404, 404, 404),  # no scan
    "/penugasan/<assignment_id>/alihkan": SECRETARIAT,
    "/penugasan/<assignment_id>/pendukung": SECRETARIAT,
    "/penugasan/<assignment_id>/pecah": SECRETARIAT,
    "/penugasan/<assignment_id>/ubah": SECRETARIAT,
    "/penugasan/<assignment_id>/tutup": SECRETARIAT,
    "/penugasan/massal": SECRETARIAT,
    "/penugasan/massal/isi": row(302, 403, 403, 403, 303, 403, 403, 403),  # nothing was chosen
    "/penugasan/massal/<batch_id>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/penugasan/usulan": SECRETARIAT,
    "/penugasan/usulan/<batch_id>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/penugasan/usulan/aksi/<proposal_id>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/penugasan/instansi": READERS,
    "/penugasan/instansi.csv": READERS,
    "/penugasan/instansi.xlsx": READERS,
    "/penugasan/surat": SECRETARIAT,
    "/penugasan/surat/<slug>": SECRETARIAT,
    "/surat-penugasan/<letter_id>.pdf": LETTER_READERS,
    "/surat-penugasan/<letter_id>.docx": LETTER_READERS,
    "/tugas-saya/surat": AGENCIES,
    "/tampilan": SIGNED_IN_PEOPLE,
    "/cari": SIGNED_IN_PEOPLE,
    "/tugas-saya": AGENCIES,
    "/tugas-saya/lalu": AGENCIES,
    "/laporan/<report_id>": row(302, 200, 404, 200, 200, 200, 200, 404),
    "/laporan/<report_id>/periksa": row(302, 302, 404, 403, 403, 403, 403, 403),
    "/laporan/<report_id>/persetujuan": row(302, 403, 403, 302, 403, 403, 403, 403),
    "/laporan/<report_id>/atas-nama": row(302, 403, 403, 403, 302, 403, 403, 403),
    "/laporan/<report_id>/tanda-terima": row(302, 200, 404, 200, 200, 200, 200, 404),
    "/laporan/<report_id>/tanda-terima.pdf": row(302, 200, 404, 200, 200, 200, 200, 404),
    # The world's token is an invitation's: as a report's link it never was one.
    "/l/<token>": row(410, 410, 410, 410, 410, 410, 410, 410),
    "/l/<token>/tanda-terima.pdf": row(410, 410, 410, 410, 410, 410, 410, 410),
    "/l/<token>/periksa": row(410, 410, 410, 410, 410, 410, 410, 410),
    "/tugas-saya/lembar": row(302, 200, 200, 403, 403, 403, 403, 403),
    "/tugas-saya/lembar.xlsx": row(302, 200, 200, 403, 403, 403, 403, 403),
    "/pengaturan/pelaporan": SECRETARIAT,
    "/pengaturan/persetujuan-kepala": row(302, 403, 403, 200, 403, 403, 403, 403),
    "/bukti/<evidence_id>": row(302, 200, 404, 200, 200, 200, 200, 404),
    "/bukti/<evidence_id>/rincian": row(302, 200, 404, 200, 200, 200, 200, 404),
    "/bukti/<evidence_id>/gambar": row(302, 200, 404, 200, 200, 200, 200, 404),
    "/bukti/<evidence_id>/isi": row(302, 200, 404, 200, 200, 200, 200, 404),
    "/laporan/<report_id>/percakapan": row(302, 200, 404, 200, 200, 200, 200, 404),
    "/verifikasi": SECRETARIAT,
    "/verifikasi/<report_id>": SECRETARIAT,
    "/verifikasi/<report_id>/buka-kembali": row(302, 403, 403, 403, 302, 403, 403, 403),
    "/keputusan": READERS,
    "/keputusan/<request_id>": READERS,
    "/tinjauan-bukti": READERS,
    "/tinjauan-bukti/<review_id>": row(302, 403, 403, 403, 404, 404, 404, 403),
    # Only to decide, and only while it is open.
    "/tinjauan-bukti/<review_id>/berkas/<evidence_id>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/sampel": READERS,
    "/sampel.csv": row(302, 403, 403, 403, 404, 404, 404, 403),  # nothing was drawn
    "/sampel/laporan/<sampled_id>": row(302, 403, 403, 403, 404, 404, 404, 403),
    "/beranda": SECRETARIAT,
    "/beranda/kepala": row(302, 403, 403, 200, 403, 403, 403, 403),
    "/beranda/inspektorat": row(302, 403, 403, 403, 403, 403, 200, 403),
    "/beranda/administrator": ADMINISTRATORS,
    "/langkah-pertama": MANAGERS,
    "/ringkasan": READERS,
    "/matriks": READERS,
    "/matriks.csv": READERS,
    "/matriks/<slug>": READERS,
    "/surel": MAIL_READERS,
    "/jejak": MAIL_READERS,
    "/jawab": row(302, 200, 200, 200, 302, 302, 302, 403),  # or the page of all agencies
    "/jawab/unit": AGENCIES,
    "/jawab/instansi": READERS,
    "/jawab/instansi/<slug>/surat.pdf": SECRETARIAT,
    "/jawab/instansi/<slug>/surat.docx": SECRETARIAT,
    "/jawab/kampanye/baru": SECRETARIAT,
    "/jawab/kampanye/<campaign_id>": row(302, 403, 403, 403, 404, 404, 404, 403),
    "/jawab/kampanye/<campaign_id>/akhiri": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/jawab/<duty_id>": row(302, 200, 404, 200, 403, 403, 403, 403),
    "/tanya": row(302, 200, 200, 200, 200, 403, 200, 403),
    "/tanya/<question_id>": row(302, 200, 404, 200, 200, 403, 200, 403),
    "/tanya/<question_id>/tetapkan": SECRETARIAT,
    "/preseden": row(302, 200, 200, 200, 200, 403, 200, 403),
}
# The report form's buttons. One that refused an answer leads back to the form when it is opened.
BUTTONS = {f"/{action}" for action in FormAction}
OPENED_AGAIN = BUTTONS - {f"/{FormAction.AUTOSAVE}", f"/{FormAction.CHECK}"}
WRITERS_ALONE = row(302, 303, 404, 403, 403, 403, 403, 403)
GETS |= {f"/laporan/<report_id>{button}": WRITERS_ALONE for button in OPENED_AGAIN}
GETS |= {f"/l/<token>{button}": dict.fromkeys(ACTORS, 303) for button in OPENED_AGAIN}


def rules_of(app: flask.Flask, method: str) -> Iterator[str]:
    """Return the rules of all addresses, but for the static files, that take this method."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static" and method in (rule.methods or ()):
            yield rule.rule


def fill(rule: str, values: dict[str, str]) -> str:
    """Return the address of a rule with the placeholders' values in it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: values[match[1]], rule)
