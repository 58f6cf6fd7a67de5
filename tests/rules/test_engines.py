"""Both matching engines give the same answers on every case of every rule that ships."""

from __future__ import annotations

import pytest

from crisisrules.adapters.playbooks import base_folder
from crisisrules.api import load_playbook, parse_event
from crisisrules.ruletest.suite import run_suite


# durable-rules asks the time in a way that newer Pythons deprecate
@pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning")
def test_durable_rules_says_what_the_compiled_matcher_says() -> None:
    reason = "durable-rules cannot be imported here"
    pytest.importorskip("durable.engine", reason=reason, exc_type=ImportError)
    folder, playbook = base_folder(), load_playbook()
    files = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.test.yaml"))
    }

    compiled, durable = (
        run_suite(files, playbook, parse_event=parse_event, engine=engine)
        for engine in ("compiled", "durable")
    )

    assert compiled.outcomes
    assert durable.outcomes == compiled.outcomes
    assert durable.coverage == compiled.coverage
