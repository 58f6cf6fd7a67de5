"""The pytest plugin: each ``*.test.yaml`` is collected as rule tests, a test for each case.

``pytest rules/`` runs them. The playbook is the base playbook, or the file that the option
``--playbook`` or the setting ``crisisrules_playbook`` names (relative to pytest's root directory).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from crisisrules.playbook.playbook import Playbook
    from crisisrules.ruletest.cases import RuleTest
    from crisisrules.signals import Signals

ENDING: Final = ".test.yaml"


class RuleTestFailedError(Exception):
    """A case of a rule test did not pass; the text says where and why."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--playbook`` and ``crisisrules_playbook``."""
    help_text = "the playbook that rule tests (*.test.yaml) run against"
    parser.getgroup("crisisrules").addoption("--playbook", metavar="FILE", help=help_text)
    parser.addini("crisisrules_playbook", help_text, default="")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> RuleTestFile | None:
    """Collect a file of rule tests."""
    if file_path.name.endswith(ENDING):
        return RuleTestFile.from_parent(parent, path=file_path)
    return None


class RuleTestFile(pytest.File):
    """One ``*.test.yaml``."""

    def collect(self) -> Iterable[pytest.Item]:
        """A test for each case; a file that is no rule test is an error that names every fault."""
        # Imported here, so that a pytest run without rule tests pays nothing for this plugin
        from crisisrules.api import parse_event
        from crisisrules.model.errors import CrisisRulesError
        from crisisrules.ruletest.cases import read_rule_test

        try:
            playbook, signals = _playbook(self.config)
            test = read_rule_test(
                self.path.read_text(encoding="utf-8"),
                self.nodeid,
                playbook=playbook,
                parse_event=parse_event,
            )
        except (CrisisRulesError, UnicodeDecodeError) as error:
            raise self.CollectError(str(error)) from None
        for number, case in enumerate(test.cases):
            yield CaseItem.from_parent(
                self, name=case.name, test=test, number=number, playbook=playbook, signals=signals
            )


class CaseItem(pytest.Item):
    """One case of a rule test."""

    def __init__(
        self,
        *,
        test: RuleTest,
        number: int,
        playbook: Playbook,
        signals: Signals | None,
        name: str,
        parent: RuleTestFile,
    ) -> None:
        super().__init__(name, parent)
        self._test = test
        self._number = number
        self._playbook = playbook
        self._signals = signals

    def runtest(self) -> None:
        """Run the case on a session of its own."""
        import attrs

        from crisisrules.ruletest.running import outcome_lines, run_rule_test

        test = attrs.evolve(self._test, cases=(self._test.cases[self._number],))
        (outcome,) = run_rule_test(test, self._playbook, signals=self._signals)
        if not outcome.passed:
            raise RuleTestFailedError("\n".join(outcome_lines(outcome)))

    def repr_failure(  # type: ignore[override]  # pytest allows a plain text here
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> object:
        """What was expected and seen, without a traceback of ours."""
        if isinstance(excinfo.value, RuleTestFailedError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case is written."""
        line = self._test.cases[self._number].place.line or 1
        return self.path, line - 1, self.name


_LOADED: Final = pytest.StashKey["tuple[Playbook, Signals | None]"]()


def _playbook(config: pytest.Config) -> tuple[Playbook, Signals | None]:
    """The playbook and its text signals, read once in a run."""
    if _LOADED not in config.stash:
        from crisisrules.api import load_playbook
        from crisisrules.signals import load_signals

        named = config.getoption("--playbook") or config.getini("crisisrules_playbook")
        playbook = load_playbook(config.rootpath / named if named else None)
        signals = load_signals(playbook.lexicons) if playbook.lexicons else None
        config.stash[_LOADED] = (playbook, signals)
    return config.stash[_LOADED]
