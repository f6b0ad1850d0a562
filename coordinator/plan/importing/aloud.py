"""A number as it is read aloud, where its digits and marks could be taken for another. Pure."""

from decimal import Decimal

DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
GROUPS = ("", "ribu", "juta", "miliar", "triliun")


def aloud(value: Decimal) -> str:
    """Return a number in words: "seribu dua ratus", "satu koma dua tiga empat"."""
    whole, _point, part = format(abs(value), "f").partition(".")
    part = part.rstrip("0")
    text = _whole(int(whole))
    if part:
        text += " koma " + " ".join(DIGITS[int(digit)] for digit in part)
    return f"minus {text}" if value < 0 else text


def _whole(number: int) -> str:
    if number >= 1000 ** len(GROUPS):
        return f"{number:,}".replace(",", ".")
    words: list[str] = []
    for place in range(len(GROUPS) - 1, -1, -1):
        group = number // 1000**place % 1000
        if place == 1 and group == 1:
            words.append("seribu")
        elif group:
            words += [*_hundreds(group), GROUPS[place]]
    return " ".join(filter(None, words)) or DIGITS[0]


def _hundreds(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = ["seratus"] if hundreds == 1 else [f"{DIGITS[hundreds]} ratus"] if hundreds else []
    if rest in (10, 11):
        words.append("sepuluh" if rest == 10 else "sebelas")
    elif rest < 20:
        words += [f"{DIGITS[rest - 10]} belas"] if rest > 11 else [DIGITS[rest]] if rest else []
    else:
        tens, ones = divmod(rest, 10)
        words.append(f"{DIGITS[tens]} puluh")
        words += [DIGITS[ones]] if ones else []
    return words
