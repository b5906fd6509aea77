"""The command line: `allocator COMMAND`. Each command is one file, loaded only when it is used."""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from allocator import __version__
from allocator.cli.exit_codes import REFUSED
from allocator.cli.stopping import leave
from allocator.errors import AllocatorError

COMMANDS = {
    "import": ("allocator.cli.import_", "import_command"),
    "allocate": ("allocator.cli.allocate", "allocate_command"),
    "check": ("allocator.cli.check", "check_command"),
    "explain": ("allocator.cli.explain", "explain_command"),
    "report": ("allocator.cli.report", "report_command"),
    "template": ("allocator.cli.template", "template_command"),
    "forecast": ("allocator.cli.forecast", "forecast_command"),
    "hold": ("allocator.cli.hold", "hold_command"),
    "simulate": ("allocator.cli.simulate", "simulate_command"),
    "scenario": ("allocator.cli.scenario", "scenario_command"),
    "generate": ("allocator.cli.generate", "generate_command"),
}
"""Name to module and function."""


class LazyCommands(TyperGroup):
    """Commands from the table. Loading them all would load the solver to print a version."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for name, (module, _) in COMMANDS.items() if find_spec(module)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.list_commands(ctx):
            return None
        module, function = COMMANDS[cmd_name]
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(cmd_name)(getattr(import_module(module), function))
        return typer.main.get_command(alone)


app = typer.Typer(
    cls=LazyCommands,
    no_args_is_help=True,
    # A traceback with local values could show a person's data.
    pretty_exceptions_enable=False,
)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"allocator {__version__}")
        raise typer.Exit


@app.callback()
def _allocator(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """Plan who sleeps in which approved-premises bed. A person decides; this proposes."""


def main() -> None:
    """The entry point of the `allocator` command. Exit code 2: something was refused.

    130: Ctrl-C, where no plan was being looked for.
    """
    signal.signal(signal.SIGINT, leave)
    try:
        app()
    except AllocatorError as error:
        typer.echo(str(error), err=True)
        sys.exit(REFUSED)
    except OSError as error:
        # Standard output too may be a full disk. A traceback could show a person's data.
        from allocator.cli.outputs import in_words

        typer.echo(f"allocator: {in_words(error)}", err=True)
        sys.exit(REFUSED)
