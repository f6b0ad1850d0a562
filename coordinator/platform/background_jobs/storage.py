"""Result files of long work: DATA_DIR/tasks/<id>, readable by the product's own user alone."""

import os
import secrets
from collections.abc import Collection
from pathlib import Path

import flask


def folder() -> Path:
    """Return the folder of result files."""
    return Path(flask.current_app.config["SETTINGS"].data_dir) / "tasks"


def path_of(public_id: str) -> Path:
    """Return where the file of a piece of work is kept."""
    return folder() / public_id


def keep(public_id: str, data: bytes) -> None:
    """Keep a result; it appears under its name only when it is whole."""
    target = path_of(public_id)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = target.with_name(f".{public_id}.{secrets.token_hex(4)}.tmp")
    with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    written.replace(target)


def names() -> set[str]:
    """Return the names of all files there are, unfinished ones too."""
    return {path.name for path in folder().iterdir()} if folder().exists() else set()


def remove_others(found: Collection[str], kept: Collection[str]) -> int:
    """Delete those of the files `found` that belong to none of the works `kept`; return how many.

    An unfinished file (".<id>.<random>.tmp") belongs to the work it is written for.
    """
    others = [name for name in found if name.strip(".").split(".")[0] not in kept]
    for name in others:
        path_of(name).unlink(missing_ok=True)
    return len(others)
