"""Templates -> a mail, as a value."""

from typing import Any

import flask

from coordinator.mail.service import Email


def render_email(name: str, subject: str, **context: Any) -> Email:
    """Return the mail `templates/email/<name>.txt|.html` with `subject`, filled with `context`.

    Both parts get the same context, so that the plain text says what the HTML says. The page
    frame's context (who is signed in, what waits) is left out: a mail has no viewer.
    """
    environment = flask.current_app.jinja_env
    return Email(
        subject=subject,
        text=environment.get_template(f"email/{name}.txt").render(subject=subject, **context),
        html=environment.get_template(f"email/{name}.html").render(subject=subject, **context),
    )
