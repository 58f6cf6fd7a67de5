"""The printed playbook in a browser: everything is there, on a phone nothing runs off the side."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from crisisrules.api import load_playbook
from crisisrules.ruletest.booklet import printed_parts
from crisisrules.ruletest.printing import printed_html

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PHONE = 360

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")

WRAPPER = """\
<!doctype html><title>asking</title>
<iframe id="page" width="{width}" height="700" style="border: 0" src="{page}"></iframe>
<script>
  const frame = document.getElementById("page");
  frame.onload = () => {{
    const seen = frame.contentDocument;
    document.title = [
      seen.documentElement.scrollWidth,
      seen.querySelectorAll("input[type=checkbox]").length,
      seen.querySelectorAll("script, img, link, iframe").length,
    ].join(" ");
  }};
</script>
"""


def browse(*arguments: str) -> str:
    assert BROWSER is not None
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"]
    done = subprocess.run(
        [BROWSER, *flags, *arguments], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


@pytest.fixture(params=["en", "fr"])
def page(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    file = tmp_path / "playbook.html"
    file.write_text(printed_html(load_playbook(), request.param), encoding="utf-8")
    return request.param, file


def test_a_phone_shows_every_entry_and_nothing_runs_off_the_side(page: tuple[str, Path]) -> None:
    language, file = page
    wrapper = file.with_name("wrapper.html")
    wrapper.write_text(WRAPPER.format(width=PHONE, page=file.name))

    dom = browse("--virtual-time-budget=5000", "--dump-dom", wrapper.as_uri())

    title = re.search(r"<title>(.*?)</title>", dom)
    assert title is not None
    width, boxes, loaded = map(int, title[1].split())
    entries = [entry for part in printed_parts(load_playbook(), language) for entry in part.entries]
    assert width <= PHONE
    assert boxes == len(entries)
    assert loaded == 0


def test_the_browser_reads_the_words_that_the_rules_say(page: tuple[str, Path]) -> None:
    language, file = page
    dom = unescape(browse("--dump-dom", file.as_uri()))
    for part in printed_parts(load_playbook(), language):
        assert part.title in dom
        for entry in part.entries:
            assert entry.advice in dom


def test_it_prints(page: tuple[str, Path]) -> None:
    _, file = page
    paper = file.with_suffix(".pdf")
    browse(f"--print-to-pdf={paper}", "--no-pdf-header-footer", file.as_uri())
    assert paper.read_bytes().startswith(b"%PDF")
