"""Numbers in words, as they stand in brackets behind figures: "12 (dua belas) kali". Pure."""

from decimal import Decimal

ONES = {
    word: number
    for number, word in enumerate(
        (
            "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan",
            "sembilan", "sepuluh", "sebelas",
        )
    )
}  # fmt: skip
GROUPS = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "milyar": 10**9}


def spelled(text: str) -> tuple[Decimal | None, str]:
    """Return the number that a text begins with in words, or None, and what stands behind it.

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
        elif word in GROUPS:
            total, part, ones = total + (part + ones) * GROUPS[word], 0, 0
        else:
            break
        taken = place + 1
    rest = " ".join(words[taken:])
    if not taken:
        return None, rest
    if rest.casefold().startswith("koma "):  # "satu koma lima"
        return None, ""
    return Decimal(total + part + ones), rest
