"""Somebody who writes a report in a browser without scripts."""

from dataclasses import dataclass
from typing import Any

import flask
import lxml.html
import sqlalchemy as sa

from coordinator.db import db
from coordinator.reporting.reports.models import Report
from tests.conftest import Browser


@dataclass
class Writer:
    """Somebody at the form, who presses its buttons as a browser without scripts does."""

    app: flask.Flask
    browser: Browser
    address: str
    values: list[str]

    def open(self, address: str = "") -> str:
        """Return a page."""
        return str(self.browser.get(address or self.address).text)

    def fields(self, page: str) -> dict[str, Any]:
        """Return what a browser would send of a page's form."""
        (form,) = lxml.html.fromstring(page).xpath("//main//form[@data-form]")
        values = dict(form.form_values())  # lxml keeps the line end after <textarea>
        return {name: text.removeprefix("\r").lstrip("\n") for name, text in values.items()}

    def press(self, page: str, words: str | None = None, **typed: Any) -> Any:
        """Press the button that says `words`, or Enter in a field: the form's first button."""
        (form,) = lxml.html.fromstring(page).xpath("//main//form[@data-form]")
        buttons = [one for one in form.iter("button") if not words or words in one.text_content()]
        sent = {**self.fields(page), **typed}
        if buttons[0].get("name"):
            sent[buttons[0].get("name")] = buttons[0].get("value")
        return self.browser.client.post(
            buttons[0].get("formaction") or form.get("action"),
            data={name: text for name, text in sent.items() if text is not None},
            content_type="multipart/form-data",
        )

    def draft(self) -> dict[str, str]:
        """Return what is stored."""
        with self.app.app_context():
            return dict(db.session.scalars(sa.select(Report.draft)).one())
