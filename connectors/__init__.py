"""Outbound channels, a leaf library: it knows neither Flask nor the database.

Notices are kept in the outbox and read on the platform itself; a channel that carries them further
stands here as one module, under its name in `CHANNELS`.
"""

from collections.abc import Callable, Mapping

from connectors.base import Channel
from connectors.console import Console

CHANNELS: Mapping[str, Callable[[], Channel]] = {"console": Console}
