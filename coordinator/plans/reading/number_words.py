"""Numbers in words. Pure.

They are written where digits could be taken for another number, and read where they are in brackets
after figures, "12 (dua belas) kali".
"""

from decimal import Decimal

DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
GROUPS = ("", "ribu", "juta", "miliar", "triliun")
ONES = {word: number for number, word in enumerate((*DIGITS, "sepuluh", "sebelas"))}
FACTORS = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "milyar": 10**9}


def in_words(value: Decimal) -> str:
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


def from_words(text: str) -> tuple[Decimal | None, str]:
    """Return the number that a text begins with in words, or None, and the text after it.

    "ribu" alone is no number: it multiplies one.
    """
    words = text.split()
    total = part = ones = taken = 0
    for place, written in enumerate(words):
        word = written.casefold().strip(".,")
        if word.startswith("se") and word[2:] in ("ratus", "ribu", "juta"):
            ones, word = 1, word[2:]
        elif place == 0 and word not in ONES:
            break
        if word in ONES:
            part, ones = part + ones, ONES[word]
        elif word == "belas":
            part, ones = part + ones + 10, 0
        elif word in ("puluh", "ratus"):
            part, ones = part + ones * (10 if word == "puluh" else 100), 0
        elif word in FACTORS:
            total, part, ones = total + (part + ones) * FACTORS[word], 0, 0
        else:
            break
        taken = place + 1
    rest = " ".join(words[taken:])
    if not taken:
        return None, rest
    if rest.casefold().startswith("koma "):  # "satu koma lima"
        return None, ""
    return Decimal(total + part + ones), rest
