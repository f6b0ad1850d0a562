"""Settings: what each means when it is left out, and which values stop the start."""

import stat
from pathlib import Path
from typing import Any

import pytest

import config
from coordinator.app import create_app


def load(folder: Path, **environ: str) -> config.Settings:
    """Load settings with `folder` as DATA_DIR."""
    return config.load({"DATA_DIR": str(folder), **environ})


def test_defaults(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.trusted_hosts == ("127.0.0.1", "127.0.0.1", "localhost", "[::1]")
    assert settings.database_url == f"sqlite:///{tmp_path}/koordinator.db"
    assert (settings.demo, settings.mail_mode, settings.smtp_tls) == ("auto", "inbox", "none")
    assert settings.ruling_days == 5
    assert settings.smtp_port == 25
    assert settings.is_local
    assert not settings.is_https
    assert settings.demo_wanted


@pytest.mark.parametrize(
    ("environ", "attribute", "value"),
    [
        ({"PORT": "9001"}, "base_url", "http://127.0.0.1:9001"),
        ({"RULING_DAYS": "10"}, "ruling_days", 10),
        ({"MAIL_FROM": "GT <gt@email.kaltim.local>"}, "mail_from", "GT <gt@email.kaltim.local>"),
        ({"HOST": "::1"}, "base_url", "http://[::1]:8000"),
        ({"BASE_URL": "http://localhost:8080/"}, "base_url", "http://localhost:8080"),
        ({"TRUSTED_HOSTS": " a.go.id, b.go.id ,"}, "trusted_hosts", ("a.go.id", "b.go.id")),
        (
            {"BASE_URL": "https://tppo.kaltimprov.go.id", "MAIL_MODE": "smtp"},
            "trusted_hosts",
            ("tppo.kaltimprov.go.id", "127.0.0.1", "localhost", "[::1]"),
        ),
        ({"DATABASE_URL": "postgres://u:p@h/d"}, "database_url", "postgresql+psycopg://u:p@h/d"),
        ({"DATABASE_URL": "postgresql://h/d"}, "database_url", "postgresql+psycopg://h/d"),
        (
            {"DATABASE_URL": "postgresql+psycopg://h/d"},
            "database_url",
            "postgresql+psycopg://h/d",
        ),
        ({"SECRET_KEY": "k"}, "secret_key", "k"),
        ({"DEMO": "off"}, "demo_wanted", False),
        ({"DEMO": "on"}, "demo_wanted", True),
        ({"HOST": "0.0.0.0", "MAIL_MODE": "hold"}, "demo_wanted", False),
        ({"BASE_URL": "https://a.go.id", "MAIL_MODE": "hold"}, "is_https", True),
        ({"PORT": ""}, "port", 8000),
        ({}, "trusted_proxies", 0),
        ({"TRUSTED_PROXIES": "2"}, "trusted_proxies", 2),
    ],
)
def test_what_a_setting_does(
    tmp_path: Path, environ: dict[str, str], attribute: str, value: Any
) -> None:
    assert getattr(load(tmp_path, **environ), attribute) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RULING_DAYS", "0"),
        ("RULING_DAYS", "lima"),
        ("PORT", "abc"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "80 80"),
        ("PORT", "²"),
        ("SMTP_PORT", "smtp"),
        ("MAIL_FROM", "gugus tugas"),
        ("MAIL_FROM", "Gugus Tugas <gt@kaltim.go.id"),
        ("MAIL_FROM", "gt@kaltim.go.id, lain@kaltim.go.id"),
        ("MAIL_FROM", "gt@kaltim.go.id\nBcc: lain@kaltim.go.id"),
        ("MAIL_FROM", "gt@kaltim.go.id\n"),
        ("BASE_URL", "tppo.kaltimprov.go.id"),
        ("BASE_URL", "ftp://tppo.go.id"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://tppo.go.id/aplikasi"),
        ("BASE_URL", "https://tppo.go.id?x=1"),
        ("BASE_URL", "https://tppo.go.id#x"),
        ("BASE_URL", "https://orang@tppo.go.id"),
        ("BASE_URL", "https://[::1"),
        ("BASE_URL", "https://tppo.go.id:port"),
        ("BASE_URL", "https://tppo.go.id:99999"),
        ("DATABASE_URL", "mysql://h/d"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "/srv/data.db"),
        ("DEMO", "yes"),
        ("DEMO", "ON"),
        ("MAIL_MODE", "sendmail"),
        ("SMTP_TLS", "ssl"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "6"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
        ("TRUSTED_PROXIES", "on"),
        ("TRUSTED_PROXIES", "١"),
        ("PORT", "٨٠٨٠"),
    ],
)
def test_a_bad_value_stops_the_start_and_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(config.BadSetting) as stopped:
        load(tmp_path, **{name: value})
    assert str(stopped.value).startswith(f"Setting {name}: ")


@pytest.mark.parametrize(
    "environ",
    [
        {"HOST": "0.0.0.0"},
        {"HOST": "10.1.2.3"},
        {"HOST": "tppo.go.id"},
        {"HOST": "::"},
        {"BASE_URL": "https://tppo.go.id"},
        {"BASE_URL": "http://localhost.example.com"},
        {"BASE_URL": "http://127.0.0.1.example.com"},
    ],
)
def test_inbox_and_demo_are_for_this_machine_alone(tmp_path: Path, environ: dict[str, str]) -> None:
    """Beyond loopback anybody could read the mails on screen, or sign in with a known password."""
    with pytest.raises(config.BadSetting, match="MAIL_MODE"):
        load(tmp_path, MAIL_MODE="inbox", **environ)
    with pytest.raises(config.BadSetting, match="MAIL_MODE"):
        load(tmp_path, **environ)
    with pytest.raises(config.BadSetting, match="DEMO"):
        load(tmp_path, DEMO="on", MAIL_MODE="smtp", **environ)
    assert not load(tmp_path, MAIL_MODE="smtp", **environ).demo_wanted


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_loopback(host: str) -> None:
    assert config.is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "0.0.0.0", "::", "localhost.", "LOCALHOST.example", "8.8.8.8"]
)
def test_not_loopback(host: str) -> None:
    assert not config.is_loopback(host)


