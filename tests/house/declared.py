"""What setup.cfg and constraints.txt say about packages and their versions."""

from configparser import ConfigParser
from functools import lru_cache

from tests.house.source import HOME


@lru_cache
def setup() -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.read(HOME / "setup.cfg", encoding="utf-8")
    return parser


@lru_cache
def pins() -> dict[str, list[str]]:
    """The lines of each group of requirements: `run` for what Zhiban needs, else the extra's name."""
    groups = {"run": setup()["options"]["install_requires"], **setup()["options.extras_require"]}
    return {name: [line for line in text.splitlines() if line.strip()] for name, text in groups.items()}


def constraints() -> dict[str, str]:
    """Package -> exact version, from constraints.txt."""
    lines = (HOME / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {plain(name): version for name, version in pairs}


def plain(requirement: str) -> str:
    """The package's name as indexes compare it: without extras and version, small, with hyphens."""
    return (
        requirement.partition("==")[0].partition("[")[0].strip().lower().replace("_", "-").replace(".", "-")
    )


def distributions() -> frozenset[str]:
    """The packages that setup.cfg names, in any group."""
    return frozenset(plain(line) for lines in pins().values() for line in lines)
