"""The shipped statement lexicons, for the tests beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisrules.signals.statement import StatementReader, load_statement_reader


@pytest.fixture(scope="session")
def statements() -> StatementReader:
    """The reader with the lexicons of the repository."""
    lexicons = Path(__file__).parents[3] / "rules" / "lexicons"
    return load_statement_reader(
        {
            f"{path.parent.name}/{path.stem}": path.read_text(encoding="utf-8")
            for path in lexicons.glob("*/statement_forms.json")
        }
    )
