"""Numbers as people write them, in forms, sheets and CSV: the one rule. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum, auto

SEVERAL = "Berisi lebih dari satu angka. Tulis satu angka saja sebagai target."
NOT_A_NUMBER = "Bukan angka. Tulis angka, misalnya 12, 12 kali, atau 80%; tanpa target: -"
WRITTEN = re.compile(r"[-+]?[0-9]+(?:[., ][0-9]+)*")
FAR = 10  # times what is known of it: a mark or a zero too many makes a number ten times as large


class BadNumber(Exception):
    """The text is no number, or has two readings (`readings`); the message says why."""

    def __init__(self, message: str, readings: tuple[Decimal, ...] = ()) -> None:
        super().__init__(message)
        self.readings = readings


@dataclass(frozen=True, slots=True)
class Typed:
    """A number that was typed.

    `readings`: both numbers that "1,234" and "1.234" can be, the likelier first; else empty.
    """

    value: Decimal
    readings: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberComparison:
    """What a number is compared with: the target it is reported for, and the last number."""

    target: Decimal | None = None
    last: Decimal | None = None

    def far_below(self, value: Decimal) -> bool:
        """Return whether a value is far above all known ones; False if none is known."""
        above_zero = [one for one in (self.target, self.last) if one is not None and one > 0]
        return bool(above_zero) and value >= FAR * max(above_zero)


NOTHING_KNOWN = NumberComparison()


class Doubt(StrEnum):
    """What a person is asked about a percentage."""

    BELOW_ONE = auto()
    ABOVE_HUNDRED = auto()


def read(text: str) -> Typed:
    """Return a number as it is written here (1.234,5) or abroad (1,234.5). Raises BadNumber.

    A single mark before three digits, as in "1,234", is read in the Indonesian way (a dot groups, a
    comma is the decimal mark), and `readings` has both: the caller must ask.
    """
    text = re.sub(r"\s+", " ", text.strip())
    if not WRITTEN.fullmatch(text):
        raise BadNumber(NOT_A_NUMBER)
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    readings: tuple[str, ...] = ()
    if "." in digits and "," in digits:
        decimal = max(".,", key=digits.rfind)
        whole, _mark, part = digits.rpartition(decimal)
        plain = f"{_grouped(whole, ',' if decimal == '.' else '.')}.{part}"
    elif digits.count(",") == 1:
        plain = digits.replace(",", ".")
        readings = (plain, digits.replace(",", "")) if _is_either(digits, ",") else ()
    elif "," in digits:
        plain = _grouped(digits, ",")
    elif "." in digits:
        first, *groups = digits.split(".")
        is_grouped = all(len(group) == 3 for group in groups)
        if is_grouped and 1 <= len(first) <= 3 and first.strip("0"):
            plain = "".join((first, *groups))
            readings = (plain, digits) if len(groups) == 1 else ()
        else:
            plain = digits
    else:
        plain = _grouped(digits, " ") if " " in digits else digits
    try:
        return Typed(sign * Decimal(plain), tuple(sign * Decimal(one) for one in readings))
    except InvalidOperation as error:
        raise BadNumber(NOT_A_NUMBER) from error


def number_of(text: str) -> tuple[Decimal, str]:
    """Return a number, and how it was read if two readings are possible ("1.234").

    Raises BadNumber, with both `readings`, if neither is clear ("1,234").
    """
    typed = read(text)
    if not typed.readings:
        return typed.value, ""
    if "," in text:
        larger, smaller = max(typed.readings), min(typed.readings)
        raise BadNumber(
            f"“{text.strip()}” dapat berarti {larger} atau {str(smaller).replace('.', ' koma ')}. "
            "Tulis tanpa tanda ribuan.",
            (larger, smaller),
        )
    return typed.value, f"“{text.strip()}” dibaca {typed.value}."


def doubt(value: Decimal, *, is_percent: bool) -> Doubt | None:
    """Return what a person is asked about a value, by the kind of its indicator, or None."""
    if not is_percent:
        return None
    if 0 < value < 1:
        return Doubt.BELOW_ONE
    return Doubt.ABOVE_HUNDRED if value > 100 else None


def asked_of(text: str, *, is_percent: bool, known: NumberComparison = NOTHING_KNOWN) -> str:
    """Return the question about a typed number as a sentence; "" if there is none.

    Text that is no number is refused elsewhere. "1.500" needs no question: here it means 1500. A
    number far above all that is `known` needs one.
    """
    text = text.strip().removesuffix("%").strip() if is_percent else text
    try:
        typed = read(text)
    except BadNumber:
        return ""
    if typed.readings and "," in text:
        return question_of_readings(text, typed.readings)
    found = doubt(typed.value, is_percent=is_percent)
    if found:
        return question(found, typed.value)
    return question_of_size(typed.value, known) if known.far_below(typed.value) else ""


def question(of: Doubt, value: Decimal) -> str:
    """Return the question about a doubtful percentage."""
    written = shown(value)
    if of is Doubt.BELOW_ONE:
        return (
            f"{written} persen? Periksa: {written} dibaca {written} persen, bukan "
            f"{shown(value * 100)} persen."
        )
    return f"{written} persen? Periksa: persentase biasanya paling besar 100."


def question_of_size(value: Decimal, known: NumberComparison) -> str:
    """Return the question about a number far above what is known.

    It does not name the last number: users of a mail link may not see what was reported before.
    """
    above = f"target ({shown(known.target)})" if known.target else "laporan periode lalu"
    return f"{shown(value)} jauh di atas {above}. Benar? Bila tidak, perbaiki angkanya."


def question_of_readings(text: str, readings: tuple[Decimal, ...]) -> str:
    """Return the question about what may be two numbers."""
    first, second = readings
    return (
        f"“{text.strip()}” dibaca {_said(first)}, bukan {_said(second)}. "
        "Benar? Bila tidak, tulis tanpa tanda ribuan."
    )


def shown(value: Decimal) -> str:
    """Return a number in its shortest writing, with a comma: 1234,5."""
    return (format(value.normalize(), "f") if value else "0").replace(".", ",")


def _said(value: Decimal) -> str:
    return shown(value).replace(",", " koma ")


def _is_either(digits: str, mark: str) -> bool:
    whole, part = digits.split(mark)
    return len(part) == 3 and 1 <= len(whole) <= 3 and bool(whole.strip("0"))


def _grouped(text: str, mark: str) -> str:
    """Return digits without their thousands marks. Raises BadNumber where groups are not of 3."""
    first, *groups = text.split(mark)
    if (not 1 <= len(first) <= 3 and groups) or any(len(group) != 3 for group in groups):
        raise BadNumber(SEVERAL if mark == " " else NOT_A_NUMBER)
    return first + "".join(groups)
