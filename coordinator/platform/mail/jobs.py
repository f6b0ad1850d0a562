"""The sending job."""

import flask

from config import Settings
from coordinator.platform.mail.sending import send_queued_emails as send
from coordinator.platform.mail.smtp import MailServer
from coordinator.platform.operations.holding import hold


def server_from_settings() -> MailServer:
    """Return the mail server that the settings name."""
    settings = flask.current_app.config["SETTINGS"]
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password,
        tls=settings.smtp_tls,
        sender=settings.mail_from,
        base_url=settings.base_url,
        secret_key=flask.current_app.config["SECRET_KEY"],
    )


def send_queued_emails() -> str:
    """Send what is due. A copied installation, or one whose clock is in doubt, sends nothing."""
    settings: Settings = flask.current_app.config["SETTINGS"]
    if hold(settings) is not None:
        return "ditahan"
    sent, refused = send(
        server_from_settings(),
        settings.mail_mode,
        is_stopping=lambda: hold(settings) is not None,  # found by another job's look meanwhile
    )
    return f"{sent} terkirim, {refused} belum diterima"
