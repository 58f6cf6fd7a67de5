"""Playbook files on the disk: what is found, and what is said when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisrules.adapters.playbooks import playbook_sources, read_playbook
from crisisrules.model.errors import PlaybookError

RULE = """\
id: shouting
title: {en: Shouting, fr: Cris}
severity: info
about: page
when: {page.comments: {at_least: 3}}
recommend: {action: moderate, say: {en: read them, fr: lisez}}
because: {en: People wait., fr: On attend.}
sources: [{title: A guide}]
"""


def _fault(path: Path) -> str:
    with pytest.raises(PlaybookError) as caught:
        read_playbook(path)
    (problem,) = caught.value.problems
    return str(problem).replace(path.parent.as_posix(), "")


def test_the_base_playbook_comes_with_its_lexicons() -> None:
    roles = {source.role for source in playbook_sources()}
    assert "lexicon" in roles
    assert not any(source.name.endswith(".test.yaml") for source in playbook_sources())


def test_own_rules_stand_in_a_folder_beside_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "pace"
    folder.mkdir(parents=True)
    (folder / "shouting.yaml").write_text(RULE, encoding="utf-8")
    (folder / "shouting.test.yaml").write_text("no rule", encoding="utf-8")
    file = tmp_path / "crisis.yaml"
    file.write_text("rules: [mine]\n", encoding="utf-8")
    playbook = read_playbook(file)
    assert [(rule.id, rule.family) for rule in playbook.rules] == [("shouting", "pace")]
    assert playbook.rules[0].place.source == (folder / "shouting.yaml").as_posix()
    assert playbook.governance.declared
    assert playbook.lexicons


def test_a_file_may_extend_another(tmp_path: Path) -> None:
    (tmp_path / "group.yaml").write_text("name: group\ntimezone: Europe/Paris\n", encoding="utf-8")
    file = tmp_path / "shop.yaml"
    file.write_text("extends: group.yaml\nname: shop\n", encoding="utf-8")
    playbook = read_playbook(file)
    assert (playbook.name, playbook.timezone) == ("shop", "Europe/Paris")


def test_a_playbook_that_extends_itself_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("extends: a.yaml\n", encoding="utf-8")
    assert _fault(file) == (
        "/a.yaml:1:10: error extends-cycle: the playbook extends itself; "
        "write `base`, or the path of another"
    )


def test_playbooks_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("name: b\nextends: a.yaml\n", encoding="utf-8")
    assert _fault(tmp_path / "a.yaml").startswith("/b.yaml:2:10: error extends-cycle: ")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "/a.yaml:1:1: error empty: nothing is written here"),
        (
            "extends: bse\n",
            (
                "/a.yaml:1:10: error missing-file: `bse` is not a file; "
                "write `base` or a path beside this file; did you mean `base`?"
            ),
        ),
        (
            "extends: the-group\n",
            (
                "/a.yaml:1:10: error missing-file: `the-group` is not a file; "
                "write `base` or a path beside this file"
            ),
        ),
        (
            "rules: [mine]\n",
            "/a.yaml:1:9: error missing-file: `mine` is not a folder beside this file",
        ),
        (
            "rules: [/]\n",
            (
                "/a.yaml:1:9: error missing-file: `/` is not relative; "
                "write a path that starts from this file"
            ),
        ),
        (
            "extends: /etc/hostname\n",
            (
                "/a.yaml:1:10: error missing-file: `/etc/hostname` is not relative; "
                "write a path that starts from this file"
            ),
        ),
        ("- a\n", "/a.yaml:1:1: error wrong-type: a playbook is needed here, not a list"),
    ],
)
def test_a_file_that_leads_nowhere_is_explained(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    assert _fault(file) == fault


def test_a_file_or_folder_beside_that_was_meant_is_named(tmp_path: Path) -> None:
    (tmp_path / "group.yaml").write_text("name: group\n", encoding="utf-8")
    (tmp_path / "house").mkdir()
    file = tmp_path / "a.yaml"
    file.write_text("extends: goup.yaml\n", encoding="utf-8")
    assert _fault(file).endswith("; did you mean `group.yaml`?")
    file.write_text("rules: [huose]\n", encoding="utf-8")
    assert _fault(file).endswith("; did you mean `house`?")


def test_a_folder_without_rules_is_explained(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    file = tmp_path / "a.yaml"
    file.write_text("rules: [mine]\n", encoding="utf-8")
    assert "no rule file `*.yaml` is in the folder `mine`" in _fault(file)


def test_bytes_that_are_no_text_are_placed(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes("name: x\nowner: é".encode("latin-1"))
    assert _fault(file) == (
        "/a.yaml:2:8: error encoding: the byte 0xe9 is not UTF-8; save the file as UTF-8"
    )


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert _fault(tmp_path / "a.yaml") == "/a.yaml: error missing-file: the file does not exist"


def test_a_file_without_end_is_refused(tmp_path: Path) -> None:
    endless = Path("/dev/zero")
    if not endless.exists():
        pytest.skip("there is no endless file here")
    with pytest.raises(PlaybookError, match="more than 8,000,000 bytes"):
        read_playbook(endless)


def test_a_folder_stands_for_the_playbook_in_it(tmp_path: Path) -> None:
    (tmp_path / "playbook.yaml").write_text("name: shop\n", encoding="utf-8")
    assert read_playbook(tmp_path).name == "shop"
