"""Templates -> a mail, as a value."""

from typing import Any

import flask

from coordinator.platform.mail.links import MailLink, writing_a_mail
from coordinator.platform.mail.service import Email


def render_email(name: str, subject: str, **context: Any) -> Email:
    """Return the mail `templates/email/<name>.txt|.html` with `subject`, filled with `context`.

    Both parts get the same context, so that the plain text says what the HTML says. The page
    frame's context (who is signed in, what waits) is left out: a mail has no viewer. A template
    makes a link to a page of the site with `link_to(path)`.
    """
    environment = flask.current_app.jinja_env
    context |= {"subject": subject, "link_to": MailLink}
    with writing_a_mail() as links:
        text = environment.get_template(f"email/{name}.txt").render(context)
        html = environment.get_template(f"email/{name}.html").render(context)
    return Email(subject=subject, text=text, html=html, links=tuple(links.values()))
