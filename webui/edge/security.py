"""What protects every answer: the content policy, forged-form tokens and the brake on guessing passwords.

The policy allows nothing inline. bpmn-js needs no exception: it sets styles through the CSSOM,
which the policy does not touch.
"""

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address)


def protect(app: Flask) -> None:
    """Put the three protections on `app`."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", "memory://")
    app.config.setdefault("RATELIMIT_ENABLED", True)  # else another app's switch in this process would stay
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # a token lives as long as its session
    limiter.init_app(app)  # first, so that forged forms count as well
    csrf.init_app(app)
    app.after_request(_headers)


def account_named() -> str:
    """The key that slows down guesses at one account, wherever they come from."""
    return "account:" + request.form.get("username", "").strip().lower()[:80]


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if g.get("actor") is not None and request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
