"""The `gis-infra` command. Each command is a module of this folder, loaded only when it is asked for."""

import importlib
import sys

import click

from gis_infra import __version__
from gis_infra.errors import GisInfraError

COMMANDS: dict[str, str] = {
    "conflicts": "gis_infra.cli.conflicts",
    "coverage": "gis_infra.cli.coverage",
    "database": "gis_infra.cli.database",
    "import": "gis_infra.cli.import_file",
    "inspect": "gis_infra.cli.inspect_file",
    "layers": "gis_infra.cli.layers",
    "samples": "gis_infra.cli.samples",
    "serve": "gis_infra.cli.serve",
    "users": "gis_infra.cli.users",
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is used, so that `--help` is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, by name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The module's `command`, None if there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        return command


@click.group(cls=LazyGroup)
@click.version_option(__version__, prog_name="gis-infra")
def cli() -> None:
    """Manage the GIS of a city's infrastructure."""


def main() -> None:
    """Run the command line; what this program refuses is one line on stderr and exit code 2, never a traceback."""
    try:
        cli(standalone_mode=True)
    except GisInfraError as error:
        where = f" [{error.where}]" if error.where and error.where not in error.message else ""
        click.echo(f"gis-infra: {error.message}{where}", err=True)
        sys.exit(2)
