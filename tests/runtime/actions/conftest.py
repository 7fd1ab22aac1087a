"""The desk of the actions' tests, on both databases."""

import pytest

from tests.runtime.actions.desk import Desk
from tests.runtime.stage import Platform


@pytest.fixture
def desk(platform: Platform) -> Desk:
    return Desk(platform)
