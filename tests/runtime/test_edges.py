"""What people and diagrams may hand in: the same on both databases, and never half a step."""

from collections.abc import Callable
from typing import Any

import pytest
import re2

from engine import runtime
from engine.errors import Invalid, NotAllowed, NotFound, ZhibanError
from engine.runtime.tables import cases, tasks
from tests.bpmn.drawing import parameters, properties, service, user
from tests.runtime.agreement import agree, intact, sizes
from tests.runtime.answers import finish, short
from tests.runtime.small import FORM, small, task
from tests.runtime.stage import Platform, submission

AWKWARD = {
    "nul": "a\x00b",
    "half a surrogate": "a\ud800b",
    "long": "长" * 60,
    "emoji": "🏭" * 20,
    "quotes": """'";--<script>{number}${task}""",
    "directions": "\u202eabc\u200b",
}


@pytest.mark.parametrize("name", AWKWARD)
def test_any_text_is_kept_or_refused_but_breaks_nothing(platform: Platform, name: str) -> None:
    before = sizes(platform.engine)
    try:
        case_id = platform.start(title=AWKWARD[name], content=AWKWARD[name] * 3)
    except Invalid as error:
        assert error.problems and sizes(platform.engine) == before
        return
    assert platform.case(case_id).title == AWKWARD[name].strip()
    agree(platform.engine, case_id)
    finish(platform, case_id)
    intact(platform.engine)


@pytest.mark.parametrize(
    "values", [None, [], "text", 5, {"uscc": {}}, {"title": ["x"]}, {"title": {"a": 1}}, {"typename": "Task"}]
)
def test_what_is_no_form_is_refused_and_leaves_nothing(platform: Platform, values: Any) -> None:
    before = sizes(platform.engine)
    with pytest.raises(Invalid) as caught, platform.engine.writing() as connection:
        given = {**submission(), **values} if isinstance(values, dict) else values
        runtime.start_case(
            platform.engine, connection, actor=platform.actors["jingmi"], process="appeal", values=given
        )
    assert caught.value.problems and sizes(platform.engine) == before


LONG = "x" * 300
DRAWN: dict[str, Callable[[], Any]] = {
    "a long name": lambda: small("s>u1>e", {"u1": task("u1").replace("name='u1'", f"name='{LONG}'")}),
    "a long assignee": lambda: small("s>u1>e", {"u1": _user(f"camunda:assignee='= \"{LONG}\"'")}),
    "a long group": lambda: small("s>u1>e", {"u1": _user(groups=f'= "{LONG}"')}),
    "a long status": lambda: small("s>u1>e", {"u1": _user(extension=properties(status=LONG))}),
    "a long title": lambda: small("s>u1>e", said={"title": f"= &quot;{LONG}&quot;"}),
    "a long number": lambda: small("s>u1>e", said={"number": LONG + "{seq:04}"}),
    "a number with a bad width": lambda: small("s>u1>e", said={"number": "A-{seq:x}"}),
    "a number without a sequence": lambda: small("s>u1>e", said={"number": "A"}),
    "a long key": lambda: small("s>u1>e", key="k" + LONG),
    "a long id": lambda: small(f"s>u{LONG}>e"),
    "a notice with long ids": lambda: _notifying(
        "r" * 118, f'= "enterprise@" + string join(["x", "{LONG[:60]}"], "")'
    ),
    "a notice to nobody we could name": lambda: _notifying("r1", f'= "{LONG}"'),
    "a great priority": lambda: small("s>u1>e", {"u1": _user("camunda:priority='= 10 ** 12'")}),
    "a far deadline": lambda: small("s>u1>e", {"u1": _user("camunda:dueDate='P3000000D'", due="")}),
}


def _notifying(key: str, to: str) -> Any:
    inputs = {"to": to, "template": "supervision-ended"}
    return small(f"s>{key}>u1>e", {key: service(key, "notify", parameters(inputs))})


def _user(
    more: str = "", groups: str = "platform", due: str = "camunda:dueDate='P3D'", extension: str = ""
) -> str:
    attributes = f"camunda:formKey='{FORM}' camunda:candidateGroups='{groups}' {due} {more}"
    return user("u1", attributes, "", extension)


