"""The shape of the house: rooms import one way, only edge rooms touch the world, nothing grows too long."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "crisisrules"

ROOMS = {
    "model": set(),
    "playbook": {"model"},
    "signals": {"model"},
    "engine": {"model", "playbook", "signals"},
    "lint": {"model", "playbook", "signals", "engine"},
    "ruletest": {"model", "playbook", "signals", "engine", "lint"},
    # files of a playbook and of tests are read here, by the strict reader of YAML
    "adapters": {"model", "playbook"},
    "live": {"model", "playbook", "signals", "engine", "lint", "ruletest", "adapters", "api"},
    "scale": {"model", "playbook", "signals", "engine", "adapters", "api"},
    "api": {"model", "playbook", "signals", "engine", "lint", "adapters"},
}
"""Which rooms a room may import; the command line may import all."""

EDGE = {"adapters", "live", "scale", "cli"}

COMPOSING = {"ruletest/plugin.py"}
"""pytest hands it paths, so it loads playbooks as the command line does."""

WORLD = {
    "asyncio",
    "http",
    "os",
    "pathlib",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib",
}
"""Modules through which code reaches files, networks, processes, the environment or the clock."""

CLOCKS = {"now", "utcnow", "today", "fromtimestamp"}


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        room = parts[0].removesuffix(".py")
        if "/".join(parts) in COMPOSING:
            room = "cli"
        yield room, path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            assert node.level == 0, "imports are absolute"
            yield node.module, node.lineno


def test_rooms_import_one_way() -> None:
    wrong = []
    for room, path, tree in modules():
        if room in ("cli", "__init__", "__main__"):
            continue
        for name, line in imported(tree):
            if not name.startswith("crisisrules."):
                continue
            other = name.split(".")[1]
            if other != room and other not in ROOMS[room]:
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")

    assert wrong == []


def test_only_edge_rooms_reach_the_world() -> None:
    wrong = []
    for room, path, tree in modules():
        if room in EDGE:
            continue
        for name, line in imported(tree):
            if name.split(".")[0] in WORLD and not (room == "api" and name == "pathlib"):
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func
                if isinstance(called, ast.Attribute) and called.attr in CLOCKS:
                    wrong.append(f"{path.relative_to(PACKAGE)}:{node.lineno} calls {called.attr}()")
                if isinstance(called, ast.Name) and called.id in ("open", "input", "print"):
                    wrong.append(f"{path.relative_to(PACKAGE)}:{node.lineno} calls {called.id}()")

    assert wrong == []


def test_no_module_is_longer_than_one_reads() -> None:
    long = [
        str(path.relative_to(PACKAGE))
        for _, path, _ in modules()
        if len(path.read_text(encoding="utf-8").splitlines()) > 400
    ]

    assert long == []


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc"])
def test_no_room_without_a_subject(name: str) -> None:
    assert not list(PACKAGE.rglob(f"{name}*"))


def test_import_loads_no_edge_dependency() -> None:
    code = (
        "import sys, crisisrules; crisisrules.load_playbook;"
        "print(*sorted(m for m in sys.modules if m.split('.')[0] in"
        " {'click', 'rich', 'openpyxl', 'icalendar', 'sqlite3', 'aiohttp', 'apprise', 'durable',"
        " 'holidays'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_public_names_are_those_that_can_be_imported() -> None:
    import crisisrules
    from crisisrules import api

    assert sorted(crisisrules.__all__) == sorted(api.__all__)
    for name in crisisrules.__all__:
        assert getattr(crisisrules, name) is getattr(api, name)


def test_every_fact_has_one_reader() -> None:
    from crisisrules.engine.facts_brand import READERS
    from crisisrules.playbook.catalogue import FACTS

    assert set(READERS) == set(FACTS)
