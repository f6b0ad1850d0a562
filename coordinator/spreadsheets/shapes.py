"""What is told of a file that was read. Plain values, JSON both ways."""

from pydantic import BaseModel, ConfigDict


class Sheet(BaseModel):
    """A sheet of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    is_visible: bool
    rows: int
