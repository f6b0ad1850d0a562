"""Compiled templates, kept on disk: a process that starts anew does not compile them again."""

from contextlib import suppress
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

FOLDER = "templates"  # in DATA_DIR, which nobody but the product writes to


class TemplateCache(FileSystemBytecodeCache):
    """Jinja's cache, which does without where the disk cannot be written.

    Jinja checks each entry against the template's text and the version of Python.
    """

    def __init__(self, data_dir: Path) -> None:
        super().__init__(str(data_dir / FOLDER))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read one compiled template; without it Jinja compiles."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one compiled template, if that is possible."""
        with suppress(OSError):
            Path(self.directory).mkdir(mode=0o700, parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
