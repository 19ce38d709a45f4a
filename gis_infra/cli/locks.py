"""`gis-infra locks`: who has locked what by WFS, and taking a lock away whose holder has gone home."""

import click
from rich.table import Table

from gis_infra.cli.contexts import open_context
from gis_infra.cli.printing import make_console, print_table
from gis_infra.features.locks import listing
from gis_infra.storage.transactions import reading, writing


@click.group(name="locks", help=__doc__)
def command() -> None:
    """Who has locked what."""


@command.command("list")
def list_locks() -> None:
    """List the locks that last, those that end first at the top."""
    with open_context() as context, reading(context.engine) as connection:
        found = listing.list_live(connection)
    table = Table("lock", "of", "since", "until", "features", "layers")
    for each in found:
        since, until = (f"{moment:%Y-%m-%d %H:%M:%S %Z}".rstrip() for moment in (each.created_at, each.expires_at))
        table.add_row(each.id, each.username, since, until, str(each.features), ", ".join(each.layers))
    print_table(make_console(), table)


@command.command("release")
@click.argument("lock")
def release(lock: str) -> None:
    """Take a lock away. What its holder sends under it afterwards is refused, and nothing of theirs is lost before."""
    with open_context() as context, writing(context.engine) as connection:
        listing.dismiss(connection, lock)
    click.echo(f"released {lock}")
