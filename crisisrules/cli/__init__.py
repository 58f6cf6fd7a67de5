"""The command line: arguments, exit codes, and the only reader of the wall clock.

0 clean · 1 findings at or above ``--fail-on`` · 2 nothing was evaluated.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crisisrules.model.errors import CrisisRulesError, Place, Problem, UsageError

if TYPE_CHECKING:
    import click

NOTHING_EVALUATED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    # what a terminal or a pipe cannot encode is shown as an escape instead of ending the program
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        return _run(arguments)
    except CrisisRulesError as error:
        _complain(error.problems)
        return NOTHING_EVALUATED
    except BrokenPipeError:
        # the reader has seen enough; Python would complain once more when it flushes at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except RecursionError:
        _complain([Problem(Place("crisisrules"), "too-deep", "the input is nested too deeply")])
        return NOTHING_EVALUATED
    except MemoryError:
        _complain(
            [Problem(Place("crisisrules"), "too-large", "the input does not fit into memory")]
        )
        return NOTHING_EVALUATED
    except Exception as error:
        if os.environ.get("CRISISRULES_TRACEBACK"):
            raise
        from crisisrules import __version__

        message = (
            f"{type(error).__name__}: {error}; this is a fault of crisisrules {__version__}, please report it"
            " with the input that caused it (`CRISISRULES_TRACEBACK=1` shows more)"
        )
        _complain([Problem(Place("crisisrules"), "internal", message)])
        return NOTHING_EVALUATED


def _run(arguments: Sequence[str] | None) -> int:
    import click

    from crisisrules.cli.app import commands

    given = sys.argv[1:] if arguments is None else list(arguments)
    if not given:
        commands.main(args=["--help"], prog_name="crisisrules", standalone_mode=False)
        return NOTHING_EVALUATED
    try:
        code = commands.main(
            args=given,
            prog_name="crisisrules",
            standalone_mode=False,
        )
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        return 130
    except click.ClickException as error:
        raise UsageError(Problem(Place("crisisrules"), "usage", _message(error))) from error
    return code if isinstance(code, int) else 0


def _message(error: click.ClickException) -> str:
    """What click says, in the form of all other messages."""
    import click

    message = error.format_message().rstrip(".")
    if isinstance(error, click.NoSuchOption):
        near = f"; did you mean `{error.possibilities[0]}`?" if error.possibilities else ""
        message = f"`{error.option_name}` is not an option{near}"
    elif (
        isinstance(error, click.MissingParameter)
        and error.param is not None
        and error.ctx is not None
    ):
        message = f"`{error.param.make_metavar(error.ctx)}` is missing"
    context = getattr(error, "ctx", None)
    command = f"`{context.command_path}`: " if context is not None else ""
    return command + message[:1].lower() + message[1:]


def _complain(problems: Sequence[Problem]) -> None:
    from crisisrules.adapters.reports.escaping import for_terminal

    for problem in problems:
        print(for_terminal(str(problem)), file=sys.stderr)
    errors = sum(not problem.warning for problem in problems)
    if errors > 1:
        print(f"{errors} errors, nothing was evaluated", file=sys.stderr)