# --- the secret ----------------------------------------------------------------------------------


def test_a_missing_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    first = load(folder).secret_key
    assert len(first) == 64
    assert load(folder).secret_key == first
    assert load(tmp_path / "other").secret_key != first
    file = folder / "secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_a_given_secret_is_not_written_down(tmp_path: Path) -> None:
    load(tmp_path, SECRET_KEY="dari luar")
    assert not (tmp_path / "secret_key").exists()


# --- .env ----------------------------------------------------------------------------------------


def test_env_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "PORT=8123\nMAIL_MODE=hold\nMAIL_FROM='Gugus Tugas <gt@kaltim.example>'\nDEMO=\n"
    )
    settings = load(tmp_path, MAIL_MODE="smtp")
    assert settings.port == 8123
    assert settings.mail_mode == "smtp"
    assert settings.mail_from == "Gugus Tugas <gt@kaltim.example>"
    assert settings.demo == "auto"


def test_a_bad_value_in_env_file_is_named_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SMTP_TLS=always\n")
    with pytest.raises(config.BadSetting, match="SMTP_TLS"):
        load(tmp_path)


# --- cookies -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base_url", "name", "secure"),
    [("http://localhost", "sesi", False), ("https://localhost", "__Host-sesi", True)],
)
def test_cookie_is_bound_to_the_host_on_https(
    tmp_path: Path, base_url: str, name: str, secure: bool
) -> None:
    app = create_app(load(tmp_path, BASE_URL=base_url, DATABASE_URL=f"sqlite:///{tmp_path}/x.db"))
    assert app.config["SESSION_COOKIE_NAME"] == name
    assert app.config["SESSION_COOKIE_SECURE"] is secure
    assert app.config["SESSION_COOKIE_HTTPONLY"] is True
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    answer = app.test_client().get("/sehat", base_url=base_url)
    assert ("Strict-Transport-Security" in answer.headers) is secure
