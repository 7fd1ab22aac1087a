"""What a scenario asks for that cannot be done, and how moments and errors are shown to its author."""

from datetime import datetime

from engine.clock import local
from engine.errors import ZhibanError


class Mistake(ZhibanError):
    """The scenario asks for what cannot be done: an unknown account, a task that is not open."""


def shown(moment: datetime | None) -> str:
    """A moment as scenarios write it; seconds only where there are any."""
    if moment is None:
        return "none"
    text = f"{local(moment):%Y-%m-%d %H:%M:%S}"
    return text.removesuffix(":00") if moment.second == 0 else text


def broken(error: BaseException) -> str:
    """An error in words: ours say it themselves; of others the kind, the text and the place."""
    if isinstance(error, ZhibanError):
        problems = getattr(error, "problems", ())
        return "；".join([error.say(), *(f"{p.where}: {p.say()}" for p in problems)])
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" ({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})" if trace is not None else ""
    return f"{type(error).__name__}: {error}{where}"
