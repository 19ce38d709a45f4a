"""What several commands print in the same way."""

import click
import orjson


def echo_json(value: object) -> None:
    """Print a value as indented JSON, for programs."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
