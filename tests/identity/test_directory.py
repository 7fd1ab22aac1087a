"""Departments, enterprises, groups and their names; the demonstration's people."""

import pytest

from engine import errors, identity, uscc
from engine.identity import demo


def test_a_department_is_found_again(connection, market):
    assert identity.department(connection, "market") == market
    inspection = identity.create_department(
        connection, code="market-east", name="东城市场所", parent="market", level="town"
    )
    assert identity.all_departments(connection) == [market, inspection]


def test_a_department_with_mistakes_is_refused(connection, market):
    with pytest.raises(errors.Invalid) as refused:
        identity.create_department(connection, code="市监", name="", parent="nowhere", level="galaxy")
    assert [problem.where for problem in refused.value.problems] == ["code", "name", "level", "parent"]
    with pytest.raises(errors.Conflict):
        identity.create_department(connection, code="market", name="另一个局")


def test_an_enterprise_is_registered_under_its_code_however_written(connection):
    made = identity.create_enterprise(connection, uscc="91441802-ma4x1q2t0k", name="清远晶密电子有限公司")
    assert made.uscc == "91441802MA4X1Q2T0K"
    assert identity.enterprise(connection, "91441802ma4x1q2t0k") == made
    with pytest.raises(errors.Conflict):
        identity.create_enterprise(connection, uscc=made.uscc, name="另一家")


def test_an_enterprise_with_a_mistyped_code_is_refused(connection):
    with pytest.raises(errors.Invalid) as refused:
        identity.create_enterprise(connection, uscc="91441802MA4X1Q2T0L", name="清远晶密电子有限公司")
    assert [(p.code, p.where) for p in refused.value.problems] == [("uscc.check", "uscc")]


def test_who_is_missing_is_said_to_be_missing(connection):
    with pytest.raises(errors.NotFound):
        identity.department(connection, "nowhere")
    with pytest.raises(errors.NotFound):
        identity.enterprise(connection, "91441802MA4X1Q2T0K")


@pytest.fixture
def demonstration(connection, now):
    return demo.load_demo(connection, now)


@pytest.mark.parametrize(
    ("group", "usernames"),
    [
        ("platform", {"platform", "platform-2"}),
        ("handler@tax", {"tax-1", "tax-2"}),
        ("admin@ecology", {"ecology-admin"}),
        ("enterprise@91440106MA59D3F848", {"yunqi"}),
        ("enterprise", {"jingmi", "lvneng", "haifeng", "yuanhang", "yunqi", "boda"}),
        ("handler@nowhere", set()),
        ("emperor", set()),
    ],
)
def test_a_group_has_its_members(connection, demonstration, group, usernames):
    assert {member.username for member in identity.members_of(connection, group)} == usernames


def test_a_stopped_account_is_no_member(connection, demonstration):
    first, second = identity.handlers_of(connection, "market")
    identity.set_active(connection, first.id, False)
    assert identity.handlers_of(connection, "market") == [second]


@pytest.mark.parametrize(
    ("group", "chinese", "english"),
    [
        ("admin@market", "市场监督管理局 部门管理员", "市场监督管理局 Department administrator"),
        ("platform", "服务中心", "Service centre"),
        ("handler", "承办人", "Handler"),
        ("enterprise@91440106MA59D3F848", "广州云启软件有限公司", "广州云启软件有限公司"),
        ("handler@nowhere", "nowhere 承办人", "nowhere Handler"),
        ("emperor", "emperor", "emperor"),
    ],
)
def test_a_group_is_named_in_words(connection, demonstration, group, chinese, english):
    assert identity.group_name(connection, group) == chinese
    assert identity.group_name(connection, group, "en") == english


def test_an_account_is_named_even_when_it_is_the_system_or_gone(connection, handler):
    assert identity.name_of(connection, handler) == "吴强"
    assert identity.name_of(connection, "system") == "系统"
    assert identity.name_of(connection, "gone") == "gone"


def test_everybody_of_the_demonstration_signs_in_with_the_one_password(connection, demonstration, now):
    assert len(demonstration) == 11 + 6 * 3 + 6
    for account in (demonstration[0], demonstration[-1]):
        actor = identity.authenticate(connection, account.username, demo.PASSWORD, now)
        assert actor.name == account.name
    assert identity.create_account(
        connection, username="a-new-one", name="新人", password=demo.PASSWORD, now=now, roles=["leader"]
    )


def test_loading_the_demonstration_twice_adds_nobody(connection, demonstration, now):
    before = len(identity.list_accounts(connection))
    assert demo.load_demo(connection, now) == demonstration
    assert len(identity.list_accounts(connection)) == before


def test_the_demonstrations_enterprises_have_valid_codes():
    assert all(uscc.is_valid(row[1]) for row in demo.ENTERPRISES)
