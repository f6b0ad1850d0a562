"""The page from which every setting is reached."""

from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.home.blueprint import bp
from coordinator.permissions import Permission
from coordinator.translation import gettext as _
from coordinator.translation import marked


@dataclass(frozen=True, slots=True)
class Setting:
    """A page of settings, for those who hold the permission; None for everybody signed in."""

    permission: Permission | None
    path: str
    label: str
    text: str


SETTINGS = (
    Setting(
        Permission.EDIT_LETTERHEAD,
        "/pengaturan/kop",
        marked("Kop surat"),
        marked("Nama, alamat, dan lambang pada surat, halaman cetak, dan Kartu Peran."),
    ),
    Setting(
        Permission.SET_REPORTING,
        "/pengaturan/pelaporan",
        marked("Pelaporan"),
        marked("Laporan lewat tautan di email, dan persetujuan kepala sebelum dikirim."),
    ),
    Setting(
        Permission.APPROVE_REPORTS,
        "/pengaturan/persetujuan-kepala",
        marked("Persetujuan kepala"),
        marked("Apakah laporan instansi Anda menunggu persetujuan Anda sebelum dikirim."),
    ),
    Setting(
        Permission.EDIT_DAYS_OFF,
        "/pengaturan/hari-libur",
        marked("Hari libur"),
        marked("Libur nasional dan cuti bersama. Hari kerja dan pengingat dihitung darinya."),
    ),
    Setting(
        Permission.SEE_PERIODS,
        "/kalender",
        marked("Tautan kalender"),
        marked("Tanggal penting di kalender telepon atau komputer Anda."),
    ),
    Setting(
        None,
        "/tampilan",
        marked("Tampilan saya"),
        marked("Saringan daftar yang Anda simpan."),
    ),
    Setting(
        None,
        "/pekerjaan",
        marked("Pekerjaan"),
        marked("Berkas besar yang Anda minta, dan kemajuannya."),
    ),
    Setting(
        None,
        "/akun",
        marked("Akun dan akses"),
        marked("Kata sandi, sesi yang terbuka, dan akses Anda."),
    ),
)


@bp.get("/pengaturan")
@web.signed_in
def settings() -> ResponseReturnValue:
    """Every setting the viewer may change, with what it changes."""
    viewer = web.viewer()
    return flask.render_template(
        "home/settings.html",
        settings=[
            (one.path, _(one.label), _(one.text))
            for one in SETTINGS
            if one.permission is None or viewer.may(one.permission)
        ],
    )
