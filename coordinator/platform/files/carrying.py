"""A file between two sends of one form: a browser cannot send it twice.

The form carries what was received, signed, so that nobody can name a file that was not received
from them. The bytes are kept without a row (`Taken.keep`) until the form is sent or a day is over.
"""

import flask
from itsdangerous import BadSignature, URLSafeSerializer

from coordinator.permissions import Viewer
from coordinator.platform.files.receiving import Received


def _signer(form: str) -> URLSafeSerializer:
    return URLSafeSerializer(flask.current_app.config["SECRET_KEY"], salt=form)


def token_of(received: Received | None, *, form: str, by: Viewer) -> str:
    """Return what `form` carries of a file, or "" for none."""
    if received is None:
        return ""
    facts = [received.sha256, received.size, received.media_type, received.name]
    return str(_signer(form).dumps([by.account_id, *facts, received.received_sha256]))


def carried(token: str, *, form: str, by: Viewer) -> Received | None:
    """Return the file that a form of this person carries; None where it carries none."""
    if not token:
        return None
    try:
        account_id, *facts = _signer(form).loads(token)
    except BadSignature:
        return None
    return Received(*facts) if account_id == by.account_id else None
