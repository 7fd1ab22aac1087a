"""The outbox's own fixture: a post office on each database."""

import pytest
from sqlalchemy.engine import Engine

from tests.outbox.post import Post


@pytest.fixture
def post(database: Engine) -> Post:
    return Post(database)
