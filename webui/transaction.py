"""One transaction a request, opened and committed here and nowhere else.

A view under `reading` or `writing` gets the connection as its first argument. What it raises
undoes everything; a view that writes may name a second one, `again`, which then shows the
person what was wrong, in a transaction of its own: what it keeps (an upload) stays kept.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from engine.database import is_duplicate
from engine.errors import Conflict, Invalid
from engine.runtime import Engine

View = Callable[..., Any]


def zhiban() -> Engine:
    """The engine this app was composed with."""
    engine: Engine = current_app.extensions["zhiban"]
    return engine


def reading(view: View) -> View:
    """Run `view` in a transaction that only reads."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        with zhiban().reading() as connection:
            return view(connection, *args, **kwargs)

    return run


def writing(again: View | None = None) -> Callable[[View], View]:
    """Run a view in a transaction that writes and commits when the view has returned.

    Two equal requests at the same moment meet at a unique key: the loser is run once more
    and then finds the winner's answer. `again(connection, error, ...)` answers Invalid and Conflict.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def run(*args: Any, **kwargs: Any) -> Any:
            try:
                return _committed(view, *args, **kwargs)
            except (Invalid, Conflict) as error:
                if again is None:
                    raise
                with zhiban().writing() as connection:
                    return again(connection, error, *args, **kwargs)

        return run

    return decorate


def apart(act: Callable[[Connection], Any]) -> Any:
    """Do one thing of several in a transaction of its own: what it raises undoes it alone."""
    return _committed(act)


def looked_up(act: Callable[[Connection], Any]) -> Any:
    """Read something in a transaction of its own."""
    with zhiban().reading() as connection:
        return act(connection)


def _committed(view: View, *args: Any, **kwargs: Any) -> Any:
    try:
        with zhiban().writing() as connection:
            return view(connection, *args, **kwargs)
    except IntegrityError as error:
        if not is_duplicate(error):
            raise
    with zhiban().writing() as connection:
        return view(connection, *args, **kwargs)
