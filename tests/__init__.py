"""The tests.

What is compiled of the product and of the tests is kept in `.pytest_cache`, for this process and
for those that it starts, also where bytecode next to the sources is not wanted
(PYTHONDONTWRITEBYTECODE): compiling it again took half the time of starting a process.
"""

import os
import sys
from pathlib import Path

_KEPT = str(Path(__file__).resolve().parent.parent / ".pytest_cache" / "bytecode")

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = _KEPT
sys.dont_write_bytecode = False
