"""The generated pages of `docs/`: command line, settings and layers, each rendered from the program itself."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from gis_infra.catalogue import documentation
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.cli.main import COMMANDS, cli
from gis_infra.settings import SETTINGS, read_settings

NOTE = "<!-- Made by script/docs; do not edit. -->\n"


def render_pages() -> dict[str, str]:
    """The text of every generated page by file name."""
    catalogue = read_catalogue(read_settings({}).layers)
    return {
        "cli.md": render_cli(),
        "settings.md": render_settings(),
        "layers.md": documentation.render(catalogue),
    }


def render_settings() -> str:
    """The table of settings as a page."""
    rows = [f"| `{each.variable}` | {f'`{each.default}`' if each.default else ''} | {each.help} |" for each in SETTINGS]
    head = [NOTE, "# Settings", "", "Environment variables, read once when a command or the server starts.", ""]
    return "\n".join([*head, "| variable | default | what it does |", "|---|---|---|", *rows]) + "\n"


def render_cli() -> str:
    """The help of every command as a page."""
    context = click.Context(cli, info_name="gis-infra")
    parts = [NOTE, "# Command line", "", *render_help(cli, context)]
    for name in sorted(COMMANDS):
        command: click.Command = importlib.import_module(COMMANDS[name][0]).command
        parts += render_command(name, command, context)
    return "\n".join(parts)


def render_command(name: str, command: click.Command, parent: click.Context) -> Iterator[str]:
    """The lines of a command and, if it is a group, of those in it."""
    context = click.Context(command, info_name=name, parent=parent)
    yield from ("", f"## {context.command_path}", "")
    yield from render_help(command, context)
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            part = command.get_command(context, each)
            if part is not None:
                yield from render_command(each, part, context)


def render_help(command: click.Command, context: click.Context) -> list[str]:
    """The help text of one command in a fence, as wide as a terminal of 100 columns."""
    context.terminal_width = context.max_content_width = 100
    return ["```", command.get_help(context).rstrip(), "```"]


def main(folder: Path) -> None:
    """Write every page into `folder`."""
    for name, page in render_pages().items():
        (folder / name).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
