"""`gis-infra export`: a layer, or a part of it, as a file."""

import logging
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import Engine

from gis_infra import progress
from gis_infra.accounts.actor import SYSTEM, Actor
from gis_infra.accounts.people import get_actor
from gis_infra.analysis.register.layer import LAYER_ID
from gis_infra.catalogue.definitions import Layer
from gis_infra.cli.contexts import open_context
from gis_infra.cli.printing import echo_json
from gis_infra.errors import InvalidParameter
from gis_infra.features.query import FeatureQuery
from gis_infra.filters.fes import FilterFrame, parse_filter
from gis_infra.spatial import boxes, crs
from gis_infra.spatial.boxes import Bbox
from gis_infra.spatial.crs import CrsReference
from gis_infra.storage.transactions import reading
from gis_infra.transfer.exporting.exporting import export_file
from gis_infra.transfer.exporting.formats import Format, choose_srid, find_by_name
from gis_infra.transfer.exporting.request import ExportReport, ExportRequest

EVERYTHING = 2**62
UNITS = ("bytes", "kB", "MB", "GB")


@click.command(name="export")
@click.argument("layer")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--crs", "system", help="Coordinate system of the file, as EPSG:9210; default: the city's.")
@click.option("--bbox", help="Only what this box touches: xmin,ymin,xmax,ymax, easting (longitude) first.")
@click.option("--bbox-crs", default="EPSG:4326", show_default=True, help="Coordinate system of the box.")
@click.option("--where", multiple=True, metavar="FIELD=VALUE", help="Only features with this value; repeatable.")
@click.option("--filter", "condition", help="Only what this OGC filter finds: a Filter element as XML.")
@click.option("--properties", help="Only these attributes, comma-separated.")
@click.option("--all-fields", is_flag=True, help="The id and the columns the program keeps itself, too.")
@click.option(
    "--excel", is_flag=True, help="CSV for Excel: with a mark of UTF-8, and no text it would run as a formula."
)
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there.")
@click.option("--as", "username", help="Whose view is exported; default: the system's, which sees everything.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def command(layer: str, file: Path, username: str | None, as_json: bool, **asked: Any) -> None:
    """Write a LAYER to FILE: .gpkg, .zip (a shapefile), .geojson, .fgb, .csv or .parquet, by its ending.

    GeoJSON is in longitude/latitude unless --crs says otherwise, every other file in the city's coordinate system. The
    file can be imported again as it is. It is put in its place when it is whole, and not at all if anything fails.
    """
    # When the server goes away psycopg says so in the log as well, which without a handler is a second line on stderr.
    logging.getLogger("psycopg").addHandler(logging.NullHandler())
    wanted = find_by_name(file)
    if layer == LAYER_ID:
        raise InvalidParameter(f"the register is written by gis-infra conflicts list --out {file.name}", where="layer")
    if asked["excel"] and wanted.id != "csv":
        raise InvalidParameter(f"--excel is for .csv, and {file.name} is none", where="excel")
    with open_context() as context, ended_by_signal():
        found = context.catalogue.get_layer(layer)
        actor = get_person(context.engine, username)
        query = make_query(found, actor, wanted, asked, context.settings.city_srid)
        request = ExportRequest(query, file, wanted, asked["all_fields"], asked["overwrite"], asked["excel"])
        with progress_bar(layer) as tell:
            report = export_file(context.engine, context.tables, request, progress=tell)
    show(report, as_json)


def make_query(layer: Layer, actor: Actor, wanted: Format, asked: Mapping[str, Any], city_srid: int) -> FeatureQuery:
    """What the options ask. Raises InvalidParameter, InvalidBbox, InvalidCrs and UnknownProperty."""
    system, names, condition = asked["system"], asked["properties"], asked["condition"]
    frame = FilterFrame(layer, CrsReference(city_srid, swap_axes=False))
    return FeatureQuery(
        layer,
        actor,
        bbox=parse_box(asked["bbox"], asked["bbox_crs"]),
        equals=parse_where(asked["where"]),
        filter=parse_filter(condition, frame) if condition is not None else None,
        srid=choose_srid(wanted, crs.parse_crs(system).srid if system is not None else None, city_srid),
        limit=EVERYTHING,
        properties=tuple(name.strip() for name in names.split(",")) if names is not None else None,
        want_count=False,
    )


def parse_box(text: str | None, system: str) -> Bbox | None:
    """The box, easting first whatever the system's own order. Raises InvalidBbox, InvalidCrs."""
    return boxes.parse(text, crs.parse_crs(system).srid) if text is not None else None


def parse_where(pairs: Iterable[str]) -> dict[str, str]:
    """Field -> value of each FIELD=VALUE. Raises InvalidParameter for one without "=" and for a field named twice."""
    equals: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise InvalidParameter(f"--where takes FIELD=VALUE, got {pair!r}", where="where")
        if name in equals:
            raise InvalidParameter(f"--where names {name} twice, and a feature has one value of it", where="where")
        equals[name] = value
    return equals


def get_person(engine: Engine, username: str | None) -> Actor:
    """The person of that name; who sits at the machine and names nobody is the system itself. Raises MissingError."""
    if username is None:
        return SYSTEM
    with reading(engine) as connection:
        return get_actor(connection, username)


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """Let a request to end (SIGTERM) unwind the block as Ctrl-C does, so that nothing is left half-made."""

    def end(number: int, _: FrameType | None) -> None:
        """Leave with the code that says which signal it was."""
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def progress_bar(name: str) -> Iterator[progress.Progress]:
    """A function to call with the features done and all there are; it shows on a terminal, on stderr."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def show(report: ExportReport, as_json: bool) -> None:
    """Print what was written."""
    if as_json:
        echo_json(to_json(report))
        return
    for note in report.notes:
        click.echo(f"  {note}")
    system = f"EPSG:{report.srid}"
    what = f"{report.features:,} features of {report.layer_id} as {report.format.title} in {system}"
    click.echo(f"{report.path}: {what} ({show_size(report.bytes)}, {report.seconds:.1f} s)")


def show_size(size: int) -> str:
    """Bytes in the largest unit of which there is one."""
    number, unit = float(size), 0
    while number >= 1000 and unit + 1 < len(UNITS):
        number, unit = number / 1000, unit + 1
    return f"{number:.0f} {UNITS[unit]}" if unit == 0 else f"{number:.1f} {UNITS[unit]}"


def to_json(report: ExportReport) -> dict[str, object]:
    """What was written, for programs."""
    return {
        "file": str(report.path),
        "layer": report.layer_id,
        "format": report.format.id,
        "srid": report.srid,
        "features": report.features,
        "bytes": report.bytes,
        "seconds": round(report.seconds, 3),
        "notes": list(report.notes),
    }
