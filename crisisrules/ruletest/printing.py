"""The playbook to print in two looks: Markdown, and one HTML file for a phone or for paper.

Every text of a playbook is escaped, so that a playbook from a stranger writes no markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from crisisrules.playbook.parameters import Context
from crisisrules.playbook.playbook import Playbook
from crisisrules.ruletest import markdown as md
from crisisrules.ruletest.booklet import TEXTS, Entry, Part, printed_parts
from crisisrules.ruletest.guides import section_lines
from crisisrules.ruletest.pages import MARK

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 1rem/1.45 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.2; } h2 { font-size: 1.15rem; margin: 1.5rem 0 .5rem; }
ul { list-style: none; padding: 0; margin: 0; }
li { padding: .5rem 0; border-top: 1px solid #8886; break-inside: avoid; overflow-wrap: anywhere; }
label { display: flex; gap: .6rem; } input { flex: none; width: 1.1rem; height: 1.1rem; margin-top: .15rem; }
.when { font-weight: 700; } .critical .when { color: #b00020; }
blockquote { margin: .25rem 0; padding: .25rem .75rem; border-left: 3px solid #8888; }
.why { font-size: .85rem; opacity: .8; } code { font-size: .85em; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; } h2, h3 { break-after: avoid; }
@media (prefers-color-scheme: dark) { .critical .when { color: #ff8a94; } }
@media print {
  @page { margin: 14mm; }
  body { font-size: 10pt; max-width: none; padding: 0; color: #000; background: #fff; }
  .critical .when { color: #000; text-decoration: underline; } .why { opacity: 1; }
}
"""


def printed_markdown(playbook: Playbook, language: str, context: Context | None = None) -> str:
    """The printed playbook as Markdown, with a box to tick for each thing to do."""
    words = TEXTS[language]
    blocks = [[MARK], [f"# {md.text(words['title'].format(name=playbook.name))}"], [words["lead"]]]
    for part in printed_parts(playbook, language, context):
        blocks.append([f"## {md.text(part.title)}"])
        blocks.append(
            [f"- **{md.text(role)}**{words['colon']}{md.text(what)}" for role, what in part.people]
        )
        blocks.append([_markdown_entry(entry, words["colon"]) for entry in part.entries])
        for section in part.sections:
            blocks.append([f"### {section.heading}"])
            blocks.append(section_lines(section))
    return md.document(blocks)


def printed_html(playbook: Playbook, language: str, context: Context | None = None) -> str:
    """The printed playbook as one HTML file without scripts, pictures or anything to load."""
    words = TEXTS[language]
    title = escape(words["title"].format(name=playbook.name))
    lines = [
        "<!doctype html>",
        f'<html lang="{language}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        MARK,
        f"<h1>{title}</h1>",
        f"<p>{escape(words['lead'])}</p>",
    ]
    for part in printed_parts(playbook, language, context):
        lines += [
            "<section>",
            f"<h2>{escape(part.title)}</h2>",
            *_html_part(part, words["colon"]),
            "</section>",
        ]
    return "\n".join([*lines, "</body>", "</html>"]) + "\n"


def _markdown_entry(entry: Entry, colon: str) -> str:
    link = f"[{entry.rule}]({entry.family}/{entry.rule}.md)"
    when = f"**{md.text(entry.when)}** · " if entry.when else ""
    return f"- [ ] {when}*{md.text(entry.situation)}*{colon}{md.text(entry.advice)} ({link})"


def _html_part(part: Part, colon: str) -> Iterator[str]:
    items = [f"<b>{escape(role)}</b>{colon}{escape(what)}" for role, what in part.people]
    lines = [f"<li>{item}</li>" for item in items]
    lines += [_html_entry(entry, colon) for entry in part.entries]
    if lines:
        yield from ("<ul>", *lines, "</ul>")
    for section in part.sections:
        yield f"<h3>{escape(section.heading)}</h3>"
        if section.quoted:
            yield from (f"<blockquote>{escape(line)}</blockquote>" for line in section.lines)
        else:
            yield from ("<ul>", *(f"<li>{escape(line)}</li>" for line in section.lines), "</ul>")


def _html_entry(entry: Entry, colon: str) -> str:
    when = f'<span class="when">{escape(entry.when)}</span>{colon}' if entry.when else ""
    return (
        f'<li class="{entry.severity}"><label><input type="checkbox"><span>{when}{escape(entry.advice)}'
        f'<br><span class="why">{escape(entry.situation)} · <code>{escape(entry.rule)}</code></span>'
        "</span></label></li>"
    )
