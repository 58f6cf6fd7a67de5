"""Write the forms of the lexicons: `python tests/benchmarks/generate_forms.py`.

`rules/lexicons/<language>/words.yaml` gives `forms.json`, `statement.yaml` gives `statement_forms.json`.

With `--check` nothing is written; the exit code is 1 when a file is not what would be written.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml

from crisisrules.signals.inflect import inflect
from crisisrules.signals.statement_source import expand

LEXICONS = Path(__file__).parents[2] / "rules" / "lexicons"


def read(source: Path) -> object:
    """A lexicon as it is written; every word stays a text: `no` and `on` are no booleans here."""
    return yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506


def generated_statement(source: Path) -> str:
    """The text of the forms file that belongs to a lexicon of statement words: one word a line."""
    forms = expand(f"{source.parent.name}/{source.stem}", read(source))
    words = forms.pop("words")
    assert isinstance(words, dict)
    head = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in forms.items()]
    rows = [
        f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False, separators=(',', ':'))}"
        for k, v in sorted(words.items())
    ]
    return "{\n" + ",\n".join(head) + ',\n"words": {\n' + ",\n".join(rows) + "\n}\n}\n"


def generated(source: Path) -> str:
    """The text of the forms file that belongs to a words file: one class a line, for reviews."""
    words = read(source)
    assert isinstance(words, dict)
    forms = inflect(f"{source.parent.name}/words", words)
    classes = forms.pop("classes")
    assert isinstance(classes, dict)
    head = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in forms.items()]
    rows = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in classes.items()]
    return "{\n" + ",\n".join(head) + ',\n"classes": {\n' + ",\n".join(rows) + "\n}\n}\n"


def main(arguments: list[str]) -> int:
    """Generate or check the forms of every language."""
    stale = 0
    for source in sorted(LEXICONS.glob("*/*.yaml")):
        of_statements = source.stem == "statement"
        target = source.with_name("statement_forms.json" if of_statements else "forms.json")
        text = generated_statement(source) if of_statements else generated(source)
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if "--check" in arguments:
            print(f"{target}: not what {source.name} gives")
        else:
            target.write_text(text, encoding="utf-8")
            print(f"{target}: written, {len(text)} bytes")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
