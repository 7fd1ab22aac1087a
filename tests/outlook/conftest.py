"""The platform that a case is looked ahead on, on both databases."""

import pytest
from sqlalchemy.engine import Engine

from tests.runtime.stage import Platform, open_platform


@pytest.fixture
def platform(database: Engine) -> Platform:
    return open_platform(database)
