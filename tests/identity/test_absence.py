"""Absences: who may make them, to whom they lead at which minute, and whose desk one shares."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import errors, identity
from engine.clock import SHANGHAI
from engine.identity import absence, demo
from engine.identity.tables import account_roles, accounts

DAY = timedelta(days=1)


@pytest.fixture
def people(connection, now):
    demo.load_demo(connection, now)
    return {
        one.username: identity.load_actor(connection, one.id) for one in identity.list_accounts(connection)
    }


@pytest.fixture
def away(connection, people, now):
    """Makes a rule in few words, by the person's own hand."""

    def make(who, deputy, how="move", since=now, until=now + DAY, by=None, **more):
        return absence.make(
            connection,
            actor=people[by or who],
            account=people[who].id,
            deputy=people[deputy].id if deputy else "",
            since=since,
            until=until,
            how=how,
            now=now,
            **more,
        )

    return make


def to(connection, people, who, now, process=""):
    """(username of the deputy, how) of what arrives for `who`; None where nobody takes it."""
    found = absence.deputy_of(connection, people[who].id, now, process)
    return found and ({actor.id: name for name, actor in people.items()}[found.deputy], found.how)


def desks(connection, people, who, now):
    names = {actor.id: name for name, actor in people.items()}
    return {(names[d.account], d.process) for d in absence.desks(connection, people[who].id, now)}


def refusal(make, *given, **more):
    with pytest.raises(errors.Invalid) as refused:
        make(*given, **more)
    return [(problem.where, problem.code) for problem in refused.value.problems]


def test_a_rule_holds_from_its_first_minute_until_before_its_last(connection, people, away):
    begin = datetime(2026, 3, 12, 9, 30, tzinfo=SHANGHAI)
    away("market-1", "market-2", since=begin, until=begin + timedelta(minutes=30))
    minute = timedelta(minutes=1)
    assert to(connection, people, "market-1", begin - minute) is None
    assert to(connection, people, "market-1", begin) == ("market-2", "move")
    assert to(connection, people, "market-1", begin + 29 * minute) == ("market-2", "move")
    assert to(connection, people, "market-1", begin + 30 * minute) is None
    assert to(connection, people, "market-2", begin) is None


