"""Templates are indented for whoever edits them; no page, mail or byte on the wire is."""

import re

from jinja2.ext import Extension

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class WithoutIndentation(Extension):
    """Drop what stands before the first character of each line of an HTML template.

    Jinja eats the line break after a block, so that `{{ size }}{% if why %}` may go on in the next
    line with `; {{ why }}`. Indented, that line would put a blank before the semicolon. Without
    this, indenting a template could change what a reader sees; with it, it cannot. Line numbers in
    tracebacks stay. Mail in plain text is left alone: blanks are seen there.
    """

    def preprocess(
        self,
        source: str,
        name: str | None,
        filename: str | None = None,  # noqa: ARG002 - Jinja passes it
    ) -> str:
        """Return the source as Jinja is to compile it."""
        return INDENTATION.sub("", source) if name and name.endswith(".html") else source
