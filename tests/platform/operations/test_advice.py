"""What the doctor found is followed by what to do."""

import pytest

from coordinator.platform.operations.advice import TO_DO, sentence
from coordinator.platform.operations.doctor import Check, State


@pytest.mark.parametrize("name", sorted(TO_DO))
def test_what_is_not_well_comes_with_what_to_do(name: str) -> None:
    for state in (State.WARNING, State.PROBLEM):
        assert sentence(Check(name, state, "Ada yang salah.")) == f"Ada yang salah. {TO_DO[name]}"
    assert sentence(Check(name, State.OK, "Semua baik.")) == "Semua baik."


def test_what_could_not_be_looked_at_is_to_be_fixed_first() -> None:
    found = Check("schema", State.PROBLEM, "Tidak dapat diperiksa: no such table: x.")
    assert sentence(found).endswith("no such table: x. Perbaiki itu, lalu periksa lagi.")


def test_a_message_that_says_what_to_do_is_left_as_it_is() -> None:
    message = "Skema basis data 0001, kode menghendaki 0002; jalankan `flask db upgrade`."
    assert sentence(Check("schema", State.PROBLEM, message)) == message
