"""A sender that is killed between claim, send and mark: nothing is lost, and only its own key comes twice."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.outbox.post import Post
from tests.runtime.stage import HOME

KEYS = ["fake|a", "fake|b"]


@pytest.mark.parametrize(
    "where, noted, again",
    [("claimed", [], KEYS), ("sent", KEYS[:1], KEYS), ("marked", KEYS[:1], KEYS[1:])],
)
def test_a_killed_sender_loses_nothing(
    post: Post, tmp_path: Path, where: str, noted: list[str], again: list[str]
) -> None:
    post.queue("a")
    post.queue("b")
    log = tmp_path / "sent"
    log.touch()
    assert run(post, where, log) == -9
    assert log.read_text().split() == noted
    assert post.deliver() == 0, "the dead one's lease still holds"
    post.pass_time(seconds=121)
    assert post.deliver() == len(again)
    assert post.fake.keys == again, "twice only what nobody could know to have arrived, under the same key"
    assert post.states() == ["delivered", "delivered"]


def run(post: Post, where: str, log: Path) -> int:
    database, schema = post.engine.database, ""
    if database.dialect.name == "postgresql":
        with post.engine.reading() as connection:
            schema = connection.execute(sa.text("SELECT current_schema()")).scalar_one()
    url = database.url.render_as_string(hide_password=False)
    arguments = [url, schema, post.clock.now().isoformat(), where, str(log)]
    return subprocess.run([sys.executable, "-m", "tests.outbox.victim", *arguments], cwd=HOME).returncode
