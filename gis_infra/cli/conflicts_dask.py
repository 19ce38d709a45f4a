"""`gis-infra conflicts run --dask`: several cities at once, by the workers of a dask scheduler."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.distributed.running import CitiesOrder, Outcome, Tell, run_cities
from gis_infra.analysis.distributed.source import City, parse_city
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.runs.running import list_packs
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.cli.printing import make_console
from gis_infra.cli.stopping import INTERRUPTED, stoppable
from gis_infra.errors import InvalidParameter
from gis_infra.processes.definitions import read_clock
from gis_infra.settings import Settings, read_settings
from gis_infra.storage.engine import open_engine

LOST = 1  # the exit code when a city could not be checked


@dataclass(frozen=True)
class DaskOptions:
    """What the command line says of a run over cities. rules: packs; none: those of the settings."""

    address: str
    cities: tuple[str, ...]
    rules: tuple[str, ...]
    most: int


def run(options: DaskOptions) -> None:
    """Check every city, say what became of each, and end with exit code 1 if one could not be checked."""
    settings = read_settings()
    cities = list_cities(options.cities, settings)
    catalogue = read_catalogue(settings.layers)
    book = read_rules(settings.layers, catalogue)
    packs = list_packs(book, options.rules, settings.rule_packs)
    try:
        with stoppable(), progress_bars(cities) as tell:
            order = CitiesOrder(SYSTEM, packs, read_clock(), tell, not options.rules, options.most)
            outcomes = run_cities(options.address, cities, book, catalogue, order)
    except KeyboardInterrupt:
        click.echo("stopped; the registers of cities that were not done are as they were", err=True)
        raise SystemExit(INTERRUPTED) from None
    for outcome in outcomes:
        echo_outcome(outcome)
    if any(outcome.report is None for outcome in outcomes):
        raise SystemExit(LOST)


def list_cities(texts: Sequence[str], settings: Settings) -> list[City]:
    """The cities that are named, or the one of the settings. Raises InvalidParameter for a name that comes twice."""
    cities = [parse_city(each) for each in texts]
    for city in cities:
        if sum(each.name == city.name for each in cities) > 1:
            raise InvalidParameter(f"{city.name} is named twice", where="--city")
    if cities:
        return cities
    engine = open_engine(settings)
    engine.dispose()
    return [City(settings.city_name, engine.url)]


@contextmanager
def progress_bars(cities: Sequence[City]) -> Iterator[Tell]:
    """A bar for each city, on stderr and only at a terminal; they go when the block ends."""
    console = make_console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
        tasks = {city.name: bars.add_task(city.name, total=None) for city in cities}
        yield lambda name, done, total: bars.update(tasks[name], completed=done, total=total)


def echo_outcome(outcome: Outcome) -> None:
    """Say what became of a city."""
    report = outcome.report
    if report is None:
        click.echo(f"{outcome.city}: not checked, its register is as it was: {outcome.problem}", err=True)
        return
    click.echo(
        f"{outcome.city}: {report.found} conflicts: {report.found_new} new, {report.reopened} reopened; "
        f"{report.resolved} resolved since; {len(report.rules)} rules checked (version {report.rules_version}) "
        f"in {report.duration_s:.1f} s"
    )
    if report.not_checked:
        click.echo(f"{outcome.city}: {len(report.not_checked)} rules in force could not be checked")
