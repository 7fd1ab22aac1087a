"""A copy of the appeal to write scenarios beside."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def write(tmp_path):
    """Write a scenario file beside a copy of the appeal; returns its path."""
    shutil.copytree(ROOT / "processes" / "appeal", tmp_path / "processes" / "appeal")
    shutil.copytree(ROOT / "forms" / "appeal", tmp_path / "forms" / "appeal")
    folder = tmp_path / "processes" / "appeal" / "scenarios"
    for shipped in folder.iterdir():
        shipped.unlink()

    def written(text, name="one.yaml"):
        file = folder / name
        file.write_text(text, encoding="utf-8")
        return file

    return written
