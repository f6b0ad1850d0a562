"""Hashing and checking passwords: argon2id, one check at a time in a process."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

hasher = PasswordHasher()  # argon2id, 64 MiB, 3 passes: the library's own RFC 9106 profile
# A check uses one full core and 64 MiB, so an attacker can occupy no more than that per process.
one_check = threading.BoundedSemaphore(1)
# Verified when the address is unknown, so that both answers take the same time: the hash of a
# random text that was not stored, with the parameters of `hasher` (a test checks this). Making
# it at import would add a third of a second to every start.
NOBODYS_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$X5YIphY+l7JYNpCt6aR5EQ"
    "$3hikxZZZeKtf5sssBcWqyKEiFMnqGs4h9V6mp4kIxnc"
)


def is_password(stored: str | None, password: str) -> bool:
    """Return whether a password matches the hash `stored` (None: no account).

    Call it outside any transaction.
    """
    with one_check:
        try:
            return hasher.verify(stored or NOBODYS_HASH, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False
