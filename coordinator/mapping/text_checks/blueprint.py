"""The blueprint that the views of the check of texts share."""

import flask

bp = flask.Blueprint("text_checks", __name__)
MOST_TEXTS = 8  # of one law, in which an article is looked for