@pytest.mark.parametrize("name", DRAWN)
def test_a_diagram_beyond_the_limits_is_refused_or_runs(platform: Platform, name: str) -> None:
    """On both databases alike: what SQLite would swallow must not break on PostgreSQL."""
    before = sizes(platform.engine)
    try:
        platform.deploy(DRAWN[name]())
    except Invalid as error:
        assert error.problems and sizes(platform.engine) == before
        return
    (key,) = {row.key for row in platform.rows(tasks.metadata.tables["definitions"])} - {"appeal"}
    before = sizes(platform.engine)
    try:
        case_id = platform.start("platform", key, note="x")
    except ZhibanError as error:
        assert not re2.search(r"\{[a-z]+\}", error.say()) or "SQ-" in error.say()
        assert sizes(platform.engine) == before
        return
    agree(platform.engine, case_id)
    platform.engine = platform.restarted()
    with platform.engine.writing() as connection:
        waiting = platform.one(case_id)
        actor = platform.actors["platform"]
        if waiting.assignee is None:
            try:
                runtime.complete(
                    platform.engine, connection, actor=actor, task_id=waiting.id, values={"note": "y"}
                )
            except NotAllowed:
                return
    agree(platform.engine, case_id)


def test_nobody_starts_or_reads_what_is_not_there(platform: Platform) -> None:
    for act in (
        lambda c: runtime.start_case(
            platform.engine, c, actor=platform.actors["platform"], process="nothing", values={}
        ),
        lambda c: runtime.complete(
            platform.engine, c, actor=platform.actors["platform"], task_id="nothing", values={}
        ),
        lambda c: runtime.claim(platform.engine, c, actor=platform.actors["platform"], task_id="nothing"),
        lambda c: runtime.deliver(
            platform.engine, c, actor=platform.actors["platform"], case_id="nothing", message="x", values={}
        ),
        lambda c: runtime.retry(platform.engine, c, actor=platform.actors["platform"], incident_id="nothing"),
    ):
        with pytest.raises(NotFound), platform.engine.writing() as connection:
            act(connection)


def test_an_enterprise_submits_for_itself_only(platform: Platform) -> None:
    before = sizes(platform.engine)
    with pytest.raises(NotAllowed):
        platform.start("lvneng")
    assert sizes(platform.engine) == before, "not even a number is used up"
    platform.start("lvneng", uscc=platform.actors["lvneng"].enterprise)
    platform.start("platform")
    with pytest.raises(NotAllowed):
        platform.start("leader")
    assert platform.count(cases) == 2


def test_a_step_that_its_caller_undoes_is_not_continued_from_memory(platform: Platform) -> None:
    case_id = platform.start()
    waiting = platform.one(case_id)
    values, actor = short(platform, waiting), platform.actors["platform"]

    class Changed(Exception):
        """The caller's mind."""

    for _ in range(3):
        with pytest.raises(Changed), platform.engine.writing() as connection:
            runtime.complete(platform.engine, connection, actor=actor, task_id=waiting.id, values=values)
            raise Changed
        with pytest.raises(Changed), platform.engine.writing() as connection:
            runtime.claim(platform.engine, connection, actor=actor, task_id=waiting.id)
            raise Changed
        assert platform.one(case_id) == waiting
        agree(platform.engine, case_id)
    finish(platform, case_id)
    intact(platform.engine)


def test_a_case_in_memory_is_not_used_when_another_process_went_on(platform: Platform) -> None:
    other = platform.restarted(shared_definitions=True)
    case_id, engines = platform.start(), [platform.engine, other]
    for turn in range(12):
        platform.engine = engines[turn % 2]
        waiting = platform.open(case_id)
        if not waiting:
            break
        platform.complete(case_id, waiting[0].element, **short(platform, waiting[0]))
        agree(engines[(turn + 1) % 2], case_id)
    assert platform.case(case_id).state == "ended"
    intact(platform.engine)
