"""Signing in, being locked out, and tokens of the API."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import errors, identity
from engine.database import metadata, open_database, reading, writing
from engine.identity import passwords, tables

PASSWORD = "three green lanterns"


def refusal(connection, username, password, now) -> str:
    with pytest.raises(errors.NotAllowed) as refused:
        identity.authenticate(connection, username, password, now)
    return refused.value.code


def fail(connection, times, now):
    for _ in range(times):
        assert refusal(connection, "wuqiang", "a wrong password", now) == "identity.wrong_password"


def test_the_right_password_signs_in(connection, handler, now):
    assert identity.authenticate(connection, " WuQiang", PASSWORD, now).groups == {"handler@market"}


def test_an_unknown_name_gets_the_sentence_of_a_wrong_password(connection, handler, now):
    known = identity.attempt(connection, "wuqiang", "a wrong password", now).refusal
    unknown = identity.attempt(connection, "nobody", "a wrong password", now).refusal
    assert (known.code, known.facts, known.say("en")) == (unknown.code, unknown.facts, unknown.say("en"))


def test_an_unknown_name_costs_a_check_of_a_password_too():
    assert not passwords.matches("a wrong password", None)
    assert not passwords.matches("nobody has this password", None)
    assert not passwords.matches("a wrong password", "")
    assert not passwords.matches("lone \ud800 surrogate", passwords.hashed(PASSWORD))


def test_five_wrong_passwords_lock_for_fifteen_minutes(connection, handler, now):
    fail(connection, 5, now)
    assert refusal(connection, "wuqiang", PASSWORD, now) == "identity.locked"
    almost = now + timedelta(minutes=14, seconds=59)
    locked = identity.attempt(connection, "wuqiang", PASSWORD, almost).refusal
    assert locked.code == "identity.locked"
    assert "10:15:00" in locked.say("zh")
    assert identity.authenticate(connection, "wuqiang", PASSWORD, now + timedelta(minutes=15)).id == handler


def test_a_good_sign_in_starts_the_count_anew(connection, handler, now):
    fail(connection, 4, now)
    identity.authenticate(connection, "wuqiang", PASSWORD, now)
    fail(connection, 4, now)
    identity.authenticate(connection, "wuqiang", PASSWORD, now)


def test_after_a_lock_there_are_five_attempts_again(connection, handler, now):
    fail(connection, 5, now)
    later = now + timedelta(minutes=16)
    fail(connection, 5, later)
    assert refusal(connection, "wuqiang", PASSWORD, later) == "identity.locked"


def test_a_keeper_can_lift_a_lock(connection, handler, now):
    fail(connection, 5, now)
    identity.unlock(connection, handler)
    assert identity.authenticate(connection, "wuqiang", PASSWORD, now).id == handler


def test_a_refused_attempt_is_remembered_when_its_transaction_is_committed(tmp_path, now):
    engine = open_database(f"sqlite:///{tmp_path / 'lock.db'}")
    metadata.create_all(engine, tables=[tables.departments, tables.enterprises, tables.accounts])
    metadata.create_all(engine, tables=[tables.account_roles])
    with writing(engine) as connection:
        identity.create_account(
            connection, username="leader", name="张建国", password=PASSWORD, now=now, roles=["leader"]
        )
    for _ in range(5):
        with writing(engine) as connection:
            identity.attempt(connection, "leader", "a wrong password", now)
    with writing(engine) as connection:
        assert identity.attempt(connection, "leader", PASSWORD, now).refusal.code == "identity.locked"
    engine.dispose()


def test_a_stopped_account_is_told_so_only_with_its_password(connection, handler, now):
    identity.set_active(connection, handler, False)
    assert refusal(connection, "wuqiang", PASSWORD, now) == "identity.inactive"
    assert refusal(connection, "wuqiang", "a wrong password", now) == "identity.wrong_password"


def test_an_account_without_a_password_cannot_sign_in_by_one(connection, now):
    identity.create_account(connection, username="leader", name="张建国", now=now, roles=["leader"])
    assert refusal(connection, "leader", "", now) == "identity.wrong_password"


def test_a_token_acts_for_its_account_until_it_expires(connection, handler, now):
    secret = identity.issue_token(connection, handler, "对接审批系统", now, days=30)
    assert identity.actor_of_token(connection, secret, now).id == handler
    last = now + timedelta(days=30) - timedelta(seconds=1)
    assert identity.actor_of_token(connection, secret, last).id == handler
    with pytest.raises(errors.NotAllowed):
        identity.actor_of_token(connection, secret, now + timedelta(days=30))


def test_the_secret_of_a_token_is_kept_nowhere(connection, handler, now):
    secret = identity.issue_token(connection, handler, "对接审批系统", now, days=30)
    rows = connection.execute(sa.select(tables.api_tokens)).all()
    assert secret not in str(rows)
    assert secret.removeprefix("zhiban_") not in str(rows)


def test_a_revoked_token_is_refused_at_once(connection, handler, now):
    secret = identity.issue_token(connection, handler, "对接审批系统", now, days=30)
    token = identity.tokens_of(connection, handler)[0]
    identity.revoke_token(connection, token.id, now)
    identity.revoke_token(connection, token.id, now + timedelta(hours=1))
    assert identity.tokens_of(connection, handler)[0].revoked_at == now
    with pytest.raises(errors.NotAllowed):
        identity.actor_of_token(connection, secret, now)
    with pytest.raises(errors.NotFound):
        identity.revoke_token(connection, "no such token", now)


def test_a_token_of_a_stopped_account_is_refused(connection, handler, now):
    secret = identity.issue_token(connection, handler, "对接审批系统", now, days=30)
    identity.set_active(connection, handler, False)
    with pytest.raises(errors.NotAllowed):
        identity.actor_of_token(connection, secret, now)


@pytest.mark.parametrize("secret", ["", "zhiban_", "zhiban_guess", "\ud800"])
def test_a_guessed_token_is_refused(connection, now, secret):
    with pytest.raises(errors.NotAllowed):
        identity.actor_of_token(connection, secret, now)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_has_a_bounded_life(connection, handler, now, days):
    with pytest.raises(errors.Invalid):
        identity.issue_token(connection, handler, "对接审批系统", now, days=days)


def test_the_use_of_a_token_is_noted_where_the_transaction_may_write(connection, handler, now):
    secret = identity.issue_token(connection, handler, "对接审批系统", now, days=30)
    identity.actor_of_token(connection, secret, now)
    identity.actor_of_token(connection, secret, now + timedelta(seconds=30))  # within the minute
    assert identity.tokens_of(connection, handler)[0].last_used == now


def test_a_reading_transaction_takes_a_token_and_writes_nothing(shared_database, now):
    with writing(shared_database) as connection:
        account = identity.create_account(
            connection, username="reader", name="高远", now=now, roles=["auditor"]
        )
        secret = identity.issue_token(connection, account, "读取", now, days=1)
    with reading(shared_database) as connection:
        assert identity.actor_of_token(connection, secret, now).id == account
        assert identity.tokens_of(connection, account)[0].last_used is None
    with writing(shared_database) as connection:
        for table in (tables.api_tokens, tables.account_roles, tables.accounts):
            connection.execute(table.delete())
