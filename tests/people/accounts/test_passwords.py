"""What a password's hash costs who guesses, and who asks for an account that is not there."""

from argon2 import Type

from tests.conftest import PRODUCT_HASHER, PRODUCT_NOBODYS_HASH


def test_a_hash_costs_an_attacker_what_rfc_9106_asks() -> None:
    hasher = PRODUCT_HASHER
    assert (hasher.type, hasher.memory_cost, hasher.time_cost) == (Type.ID, 64 * 1024, 3)


def test_an_unknown_address_costs_as_much_as_a_known_one() -> None:
    assert not PRODUCT_HASHER.check_needs_rehash(PRODUCT_NOBODYS_HASH)
