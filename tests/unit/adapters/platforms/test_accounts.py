"""Files of accounts: what they say, and every fault with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crisisrules.adapters.platforms.accounts import accounts_of, read_accounts
from crisisrules.adapters.platforms.adapter import Account, Accounts
from crisisrules.model.errors import InputError

GOOD = """\
accounts:
  mastodon:
    "109348218390155612": shop
  facebook:
    "1024": {page: town-facebook, brand: town}
  pagerduty:
    PIJ90N7: {brand: town}
"""


def read(folder: Path, text: str) -> dict[str, Accounts]:
    path = folder / "accounts.yaml"
    path.write_text(text, encoding="utf-8")
    return read_accounts(path)


def test_a_file_names_pages_and_brands_of_each_source(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    assert found == {
        "mastodon": {"109348218390155612": Account("shop")},
        "facebook": {"1024": Account("town-facebook", "town")},
        "pagerduty": {"PIJ90N7": Account("PIJ90N7", "town")},
    }
    assert accounts_of(found, "facebook-posts") == found["facebook"]
    assert accounts_of(found, "x") == {}


def test_json_says_the_same(tmp_path: Path) -> None:
    written = json.dumps({"accounts": {"mastodon": {"12": "shop", "13": {"brand": "b"}}}})
    assert read(tmp_path, written) == {
        "mastodon": {"12": Account("shop"), "13": Account("13", "b")}
    }


def test_all_faults_are_told_at_once_each_with_its_place(tmp_path: Path) -> None:
    text = """\
accounts:
  mastodn: {"12": shop}
  mastodon:
    "13": {pge: x, brand: 12}
    "14": 5
    "15": ""
  facebook-posts: {"1": x}
  facebook: [1]
acounts: {}
"""
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert [(p.place.line, p.place.column, p.name) for p in caught.value.problems] == [
        (2, 3, "unknown-source"),
        (4, 12, "unknown-key"),
        (4, 27, "bad-value"),
        (5, 11, "wrong-type"),
        (6, 11, "wrong-type"),
        (7, 3, "unknown-source"),
        (8, 13, "wrong-type"),
        (9, 1, "unknown-key"),
    ]
    assert "did you mean `mastodon`" in str(caught.value)
    assert "did you mean `page`" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pages: []\n", "no-accounts"),
        ("accounts: [a]\n", "no-accounts"),
        ("- a\n", "no-accounts"),
        ("accounts:\n  facebook:\n    1024: town\n", "key-not-text"),
        ('{"accounts": {"x": {"1": "a", "1": "b"}}}', "duplicate-key"),
        ('{"accounts": ', "not-json"),
        ("{" * 3000, "not-json"),
    ],
)
def test_what_is_no_file_of_accounts(tmp_path: Path, text: str, name: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert name in {problem.name for problem in caught.value.problems}


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("accounts: é\n".encode("latin-1"))
    for path, name in ((tmp_path / "none.yaml", "unreadable"), (latin, "not-utf8")):
        with pytest.raises(InputError) as caught:
            read_accounts(path)
        assert caught.value.problems[0].name == name
