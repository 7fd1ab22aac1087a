"""Several threads that begin at the same moment."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gives, or the error it raises, when all begin at the same moment."""
    results: list[Any] = [None] * len(acts)
    barrier = Barrier(len(acts))

    def run(index: int, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[index] = act()
        except Exception as error:
            results[index] = error

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
