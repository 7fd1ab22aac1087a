"""Elder mode (适老化): larger letters and targets. `?elder=1` on any page asks for it; a cookie keeps it.

The style sheet does all of it (`html.elder` in elder.css): the pages stay the same pages.
"""

from urllib.parse import urlencode

from flask import Flask, Response, g, request

CHOICES = {"1": True, "0": False}
COOKIE = "zb_elder"


def enlarge(app: Flask) -> None:
    """Let every page of `app` be read in elder mode."""
    app.after_request(_remember)


def elder() -> bool:
    """Whether this request's page is shown in elder mode."""
    if "elder" not in g:
        g.elder = CHOICES.get(request.args.get("elder") or request.cookies.get(COOKIE, ""), False)
    chosen: bool = g.elder
    return chosen


def in_the_other_size() -> str:
    """This page's own query in the mode that is not shown now."""
    other = "0" if elder() else "1"
    return urlencode({**request.args.to_dict(flat=False), "elder": [other]}, doseq=True)


def _remember(response: Response) -> Response:
    wished = request.args.get("elder")
    if wished in CHOICES and not request.path.startswith("/api/"):
        # no secret: app.js writes it as well, so that a page with something typed need not be loaded again
        response.set_cookie(COOKIE, wished, max_age=31_536_000, samesite="Lax", secure=request.is_secure)
    return response
