"""The address of the server's settings before the rooms: service files of provinces name it."""

from coordinator.platform.operations.gunicorn_conf import *  # noqa: F403
