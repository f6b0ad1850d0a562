"""A number as people write it. Pure."""

import re
from decimal import Decimal, InvalidOperation

SEVERAL = "Berisi lebih dari satu angka. Tulis satu angka saja sebagai target."
NOT_A_NUMBER = "Bukan angka. Tulis angka, misalnya 12, 12 kali, atau 80%; tanpa target: -"


class BadNumber(Exception):
    """What is written is no number, or may be two; the message says why."""


def number_of(text: str) -> tuple[Decimal, str]:
    """Return a number as it is written here (1.234,5) or abroad (1,234.5), and how it was read
    where both are possible. Raises BadNumber where nobody can tell."""
    text = re.sub(r"[  ](?=\d)", " ", text.strip())
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    note = ""
    if "." in digits and "," in digits:
        decimal = max(".,", key=digits.rfind)
        thousands = "," if decimal == "." else "."
        whole, _mark, part = digits.rpartition(decimal)
        plain = f"{_grouped(whole, thousands)}.{part}"
    elif digits.count(",") == 1:
        whole, part = digits.split(",")
        if len(part) == 3 and 1 <= len(whole) <= 3 and whole.strip("0"):
            raise BadNumber(
                f"“{text}” dapat berarti {whole}{part} atau {whole} koma {part}. Tulis tanpa "
                "tanda ribuan."
            )
        plain = f"{whole}.{part}"
    elif "," in digits:
        plain = _grouped(digits, ",")
    elif "." in digits:
        groups = digits.split(".")
        if all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0].strip("0")) <= 3:
            plain = "".join(groups)
            note = f"“{text}” dibaca {plain}." if len(groups) == 2 else ""
        else:
            plain = digits
    else:
        plain = _grouped(digits, " ") if " " in digits else digits
    try:
        return sign * Decimal(plain.replace(" ", "")), note
    except InvalidOperation as error:
        raise BadNumber(NOT_A_NUMBER) from error


def _grouped(text: str, mark: str) -> str:
    """Return digits without their thousands marks. Raises BadNumber where groups are not of 3."""
    first, *groups = text.split(mark)
    if (not 1 <= len(first) <= 3 and groups) or any(len(group) != 3 for group in groups):
        raise BadNumber(SEVERAL if mark == " " else NOT_A_NUMBER)
    return first + "".join(groups)
