"""Labels and warnings of periods."""

from collections.abc import Sequence
from datetime import date

from coordinator.formatting import long_date, plain_date
from coordinator.people.directory.models import Holiday
from coordinator.people.directory.rules import is_working_day
from coordinator.periods.rules import PeriodState, Preset, Window
from coordinator.translation import gettext as _


def preset_labels() -> dict[Preset, str]:
    """Return the labels of the usual ways to divide a year."""
    return {
        Preset.B_MONTHS: _("B03, B06, B09, B12"),
        Preset.QUARTERS: _("Triwulan"),
        Preset.SEMESTERS: _("Semester"),
        Preset.MONTHLY: _("Bulanan"),
    }


def state_labels() -> dict[PeriodState, str]:
    """Return the labels of where a period is."""
    return {
        PeriodState.PLANNED: _("Direncanakan"),
        PeriodState.OPEN: _("Terbuka"),
        PeriodState.PAST: _("Masa pelaporan habis, belum ditutup"),
        PeriodState.CLOSED: _("Ditutup"),
    }


def window_warnings(
    window: Window, holidays: Sequence[Holiday], *, lengths: bool = True
) -> list[str]:
    """Return warnings about a window: too short (if `lengths`), or an end on a day off."""
    named = {holiday.on: holiday.name for holiday in holidays}
    found = []
    if lengths and window.is_short:
        found.append(
            _(
                "Masa pelaporan hanya %(n)s hari, kurang dari 14:"
                " pengingat pertama (H-14) tidak sempat.",
                n=window.days,
            )
        )
    for sentence, day in (
        (_("Hari pertama"), window.opens_on),
        (_("Hari terakhir"), window.closes_on),
    ):
        if not is_working_day(day, named):
            why = named.get(day) or _("akhir pekan")
            found.append(
                _(
                    "%(which)s, %(day)s, libur: %(why)s.",
                    which=sentence,
                    day=long_date(day),
                    why=why,
                )
            )
    return found


def gap_sentence(gap: tuple[date, date]) -> str:
    """Return in words that a part of the year is in no period."""
    return _(
        "%(start)s sampai %(end)s tidak tercakup periode mana pun.",
        start=plain_date(gap[0]),
        end=plain_date(gap[1]),
    )
