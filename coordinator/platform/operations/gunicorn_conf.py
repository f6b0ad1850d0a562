"""gunicorn: two workers of four threads, the application loaded once and shared.

Every connection is received and answered by the worker's loop; a thread sees whole requests only.

Two workers: one a core of the smallest machine, and one answers while the other is replaced. A
third costs 56 MB and brings writers nothing; a single one would save 41 MB. Four threads: two
would save 13 MB, and let two slow pages hold up all others of a worker. See docs/performance.md.
"""

import gc
from typing import Any

from sqlalchemy.orm import configure_mappers

from config import load

_settings = load()
bind = f"{_settings.host}:{_settings.port}"
workers = 2
threads = 4
worker_class = "coordinator.platform.operations.web_worker.BufferingWorker"
worker_connections = 1_000  # of each worker; above it the longest silent gives way
preload_app = True
timeout = 60
graceful_timeout = 20
control_socket_disable = True
# What proxies say is read by the application (TRUSTED_PROXIES), not twice by two rules.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
proc_name = "koordinator-tppo"


if __name__ == "__config__":  # gunicorn reads its settings; nobody imports them
    # 300,000 objects come to life at a start and stay: looking for garbage among them, again and
    # again, was a sixth of it. The workers collect theirs between requests, see `web_worker`.
    gc.disable()


def when_ready(server: Any) -> None:
    """Do once, before the workers are forked, what each would do at its first pages: they then
    share the memory of it. Frozen objects are left alone by the collector, which would else write
    to each of them and so make a copy of their page in every worker."""
    environment = server.app.wsgi().jinja_env
    configure_mappers()
    environment.bytecode_cache.warm(environment)
    gc.freeze()


def post_fork(_server: Any, worker: Any) -> None:
    """Give each worker connections of its own: a forked connection must not be shared."""
    app = worker.app.wsgi()
    with app.app_context():
        for engine in app.extensions["sqlalchemy"].engines.values():
            engine.dispose(close=False)
