"""The addresses of this capability; its views are in several files."""

import flask

bp = flask.Blueprint("evidence_pages", __name__)
