"""The `gis-infra` command. Each command is a module of this folder, loaded only when it is asked for."""

import importlib
import sys
from collections.abc import Mapping

import click

from gis_infra import __version__
from gis_infra.collector import collector_paused
from gis_infra.errors import GisInfraError

# Name -> module and one line of help. The line stands here, so that `--help` need not load every room.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "backup": ("gis_infra.cli.backup", "Write the whole city to one file."),
    "conflicts": ("gis_infra.cli.conflicts", "What stands too close to what."),
    "contacts": ("gis_infra.cli.contacts", "Whom to ask and tell before digging."),
    "coverage": ("gis_infra.cli.coverage", "Whom a service reaches, and where the gaps are."),
    "database": ("gis_infra.cli.database", "The database: start, stop, look, upgrade."),
    "export": ("gis_infra.cli.export", "Write a layer, or a part of it, to a file."),
    "import": ("gis_infra.cli.import_file", "Load a file into a layer."),
    "imports": ("gis_infra.cli.imports", "What was imported, and taking it back."),
    "inspect": ("gis_infra.cli.inspect_file", "Say what is in a file, and how that is known."),
    "layers": ("gis_infra.cli.layers", "The layers the city has."),
    "locks": ("gis_infra.cli.locks", "Who has locked what, and releasing it."),
    "openapi": ("gis_infra.cli.openapi", "Write the definition of the OGC API."),
    "profiles": ("gis_infra.cli.profiles", "What is known of each department's files."),
    "report": ("gis_infra.cli.report", "The infrastructure over a month, half a year or a year."),
    "restore": ("gis_infra.cli.restore", "Fill an empty database from a backup."),
    "samples": ("gis_infra.cli.samples", "The sample quarter."),
    "serve": ("gis_infra.cli.serve", "Serve the map, the OGC API and the WFS."),
    "users": ("gis_infra.cli.users", "People, departments and permissions."),
    "worker": ("gis_infra.cli.worker", "Run the long jobs people ask for over HTTP."),
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
        module, _ = COMMANDS[cmd_name]
        # Modules make few cycles and very many objects: with the collector at it, loading took a third longer.
        with collector_paused():
            command: click.Command = importlib.import_module(module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands' names and lines, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


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
