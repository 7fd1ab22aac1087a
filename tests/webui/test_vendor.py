"""Files from elsewhere are the ones their tables name, with their licences beside them."""

import hashlib
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
FOLDERS = (HOME / "webui" / "static" / "vendor", HOME / "tests" / "webui" / "vendor")
NOT_LISTED = {"VENDOR.md", "LICENSE", "LICENSE-3RD-PARTY.txt"}


def listed(folder: Path) -> dict[str, str]:
    """File -> sha256, as the table says."""
    rows = [
        line.split("|") for line in (folder / "VENDOR.md").read_text().splitlines() if line.startswith("| ")
    ]
    return {row[1].strip(): row[3].strip() for row in rows[1:]}


@pytest.mark.parametrize("folder", FOLDERS, ids=("product", "tests"))
def test_each_vendored_file_has_the_sum_its_table_says(folder: Path) -> None:
    table = listed(folder)
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in NOT_LISTED
    }
    assert found == table


@pytest.mark.parametrize("folder", FOLDERS, ids=("product", "tests"))
def test_each_vendored_file_stands_beside_its_licence(folder: Path) -> None:
    for name in listed(folder):
        assert (folder / name).parent.joinpath("LICENSE").is_file()


def test_the_watermark_of_the_diagrams_is_not_touched_by_our_styles() -> None:
    for path in (HOME / "webui" / "static").glob("*/*.[cj]s*"):
        assert "powered-by" not in path.read_text()
