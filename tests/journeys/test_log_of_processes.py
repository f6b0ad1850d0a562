"""The real web server and scheduler: each line they print is JSON, and holds nothing of what is
sent to them."""

import json
import re
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.engines import ROOT, Postgres, free_port
from tests.journeys.product import environment, fetch, until

CANARY = "kenari-kuning"
SERVER = ("gunicorn", "--config", "coordinator/platform/operations/gunicorn_conf.py", "wsgi:app")
# What no browser sends.
RAW = (
    f"GET /{CANARY} {CANARY} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    f"GET /l/{CANARY}?x={CANARY} HTTP/1.1\r\nHost: {CANARY}\r\n\r\n",
    f"GET /undangan/{CANARY}/x HTTP/1.1\r\nHost: 127.0.0.1\r\nX Bad {CANARY}\r\n\r\n",
    f"POST /masuk HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {CANARY}\r\n\r\n",
    f"{CANARY}\r\n\r\n",
)


def _raw(port: int, text: str) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(text.encode())
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass


def _sign_in_with_a_nul(base_url: str, tmp_path: Path) -> None:
    """curl keeps the cookie; PostgreSQL refuses the NUL."""
    jar, page = tmp_path / "jar", f"{base_url}/masuk"
    html = subprocess.check_output(["curl", "-s", "-c", jar, page], text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    assert token
    body = f"email={CANARY}%00%40uji.example&password={CANARY}%00&csrf_token={token[1]}"
    subprocess.check_output(["curl", "-s", "-b", jar, "-d", body, page])


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_what_the_processes_print(
    engine_name: str, postgres: Postgres, postgres_templates: dict[str, str], tmp_path: Path
) -> None:
    postgres.drop("printed")
    postgres.create("printed", template=postgres_templates["seeded"])
    port = free_port()
    env = environment(
        tmp_path, port, DATABASE_URL=postgres.url("printed"), DEMO="off", MAIL_MODE="smtp"
    )
    log = tmp_path / "log"
    with log.open("wb") as output:
        processes = [
            subprocess.Popen([sys.executable, "-m", *each], cwd=ROOT, env=env, stderr=output)
            for each in (SERVER, ("flask", "jobs", "start"))
        ]
    base_url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: fetch(f"{base_url}/sehat")[0] == 200, "the server answers")
        for text in RAW:
            _raw(port, text)
        _sign_in_with_a_nul(base_url, tmp_path)
        # A job that cannot do its work: its table is away.
        with closing(psycopg.connect(postgres.url("printed"), autocommit=True)) as connection:
            connection.execute("ALTER TABLE outgoing_email RENAME TO away")
            until(lambda: "a job failed" in log.read_text(), "the job failed")
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(timeout=60)
    printed = log.read_text()
    assert CANARY not in printed
    lines = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    others = [line for line in printed.splitlines() if not line.startswith("{")]
    assert len([line for line in lines if line.get("path") == "/l/***"]) == 1
    # gunicorn's first words, before the application is loaded, and nothing else.
    assert all(re.match(r"\[.*\[INFO\] (Starting gunicorn|Using)", line) for line in others), others
    failed = next(line for line in lines if line.get("message") == "a job failed")
    assert failed["job"] == "send_queued_emails"
    assert any("coordinator/platform/mail/" in place for place in failed["trace"])
