"""The commands by name; each is imported when it is asked for, so that none pays for another."""

from __future__ import annotations

import importlib
from typing import Final

import click

from crisisrules import __version__
from crisisrules.model.errors import Place, Problem, UsageError, unknown_word

COMMANDS: Final = {
    "init": ("crisisrules.cli.init:command", "Write a first playbook, with a calendar to try."),
    "replay": ("crisisrules.cli.replay:replay", "Tell a stream back with what the playbook asked."),
    "check": ("crisisrules.cli.check:check", "Hold a calendar against incidents, item by item."),
    "draft": ("crisisrules.cli.draft:draft", "Check a statement before it goes out."),
    "watch": ("crisisrules.cli.watch:watch", "Follow a stream live and tell people what to do."),
    "journal": ("crisisrules.cli.journal:journal", "List, export and prune what `watch` kept."),
    "ack": ("crisisrules.cli.journal:ack", "Say that a recommendation was seen or done."),
    "signals": ("crisisrules.cli.signals:signals", "Show what texts are taken to say."),
    "rules": ("crisisrules.cli.rules:rules", "List and show rules, facts and schemas."),
    "test": ("crisisrules.cli.test:test", "Run the tests of rules."),
    "compare": (
        "crisisrules.cli.compare:compare_playbooks",
        "Show what a change of playbook would have changed.",
    ),
    "pages": ("crisisrules.cli.pages:pages", "Write or check the pages made from rules."),
    "lint-playbook": (
        "crisisrules.cli.lint_playbook:command",
        "Find what is wrong with a playbook that loads.",
    ),
    "line": ("crisisrules.cli.line:command", "Say how to speak on a platform, in an incident."),
    "explain": ("crisisrules.cli.explain:explain", "Say what a rule watches, by when and why."),
}


class _Commands(click.Group):
    """A group that knows its commands by name and imports one when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        found = COMMANDS.get(cmd_name)
        if found is None:
            return None
        module, _, name = found[0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            message = unknown_word("a command", args[0], COMMANDS)
            raise UsageError(Problem(Place("crisisrules"), "unknown-command", message))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        # the short helps stand here so that `--help` imports no command
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def commands() -> None:
    """A crisis-communication playbook as declarative rules.

    Which post to hold, what to publish, why and by when. Exit code 0: clean; 1: findings at or above
    --fail-on; 2: nothing was evaluated.
    """
