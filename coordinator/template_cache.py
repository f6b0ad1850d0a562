"""Cache compiled templates on disk, so that a new process does not compile them again."""

from contextlib import suppress
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket

FOLDER = "templates"  # in DATA_DIR, which nobody but the product writes to


class _NotKept(Exception):
    """The template is not in the cache and would have to be compiled."""


class TemplateCache(FileSystemBytecodeCache):
    """Jinja's cache, which is skipped if the disk cannot be written.

    Jinja checks each entry against the template's text and the version of Python.
    """

    def __init__(self, data_dir: Path) -> None:
        super().__init__(str(data_dir / FOLDER))
        self._is_warming = False

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read one compiled template; without it Jinja compiles."""
        with suppress(OSError):
            super().load_bytecode(bucket)
        if self._is_warming and bucket.code is None:
            raise _NotKept

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one compiled template, if that is possible."""
        with suppress(OSError):
            Path(self.directory).mkdir(mode=0o700, parents=True, exist_ok=True)
            super().dump_bytecode(bucket)

    def warm(self, environment: Environment) -> int:
        """Load every template of `environment` whose compiled code is current; return how many.

        Called at start, before any thread asks for a template. The others compile on first use:
        compiling all takes seconds, in which a new or upgraded server would not answer.
        """
        loaded = 0
        self._is_warming = True
        try:
            for name in environment.list_templates():
                with suppress(_NotKept):
                    environment.get_template(name)
                    loaded += 1
        finally:
            self._is_warming = False
        return loaded