def test_days_are_those_of_shanghai_and_the_last_one_belongs_to_it():
    assert absence.period("2026-02-14", "2026-02-23") == (
        datetime(2026, 2, 13, 16, tzinfo=UTC),
        datetime(2026, 2, 23, 16, tzinfo=UTC),
    )
    assert absence.period("2026-03-12T09:30", "2026-03-12 17:00") == (
        datetime(2026, 3, 12, 1, 30, tzinfo=UTC),
        datetime(2026, 3, 12, 9, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "text", ["", "morgen", "2026-13-01", "12.3.2026", "9999-12-31", "2026-03-12T25:00", "今天"]
)
def test_what_is_no_moment_is_refused_by_its_field(text):
    assert refusal(absence.period, text, "2026-03-12") == [("since", "identity.absence.moment")]
    assert refusal(absence.period, "2026-03-12", text) == [("until", "identity.absence.moment")]


@pytest.mark.parametrize(
    ("by", "who", "deputy", "may"),
    [
        ("market-1", "market-1", "market-2", True),
        ("market-admin", "market-1", "market-2", True),
        ("administrator", "market-1", "market-2", True),
        ("market-2", "market-1", "market-2", False),
        ("tax-admin", "market-1", "market-2", False),
        ("control", "market-1", "market-2", False),
        ("control", "platform", "platform-2", True),
        ("platform-2", "platform", "platform-2", False),
        ("jingmi", "jingmi", "boda", False),
    ],
)
def test_who_may_make_an_absence(connection, people, away, by, who, deputy, may):
    if may:
        made = away(who, deputy, by=by)
        assert (made.account_name, made.made_by) == (people[who].name, people[by].id)
    else:
        with pytest.raises(errors.NotAllowed):
            away(who, deputy, by=by)


@pytest.mark.parametrize(
    ("who", "deputy", "code"),
    [
        ("market-1", "market-1", "identity.absence.oneself"),
        ("market-1", "tax-1", "identity.absence.deputy"),
        ("market-1", "platform", "identity.absence.deputy"),
        ("platform", "control", "identity.absence.deputy"),
        ("platform", "administrator", "identity.absence.deputy"),
        ("market-1", None, "identity.absence.no_deputy"),
    ],
)
def test_a_deputy_does_the_same_work(away, who, deputy, code):
    assert refusal(away, who, deputy) == [("deputy", code)]


def test_a_stopped_or_unknown_account_is_no_deputy(connection, people, away, now):
    identity.set_active(connection, people["market-2"].id, False)
    assert refusal(away, "market-1", "market-2") == [("deputy", "identity.absence.deputy")]
    with pytest.raises(errors.Invalid) as refused:
        absence.make(
            connection,
            actor=people["market-1"],
            account=people["market-1"].id,
            deputy="nobody",
            since=now,
            until=now + DAY,
            how="move",
            now=now,
        )
    assert [p.code for p in refused.value.problems] == ["identity.no_account"]


def test_everything_that_is_wrong_is_said_at_once(away, now):
    said = refusal(away, "market-1", "tax-1", how="hide", since=now, until=now - DAY, reason="长" * 201)
    assert said == [
        ("deputy", "identity.absence.deputy"),
        ("until", "identity.absence.backwards"),
        ("how", "identity.absence.how"),
        ("reason", "identity.absence.reason"),
    ]
    assert refusal(away, "market-1", "market-2", since=now - 2 * DAY, until=now - DAY) == [
        ("until", "identity.absence.over")
    ]
    assert refusal(away, "market-1", "market-2", until=now + 400 * DAY) == [
        ("until", "identity.absence.too_long")
    ]


def test_overlapping_rules_are_refused_and_adjoining_ones_are_not(connection, people, away, now):
    away("market-1", "market-2", until=now + DAY)
    with pytest.raises(errors.Invalid) as refused:
        away("market-1", "market-admin", since=now + DAY - timedelta(minutes=1), until=now + 2 * DAY)
    (problem,) = refused.value.problems
    assert problem.say() == (
        "与已有的代理（2026-03-11 10:00 至 2026-03-12 10:00，由郑洁代理）时间重叠。"
        "请先结束那一条，或改开时间。"
    )
    away("market-1", "market-admin", since=now + DAY, until=now + 2 * DAY)
    assert to(connection, people, "market-1", now + DAY) == ("market-admin", "move")


def test_rules_for_different_processes_stand_side_by_side(connection, people, away, now):
    away("market-1", "market-2", process="appeal")
    away("market-1", "market-admin", process="complexity")
    assert refusal(away, "market-1", "market-2") == [("since", "identity.absence.overlap")]
    assert to(connection, people, "market-1", now, "appeal") == ("market-2", "move")
    assert to(connection, people, "market-1", now, "complexity") == ("market-admin", "move")
    assert to(connection, people, "market-1", now, "escalation") is None
    assert to(connection, people, "market-1", now) is None


def test_a_deputy_who_is_away_too_hands_on(connection, people, away, now):
    away("market-1", "market-2")
    away("market-2", "market-admin", until=now + timedelta(hours=2))
    assert to(connection, people, "market-1", now) == ("market-admin", "move")
    assert to(connection, people, "market-1", now + timedelta(hours=2)) == ("market-2", "move")


def test_a_deputy_who_only_shares_is_there(connection, people, away, now):
    away("market-1", "market-2")
    away("market-2", "market-admin", how="share")
    assert to(connection, people, "market-1", now) == ("market-2", "move")


def test_a_circle_of_deputies_leads_to_nobody(connection, people, away, now):
    away("market-1", "market-2")
    away("market-2", "market-1")
    assert to(connection, people, "market-1", now) is None
    standing = absence.standing(connection, people["market-1"].id, now)
    assert standing.deserted and standing.holder == people["market-1"].id


def test_a_deputy_whose_account_was_stopped_is_passed_over(connection, people, away, now):
    away("market-1", "market-2")
    identity.set_active(connection, people["market-2"].id, False)
    assert to(connection, people, "market-1", now) is None
    away("market-2", "market-admin", by="market-admin")
    assert to(connection, people, "market-1", now) == ("market-admin", "move")


@pytest.mark.parametrize("how", ["move", "share"])
def test_a_deputy_who_has_gone_to_other_work_gets_nothing_more(connection, people, away, now, how):
    away("market-1", "market-2", how=how)
    away("platform", "platform-2", how=how)
    assert to(connection, people, "market-1", now) == ("market-2", how)
    assert to(connection, people, "platform", now) == ("platform-2", how)
    place(connection, people["market-2"].id, department="tax")
    roles(connection, people["platform-2"].id, "analyst")
    for who, deputy in (("market-1", "market-2"), ("platform", "platform-2")):
        assert to(connection, people, who, now) is None
        assert absence.standing(connection, people[who].id, now).deserted
        assert desks(connection, people, deputy, now) == set()


def test_who_replaces_one_who_has_gone_to_other_work_gets_nothing_more(connection, people, away, now):
    away("market-1", "market-2", how="share")
    away("market-2", "market-admin")
    assert desks(connection, people, "market-admin", now) == {("market-1", "")}
    place(connection, people["market-admin"].id, department="tax")
    assert desks(connection, people, "market-admin", now) == set()


def place(connection, account, **columns):
    connection.execute(accounts.update().where(accounts.c.id == account).values(**columns))


def roles(connection, account, *names):
    connection.execute(account_roles.delete().where(account_roles.c.account_id == account))
    connection.execute(account_roles.insert(), [{"account_id": account, "role": name} for name in names])


def test_shared_desks(connection, people, away, now):
    away("market-1", "market-2", how="share")
    assert to(connection, people, "market-1", now) == ("market-2", "share")
    assert desks(connection, people, "market-2", now) == {("market-1", "")}
    assert absence.principals(connection, people["market-2"].id, now) == {people["market-1"].id}
    assert absence.principals(connection, people["market-2"].id, now + DAY) == frozenset()
    assert absence.principals(connection, people["market-1"].id, now) == frozenset()


def test_who_replaces_a_deputy_sees_the_shared_desks_too(connection, people, away, now):
    away("market-1", "market-2", how="share", process="appeal")
    away("market-2", "market-admin")
    assert desks(connection, people, "market-admin", now) == {("market-1", "appeal")}
    who = people["market-admin"].id
    assert absence.principals(connection, who, now) == frozenset()
    assert absence.principals(connection, who, now, "complexity") == frozenset()
    assert absence.principals(connection, who, now, "appeal") == {people["market-1"].id}


def test_two_who_share_with_each_other_see_each_others_desk(connection, people, away, now):
    away("market-1", "market-2", how="share")
    away("market-2", "market-1", how="share")
    assert desks(connection, people, "market-2", now) == {("market-1", "")}
    assert desks(connection, people, "market-1", now) == {("market-2", "")}


def test_ending_a_rule(connection, people, away, now):
    rule = away("market-1", "market-2", since=now + DAY, until=now + 2 * DAY)
    assert rule.state(now) == "coming" and rule.state(now + DAY) == "present"
    for stranger in ("market-2", "tax-admin"):
        with pytest.raises(errors.NotAllowed):
            absence.end(connection, actor=people[stranger], absence_id=rule.id, now=now)
    ended = absence.end(connection, actor=people["market-admin"], absence_id=rule.id, now=now)
    assert ended.state(now) == "over"
    assert to(connection, people, "market-1", now + DAY) is None
    with pytest.raises(errors.Conflict):
        absence.end(connection, actor=people["market-1"], absence_id=rule.id, now=now)
    with pytest.raises(errors.NotFound):
        absence.end(connection, actor=people["market-1"], absence_id="none", now=now)


def test_the_stand_in_is_the_default_deputy_and_two_may_stand_in_for_each_other(
    connection, people, away, now
):
    admin = people["market-admin"]
    for one, other in (("market-1", "market-2"), ("market-2", "market-1")):
        absence.set_backup(connection, actor=admin, account=people[one].id, backup=people[other].id)
    assert absence.backups(connection, "market") == {
        people["market-1"].id: people["market-2"].id,
        people["market-2"].id: people["market-1"].id,
    }
    away("market-1", None)
    assert to(connection, people, "market-1", now) == ("market-2", "move")
    absence.set_backup(connection, actor=admin, account=people["market-1"].id, backup=None)
    assert absence.backup_of(connection, people["market-1"].id) is None


def test_the_stand_in_is_set_by_who_has_charge_of_the_person(connection, people):
    who, other = people["market-1"], people["market-2"]
    for stranger in ("market-1", "tax-admin", "control"):
        with pytest.raises(errors.NotAllowed):
            absence.set_backup(connection, actor=people[stranger], account=who.id, backup=other.id)
    with pytest.raises(errors.Invalid):
        absence.set_backup(
            connection, actor=people["market-admin"], account=who.id, backup=people["tax-1"].id
        )


def test_lists(connection, people, away, now):
    first = away("market-1", "market-2")
    second = away("market-2", "market-admin", since=now + 7 * DAY, until=now + 9 * DAY)
    third = away("platform", "platform-2", by="control")
    absence.end(connection, actor=people["platform"], absence_id=third.id, now=now + timedelta(hours=1))
    ids = lambda **wanted: [rule.id for rule in absence.listed(connection, **wanted)]  # noqa: E731
    assert ids(account=people["market-1"].id) == [first.id]
    assert ids(deputy=people["market-2"].id) == [first.id]
    assert ids(department="market") == [first.id, second.id]
    assert ids(department="market", after=now + 2 * DAY) == [second.id]
    assert ids(department="market", before=now + 7 * DAY) == [first.id]
    assert ids(placeless=True) == [third.id]
    assert ids(placeless=True, after=now + timedelta(hours=2)) == []


def test_the_deputies_one_may_choose_from(connection, people):
    names = lambda who: {  # noqa: E731
        one.username for one in absence.deputies_for(connection, absence.person(connection, people[who].id))
    }
    assert names("market-1") == {"market-2", "market-admin"}
    assert names("platform") == {"platform-2"}
    assert names("leader") == set()
