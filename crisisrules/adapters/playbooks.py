"""Playbook files from the disk: the base playbook that ships with the package, and a brand's own."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import crisisrules
from crisisrules.model.errors import Place, PlaybookError, Problem, nearest
from crisisrules.playbook.load import Source, build_playbook, links_of
from crisisrules.playbook.playbook import Playbook

BASE: Final = "base"
"""What a playbook file extends to stand on the playbook of the package."""

PLAYBOOK_FILE: Final = "playbook.yaml"
LEXICONS: Final = "lexicons"
GUIDANCE: Final = {"scenarios": "scenario", "lines": "line"}
"""Folders beside the rules that hold no rules, and what each of their files is."""

_NO_RULE: Final = (".test.yaml",)
_LEXICON_FILES: Final = (".yaml", ".json")
_MOST_ENTRIES: Final = 10_000
_MOST_BYTES: Final = 8_000_000


def base_folder() -> Path:
    """The folder of the base playbook: inside the installed package, else beside it in a checkout.

    Raises:
        PlaybookError: neither is there.
    """
    package = Path(crisisrules.__file__).parent
    for folder in (package / "_rules", package.parent / "rules"):
        if folder.is_dir():
            return folder
    message = "the base playbook is not there; the package is not installed whole"
    raise PlaybookError(Problem(Place(str(package / "_rules")), "missing-file", message))


def read_playbook(path: Path | None = None) -> Playbook:
    """The base playbook, or the one in a file with all that it extends.

    Raises:
        PlaybookError: with every problem of every file.
    """
    return build_playbook(playbook_sources(path))


def playbook_sources(path: Path | None = None) -> list[Source]:
    """The texts that make a playbook, in the order in which they hold."""
    sources = list(_base_sources()) if path is None else _own_sources(path, ())
    if not any(source.role == "lexicon" for source in sources):
        sources.extend(_lexicons(base_folder() / LEXICONS))
    return sources


def _base_sources() -> Iterator[Source]:
    folder = base_folder()
    main = folder / PLAYBOOK_FILE
    # Messages name a base rule as it is called in the repository, wherever it is installed
    if main.is_file():
        yield Source(name=f"rules/{PLAYBOOK_FILE}", text=_text(main), role="playbook")
    for family in sorted(entry for entry in folder.iterdir() if entry.is_dir()):
        if family.name != LEXICONS:
            yield from _rule_files(family, f"rules/{family.name}", family.name)
    yield from _lexicons(folder / LEXICONS)


def _own_sources(path: Path, extended: tuple[Path, ...]) -> list[Source]:
    """What a file extends, then the file and its rules; ``extended`` are those that led here."""
    if path.is_dir():
        path = path / PLAYBOOK_FILE
    text = _text(path)
    links = links_of(text, path.as_posix())
    sources: list[Source] = []
    here = (*extended, path.resolve())
    if links.extends == BASE:
        sources.extend(_base_sources())
    elif links.extends is not None:
        place = links.extends_place or Place(path.as_posix())
        target = _beside(path, links.extends, place)
        if target.resolve() in here:
            message = f"`{links.extends}` extends this file, so the playbook extends itself"
            if target.resolve() == path.resolve():
                message = "the playbook extends itself; write `base`, or the path of another"
            raise PlaybookError(Problem(place, "extends-cycle", message))
        if not target.is_file():
            message = f"`{links.extends}` is not a file; write `base` or a path beside this file"
            others = (other.name for other in _entries(path.parent) if other.suffix == ".yaml")
            meant = _meant(
                links.extends, (BASE, *(other for other in others if other != path.name))
            )
            raise PlaybookError(Problem(place, "missing-file", message + meant))
        sources.extend(_own_sources(target, here))
    sources.append(Source(name=path.as_posix(), text=text, role="playbook", own=True))
    for name, place in links.rules:
        folder = _beside(path, name, place)
        if not folder.is_dir():
            message = f"`{name}` is not a folder beside this file"
            meant = _meant(name, [other.name for other in _entries(path.parent) if other.is_dir()])
            raise PlaybookError(Problem(place, "missing-file", message + meant))
        found = list(_rule_files(folder, folder.as_posix(), folder.name, own=True))
        if not found:
            message = f"no rule file `*.yaml` is in the folder `{name}`"
            raise PlaybookError(Problem(place, "missing-file", message))
        sources.extend(found)
    return sources


def _entries(folder: Path) -> list[Path]:
    """What stands in a folder, for a message; nothing where it cannot be listed."""
    try:
        return sorted(itertools.islice(folder.iterdir(), _MOST_ENTRIES))
    except OSError:
        return []


def _meant(name: str, names: Iterable[str]) -> str:
    near = nearest(name, names)
    return "" if near is None else f"; did you mean `{near}`?"


def _beside(path: Path, name: str, place: Place) -> Path:
    """A path that a playbook file names, which is relative to it: a stranger's file stays at home."""
    target = Path(name)
    if target.is_absolute() or target.drive or "\0" in name:
        message = f"`{name[:60]}` is not relative; write a path that starts from this file"
        raise PlaybookError(Problem(place, "missing-file", message))
    return path.parent / target


def _rule_files(folder: Path, shown: str, family: str, *, own: bool = False) -> Iterator[Source]:
    """The rules of a folder and of the folders in it, which are families of their own."""
    found = []
    for count, entry in enumerate(folder.rglob("*")):
        if count >= _MOST_ENTRIES:
            message = (
                f"more than {_MOST_ENTRIES:,} files are in this folder; name the one with rules"
            )
            raise PlaybookError(Problem(Place(shown), "too-large", message))
        if entry.suffix == ".yaml" and not entry.name.endswith(_NO_RULE) and entry.is_file():
            found.append(entry)
    for file in sorted(found):
        below = file.relative_to(folder)
        nearest = below.parent.name or family
        yield Source(
            name=f"{shown}/{below.as_posix()}",
            text=_text(file),
            role=GUIDANCE.get(nearest, "rule"),
            family=nearest,
            own=own,
        )


def _lexicons(folder: Path) -> Iterator[Source]:
    """Every lexicon as ``<language>/<name>``; forms that were generated from one are JSON."""
    for file in sorted(entry for entry in folder.glob("*/*") if entry.suffix in _LEXICON_FILES):
        name = f"{file.parent.name}/{file.stem}"
        yield Source(name=name, text=_text(file), role="lexicon")


def _text(path: Path) -> str:
    """The text of a file, which must be there and be UTF-8."""
    place = Place(path.as_posix())
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        message = "the file does not exist"
    except IsADirectoryError:
        message = "this is a folder, not a file"
    except PermissionError:
        message = "the file may not be read"
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        message = f"the file cannot be read: {(reason or 'unknown fault').lower()}"
    else:
        if len(raw) > _MOST_BYTES:
            message = f"the file has more than {_MOST_BYTES:,} bytes"
            raise PlaybookError(Problem(place, "too-large", message))
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
            message = f"the byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8"
            place = Place(path.as_posix(), line, column)
            raise PlaybookError(Problem(place, "encoding", message)) from None
    raise PlaybookError(Problem(place, "missing-file", message))
