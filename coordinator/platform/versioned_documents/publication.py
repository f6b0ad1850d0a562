"""What publishing a version did."""

from dataclasses import dataclass
from typing import Generic, TypeVar

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Publication(Generic[D]):
    """The version now in force of the document `key`, what it changed, and how many mails wait.

    `is_new` is false where the document said the same as the one in force: no version was made.
    """

    key: str
    number: int
    is_new: bool
    differences: list[D]
    mails: int
