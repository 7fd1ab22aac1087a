"""Absence on pages: one's own, the department's; handing over what somebody has; stopping accounts."""

from flask import Flask

from . import accounts, department, handover, mine
from . import messages as messages


def register(app: Flask) -> None:
    """Hang these pages on `app`."""
    for module in (mine, department, handover, accounts):
        app.register_blueprint(module.pages)
