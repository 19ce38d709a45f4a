"""`gis-infra import`: a file into a layer, with a report."""

import difflib
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import Engine

from gis_infra.accounts.actor import SYSTEM, Actor
from gis_infra.accounts.people import get_actor
from gis_infra.catalogue.definitions import Catalogue, Layer
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.catalogue.tables import build_tables
from gis_infra.errors import InvalidParameter, UnknownLayer
from gis_infra.settings import read_settings
from gis_infra.storage.engine import open_engine
from gis_infra.storage.transactions import reading
from gis_infra.transfer import importing
from gis_infra.transfer.coordinates.systems import City
from gis_infra.transfer.reporting.report import ImportReport, to_json
from gis_infra.transfer.request import ImportRequest, Reading

CLOSE = 0.75  # how alike names are, of 1, before one is taken for a slip of the pen for the other
SHOWN_COUNTS = 20
SHOWN_ROWS = 20


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--layer", required=True, help="Layer to import into; see gis-infra layers list.")
@click.option("--source-layer", help="Layer of the file, if it holds several.")
@click.option("--crs", help="Coordinate system of the file, as EPSG:9210; default: found out.")
@click.option("--encoding", help="Encoding of the file's text: UTF-8, TCVN3, VNI, CP1258, ...; default: found out.")
@click.option("--map", "mapping", multiple=True, metavar="THEIRS=ours", help="Put a column into a field; repeatable.")
@click.option("--owner", help="Owner of the rows that name none.")
@click.option("--dry-run", is_flag=True, help="Do everything but the loading.")
@click.option("--accept-outside", is_flag=True, help="Take data that lies outside the city.")
@click.option(
    "--rejected-folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False, writable=True),
    help="Folder for rejected rows.",
)
@click.option("--as", "username", help="Who imports; default: the system itself.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    file: Path,
    layer: str,
    crs: str | None,
    encoding: str | None,
    mapping: tuple[str, ...],
    username: str | None,
    as_json: bool,
    **options: str,
) -> None:
    """Import FILE into a layer: all its valid rows, in one transaction.

    Rejected rows are written to FILE.rejected.gpkg with the reasons. Exit code 0: all rows went in; 1: some were
    rejected; 2: nothing was done.
    """
    # When the server goes away psycopg says so in the log as well, which without a handler is a second line on stderr.
    logging.getLogger("psycopg").addHandler(logging.NullHandler())
    settings = read_settings()
    catalogue = read_catalogue(settings.layers)
    tables = build_tables(catalogue, settings.city_srid)
    request = ImportRequest(
        path=file,
        layer=get_layer(catalogue, layer),
        table=tables.get(layer),
        city=City(settings.city_srid, settings.city_extent),
        reading=Reading(crs=crs, encoding=encoding, mapping=parse_mapping(mapping)),
        **options,  # type: ignore[arg-type]  # click hands each option over with the type it declares
    )
    engine = open_engine(settings)
    try:
        report = run(engine, request, get_person(engine, username))
    finally:
        engine.dispose()
    show(report, as_json)
    sys.exit(report.exit_code)


def get_layer(catalogue: Catalogue, name: str) -> Layer:
    """The layer of that id. Raises UnknownLayer, which names those that are written much like it."""
    if name in catalogue.layers:
        return catalogue.layers[name]
    close = " or ".join(difflib.get_close_matches(name, catalogue.layers, cutoff=CLOSE))
    hint = f"did you mean {close}? " if close else ""
    raise UnknownLayer(f"there is no layer {name!r}; {hint}gis-infra layers list shows them all", where=name)


def parse_mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    """Column -> field of each THEIRS=ours. Raises InvalidParameter for a pair without "="."""
    mapping = {}
    for pair in pairs:
        theirs, sign, ours = pair.partition("=")
        if not sign or not theirs:
            raise InvalidParameter(f"--map takes THEIRS=ours, got {pair!r}", where="map")
        mapping[theirs] = ours
    return mapping


def get_person(engine: Engine, username: str | None) -> Actor:
    """The person of that name; who sits at the machine and names nobody is the system itself. Raises MissingError."""
    if username is None:
        return SYSTEM
    with reading(engine) as connection:
        return get_actor(connection, username)


def run(engine: Engine, request: ImportRequest, actor: Actor) -> ImportReport:
    """Import with a progress bar, which goes to stderr and only to a terminal."""
    with progress_bar(request.path.name) as progress:
        return importing.import_file(engine, request, actor, progress)


@contextmanager
def progress_bar(name: str) -> Iterator[importing.Progress]:
    """A function to call with the rows done and the rows there are."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def show(report: ImportReport, as_json: bool) -> None:
    """Print what became of the import."""
    if as_json:
        click.echo(json.dumps(to_json(report), ensure_ascii=False, indent=2))
        return
    for line in report.decisions:
        click.echo(f"  {line}")
    for text, count in report.counts.most_common(SHOWN_COUNTS):
        click.echo(f"  {count:,} × {text}")
    for problem in report.problems[:SHOWN_ROWS]:
        click.echo(f"    {problem}")
    if len(report.problems) > SHOWN_ROWS:
        click.echo(f"    ... and more; --json lists {len(report.problems):,}")
    if report.rejected_file is not None:
        click.echo(f"  rejected rows are in {report.rejected_file}")
    click.echo(summarise(report))


def summarise(report: ImportReport) -> str:
    """The last line: what went in, what did not."""
    verb = "would go" if report.is_dry_run else "went"
    number = f", import {report.import_id}" if report.import_id is not None else ""
    counts = f"{report.accepted:,} of {report.rows:,} rows {verb} into {report.layer_id}, {report.rejected:,} rejected"
    return f"{report.file}: {counts} ({report.seconds:.1f} s{number})"
