"""Both matching engines give the same answers on every case of every rule that ships."""

from __future__ import annotations

import pytest

from crisisrules.adapters.playbooks import base_folder
from crisisrules.api import load_playbook, parse_event
from crisisrules.ruletest.suite import Suite, run_suite


def run(engine: str) -> Suite:
    folder = base_folder()
    files = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.test.yaml"))
    }
    return run_suite(files, load_playbook(), parse_event=parse_event, engine=engine)


# durable-rules asks the time in a way that newer Pythons deprecate
@pytest.mark.filterwarnings("ignore::DeprecationWarning:durable")
def test_durable_rules_says_what_the_compiled_matcher_says() -> None:
    reason = "durable-rules cannot be imported here"
    pytest.importorskip("durable.engine", reason=reason, exc_type=ImportError)
    compiled, durable = run("compiled"), run("durable")
    assert compiled.outcomes
    assert durable.outcomes == compiled.outcomes
    assert durable.coverage == compiled.coverage
