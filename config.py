"""Settings: environment variables and a `.env` in DATA_DIR. A bad value stops the start."""

import contextlib
import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from email_validator import EmailNotValidError, validate_email

ROOT = Path(__file__).resolve().parent
MOST_PROXIES = 5


class BadSetting(SystemExit):
    """A setting has a value that cannot be used."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Setting {name}: {why}")


def is_loopback(host: str) -> bool:
    """Return whether `host` (a name or address) can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_site(url: str) -> bool:
    """Return whether `url` is a scheme, a host and perhaps a port, and nothing more."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0
    return is_web and "@" not in parts.netloc and url == f"{parts.scheme}://{parts.netloc}"


def is_address(text: str, *, with_name: bool = False) -> bool:
    """Return whether `text` has the form of a mail address, `with_name` also of Name <address>.

    A host of the own network (localhost, kaltim.local) will do: the library knows public ones
    alone, so it is shown the address as one below such a host.
    """
    public = re.sub(r"(>?)\Z", r".example.com\1", text, count=1)
    try:
        validate_email(public, allow_display_name=with_name, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment decides."""

    data_dir: Path
    host: str
    port: int
    base_url: str
    trusted_hosts: tuple[str, ...]
    trusted_proxies: int
    secret_key: str
    database_url: str
    demo: Literal["auto", "on", "off"]
    mail_mode: Literal["inbox", "smtp", "hold"]
    mail_from: str
    smtp_host: str
    smtp_port: int
    smtp_user: str
    smtp_password: str
    smtp_tls: Literal["none", "starttls", "tls"]
    ruling_days: int
    evidence_mb: int
    evidence_quota_mb: int

    @property
    def is_local(self) -> bool:
        """Return whether both the listening address and BASE_URL are loopback."""
        return is_loopback(self.host) and is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def is_https(self) -> bool:
        """Return whether people reach the site over https."""
        return self.base_url.startswith("https://")

    @property
    def lacks_proxies(self) -> bool:
        """Return whether a proxy must end https, and none is trusted: everybody has its address."""
        return self.is_https and self.trusted_proxies == 0

    @property
    def demo_wanted(self) -> bool:
        """Return whether an empty database gets the demo."""
        return self.demo == "on" or (self.demo == "auto" and self.is_local)


def _secret_key(data_dir: Path) -> str:
    """Return the installation's secret, made once and kept readable by its owner alone."""
    path = data_dir / "secret_key"
    if not path.exists():
        # Linked under its name only when whole: nobody ever reads half a secret, or none.
        written = data_dir / f"secret_key.{os.getpid()}"
        with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            os.link(written, path)
        written.unlink()
    return path.read_text().strip()


def load(environ: Mapping[str, str] | None = None) -> Settings:  # noqa: C901
    """Read settings from `environ` (default: the process's), then from DATA_DIR/.env.

    Raises BadSetting (a SystemExit naming the variable) for a value that cannot be used.
    """
    given = dict(os.environ if environ is None else environ)
    data_dir = Path(given.get("DATA_DIR") or ROOT / "var").resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    stored = {k: v for k, v in dotenv_values(data_dir / ".env").items() if v is not None}

    def value(name: str, default: str = "") -> str:
        return given.get(name) or stored.get(name) or default

    def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
        chosen = value(name, default)
        if chosen not in allowed:
            raise BadSetting(name, f"{chosen!r} is none of {', '.join(allowed)}")
        return chosen

    def number(name: str, default: str, least: int, most: int, what: str) -> int:
        chosen = value(name, default)
        is_number = chosen.isascii() and chosen.isdecimal() and len(chosen) < 10
        if not is_number or not least <= int(chosen) <= most:
            raise BadSetting(name, f"{chosen!r} is no {what} from {least} to {most}")
        return int(chosen)

    def port(name: str, default: str) -> int:
        return number(name, default, 1, 65535, "port number")

    def sender(name: str, default: str) -> str:
        chosen = value(name, default)
        if not is_address(chosen, with_name=True):
            raise BadSetting(
                name, f"{chosen!r} is no address like Koordinator TPPO <tppo@example.go.id>"
            )
        return chosen

    host = value("HOST", "127.0.0.1")
    web_port = port("PORT", "8000")
    shown_host = f"[{host}]" if ":" in host else host
    base_url = value("BASE_URL", f"http://{shown_host}:{web_port}").rstrip("/")
    if not is_site(base_url):
        raise BadSetting("BASE_URL", f"{base_url!r} is no address like https://tppo.example.go.id")
    trusted = value("TRUSTED_HOSTS")
    trusted_hosts = (
        tuple(name.strip() for name in trusted.split(",") if name.strip())
        if trusted
        else (urlsplit(base_url).hostname or "", "127.0.0.1", "localhost", "[::1]")
    )
    database_url = value("DATABASE_URL", f"sqlite:///{data_dir / 'koordinator.db'}")
    if database_url.startswith(("postgres://", "postgresql://")):
        database_url = "postgresql+psycopg://" + database_url.split("://", 1)[1]
    if not database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting("DATABASE_URL", "only sqlite:/// and postgresql:// are supported")

    settings = Settings(
        data_dir=data_dir,
        host=host,
        port=web_port,
        base_url=base_url,
        trusted_hosts=trusted_hosts,
        trusted_proxies=number("TRUSTED_PROXIES", "0", 0, MOST_PROXIES, "number of proxies"),
        secret_key=value("SECRET_KEY") or _secret_key(data_dir),
        database_url=database_url,
        demo=choice("DEMO", "auto", ("auto", "on", "off")),  # type: ignore[arg-type]
        mail_mode=choice("MAIL_MODE", "inbox", ("inbox", "smtp", "hold")),  # type: ignore[arg-type]
        mail_from=sender("MAIL_FROM", "Koordinator TPPO <koordinator-tppo@localhost>"),
        smtp_host=value("SMTP_HOST", "127.0.0.1"),
        smtp_port=port("SMTP_PORT", "25"),
        smtp_user=value("SMTP_USER"),
        smtp_password=value("SMTP_PASSWORD"),
        smtp_tls=choice("SMTP_TLS", "none", ("none", "starttls", "tls")),  # type: ignore[arg-type]
        ruling_days=number("RULING_DAYS", "5", 1, 60, "number of working days"),
        evidence_mb=number("EVIDENCE_MB", "10", 1, 20, "number of megabytes"),
        evidence_quota_mb=number("EVIDENCE_QUOTA_MB", "2000", 1, 1_000_000, "number of megabytes"),
    )
    if settings.mail_mode == "inbox" and not settings.is_local:
        raise BadSetting(
            "MAIL_MODE",
            "inbox shows mail on screen, for this machine alone; set smtp or hold",
        )
    if settings.demo == "on" and not settings.is_local:
        raise BadSetting("DEMO", "demo accounts have known passwords; on is for loopback alone")
    return settings
