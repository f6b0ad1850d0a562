"""Format dates, numbers and amounts: one place, used by pages, mails and exports."""

import calendar
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import flask
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask_babel import ngettext

from coordinator import numbers
from coordinator.clock import DEFAULT_ZONE, local, today
from coordinator.screening import Kind
from coordinator.telephones import telephone_link
from coordinator.translation import gettext as _
from coordinator.typed import clean

LOCALE = "id"
ZONE_NAMES = {"Asia/Makassar": "WITA", "Asia/Jakarta": "WIB", "Asia/Jayapura": "WIT"}
LARGEST = Decimal("999999999999")
SPELLED = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")


@lru_cache(maxsize=1024)
def long_date(day: date) -> str:
    """Return a text such as "Jumat, 16 Oktober 2026"."""
    return format_date(day, "EEEE, d MMMM y", locale=LOCALE)


@lru_cache(maxsize=1024)
def day_and_month(day: date) -> str:
    """Return a text such as "Jumat, 16 Oktober"."""
    return format_date(day, "EEEE, d MMMM", locale=LOCALE)


@lru_cache(maxsize=1024)
def plain_date(day: date) -> str:
    """Return a text such as "16 Oktober 2026"."""
    return format_date(day, "d MMMM y", locale=LOCALE)


@lru_cache(maxsize=1024)
def month_name(month: int) -> str:
    """Return the month's name: "September" for 9."""
    return format_date(date(2000, month, 1), "MMMM", locale=LOCALE)


def rupiah(amount: int | None) -> str:
    """Return an amount as "Rp 12.500.000"; a dash if there is none."""
    return "–" if amount is None else f"Rp {number(amount)}"


def iso_date(text: str) -> str:
    """Return "16 Oktober 2026" for "2026-10-16", the form stored in JSON."""
    return plain_date(date.fromisoformat(text))


def long_time(instant: datetime, zone: str = DEFAULT_ZONE) -> str:
    """Return a text such as "Senin, 12 Oktober 2026 pukul 14.32 WITA"."""
    there = local(instant, zone)
    when = format_datetime(
        there, "EEEE, d MMMM y 'pukul' HH.mm", tzinfo=there.tzinfo, locale=LOCALE
    )
    return f"{when} {ZONE_NAMES.get(zone, zone)}"


def local_date(instant: datetime, zone: str = DEFAULT_ZONE) -> str:
    """Return an instant's day in the reader's zone: "12 Oktober 2026"."""
    return plain_date(local(instant, zone).date())


def clock_time(instant: datetime, zone: str = DEFAULT_ZONE) -> str:
    """Return a text such as "14.32 WITA"."""
    return f"{local(instant, zone):%H.%M} {ZONE_NAMES.get(zone, zone)}"


def relative_day(day: date, on: date, *, is_revision: bool = False) -> str:
    """Return how far `day` is from `on`: "hari ini", "3 hari lagi", "terlambat 4 hari".

    `is_revision`: the day to send a returned report again by. Its first submission decided whether
    it was on time, so it is past its limit and never late: "lewat 4 hari".
    """
    distance = (day - on).days
    if distance == 0:
        return _("hari ini")
    if distance > 0:
        return ngettext("%(num)s hari lagi", "%(num)s hari lagi", distance)
    if is_revision:
        return ngettext("lewat %(num)s hari", "lewat %(num)s hari", -distance)
    return ngettext("terlambat %(num)s hari", "terlambat %(num)s hari", -distance)


@lru_cache(maxsize=4096)
def number(value: Decimal | int | float | None) -> str:
    """Return a number as "1.234,5"; a dash if there is no value."""
    if value is None:
        return "–"
    return str(format_decimal(Decimal(value).normalize(), format="#,##0.###", locale=LOCALE))


def parse_number(text: str) -> Decimal | None:
    """Read a number by the one rule (`numbers.read`): "3", "1.500", "92,5", "1.234,5", "92.5".

    Returns None for anything else, a sign, or more than three decimal places. What may be two
    numbers is asked about by `numbers.asked_of`.
    """
    text = clean(text).strip()
    try:
        value = numbers.read(text).value
    except numbers.BadNumber:
        return None
    if text[:1] in ("+", "-") or "\n" in text or value > LARGEST or value != round(value, 3):
        return None
    return value


@lru_cache(maxsize=1024)
def month_and_year(day: date) -> str:
    """Return a text such as "Oktober 2026"."""
    return format_date(day, "MMMM y", locale=LOCALE)


def month_grids(first: date, last: date) -> list[list[list[date]]]:
    """Return the months from `first` to `last`, each as weeks of seven days, Monday first."""
    grids: list[list[list[date]]] = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month) and len(grids) < 24:
        grids.append(calendar.Calendar().monthdatescalendar(year, month))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return grids


def spelled(count: int) -> str:
    """Return "satu" to "sembilan", digits above that, as in running text."""
    return SPELLED[count] if 0 <= count < len(SPELLED) else str(count)


def file_size(size: int) -> str:
    """Return a text such as "0,9 MB"."""
    if size < 100_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{number(round(Decimal(size) / 1_000_000, 1))} MB"


def kind_names() -> dict[Kind, str]:
    """Return what the detector's findings are called."""
    return {
        Kind.NIK: _("angka mirip NIK"),
        Kind.KK: _("angka mirip nomor KK"),
        Kind.PHONE: _("nomor telepon"),
        Kind.INITIALS: _("inisial orang"),
        Kind.IDENTITY: _("nama atau alamat orang"),
        Kind.CASE_NUMBER: _("nomor perkara"),
    }


def of_kinds(kinds: Iterable[Kind]) -> str:
    """Return what the detector found, in words: "nomor telepon, nomor perkara"."""
    found = set(kinds)
    return ", ".join(name for kind, name in kind_names().items() if kind in found)


def register(app: flask.Flask) -> None:
    """Make these functions available to every template."""
    app.jinja_env.filters.update(
        long_date=long_date,
        day_and_month=day_and_month,
        plain_date=plain_date,
        iso_date=iso_date,
        long_time=long_time,
        local_date=local_date,
        clock_time=clock_time,
        relative_day=relative_day,
        month_and_year=month_and_year,
        number=number,
        rupiah=rupiah,
        file_size=file_size,
        spelled=spelled,
        telephone_link=telephone_link,
    )
    app.jinja_env.globals["today"] = today

    @app.context_processor
    def _zone_name() -> dict[str, Any]:
        return {"zone_name": ZONE_NAMES[DEFAULT_ZONE]}
