"""Write `rules/lexicons/<language>/forms.json` from `words.yaml`: `python tests/lexicons/generate.py`.

With `--check` nothing is written; the exit code is 1 when a file is not what would be written.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml

from crisisrules.signals.inflect import inflect

LEXICONS = Path(__file__).parents[2] / "rules" / "lexicons"


def generated(source: Path) -> str:
    """The text of the forms file that belongs to a words file: one class a line, for reviews."""
    # BaseLoader keeps every word a text: `no` and `on` are words here, not booleans.
    words = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    forms = inflect(f"{source.parent.name}/words", words)
    classes = forms.pop("classes")
    assert isinstance(classes, dict)
    head = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in forms.items()]
    rows = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in classes.items()]
    return "{\n" + ",\n".join(head) + ',\n"classes": {\n' + ",\n".join(rows) + "\n}\n}\n"


def main(arguments: list[str]) -> int:
    """Generate or check the forms of every language."""
    stale = 0
    for source in sorted(LEXICONS.glob("*/words.yaml")):
        target = source.with_name("forms.json")
        text = generated(source)
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if "--check" in arguments:
            print(f"{target}: not what words.yaml gives")
        else:
            target.write_text(text, encoding="utf-8")
            print(f"{target}: written, {len(text)} bytes")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
