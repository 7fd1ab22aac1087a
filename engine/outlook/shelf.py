"""The scenarios that lie beside the processes, as one chooses them from a list."""

from dataclasses import dataclass
from pathlib import Path

from engine.errors import NotFound
from engine.outlook import messages as messages
from engine.scenarios import Scenario, scenarios_in

_WORD = "scenario:"


@dataclass(frozen=True)
class Shelved:
    """One scenario: the process's key, its file's name without its end, its place in it, and its name."""

    process: str
    file: str
    number: int
    name: str

    @property
    def key(self) -> str:
        """What it is asked for by, such as `appeal/timers/0`."""
        return f"{self.process}/{self.file}/{self.number}"


def shelf(folder: Path) -> list[Shelved]:
    """Every scenario below `folder`, by process and file, as the files name them; nothing is judged."""
    return [
        Shelved(file.parent.parent.name, file.stem, number, name)
        for file in _files(folder)
        for number, name in enumerate(_names(file))
    ]


def chosen(folder: Path, key: str) -> Scenario:
    """The scenario of that key. NotFound if there is none; Invalid if its file is wrong."""
    for file in _files(folder):
        for number, name in enumerate(_names(file)):
            if Shelved(file.parent.parent.name, file.stem, number, name).key == key:
                return scenarios_in(file)[number]
    raise NotFound("outlook.no_scenario")


def stamp(scenario: Scenario) -> tuple[int, ...]:
    """What changes when the scenario, its process or its forms do."""
    folder = scenario.place.file.resolve().parent.parent
    files = [*folder.rglob("*"), *(folder.parent.parent / "forms" / folder.name).rglob("*")]
    return tuple(sorted(file.stat().st_mtime_ns for file in files if file.is_file()))


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/scenarios/*.yaml"))


def _names(file: Path) -> list[str]:
    """The names of a file's scenarios, in order: each stands at the beginning of a line of its own."""
    lines = file.read_text(encoding="utf-8").splitlines()
    said = [line.removeprefix(_WORD).partition(" #")[0].strip() for line in lines if line.startswith(_WORD)]
    return [name.strip("'\"") for name in said]
