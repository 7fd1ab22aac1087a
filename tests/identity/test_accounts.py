"""Accounts as their keeper makes and changes them."""

import pytest

from engine import errors, identity

USCC = "91441802MA4X1Q2T0K"


def problems_of(refused) -> dict[str, str]:
    return {problem.where: problem.code for problem in refused.value.problems}


def test_an_account_becomes_an_actor_with_its_groups(connection, handler):
    actor = identity.load_actor(connection, handler)
    assert (actor.name, actor.kind, actor.department) == ("吴强", "person", "market")
    assert actor.roles == {"handler"}
    assert actor.groups == {"handler@market"}


def test_a_person_may_hold_several_roles(connection, market, now):
    roles = ["admin", "handler", "supervisor"]
    account = identity.create_account(
        connection, username="zhou", name="周敏", now=now, roles=roles, department="market"
    )
    groups = identity.load_actor(connection, account).groups
    assert groups == {"admin@market", "handler@market", "supervisor"}


def test_an_enterprise_account_is_in_its_enterprises_group(connection, now):
    identity.create_enterprise(connection, uscc=USCC, name="清远晶密电子有限公司")
    account = identity.create_account(
        connection, username="jingmi", name="罗婷", now=now, enterprise=USCC.lower()
    )
    actor = identity.load_actor(connection, account)
    assert (actor.kind, actor.enterprise) == ("enterprise", USCC)
    assert actor.roles == {"enterprise"}
    assert actor.groups == {f"enterprise@{USCC}"}


def test_every_mistake_of_a_new_account_is_named_at_once(connection, now):
    with pytest.raises(errors.Invalid) as refused:
        identity.create_account(
            connection,
            username="a b",
            name=" ",
            password="1234567890",
            now=now,
            roles=["handler", "emperor"],
            department="nowhere",
        )
    assert problems_of(refused) == {
        "username": "identity.username",
        "name": "identity.name",
        "password": "identity.password_obvious",
        "department": "identity.no_department",
        "roles": "identity.role",
    }
    assert all(problem.say("zh") != problem.code for problem in refused.value.problems)


@pytest.mark.parametrize("username", ["wuqiang", " WuQiang ", "ｗｕｑｉａｎｇ"])
def test_a_username_is_taken_however_it_is_written(connection, handler, now, username):
    with pytest.raises(errors.Invalid) as refused:
        identity.create_account(connection, username=username, name="别人", now=now, roles=["leader"])
    assert problems_of(refused) == {"username": "identity.username_taken"}


@pytest.mark.parametrize(
    ("account", "where"),
    [
        ({"roles": []}, "roles"),
        ({"roles": ["handler"]}, "department"),
        ({"roles": ["enterprise"]}, "roles"),
        ({"roles": ["platform"], "enterprise": USCC}, "roles"),
        ({"roles": [], "enterprise": "91440106MA59D3F848"}, "enterprise"),
    ],
)
def test_roles_must_fit_the_account(connection, now, account, where):
    identity.create_enterprise(connection, uscc=USCC, name="清远晶密电子有限公司")
    with pytest.raises(errors.Invalid) as refused:
        identity.create_account(connection, username="someone", name="某人", now=now, **account)
    assert where in problems_of(refused)


@pytest.mark.parametrize(
    "password",
    ["short", "1234567890", "0987654321", "abcdefghijkl", "aaaaaaaaaaaa", "password2026", "Admin@123456",
     "zhiban888888", "wuqiang2026", "qwertyuiop", "１２３４５６７８９０", "13800000001"],
)  # fmt: skip
def test_an_obvious_password_is_refused(connection, handler, password):
    with pytest.raises(errors.Invalid):
        identity.change_password(connection, handler, password)


@pytest.mark.parametrize("password", ["three green lanterns", "kx7-Rm2p-vQ", "春眠不觉晓处处闻啼鸟"])
def test_a_password_of_some_weight_is_taken(connection, handler, now, password):
    identity.change_password(connection, handler, password)
    assert identity.authenticate(connection, "wuqiang", password, now).id == handler


def change_password(connection, account):
    identity.change_password(connection, account, "four yellow umbrellas")


def change_roles(connection, account):
    identity.change_roles(connection, account, ["admin"], "market")


def stop_and_restart(connection, account):
    identity.set_active(connection, account, False)
    identity.set_active(connection, account, True)


@pytest.mark.parametrize("change", [change_password, change_roles, stop_and_restart])
def test_a_change_of_password_roles_or_state_ends_open_sessions(connection, handler, change):
    version = identity.list_accounts(connection, [handler])[0].session_version
    identity.load_actor(connection, handler, version)
    change(connection, handler)
    with pytest.raises(errors.NotAllowed) as refused:
        identity.load_actor(connection, handler, version)
    assert refused.value.code == "identity.session_ended"


def test_changed_roles_are_the_actors_at_once(connection, handler):
    identity.change_roles(connection, handler, ["leader"], None)
    actor = identity.load_actor(connection, handler)
    assert (actor.groups, actor.department) == ({"leader"}, None)


def test_a_stopped_account_does_not_act(connection, handler):
    identity.set_active(connection, handler, False)
    with pytest.raises(errors.NotAllowed):
        identity.load_actor(connection, handler)
    with pytest.raises(errors.NotFound):
        identity.load_actor(connection, "nobody")


def test_the_list_of_accounts_shows_roles_and_no_secret(connection, handler, now):
    identity.create_account(connection, username="leader", name="张建国", now=now, roles=["leader"])
    accounts = identity.list_accounts(connection)
    assert [(a.username, a.roles) for a in accounts] == [("leader", {"leader"}), ("wuqiang", {"handler"})]
    assert accounts[1].created_at == now
    assert not hasattr(accounts[1], "password_hash")
