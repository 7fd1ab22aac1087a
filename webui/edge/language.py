"""Chinese unless the reader asks for English, by `?lang=en`; a cookie remembers it for a year."""

from urllib.parse import urlencode

from flask import Flask, Response, g, request
from flask_babel import Babel

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
COOKIE = "zb_lang"


def speak(app: Flask) -> None:
    """Choose the language of every request of `app`; moments are shown in Asia/Shanghai."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, default_locale=LANGUAGES["zh"], default_timezone="Asia/Shanghai", locale_selector=_locale)
    app.after_request(_remember)


def language() -> str:
    """`zh` or `en`: the language of this request."""
    if "language" not in g:
        wished = request.args.get("lang") or request.cookies.get(COOKIE, "")
        g.language = wished if wished in LANGUAGES else "zh"
    chosen: str = g.language
    return chosen


def in_the_other_language() -> str:
    """This page's own query in the language that is not shown now."""
    other = "en" if language() == "zh" else "zh"
    return urlencode({**request.args.to_dict(flat=False), "lang": [other]}, doseq=True)


def _locale() -> str:
    return LANGUAGES[language()]


def _remember(response: Response) -> Response:
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(
            COOKIE, language(), max_age=31_536_000, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response
