"""What 16 digits must be to be a NIK or a Kartu Keluarga number."""

import re
from enum import IntEnum
from typing import Final

DIGITS: Final = 16

# Province, kabupaten/kota, kecamatan, day (women + 40), month, year, serial from 0001. A family
# card number has the same shape, with the day of issue and never + 40. The province list is that
# of Kemendagri, the number is for life: codes that moved to a younger province stay in use.
# A person's NPWP has been the NIK since 2024. It is blocked under either label, because the secret
# is the same. An organisation's 16-digit NPWP begins with 0 and does not fit.
PROVINCE: Final = r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])"
_BIRTH: Final = r"(?:0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])(?:0[1-9]|1[0-2])[0-9]{2}"
_HEAD: Final = PROVINCE + r"(?!00)[0-9]{2}(?!00)[0-9]{2}" + _BIRTH
_SHAPED: Final = re.compile(_HEAD + r"(?!0000)[0-9]{4}")
_ANYWHERE: Final = re.compile(rf"(?={_SHAPED.pattern})")
# Kabupaten are numbered from 01 and kota from 71, kecamatan from 01; no province has come near 40
# or 80, no kabupaten near 70. Serials beyond 0999 would need a thousand births in one kecamatan on
# one day. Asked for where the digits alone are weaker evidence: of 16 digits by chance 25 in a
# thousand are shaped, 8 real, and fewer than one is usual.
_REAL: Final = re.compile(r"[0-9]{2}(?:0[1-9]|[123][0-9]|7[1-9])[0-6]")
_REAL_SHAPED: Final = re.compile(rf"(?={_REAL.pattern}){_SHAPED.pattern}")
# The possible first digits of province, month and serial: fast to search for, then all.
_USUAL_ANYWHERE: Final = re.compile(
    r"[1-35-9](?=[0-9]{7}[01][0-9]{3}0)"
    rf"(?<=(?={_HEAD}(?!0000)0[0-9]{{3}})(?={_REAL.pattern}).)"
)
# A spreadsheet keeps 15 digits of a number: the NIK ...0001 comes back as ...0000.
_ROUNDED: Final = re.compile(_HEAD + "0000")


class Fit(IntEnum):
    """How well 16 digits fit."""

    NONE = 0
    SHAPED = 1
    REAL = 2
    USUAL = 3


# Python looks up enum members slowly; these are needed for every window of digits.
UNFIT: Final = Fit.NONE
SHAPED: Final = Fit.SHAPED
REAL: Final = Fit.REAL
USUAL: Final = Fit.USUAL


def fit(digits: str, at: int = 0) -> Fit:
    """Return how well the 16 digits from ``at`` fit."""
    return UNFIT if _SHAPED.match(digits, at) is None else _grade(digits, at)


def is_real(digits: str, at: int) -> bool:
    """Return whether the 16 digits from ``at`` fit, with a possible regency and district."""
    return _REAL_SHAPED.match(digits, at) is not None


def _grade(digits: str, at: int) -> Fit:
    if _REAL.match(digits, at) is None:
        return SHAPED
    return USUAL if digits[at + 12] == "0" else REAL


def places(digits: str) -> list[tuple[int, Fit]]:
    """Return where 16 digits fit at all, and how well."""
    found = map(re.Match.start, _ANYWHERE.finditer(digits))
    return [(place, _grade(digits, place)) for place in found]


def usual_places(digits: str) -> list[tuple[int, Fit]]:
    """Return where 16 digits fit as registers give them."""
    return [(match.start(), USUAL) for match in _USUAL_ANYWHERE.finditer(digits)]


def is_rounded(digits: str) -> bool:
    """Return whether 16 digits are a NIK whose serial a spreadsheet has rounded away."""
    return _ROUNDED.match(digits) is not None and _REAL.match(digits) is not None


# The missing digits of a number cut short are filled up from one that fits (DATA CONTOH).
_FILLED: Final = ("1101010101010001", "1111111111111111")


def may_begin(digits: str) -> bool:
    """Return whether fewer than 16 digits are the beginning of a number that fits."""
    return any(fit(digits + filled[len(digits) :]) for filled in _FILLED)
