"""`gis-infra conflicts report` and `letters`: the register on paper, in a sheet, on a map, and to its owners."""

from pathlib import Path
from typing import Any

import click

from gis_infra.catalogue.definitions import Language
from gis_infra.cli.contexts import open_context
from gis_infra.cli.printing import count_of
from gis_infra.cli.register import EVERYTHING, make_ground, make_query, take_filters
from gis_infra.reports import outputs
from gis_infra.reports.files import require_target
from gis_infra.reports.register_letters import render_register_letters
from gis_infra.storage.transactions import reading

REPORT_LIMIT_S = 600.0
out_option = click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write.")
language_option = click.option("--lang", "language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
limit_option = click.option(
    "--limit", type=click.IntRange(1, EVERYTHING), default=EVERYTHING, help="Most conflicts, the worst first."
)


@click.command("report")
@out_option
@language_option
@limit_option
@take_filters
def report(out: Path, language: Language, limit: int, **filters: Any) -> None:
    """Write a report on the register: .html or .pdf with a map of each conflict, .xlsx, .csv, .gpkg or .geojson."""
    require_target(out, outputs.ENDINGS)
    with open_context() as context, reading(context.engine, REPORT_LIMIT_S) as connection:
        desk = outputs.Desk(connection, make_ground(context), context.actor, language)
        count = outputs.write_register(desk, make_query(context, filters, limit), out)
    click.echo(f"{count_of(count, 'conflict')} written to {out}")


@click.command("letters")
@out_option
@language_option
@limit_option
@take_filters
def letters(out: Path, language: Language, limit: int, **filters: Any) -> None:
    """Write a letter to each owner whose assets are in a conflict: .html or .pdf, a sheet each."""
    require_target(out, outputs.PAGES)
    with open_context() as context, reading(context.engine, REPORT_LIMIT_S) as connection:
        query = make_query(context, filters, limit)
        outputs.write_page(render_register_letters(connection, make_ground(context), query, language), out)
    click.echo(f"letters written to {out}")


COMMANDS: tuple[click.Command, ...] = (report, letters)
