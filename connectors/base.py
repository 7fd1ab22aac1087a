"""What every outgoing channel is: something that sends one notice, or says why it could not.

A channel knows neither Flask nor the database. It is called after the commit, outside any transaction,
and may be called again with the same dedupe key when nobody knows whether the first call arrived.
"""

from dataclasses import dataclass
from typing import Protocol


class NotSent(Exception):
    """The channel could not send now: a line that is down, a limit that is reached. It is tried again."""


class Refused(NotSent):
    """The channel will never send this: an address that does not exist. It is not tried again."""


@dataclass(frozen=True)
class Outgoing:
    """One notice as it leaves the platform: nothing in it that only a case's readers may know.

    `recipient` is a group's or an account's id, `number` the case's number, `sentence` what is said,
    `dedupe` the same for every attempt, so that a provider that knows it sends once.
    """

    dedupe: str
    recipient: str
    number: str
    sentence: str


class Channel(Protocol):
    """A way out of the platform, under the name it has in the configuration."""

    name: str

    def send(self, notice: Outgoing) -> None:
        """Send it. NotSent where it should be tried again, Refused where that is no use."""
        ...
