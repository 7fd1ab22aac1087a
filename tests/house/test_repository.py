"""What lies beside the code: pinned versions, commands, no trace of a machine."""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.house.declared import constraints, distributions, pins, plain, setup
from tests.house.source import HOME, told, tracked

COMMANDS = ("serve", "worker", "demo", "deploy", "scenario", "verify", "bench", "check")


def test_every_requirement_is_pinned_to_one_version() -> None:
    exact = re.compile(r"[A-Za-z0-9._-]+(\[[a-z]+\])?==[0-9][A-Za-z0-9.]*")
    breaches = [line for lines in pins().values() for line in lines if not exact.fullmatch(line)]
    assert not breaches, told(breaches)


def test_the_constraints_agree_with_every_pin() -> None:
    held = constraints()
    breaches = [
        f"{line}, but constraints.txt has {held.get(plain(line))}"
        for lines in pins().values()
        for line in lines
        if held.get(plain(line)) != line.partition("==")[2]
    ]
    assert not breaches, told(breaches)


def test_what_is_installed_here_is_what_the_constraints_say() -> None:
    held = constraints()
    needed = [plain(line) for group in ("run", "test") for line in pins()[group]]
    breaches = [f"{name} {version(name)}, not {held[name]}" for name in needed if version(name) != held[name]]
    assert not breaches, told([*breaches, "install again: make test does"])


def test_no_package_is_asked_for_twice() -> None:
    names = [plain(line) for lines in pins().values() for line in lines]
    assert len(names) == len(set(names)) == len(distributions())


def test_the_licence_is_the_one_that_is_declared() -> None:
    assert setup()["metadata"]["license"] == "Apache-2.0"
    text = (HOME / "LICENSE").read_text()
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text


@pytest.mark.parametrize("target", ["run", "test", "bench", "lint", "clean"])
def test_make_knows_its_targets(target: str) -> None:
    assert target in _targets()


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (HOME / "Makefile").read_text(), re.MULTILINE))


def test_the_readme_names_make_run_and_make_test() -> None:
    text = (HOME / "README.md").read_text(encoding="utf-8")
    assert "make run" in text
    assert "make test" in text
    targets = set(re.findall(r"`make ([a-z]+)|^make ([a-z]+)", text, re.MULTILINE))
    assert {a or b for a, b in targets} <= _targets()


def test_an_old_python_is_told_in_a_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    done = _make_in_an_empty_folder(tmp_path, str(old))
    assert done.returncode != 0
    assert "Zhiban needs Python 3.11 or newer" in done.stderr
    assert "Python 3.9.2" in done.stderr


def test_a_python_without_venv_is_told_which_package_to_install(tmp_path: Path) -> None:
    bare = tmp_path / "python3"
    bare.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; *) exit 0;; esac\n')
    bare.chmod(0o755)
    done = _make_in_an_empty_folder(tmp_path, str(bare))
    assert done.returncode != 0
    assert "apt-get install python3-venv" in done.stderr


def _make_in_an_empty_folder(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--file", str(HOME / "Makefile"), f"PYTHON={python}", ".venv/made"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={k: v for k, v in os.environ.items() if not k.startswith("MAKE")},
    )


def test_the_command_line_lists_its_commands() -> None:
    done = subprocess.run([sys.executable, "run.py", "--help"], cwd=HOME, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    missing = [
        command for command in COMMANDS if not re.search(rf"^  {command}\b", done.stdout, re.MULTILINE)
    ]
    assert not missing, done.stdout


def test_what_ci_calls_can_be_run() -> None:
    mode = (HOME / ".ci/run").stat().st_mode
    assert mode & stat.S_IXUSR


def test_nothing_points_to_the_machine_where_it_was_written() -> None:
    """A path of one machine means nothing elsewhere. (The brackets keep this rule out of its own net.)"""
    words = re.compile(r"(?<![\w.])/(wor[k]/|roo[t]/|hom[e]/\w+/|Use[r]s/\w+/)")
    breaches = []
    for path in tracked():
        if "vendor" not in path.parts:
            breaches += [f"{path}:{number} {line}" for number, line in _lines(path) if words.search(line)]
    assert not breaches, told(breaches)


def test_packages_come_from_wherever_pip_is_told_to_look() -> None:
    """No index, mirror or host stands in what installs: that is the reader's own setting."""
    hosts = re.compile(r"https?://(?!127\.0\.0\.1)|index-url|find-links|trusted-host")
    files = tracked("Makefile", ".ci/run", "setup.cfg", "pyproject.toml", "constraints.txt")
    breaches = [f"{path}:{n} {line}" for path in files for n, line in _lines(path) if hosts.search(line)]
    assert not breaches, told(breaches)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    return enumerate((HOME / path).read_bytes().decode("utf-8", errors="ignore").splitlines(), 1)


def test_no_key_and_no_token_lies_in_the_files() -> None:
    secrets = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}")
    breaches = [
        str(path)
        for path in tracked()
        if secrets.search((HOME / path).read_bytes().decode("utf-8", "ignore"))
    ]
    assert not breaches, told(breaches)
