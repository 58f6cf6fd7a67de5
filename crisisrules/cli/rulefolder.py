"""The folder of rules that the commands for playbook authors read: rule tests and generated pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Final

from crisisrules.adapters.playbooks import base_folder
from crisisrules.cli.files import read_text, unreadable
from crisisrules.model.errors import InputError, Place, Problem, UsageError

TEST_ENDING: Final = ".test.yaml"
PAGE_ENDINGS: Final = (".md", ".html")

_MOST_FILES: Final = 5_000


def rule_folder(playbook: Path | None) -> Path:
    """Where the rules of a playbook stand: beside a brand's file, else those of the package."""
    if playbook is None:
        return base_folder()
    return playbook if playbook.is_dir() else playbook.parent


def read_tests(paths: Sequence[Path], *, required: bool = True) -> dict[str, str]:
    """The text of every rule test in files and folders, by the name that messages call it.

    Raises:
        InputError: a path is not there, or holds no rule test where one is required.
    """
    files: dict[str, str] = {}
    for path in paths:
        found = sorted(path.rglob(f"*{TEST_ENDING}")) if path.is_dir() else [path]
        if not found and required:
            message = f"no rule test `*{TEST_ENDING}` is in this folder"
            raise InputError(Problem(Place(path.as_posix()), "no-tests", message))
        for file in _few(found, path):
            files[shown(file)] = read_text(str(file))
    return files


def read_all_tests(folder: Path, rules: Collection[str]) -> dict[str, str]:
    """The rule tests of a folder, and those of the package for rules that are not tested there."""
    files = read_tests((folder,), required=False)
    own = {_rule_of(name) for name in files}
    base = read_tests((base_folder(),), required=False)
    further = {
        name: text
        for name, text in base.items()
        if name not in files and _rule_of(name) in rules and _rule_of(name) not in own
    }
    return {**further, **files}


def _rule_of(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(TEST_ENDING)


def page_texts(folder: Path) -> dict[str, str]:
    """The text of every page of a folder by its path inside it."""
    found = (
        file for file in sorted(folder.rglob("*")) if file.suffix in PAGE_ENDINGS and file.is_file()
    )
    return {
        file.relative_to(folder).as_posix(): read_text(str(file)) for file in _few(found, folder)
    }


def write_pages(folder: Path, pages: dict[str, str], gone: Iterable[str]) -> None:
    """Write pages into a folder and remove those of rules that are gone.

    Raises:
        InputError: the folder cannot be written to.
    """
    try:
        for path, text in pages.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        for path in gone:
            (folder / path).unlink()
    except OSError as error:
        raise unreadable(str(error.filename or folder), error) from error


def shown(path: Path) -> str:
    """A path as messages show it: from here where it is below, base rules as ``rules/…``."""
    absolute, here, base = path.resolve(), Path.cwd(), base_folder()
    if absolute.is_relative_to(here):
        return absolute.relative_to(here).as_posix()
    if absolute.is_relative_to(base):
        return f"rules/{absolute.relative_to(base).as_posix()}"
    return path.as_posix()


def _few(files: Iterable[Path], folder: Path) -> list[Path]:
    found = list(files)
    if len(found) > _MOST_FILES:
        message = f"more than {_MOST_FILES} files are in this folder; name a smaller one"
        raise UsageError(Problem(Place(folder.as_posix()), "too-large", message))
    return found
