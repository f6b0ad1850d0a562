"""Strip the indentation of templates: it helps editors, but must not reach a page or mail."""

import re

from jinja2.ext import Extension

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class WithoutIndentation(Extension):
    """Remove the leading whitespace of each line of an HTML template.

    Jinja removes the line break after a block, so `{{ size }}{% if why %}` may continue on the next
    line with `; {{ why }}`. If that line is indented, a blank appears before the semicolon. Without
    this extension, indenting a template could change the page; with it, it cannot. Line numbers in
    tracebacks stay the same. Plain-text mail is unchanged, because blanks are visible there.
    """

    def preprocess(
        self,
        source: str,
        name: str | None,
        filename: str | None = None,  # noqa: ARG002 - Jinja passes it
    ) -> str:
        """Return the source that Jinja compiles."""
        return INDENTATION.sub("", source) if name and name.endswith(".html") else source
