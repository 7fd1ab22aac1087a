"""The platform of the runtime's tests with one task that signers are added to, on both databases."""

import pytest
from sqlalchemy.engine import Engine

from tests.runtime.signers.desk import Desk
from tests.runtime.stage import open_platform


@pytest.fixture
def desk(database: Engine) -> Desk:
    return Desk(open_platform(database))
