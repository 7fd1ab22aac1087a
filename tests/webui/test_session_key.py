"""The key that signs sessions: kept beside the database, for its owner only, and never half of one."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.webui.webui_driver import Browser
from webui.app import create_app


@pytest.fixture(autouse=True)
def no_key_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHIBAN_SECRET", raising=False)


def key(folder: Path) -> str:
    app = create_app({"DATABASE": f"sqlite:///{folder / 'zhiban.db'}"})
    app.extensions["zhiban"].database.dispose()
    return str(app.config["SECRET_KEY"])


def test_a_key_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    first = key(tmp_path)
    assert len(first) == 64 and key(tmp_path) == first
    kept = tmp_path / "session.key"
    assert kept.read_text() == first and stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("session.key*")] == ["session.key"]


@pytest.mark.parametrize("left", ["", "\n", "0123abc"])
def test_an_empty_or_broken_off_key_is_replaced(tmp_path: Path, left: str) -> None:
    (tmp_path / "session.key").write_text(left)
    app = create_app({"DATABASE": f"sqlite:///{tmp_path / 'zhiban.db'}"})
    assert Browser(app).open("/sign-in").status == 200
    app.extensions["zhiban"].database.dispose()
    assert key(tmp_path) == app.config["SECRET_KEY"] and len(key(tmp_path)) == 64
    assert stat.S_IMODE((tmp_path / "session.key").stat().st_mode) == 0o600


def test_processes_that_begin_at_once_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        keys = set(pool.map(key, [tmp_path] * 4))
    assert len(keys) == 1
