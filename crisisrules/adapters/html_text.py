"""What a reader sees of a text that is kept as HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_TAG = re.compile(
    r"</?(?:p|br|div|a|strong|em|b|i|ul|ol|li|span|h[1-6]|blockquote|figure|img)\b[^<>]*>",
    re.IGNORECASE,
)
_BREAKING = frozenset(
    {"p", "div", "li", "tr", "blockquote", "figure", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_INVISIBLE = frozenset({"script", "style", "head", "template"})
_BLANK_LINES = re.compile(r"[ \t\u00a0]*\n\s*")
_LONGEST = 200_000


class _Visible(HTMLParser):
    """Gathers what is shown: text, with newlines where blocks end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "br":
            self.pieces.append("\n")
        elif tag in _INVISIBLE:
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _INVISIBLE:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BREAKING:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def looks_like_html(text: str) -> bool:
    """True when the text holds a tag that editors write."""
    return "<" in text and _TAG.search(text) is not None


def plain(text: str) -> str:
    """The text without tags; the ends of blocks become newlines, entities are resolved."""
    visible = _Visible()
    visible.feed(text[:_LONGEST])
    visible.close()
    return _BLANK_LINES.sub("\n", "".join(visible.pieces)).strip()
