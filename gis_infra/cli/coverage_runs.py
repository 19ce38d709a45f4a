"""`gis-infra coverage runs, report, ...`: work with runs of coverage that were made."""

from pathlib import Path

import click

from gis_infra.analysis.coverage.runs.reading import list_runs
from gis_infra.analysis.coverage.runs.visibility import get_visible
from gis_infra.catalogue.definitions import Language
from gis_infra.cli.contexts import open_context
from gis_infra.cli.coverage_reading import find_report, make_reader, make_terms, read_series
from gis_infra.cli.printing import echo_json
from gis_infra.reports.coverage import list_entries
from gis_infra.reports.coverage_files import ENDINGS, CoverageDesk, write_coverage
from gis_infra.reports.coverage_terminal import make_runs_table
from gis_infra.reports.files import require_target
from gis_infra.reports.terminal import print_whole
from gis_infra.storage.transactions import reading


@click.command("runs")
@click.argument("service")
@click.option("--official", is_flag=True, help="Only those as the standard says.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def show_runs(service: str, official: bool, limit: int, as_json: bool) -> None:
    """Show the runs of a service, the newest first."""
    with open_context() as context:
        terms = make_terms(context)
        wanted = get_visible(terms.book, context.catalogue, context.actor, service).id
        with reading(context.engine, context.settings.read_limit_s) as connection:
            runs = list_runs(connection, wanted, make_reader(context), official_only=official, limit=limit)
        found = list_entries(runs, terms)
    if as_json:
        echo_json(found)
    else:
        print_whole(make_runs_table(found))


@click.command("report")
@click.argument("service", metavar="SERVICE|RUN")
@click.option("--out", type=click.Path(path_type=Path), required=True, help=f"The file: {', '.join(ENDINGS)}.")
@click.option("--lang", "language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def report(service: str, out: Path, language: Language) -> None:
    """Write the latest run of a service, or the run of a number, as a file: to print, as sheets or for a GIS."""
    require_target(out, ENDINGS)
    with open_context() as context:
        found = find_report(context, service)
        series = read_series(context, found["run"]["service"])
        write_coverage(CoverageDesk(found, series, context.catalogue, context.settings.city_srid, language), out)
    click.echo(f"run {found['run']['id']} written to {out}")


COMMANDS = (show_runs, report)
