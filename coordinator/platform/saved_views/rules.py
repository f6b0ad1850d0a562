"""Which lists can be kept, with which parts of their address. Pure."""

import re
from collections.abc import Iterable

MOST = 30  # views an account keeps
LONGEST_NAME = 60

# Every list that can be kept, and the parameters that it knows. A page number is not kept: the
# content of a page changes.
PLACES: dict[str, frozenset[str]] = {
    "/rencana": frozenset({"pokja", "status", "tugas", "strategi", "rencana", "urut"}),
    "/penugasan": frozenset({"pokja", "instansi", "keadaan", "urut"}),
    "/penugasan/instansi": frozenset({"pokja", "tanpa", "urut"}),
    "/verifikasi": frozenset({"tab", "pokja", "instansi"}),
    "/matriks": frozenset({"lapis", "periode", "pokja"}),
    "/orang": frozenset({"pokja", "keadaan"}),
}
# Keys, slugs, codes and random ids: nobody's name and no identity number fits a value of ours.
VALUE = re.compile(r"[A-Za-z0-9._-]{1,80}")
LONG_NUMBER = re.compile(r"\d{9,}")


def kept(place: str, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the parts of a list's address that are kept, in order of name: what the page does not
    know, what is empty, and what is no key is dropped."""
    known = PLACES.get(place, frozenset())
    found = {
        name: value
        for name, value in pairs
        if name in known and VALUE.fullmatch(value) and not LONG_NUMBER.search(value)
    }
    return sorted(found.items())
