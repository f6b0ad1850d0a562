"""How people write "the same as above" in a table. Pure; the one place for every list."""

import re

DITTO_WORDS = frozenset(
    ("sda", "s d a", "idem", "ditto", "idem di atas", "sda di atas", "sama dengan di atas")
)
DITTO_MARKS = frozenset(('"', "″", "〃", "”", "“", "''", "„", ",,", "´´", "ʺ"))
NOT_LETTERS = re.compile(r"[\W_]+")

NOTHING_ABOVE = "“%s” berarti sama dengan di atas, tetapi di atasnya kosong."
FILLED = (
    "Tanda “sama dengan di atas” (sda, idem, tanda petik) diisi dari baris di atasnya: baris %s."
)


def is_ditto(text: str) -> bool:
    """Whether a cell says "the same as above": sda, idem, a ditto mark."""
    marks = text.replace("-", "").replace("–", "").replace(" ", "").strip()
    words = NOT_LETTERS.sub(" ", text.casefold()).strip()
    return marks in DITTO_MARKS or words in DITTO_WORDS
