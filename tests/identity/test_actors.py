"""What a role opens: starting a process, reading a case."""

import pytest

from engine.identity import SYSTEM, Actor, may_see_case, may_start

OWN, OTHER = "91441802MA4X1Q2T0K", "91440106MA59D3F848"


def person(*roles, department=None, id="p1"):
    return Actor(id, "某人", "person", frozenset(roles), department)


def firm(uscc):
    return Actor("e1", "罗婷", "enterprise", frozenset({"enterprise"}), None, uscc)


def sees(actor, **facts):
    case = {"enterprise": OWN, "department": ["market"], "confidential": False, "participants": ()}
    return may_see_case(actor, **{**case, **facts})


def test_groups_follow_from_roles_and_place():
    assert person("handler", "leader", department="tax").groups == {"handler@tax", "leader"}
    assert person("handler").groups == frozenset()
    assert firm(OWN).groups == {f"enterprise@{OWN}"}
    assert SYSTEM.groups == frozenset()


@pytest.mark.parametrize(
    ("actor", "starters", "may"),
    [
        (firm(OWN), {"enterprise", "platform"}, True),
        (firm(OWN), {"platform"}, False),
        (firm(OWN), {f"enterprise@{OWN}"}, True),
        (firm(OTHER), {f"enterprise@{OWN}"}, False),
        (person("platform"), {"enterprise", "platform"}, True),
        (person("handler", department="tax"), {"handler@tax"}, True),
        (person("handler", department="tax"), {"handler@market"}, False),
        (person("handler", department="tax"), {"handler"}, True),
        (person("platform"), set(), False),
        (SYSTEM, set(), True),
    ],
)
def test_a_process_is_started_by_its_starter_groups(actor, starters, may):
    assert may_start(actor, starters) is may


def test_an_enterprise_sees_its_own_cases_only():
    assert sees(firm(OWN))
    assert sees(firm(OWN), confidential=True)
    assert not sees(firm(OTHER))
    assert not sees(firm(None), enterprise=None)
    assert sees(firm(OTHER), participants={f"enterprise@{OTHER}"})


@pytest.mark.parametrize("role", ["admin", "handler"])
def test_a_departments_people_see_what_was_ever_dispatched_to_it(role):
    assert sees(person(role, department="market"))
    assert sees(person(role, department="market"), department="market")
    assert sees(person(role, department="market"), department=["tax", "market"])
    assert not sees(person(role, department="tax"))
    assert not sees(person(role, department="market"), department=None)
    assert not sees(person(role), department=None)


def test_a_confidential_case_is_for_those_who_take_part_and_the_departments_administrator():
    assert sees(person("admin", department="market"), confidential=True)
    assert not sees(person("handler", department="market"), confidential=True)
    assert sees(person("handler", department="market"), confidential=True, participants={"p1"})
    assert sees(person("handler", department="market"), confidential=True, participants={"handler@market"})


@pytest.mark.parametrize("role", ["platform", "control-centre", "supervisor", "leader", "auditor"])
def test_the_centre_and_those_who_oversee_see_every_case(role):
    assert sees(person(role))
    assert sees(person(role), confidential=True, enterprise=None, department=None)


@pytest.mark.parametrize("roles", [("analyst",), ("administrator",), ("analyst", "administrator"), ()])
def test_analysts_and_administrators_see_no_case(roles):
    assert not sees(person(*roles, department="market"))
    assert not sees(person(*roles, department="market"), participants={"p1"})


def test_another_role_beside_analyst_counts():
    assert sees(person("analyst", "supervisor"))


def test_the_system_sees_every_case():
    assert sees(SYSTEM, confidential=True)
