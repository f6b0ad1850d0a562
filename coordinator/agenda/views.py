"""All dates on one page, and the feed for a phone's calendar."""

import flask

from coordinator.agenda import models

bp = flask.Blueprint("agenda", __name__)
__all__ = ["bp", "models"]
