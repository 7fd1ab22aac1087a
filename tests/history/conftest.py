"""The platform of the runtime's tests, whose records are verified."""

import pytest
from sqlalchemy.engine import Engine

from tests.runtime.stage import Platform, open_platform


@pytest.fixture
def platform(database: Engine) -> Platform:
    return open_platform(database)
