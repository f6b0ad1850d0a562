"""`make run`: prepare everything, then keep the web server and the scheduler running.

One command for a province with one machine. Larger set-ups start the two processes apart
(gunicorn with the same configuration, `flask jobs start`).
"""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

import config

GUNICORN = (
    "gunicorn",
    "--config",
    "coordinator/platform/operations/gunicorn_conf.py",
    "wsgi:app",
)


def _step(*arguments: str) -> None:
    code = subprocess.call([sys.executable, "-m", "flask", *arguments])
    if code:
        sys.exit(code)


def main() -> int:
    """Prepare, start both processes, and stop both when one ends or on a signal to stop."""
    settings = config.load()
    os.chdir(config.ROOT)
    if settings.base_url.startswith("http://") and not settings.is_local:
        print("PERINGATAN: BASE_URL memakai http di luar mesin ini; kata sandi dapat disadap.")
    if settings.lacks_proxies:
        print(
            "PERINGATAN: TRUSTED_PROXIES=0, padahal https diakhiri proxy: alamat semua orang sama."
        )
    _step("db", "upgrade")
    _step("prepare")
    scheduler = [sys.executable, "-m", "flask", "jobs", "start"]
    web = [sys.executable, "-m", *GUNICORN]
    processes = [subprocess.Popen(command) for command in (web, scheduler)]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for process in processes:
            process.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while all(process.poll() is None for process in processes):
        time.sleep(0.2)
    stop(0, None)
    codes = [process.wait() for process in processes]
    return 0 if all(code in (0, -signal.SIGTERM) for code in codes) else 1


if __name__ == "__main__":
    sys.exit(main())
