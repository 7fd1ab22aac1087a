"""Reading copies (抄送): opening one marks it as read."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlalchemy.engine import Connection

from engine.runtime.desk import copies
from webui.access import access, the_actor
from webui.transaction import writing, zhiban

from .asked import Asked

pages = Blueprint("copies", __name__)


@pages.post("/inbox/copies/read")
@access("officer")
@writing()
def read(connection: Connection) -> Any:
    """Mark this person's copies of a case as read and show it; without a case, mark all of them."""
    case_id = request.form.get("case", "")[:32]
    copies.mark_read(connection, the_actor(), zhiban().clock.now(), case_id)
    if case_id:
        return redirect(url_for("case.case", case_id=case_id), 303)
    return redirect(Asked.read(request.form.get("list", "")).address(), 303)
