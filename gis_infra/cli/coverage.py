"""`gis-infra coverage`: who and what each service reaches."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from gis_infra.analysis.coverage.runs.orders import PERIODS, Period
from gis_infra.analysis.coverage.runs.reading import read_report
from gis_infra.analysis.coverage.runs.visibility import Reader
from gis_infra.cli import coverage_runs
from gis_infra.cli.contexts import open_context
from gis_infra.cli.coverage_options import (
    RUN_OPTIONS,
    SITE_OPTIONS,
    WHAT_IF_OPTIONS,
    make_inputs,
    make_sites,
    make_what_if,
    take,
)
from gis_infra.cli.coverage_reading import find_report, read_book, read_overview
from gis_infra.cli.printing import echo_json
from gis_infra.cli.progress import counting
from gis_infra.processes import registry
from gis_infra.processes.coverage_inputs import make_order
from gis_infra.processes.definitions import Context
from gis_infra.reports.coverage.documents import to_report
from gis_infra.reports.coverage.terminal import (
    describe_gaps,
    make_services_table,
    make_sites_table,
    make_targets_table,
    make_units_table,
)
from gis_infra.reports.coverage.terms import Terms
from gis_infra.reports.files import require_target, write_features
from gis_infra.reports.terminal import print_whole
from gis_infra.storage.transactions import reading

json_option = click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
UNVERIFIED = "* the number was not verified in its source"


@click.group(name="coverage", help=__doc__)
def command() -> None:
    """Who and what each service reaches."""


@command.command("run")
@click.argument("services", nargs=-1, metavar="[SERVICE]...")
@click.option("--period", type=click.Choice(PERIODS), help="Put the run into the series of what has ended last.")
@take(RUN_OPTIONS)
def run(services: tuple[str, ...], period: Period | None, **options: Any) -> None:
    """Compute the coverage of services; of all of them if none is named."""
    with open_context() as context:
        book = read_book(context)
        wanted = [book.get_service(each).id for each in services] or list(book.services)
        series = {} if period is None else {"period": period}
        made = {each: run_one(context, {**make_inputs(each, options), **series}) for each in wanted}
        found = read_overview(context, made)
    print_whole(make_services_table(found))


@command.command("list")
@json_option
def list_services(as_json: bool) -> None:
    """Show the services and what the latest run of each found for the city."""
    with open_context() as context:
        found = read_overview(context)
    if as_json:
        echo_json(found)
    else:
        print_whole(make_services_table(found))


@command.command("show")
@click.argument("service", metavar="SERVICE|RUN")
@click.option("--json", "as_json", is_flag=True, help="All of the run as JSON instead of a table.")
@click.option("--gaps", type=click.Path(path_type=Path), help="Write the gaps to .geojson, .gpkg or .csv.")
def show(service: str, as_json: bool, gaps: Path | None) -> None:
    """Show the latest run of a service, or the run of a number, by unit."""
    if gaps is not None:
        require_target(gaps)
    with open_context() as context:
        found = find_report(context, service)
    if gaps is not None:
        write_features(gaps, found["gaps"]["features"], "gap")
        click.echo(f"{len(found['gaps']['features'])} gaps written to {gaps}")
    elif as_json:
        echo_json(found)
    else:
        echo_found(found)


@command.command("what-if")
@click.argument("service")
@take((*WHAT_IF_OPTIONS, *RUN_OPTIONS))
@json_option
def what_if(service: str, as_json: bool, **options: Any) -> None:
    """Compute the coverage of a service with facilities counted in or out, or streets closed; never of the series."""
    inputs = {**make_inputs(service, options), "what_if": make_what_if(options)}
    ask(inputs, as_json=as_json)


@command.command("next")
@click.argument("service")
@take((*SITE_OPTIONS, *RUN_OPTIONS))
@json_option
def find_next(service: str, as_json: bool, **options: Any) -> None:
    """Find where one more facility would newly serve most, again and again, up to a number of sites."""
    inputs = {**make_inputs(service, options), "sites": make_sites(options)}
    ask(inputs, as_json=as_json)


for each in coverage_runs.COMMANDS:
    command.add_command(each)


def run_one(context: Context, inputs: dict[str, Any]) -> int:
    """Run a service as the inputs say and show how far it is; returns the number of the run."""
    registry.require_inputs(registry.get_process("coverage"), inputs)
    with counting(inputs["service"]) as tell:
        order = make_order(inputs, replace(context, progress=tell))
        from gis_infra.analysis.coverage.runs.running import run_coverage  # not for what only reads

        return run_coverage(context.engine, context.tables, read_book(context), order)


def ask(inputs: dict[str, Any], *, as_json: bool) -> None:
    """Run a service as the inputs say and print what was found."""
    with open_context() as context:
        run_id = run_one(context, inputs)
        reader, terms = Reader(context.actor, context.catalogue), Terms(read_book(context), context.catalogue)
        with reading(context.engine, context.settings.read_limit_s) as connection:
            found = to_report(read_report(connection, run_id, reader), terms)
    if as_json:
        echo_json(found)
    else:
        echo_found(found)


def echo_found(found: dict[str, Any]) -> None:
    """Print a run: what it is, units, targets, gaps, sites."""
    current = found["run"]
    reach = "" if current["distance"] is None else f", {current['distance']['value']:,g} {current['distance']['unit']}"
    click.echo(
        f"run {current['id']}: {found['service']['id']} by {current['method']}{reach}, units of {current['day']}"
    )
    for assumed in current["what_if"]["en"]:
        click.echo(f"assumed: {assumed}")
    print_whole(make_units_table(found))
    if found["city"]["targets"]:
        print_whole(make_targets_table(found))
        if any(not each["verified"] for each in found["city"]["targets"]):
            click.echo(UNVERIFIED)
    if found["sites"]["features"]:
        print_whole(make_sites_table(found))
        click.echo(describe_bound(found["sites"]))
    for told in list_told(found):
        click.echo(told)
    click.echo(describe_gaps(found))


def describe_bound(sites: dict[str, Any]) -> str:
    """How good the choice of sites is at least."""
    share = sites["share_of_bound"]
    here = "" if share is None else f", here at least {share:.1%} (computed upper bound: {sites['bound']:,.0f})"
    limited = "each new site takes people up to its capacity, the nearest first; " if sites["limited"] else ""
    best = f"at least {sites['guaranteed_share']:.1%} of the best possible choice{here}"
    return f"{limited}chosen one after the other, each time where most are gained: {best}"


def list_told(found: dict[str, Any]) -> Iterable[str]:
    """What was found by the way, a line each."""
    return [f"{each['title']['en']}: {each['value']:,g}" for each in found["run"]["told"] if each["value"]]
