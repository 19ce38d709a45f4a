"""`gis-infra report`: the infrastructure of the city over a month, half a year or a year, as a file."""

import datetime
from pathlib import Path
from typing import Any

import click

from gis_infra.accounts.actor import SYSTEM
from gis_infra.accounts.people import get_actor
from gis_infra.catalogue.definitions import Language
from gis_infra.cli.contexts import open_context
from gis_infra.cli.coverage_reading import read_book
from gis_infra.cli.printing import echo_json
from gis_infra.errors import InvalidParameter
from gis_infra.processes.definitions import Context
from gis_infra.reports.board.files import ENDINGS, write_period
from gis_infra.reports.board.gathering import BoardDesk, gather_period
from gis_infra.reports.board.periods import get_last_month, parse_period
from gis_infra.reports.files import require_target
from gis_infra.storage.transactions import reading

REPORT_LIMIT_S = 600.0


@click.command("report")
@click.argument("period", required=False, metavar="[PERIOD]")
@click.option("--out", type=click.Path(path_type=Path), help=f"The file: {', '.join(ENDINGS)}.")
@click.option("--lang", "language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
@click.option("--as", "username", help="Of what this person may see. Default: of everything.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a file.")
def command(period: str | None, out: Path | None, language: Language, username: str | None, as_json: bool) -> None:
    """Report on a PERIOD: a month as 2026-10, half a year as 2026-H1, a year as 2026; the last month if none is given.

    The figures are those of the dashboard's report: by sector the layers as the period began and as it ended, how
    conflicts moved, coverage against target, imports and cameras.
    """
    if out is None and not as_json:
        raise InvalidParameter(f"say --json, or with --out the file to write: {', '.join(ENDINGS)}", where="--out")
    if out is not None:
        require_target(out, ENDINGS)
    with open_context() as context:
        found = gather(context, period, username)
        if out is not None:
            write_period(found, context.catalogue, language, out)
    if as_json:
        echo_json(found)
    elif out is not None:
        click.echo(f"report on {found['period']['code']} written to {out}")


def gather(context: Context, period: str | None, username: str | None) -> dict[str, Any]:
    """The figures of a period. Raises InvalidParameter for one that is none, MissingError for an unknown person."""
    with reading(context.engine, REPORT_LIMIT_S) as connection:
        desk = BoardDesk(
            city=context.settings.city_name,
            connection=connection,
            catalogue=context.catalogue,
            tables=context.tables,
            book=read_book(context),
            actor=get_actor(connection, username) if username else SYSTEM,
            now=datetime.datetime.now(datetime.UTC),
        )
        return gather_period(desk, parse_period(period, desk.today) if period else get_last_month(desk.today))
