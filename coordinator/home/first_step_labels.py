"""The first steps in words: what each is, why, where, and who does it."""

from dataclasses import dataclass

from coordinator.formatting import long_time
from coordinator.home.first_step_queries import (
    ADMINISTRATORS_OWN,
    SECRETARIATS,
    FirstSteps,
    SetUp,
)
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.rules import MailState
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One line of the list: what, why or what is known, where (empty: not for the viewer), who does
    it, and whether it is done."""

    step: SetUp
    label: str
    reason: str
    href: str
    who: str
    is_done: bool


def step_lines(found: FirstSteps, viewer: Viewer, *, sends_mail: bool) -> list[FirstStep]:
    """Return the lines of the list."""
    own = ADMINISTRATORS_OWN if viewer.kind is AccessKind.ADMINISTRATOR else SECRETARIATS
    words = _words(found, viewer, sends_mail=sends_mail)
    hrefs = _hrefs(found)
    return [
        FirstStep(
            step=step,
            label=words[step][0],
            reason=words[step][1],
            href=hrefs[step] if step in own else "",
            who=_who(step),
            is_done=is_done,
        )
        for step, is_done in found.done.items()
    ]


def _hrefs(found: FirstSteps) -> dict[SetUp, str]:
    return {
        SetUp.TASK_FORCE: "/gugus-tugas",
        SetUp.LETTERHEAD: "/pengaturan/kop",
        SetUp.MAPPING: "/peran",
        SetUp.PEOPLE: "/orang/impor",
        SetUp.PLAN: "/rencana/impor",
        SetUp.DAYS_OFF: "/pengaturan/hari-libur",
        SetUp.PERIODS: f"/periode/tahun/{found.year}",
        SetUp.MAIL: "/langkah-pertama#surel",
        SetUp.BACKUP: "/langkah-pertama#pemeriksaan",
        SetUp.ADMINISTRATORS: "/orang/undang?gugus=administrator",
    }


def _who(step: SetUp) -> str:
    if step not in SECRETARIATS:
        return _("oleh administrator")
    if step in ADMINISTRATORS_OWN:
        return _("oleh Sekretariat atau administrator")
    return _("oleh Sekretariat")


def _words(found: FirstSteps, viewer: Viewer, *, sends_mail: bool) -> dict[SetUp, tuple[str, str]]:
    return {
        SetUp.TASK_FORCE: (
            _("Gugus tugas"),
            found.region or _("mempunyai Sekretariat, yang diundang dari sini"),
        ),
        SetUp.LETTERHEAD: (_("Kop surat"), _("dicetak di surat dan laporan")),
        SetUp.MAPPING: (_("Pemetaan peran"), _("siapa punya uraian tugas apa")),
        SetUp.PEOPLE: (_("Orang"), _("narahubung tiap OPD, dari satu berkas atau satu per satu")),
        SetUp.PLAN: (
            _("Rencana aksi"),
            _("yang ada hanya DATA CONTOH; impor rencana Anda")
            if found.has_sample_plan and not found.has_plan
            else _("dari berkas Excel Anda"),
        ),
        SetUp.DAYS_OFF: (
            _("Hari libur"),
            _(
                "tahun %(year)s dan %(next)s; jatuh tempo dihitung dengannya",
                year=found.year,
                next=found.year + 1,
            ),
        ),
        SetUp.PERIODS: (_("Kalender pelaporan"), _("kapan OPD diminta melapor")),
        SetUp.MAIL: (_("Email"), mail_sentence(found, viewer.zone, sends_mail=sends_mail)),
        SetUp.BACKUP: (_("Cadangan"), _backup_sentence(found, viewer.zone)),
        SetUp.ADMINISTRATORS: (
            _("Administrator kedua"),
            _("agar pemasangan ini tetap terurus bila yang pertama berhalangan"),
        ),
    }


def mail_sentence(found: FirstSteps, zone: str, *, sends_mail: bool) -> str:
    """Return what is known of the test mail: the server's answer and when."""
    if not sends_mail:
        return _("instalasi ini belum mengirim email ke luar; administrator mengisi MAIL_MODE=smtp")
    mail = found.mail
    if mail is None:
        return _("kirim satu email uji ke alamat Anda sendiri")
    if mail.state is MailState.SENT and mail.sent_at is not None:
        return _(
            "email uji diterima server %(when)s, jawabannya “%(answer)s”",
            when=long_time(mail.sent_at, zone),
            answer=mail.answer,
        )
    when = long_time(mail.queued_at, zone)
    if not mail.answer:
        return _("email uji menunggu dikirim sejak %(when)s", when=when)
    return _("email uji %(when)s belum diterima: “%(answer)s”", when=when, answer=mail.answer)


def _backup_sentence(found: FirstSteps, zone: str) -> str:
    made = found.backup
    if made is None:
        return _("belum pernah; di server: flask backup create BERKAS, lalu tiap hari lewat cron")
    place = f"{made.folder}/{made.name}" if made.folder else made.name
    return _("terakhir %(when)s, di %(place)s", when=long_time(made.finished_at, zone), place=place)
