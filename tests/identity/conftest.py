"""A department and a handler to do things with."""

from datetime import UTC, datetime

import pytest

from engine import identity


@pytest.fixture
def now():
    return datetime(2026, 3, 11, 2, 0, tzinfo=UTC)  # ten o'clock in Shanghai


@pytest.fixture
def market(connection):
    return identity.create_department(connection, code="market", name="市场监督管理局", duties=["价格"])


@pytest.fixture
def handler(connection, market, now):
    """The id of an active handler of the market department."""
    return identity.create_account(
        connection,
        username="wuqiang",
        name="吴强",
        password="three green lanterns",
        now=now,
        roles=["handler"],
        department="market",
    )
