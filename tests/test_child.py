"""The child process: its answer, and each of its limits."""

import sys

import pytest

from coordinator import child

pytestmark = pytest.mark.usefixtures("real_children")


def test_the_answer_comes_back() -> None:
    assert child.run("tests.children.echo", b"uji") == b"uji"


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (b"eat", child.Failure.MEMORY),
        (b"spin", child.Failure.TIME),
        (b"fall", child.Failure.CRASH),
    ],
)
def test_a_child_that_goes_too_far_is_ended(order: bytes, why: child.Failure) -> None:
    with pytest.raises(child.ChildFailed) as caught:
        child.run("tests.children.glutton", order, seconds=3, megabytes=120)
    assert caught.value.why is why


def test_the_kind_of_its_exception_is_kept_and_its_words_are_not() -> None:
    with pytest.raises(child.ChildFailed, match="RuntimeError"):
        child.run("tests.children.glutton", b"fall")


def test_the_parent_keeps_its_own_limits() -> None:
    child.run("tests.children.echo", b"")
    assert "tests.children.echo" not in sys.modules
