"""Every test of a game runs twice: warm, and stored and read again after each step."""

import pytest

from tests.bpmn.game import Game, Play


@pytest.fixture(params=["warm", "stored"])
def play(request: pytest.FixtureRequest) -> Play:
    return lambda *given, **facts: Game(*given, stored=request.param == "stored", **facts)
