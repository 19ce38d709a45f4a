"""`gis-infra coverage`: who and what each service reaches."""

from pathlib import Path
from typing import Any

import click

from gis_infra.analysis.coverage.reading import Reader, get_visible, list_visible, read_latest_runs, read_report
from gis_infra.analysis.coverage.service_reading import read_services
from gis_infra.cli.contexts import open_context
from gis_infra.cli.printing import echo_json
from gis_infra.processes import registry
from gis_infra.processes.definitions import Context
from gis_infra.reports.features import to_coverage, to_services
from gis_infra.reports.files import require_target, write_features
from gis_infra.reports.terminal import make_coverage_table, make_services_table, print_whole
from gis_infra.storage.transactions import reading


@click.group(name="coverage", help=__doc__)
def command() -> None:
    """Who and what each service reaches."""


@command.command("run")
@click.argument("services", nargs=-1, metavar="[SERVICE]...")
def run(services: tuple[str, ...]) -> None:
    """Compute the coverage of services; of all of them if none is named."""
    with open_context() as context:
        book = read_services(context.settings.layers, context.catalogue)
        wanted = [book.get_service(each).id for each in services] or list(book.services)
        for service_id in wanted:
            registry.run("coverage", {"service": service_id}, context)
        found = [each for each in read_overview(context) if each["id"] in wanted]
    print_whole(make_services_table(found))


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def list_services(as_json: bool) -> None:
    """Show the services and what the latest run of each found for the city."""
    with open_context() as context:
        found = read_overview(context)
    if as_json:
        echo_json(found)
    else:
        print_whole(make_services_table(found))


@command.command("show")
@click.argument("service")
@click.option("--json", "as_json", is_flag=True, help="Wards and gaps as GeoJSON instead of a table.")
@click.option("--gaps", type=click.Path(path_type=Path), help="Write the gaps to .geojson, .gpkg or .csv.")
def show(service: str, as_json: bool, gaps: Path | None) -> None:
    """Show the latest run of a service by ward."""
    if gaps is not None:
        require_target(gaps)
    with open_context() as context:
        found = read_coverage(context, service)
    if gaps is not None:
        write_features(gaps, found["gaps"]["features"], "gap")
        click.echo(f"{len(found['gaps']['features'])} gaps written to {gaps}")
    elif as_json:
        echo_json(found)
    else:
        print_whole(make_coverage_table(found))
        click.echo(f"{len(found['gaps']['features'])} gaps; --gaps FILE writes them")


def read_overview(context: Context) -> list[dict[str, Any]]:
    """Every service with its latest run."""
    services = list_visible(read_services(context.settings.layers, context.catalogue), context.catalogue, context.actor)
    with reading(context.engine, context.settings.read_limit_s) as connection:
        return to_services(services, read_latest_runs(connection, services, Reader(context.actor, context.catalogue)))


def read_coverage(context: Context, service_id: str) -> dict[str, Any]:
    """The latest run of a service. Raises MissingError for an unknown service, or one that was never run."""
    book = read_services(context.settings.layers, context.catalogue)
    service = get_visible(book, context.catalogue, context.actor, service_id)
    with reading(context.engine, context.settings.read_limit_s) as connection:
        return to_coverage(service, read_report(connection, service, Reader(context.actor, context.catalogue)))
