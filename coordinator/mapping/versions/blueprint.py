"""The addresses of this capability; its views are in several files."""

import flask

bp = flask.Blueprint("versions", __name__)
