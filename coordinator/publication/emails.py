"""The mail "Apa yang berubah untuk Anda"."""

from flask_babel import gettext as _

from coordinator.directory.models import Agency, TaskForce
from coordinator.mail.rendering import render_email
from coordinator.mail.service import Email
from coordinator.permissions import AccessKind
from coordinator.roles.diff import Change, Difference, Subject


def mapping_changed(
    *,
    agency: Agency,
    kind: AccessKind,
    number: int,
    differences: list[Difference],
    force: TaskForce,
    is_sample: bool,
) -> Email:
    """To one person of an agency: what a new mapping version changes for it, in one mail."""
    return render_email(
        "mapping_changed",
        _("[TPPO] Peran %(agency)s berubah: versi %(n)s", agency=agency.abbreviation, n=number),
        agency=agency,
        is_head=kind is AccessKind.AGENCY_HEAD,
        number=number,
        parts=grouped(agency.key, differences),
        link=f"[[base]]/peran/versi/{number}?instansi={agency.slug}",
        region_short=force.short_region,
        sample_data=is_sample,
    )


def grouped(key: str, differences: list[Difference]) -> list[tuple[str, list[Difference]]]:
    """Return an agency's differences under the headings it reads them by; empty ones left out."""
    gained, lost, changed, based, other = [], [], [], [], []
    for one in differences:
        if one.subject is not Subject.DUTY:
            other.append(one)
        elif one.change is Change.ADDED or (
            one.change is Change.MOVED and one.agencies[0] == key and len(one.agencies) > 1
        ):
            gained.append(one)
        elif one.change is Change.REMOVED or (
            one.change is Change.MOVED and one.agencies[0] != key
        ):
            lost.append(one)
        elif one.change is Change.REBASED:
            based.append(one)
        else:
            changed.append(one)
    parts = [
        (_("Tugas baru"), gained),
        (_("Tidak lagi tugas Anda"), lost),
        (_("Tugas yang berubah"), changed),
        (_("Dasar hukum yang berubah"), based),
        (_("Keanggotaan pokja dan nama"), other),
    ]
    return [(heading, found) for heading, found in parts if found]
