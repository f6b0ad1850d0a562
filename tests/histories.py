"""Random histories on SQLite: few by default and many under SOAK, each from the seeded database."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

from coordinator.db import db


def histories(usual: int, *, soak: int) -> settings:
    """Return the settings of a test of random histories: the same ones each time, or under SOAK
    more and others, of which one that fails is also made shorter (that takes minutes)."""
    is_soak = bool(os.environ.get("SOAK"))
    return settings(
        max_examples=soak if is_soak else usual,
        phases=tuple(Phase) if is_soak else (Phase.explicit, Phase.generate),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=not is_soak,
    )


def begin_again(data_dir: Path, templates: Mapping[str, Path]) -> None:
    """Put a fresh copy of the seeded database in the place of the one a history has changed."""
    db.session.remove()
    db.engine.dispose()
    for suffix in ("-wal", "-shm"):
        Path(f"{data_dir}/koordinator.db{suffix}").unlink(missing_ok=True)
    shutil.copy(templates["seeded"], data_dir / "koordinator.db")
