"""A sender that dies: `python -m tests.outbox.victim <url> <schema> <moment> <where> <log>`.

It notes each key it has sent in the file `log`, and kills itself where it is told to: `claimed` before
its first send, `sent` behind it, `marked` before its second.
"""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from connectors.base import Outgoing
from engine import outbox
from engine.clock import ControlledClock
from engine.database import open_database
from engine.runtime import Engine


class Deadly:
    name = "fake"

    def __init__(self, where: str, log: Path) -> None:
        self.where, self.log, self.calls = where, log, 0

    def send(self, notice: Outgoing) -> None:
        self.calls += 1
        if (self.where, self.calls) in (("claimed", 1), ("marked", 2)):
            os.kill(os.getpid(), signal.SIGKILL)
        with self.log.open("a") as file:
            file.write(notice.dedupe + "\n")
            file.flush()
        if self.where == "sent":
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    url, schema, moment, where, log = sys.argv[1:]
    options = {"connect_args": {"options": f"-csearch_path={schema}"}} if schema else {}
    engine = Engine(open_database(url, **options), ControlledClock(datetime.fromisoformat(moment)))
    outbox.deliver_due(engine, {"fake": Deadly(where, Path(log))}, 10)


if __name__ == "__main__":
    main()
