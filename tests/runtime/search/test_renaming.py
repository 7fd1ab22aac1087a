"""An enterprise with a new name is found by it: its newest cases at once, the others soon behind."""

import pytest
import sqlalchemy as sa

from engine.errors import Invalid, NotFound
from engine.identity.tables import enterprises
from engine.runtime import search
from engine.runtime.search import renaming
from engine.runtime.words.tables import renamed
from tests.runtime.search.test_keeping import Broken, found
from tests.runtime.stage import Platform

JINGMI = "91441802MA4X1Q2T0K"


def rename(platform: Platform, name: str, code: str = JINGMI) -> None:
    with platform.engine.writing() as connection:
        search.rename_enterprise(platform.engine, connection, code, name)


def test_its_cases_are_found_by_the_new_name_at_once(platform: Platform) -> None:
    first, second = platform.start(), platform.start(confidential=True, content="电话 138-0000-0001")
    other = platform.start("lvneng", uscc=platform.actors["lvneng"].enterprise)
    rename(platform, " 云岭冷链有限公司 ")
    assert found(platform, "云岭冷链") == {first, second} and found(platform, "晶密") == set()
    assert found(platform, "绿能") == {other} and found(platform, "0000") == set()
    names = {row.uscc: row.name for row in platform.rows(enterprises)}
    assert names[JINGMI] == "云岭冷链有限公司" and platform.rows(renamed) == []
    assert search.follow_names(platform.engine) == 0


def test_many_cases_follow_a_batch_a_transaction(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renaming, "BATCH", 2)
    made = [platform.start() for _ in range(5)]
    rename(platform, "云岭冷链")
    assert found(platform, "云岭") == set(made[3:]), "the newest at once"
    late = platform.start()
    assert search.follow_names(platform.engine, most=2) == 2 and found(platform, "云岭") == {*made[1:], late}
    rename(platform, "海桥冷链")
    assert found(platform, "海桥") == {made[4], late}, "another name begins anew"
    assert search.follow_names(platform.engine) == 4 and search.follow_names(platform.engine) == 0
    assert found(platform, "海桥") == {*made, late} and found(platform, "云岭") == set()
    assert platform.rows(renamed) == []


def test_a_renaming_that_is_rolled_back_changes_nothing(platform: Platform) -> None:
    case_id = platform.start()
    with pytest.raises(Broken), platform.engine.writing() as connection:
        search.rename_enterprise(platform.engine, connection, JINGMI, "云岭冷链")
        raise Broken
    assert found(platform, "晶密") == {case_id} and platform.rows(renamed) == []


def test_nobody_is_renamed_to_nothing(platform: Platform) -> None:
    with pytest.raises(Invalid):
        rename(platform, "  ")
    with pytest.raises(NotFound):
        rename(platform, "云岭", "91440106MA59D3F84X")
    with platform.engine.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(renamed)).scalar_one() == 0
