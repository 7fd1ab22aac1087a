"""The same key acts once: retries, other contents, and two at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier

from tests.webui.api.api_driver import APPEAL, TRIAGE, Answer, Caller
from tests.webui.api.conftest import Login


def test_a_retry_gets_the_same_answer_and_acts_once(login: Login) -> None:
    caller = login("jingmi")
    body = {"process": "appeal", "values": APPEAL}
    first, again = caller.post("/cases", body, key="k1"), caller.post("/cases", body, key="k1")
    assert (first.status, again.status) == (201, 201) and first.body == again.body
    assert "Idempotent-Replay" not in first.headers and again.headers["Idempotent-Replay"] == "true"
    assert caller.get("/cases")["total"] == 1


def test_another_content_or_address_under_the_same_key_is_a_conflict(login: Login) -> None:
    caller = login("jingmi")
    caller.post("/cases", {"process": "appeal", "values": APPEAL}, key="k1")
    other = caller.post("/cases", {"process": "appeal", "values": {**APPEAL, "title": "别的"}}, key="k1")
    assert (other.status, other["code"]) == (409, "runtime.key_reused")
    case = caller.get("/cases")["items"][0]["id"]
    elsewhere = caller.post(f"/cases/{case}/messages", {"name": "x"}, key="k1")
    assert (elsewhere.status, elsewhere["code"]) == (409, "runtime.key_reused")


def test_a_key_belongs_to_its_account(login: Login) -> None:
    body = {"process": "appeal", "values": APPEAL}
    first = login("jingmi").post("/cases", body, key="k1")
    other = login("platform").post("/cases", body, key="k1")
    assert (first.status, other.status) == (201, 201) and first["id"] != other["id"]


def test_a_refused_request_leaves_its_key_free(login: Login) -> None:
    caller = login("jingmi")
    refused = caller.post("/cases", {"process": "appeal", "values": {**APPEAL, "title": ""}}, key="k1")
    assert refused.status == 422
    assert caller.post("/cases", {"process": "appeal", "values": APPEAL}, key="k1").status == 201


def test_a_completed_task_answers_its_retry_and_nobody_elses(login: Login) -> None:
    case = login("jingmi").start()
    first, second = login("platform"), login("platform-2")
    task = first.task(case, "研判派发")
    path, body = f"/tasks/{task['id']}/complete", {"version": task["version"], "values": TRIAGE}
    done = first.post(path, body, key="k")
    assert first.post(path, body, key="k").body == done.body
    assert second.post(path, body, key="k").status == 409
    assert first.post(path, body, key="k2").status == 409


def test_an_upload_is_the_same_whatever_its_boundary(login: Login) -> None:
    caller = login("jingmi")
    first, again = (upload(caller, "k", b"one") for _ in range(2))
    assert first.status == 201 and first.body == again.body and again.headers["Idempotent-Replay"]
    assert upload(caller, "k", b"two").status == 409


def upload(caller: Caller, key: str, content: bytes) -> Answer:
    return caller.post("/files", key=key, data={"file": (BytesIO(content), "a.txt")})


def test_a_key_that_no_header_should_hold_is_refused(login: Login) -> None:
    for key in ("", " ", "x" * 101, "钥匙".encode().decode("latin-1")):
        answer = login("jingmi").post("/cases", {"process": "appeal", "values": APPEAL}, key=key)
        assert (answer.status, answer["code"]) == (422, "api.bad_key")


def test_two_at_the_same_time_act_once_and_get_the_same_answer(login: Login) -> None:
    caller = login("jingmi")
    answers = together(8, lambda: caller.post("/cases", {"process": "appeal", "values": APPEAL}, key="k"))
    assert {answer.status for answer in answers} == {201}
    assert len({answer["number"] for answer in answers}) == 1
    assert sum("Idempotent-Replay" not in answer.headers for answer in answers) == 1
    assert caller.get("/cases")["total"] == 1


def test_two_completions_at_the_same_time_with_one_key_get_the_same_answer(login: Login) -> None:
    case = login("jingmi").start()
    caller = login("platform")
    task = caller.task(case, "研判派发")
    path, body = f"/tasks/{task['id']}/complete", {"version": task["version"], "values": TRIAGE}
    answers = together(6, lambda: caller.post(path, body, key="k"))
    assert [answer.status for answer in answers] == [200] * 6
    assert len({answer.data for answer in answers}) == 1


def test_of_two_people_at_the_same_time_one_wins_and_the_other_learns_who(login: Login) -> None:
    case = login("jingmi").start()
    people = [login("platform"), login("platform-2")]
    task = people[0].task(case, "研判派发")
    path, body = f"/tasks/{task['id']}/complete", {"version": task["version"], "values": TRIAGE}
    answers = together(2, lambda: people.pop().post(path, body))
    assert sorted(answer.status for answer in answers) == [200, 409]
    loser = next(answer for answer in answers if answer.status == 409)
    assert loser["facts"]["who"] in ("李娜", "王磊") and loser["facts"]["did"] == "办理"


def together(count: int, act: Callable[[], Answer]) -> list[Answer]:
    """What `count` threads get that all begin at the same moment."""
    barrier = Barrier(count)

    def run(_: int) -> Answer:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
