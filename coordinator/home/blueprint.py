"""The addresses of this capability; its views are in several files."""

import flask

bp = flask.Blueprint("home", __name__)
