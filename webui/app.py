"""Puts the platform together: configuration, database, engine, protections, languages, pages and the API.

Nothing else in `webui` creates an app or knows in which order its parts are fastened.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from connectors import CHANNELS
from engine import database as engine_database
from engine import outbox, runtime
from engine.clock import SystemClock

from . import api, pages, present
from .database import connect
from .edge import characters, elder, failures, language, observe, security

DEFAULTS: dict[str, Any] = {
    "DATABASE": None,  # a URL; None reads ZHIBAN_DATABASE
    "CLOCK": None,  # another clock, for scenarios and tests
    "OPERATIONS": None,  # what service tasks may call; None takes the engine's own
    "CHANNELS": None,  # where notices go besides the platform; None reads ZHIBAN_CHANNELS, such as "console"
    "PROCESSES": Path(__file__).parents[1] / "processes",  # where scenarios lie that one may look at
    "HTTPS": False,  # whether people reach us over https: session cookies are then sent only there
    "PROXIES": 0,  # how many proxies of ours stand in front
    "SESSION_IDLE": 30 * 60,  # seconds without a request until a session ends
    "SESSION_LONGEST": 12 * 3600,  # seconds until even a busy session ends
    "SESSION_COOKIE_NAME": "zb_session",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "MAX_CONTENT_LENGTH": 64 * 1024 * 1024,  # bytes of one request, files included
    "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
    "PAGE_SIZE": 25,
    "LOG_REQUESTS": True,  # else only warnings and what is worse are written
}
SHORTEST_KEY = 32  # characters of the key that signs sessions


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The platform as a WSGI app. `config` overrides DEFAULTS; anything Flask knows may stand in it too."""
    app = Flask("webui")
    app.config.from_mapping(DEFAULTS)
    app.config.from_mapping(config or {})
    app.config["SESSION_COOKIE_SECURE"] = bool(app.config["HTTPS"])
    url = app.config["DATABASE"] or engine_database.default_url()
    if not app.config["SECRET_KEY"]:
        app.config["SECRET_KEY"] = _secret(url)
    _proxies(app)
    app.extensions["zhiban"] = runtime.Engine(
        connect(app, url),
        app.config["CLOCK"] or SystemClock(),
        app.config["OPERATIONS"],
        channels=outbox.chosen(_channels(app), CHANNELS),
    )
    observe.observe(app)
    language.speak(app)
    elder.enlarge(app)
    security.protect(app)
    characters.refuse_unkeepable(app)
    failures.explain(app)
    present.furnish(app)
    pages.register(app)
    api.register(app)
    return app


def _channels(app: Flask) -> str:
    given = app.config["CHANNELS"]
    return os.environ.get("ZHIBAN_CHANNELS", "") if given is None else str(given)


def _proxies(app: Flask) -> None:
    count = app.config["PROXIES"]
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _secret(url: str) -> str:
    """The key that signs sessions: `ZHIBAN_SECRET`, or one kept beside a SQLite file for its owner only."""
    given = os.environ.get("ZHIBAN_SECRET")
    if given:
        return given
    if not url.startswith("sqlite:///") or url.endswith(":memory:"):
        return secrets.token_hex(32)
    path = Path(url.removeprefix("sqlite:///")).absolute().parent / "session.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    return _kept(path) or _made(path)


def _kept(path: Path) -> str:
    """The key in the file; nothing where there is none, or one that was never written to its end."""
    key = path.read_text().strip() if path.exists() else ""
    return key if len(key) >= SHORTEST_KEY else ""


def _made(path: Path) -> str:
    """A new key, written whole before it gets its name; of two processes at once the first one's holds."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except OSError:  # there is one, or the file system knows no links
        if not _kept(path):
            os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    return _kept(path)
