"""What several commands print in the same way."""

import os

import click
import orjson
from rich.console import Console, RenderableType

WIDE = 240  # columns where there is no terminal to fit


def count_of(number: int, noun: str) -> str:
    """A number with its noun, which takes an s but for one: "1 conflict", "2 conflicts"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def echo_json(value: object) -> None:
    """Print a value as indented JSON, for programs."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def print_table(console: Console, table: RenderableType) -> None:
    """Print a table; where there is no terminal, without the blanks that fill its lines."""
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def make_console(*, stderr: bool = False) -> Console:
    """A console that takes every text as it is; plain where NO_COLOR is set or there is no terminal, and then wide."""
    plain = bool(os.environ.get("NO_COLOR"))
    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False, color_system=None if plain else "auto")
    if not console.is_terminal:
        console.width = WIDE
    return console
