"""The console channel: each notice as one line on standard output, for trying out and for log readers."""

import sys
from typing import TextIO

from connectors.base import NotSent, Outgoing


class Console:
    """Writes `notice <recipient> <number> <sentence>` and flushes, so that a line that was sent is seen."""

    name = "console"

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def send(self, notice: Outgoing) -> None:
        """One line. NotSent where nobody holds the other end any more."""
        stream = self._stream or sys.stdout
        line = " ".join(("notice", notice.recipient, notice.number, notice.sentence))
        try:
            stream.write(f"{_one_line(line)}\n")
            stream.flush()
        except (OSError, ValueError) as error:  # a closed pipe, a closed stream
            raise NotSent(str(error)) from error


def _one_line(text: str) -> str:
    """Without line breaks and other control characters: nobody can forge a second line."""
    return "".join(c if c.isprintable() else " " for c in text)
