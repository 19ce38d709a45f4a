"""`gis-infra coverage runs, report, ...`: work with runs of coverage that were made."""

from pathlib import Path

import click

from gis_infra.analysis.coverage.runs.comparing import compare_runs
from gis_infra.analysis.coverage.runs.orders import PERIODS, Period
from gis_infra.analysis.coverage.runs.reading import list_runs
from gis_infra.analysis.coverage.runs.results import Repetition
from gis_infra.analysis.coverage.runs.schedules import add_schedule, list_schedules, remove_schedule
from gis_infra.analysis.coverage.runs.visibility import get_visible
from gis_infra.catalogue.definitions import Language
from gis_infra.cli.contexts import open_context
from gis_infra.cli.coverage_reading import find_report, make_reader, make_terms, read_book, read_series
from gis_infra.cli.printing import echo_json
from gis_infra.cli.progress import counting
from gis_infra.errors import InvalidParameter
from gis_infra.processes.coverage_inputs import CACHE
from gis_infra.processes.definitions import read_clock
from gis_infra.reports.coverage.comparison import to_comparison
from gis_infra.reports.coverage.documents import list_entries
from gis_infra.reports.coverage.files import ENDINGS, CoverageDesk, write_coverage
from gis_infra.reports.coverage.terminal import make_changes_table, make_runs_table, make_schedules_table
from gis_infra.reports.files import require_target
from gis_infra.reports.terminal import print_whole
from gis_infra.storage.transactions import reading, writing

RUN = click.IntRange(1, 2**63 - 1)
json_option = click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")


@click.command("runs")
@click.argument("service")
@click.option("--official", is_flag=True, help="Only those as the standard says.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@json_option
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


@click.command("compare")
@click.argument("before", type=RUN, metavar="BEFORE")
@click.argument("after", type=RUN, metavar="AFTER")
@json_option
def compare(before: int, after: int, as_json: bool) -> None:
    """Show what changed between two runs of a service, by unit, and why."""
    with open_context() as context, reading(context.engine, context.settings.read_limit_s) as connection:
        comparison = compare_runs(connection, before, after, make_reader(context))
        found = to_comparison(comparison, make_terms(context))
    if as_json:
        echo_json(found)
        return
    print_whole(make_changes_table(found))
    for reason in found["reasons"]["en"]:
        click.echo(f"why: {reason}")


@click.command("repeat")
@click.argument("run", type=RUN, metavar="RUN")
@json_option
def repeat(run: int, as_json: bool) -> None:
    """Make a run again as it was asked for: the same digits, or what is not the same and an exit code of 1."""
    with open_context() as context, counting(f"run {run}") as tell:
        asked = (run, make_reader(context), context.settings.home / CACHE)
        from gis_infra.analysis.coverage.runs.repeating import repeat_run  # not for what only reads

        found = repeat_run(context.engine, context.tables, read_book(context), asked, tell)
    if as_json:
        echo_json(vars(found))
    else:
        echo_repetition(found)
    if not found.is_same:
        raise SystemExit(1)


def echo_repetition(found: Repetition) -> None:
    """Print whether a run came out the same, and if not, why it may not have."""
    click.echo(f"run {found.run}: {'the same to the last digit' if found.is_same else 'not the same'}")
    if found.data_changed:
        click.echo(f"edited since: {', '.join(found.data_changed)}")
    if found.standard_changed:
        click.echo("the standard is another today; the run was made again by the one it was made by")
    for difference in found.differences:
        click.echo(difference)


@click.command("schedule")
@click.argument("service", required=False)
@click.argument("period", required=False, type=click.Choice(PERIODS))
@click.option("--off", is_flag=True, help="Have the service no longer run by the calendar; its series stays.")
@json_option
def schedule(service: str | None, period: Period | None, off: bool, as_json: bool) -> None:
    """Have a SERVICE run by the worker whenever a PERIOD has ended; without them, show what is run so."""
    if (service is None) != (period is None) or (off and service is None):
        raise InvalidParameter("give a service and a period, or neither to see what is run", where="period")
    today = read_clock().date()
    with open_context() as context:
        if service is not None and period is not None:
            known = read_book(context).get_service(service).id
            with writing(context.engine) as connection:
                if off:
                    remove_schedule(connection, context.actor, known, period)
                else:
                    add_schedule(connection, context.actor, known, period, today)
        with reading(context.engine, context.settings.read_limit_s) as connection:
            found = [vars(each) for each in list_schedules(connection, context.actor, today)]
    if as_json:
        echo_json(found)
    else:
        print_whole(make_schedules_table(found))


COMMANDS = (show_runs, report, compare, repeat, schedule)
