"""`gis-infra inspect`: what is in a file, and what an import would make of it."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.settings import read_settings
from gis_infra.transfer.coordinates.systems import City, CrsGuess
from gis_infra.transfer.inspecting import Inspection, inspect_file, to_json
from gis_infra.transfer.mapping.suggesting import Suggestion
from gis_infra.transfer.text.guessing import TextGuess


@click.command(name="inspect")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def command(file: Path, as_json: bool) -> None:
    """Tell what is in FILE: its columns, its coordinate system, its encoding, and why it is taken for that.

    FILE is a shapefile (.shp), a GeoPackage (.gpkg) or a GeoJSON file (.geojson, .json). Nothing is changed.
    """
    settings = read_settings()
    city = City(settings.city_srid, settings.city_extent)
    inspections = inspect_file(file, city, read_catalogue(settings.layers))
    if as_json:
        click.echo(json.dumps([to_json(each) for each in inspections], ensure_ascii=False, indent=2))
        return
    console = Console(soft_wrap=True, highlight=False, markup=False)
    for each in inspections:
        show(console, each)


def show(console: Console, inspection: Inspection) -> None:
    """Print one layer of a file."""
    source = inspection.source
    heights = ", with heights" if source.has_z else ""
    console.print(f"{source.name}: layer {source.layer}, {source.driver}")
    console.print(f"  features  {source.count:,} of {source.geometry.removeprefix('3D ')}{heights}")
    show_crs(console, inspection.crs)
    if inspection.text is None:
        console.print("  text      Unicode, as the format has it")
    else:
        show_text(console, inspection.text)
    show_fields(console, inspection)
    for suggestion in inspection.suggestions:
        show_suggestion(console, suggestion)
    if not inspection.suggestions:
        console.print("  no layer of the city looks like it; see gis-infra layers list")


def show_crs(console: Console, crs: CrsGuess) -> None:
    """Print the coordinate system, why, where the data lands, and what else it could be."""
    found = f"EPSG:{crs.srid}" if crs.srid is not None else "unknown"
    doubt = " (not sure)" if crs.srid is not None and not crs.is_certain else ""
    console.print(f"  CRS       {found}{doubt}: {crs.reason}")
    if crs.landing is not None:
        console.print(f"  lands     {crs.landing}")
    for alternative in crs.alternatives:
        console.print(f"            or {alternative}")


def show_text(console: Console, text: TextGuess) -> None:
    """Print the encoding, why, and values before and after."""
    console.print(f"  text      {text.encoding.name}{'' if text.is_certain else ' (not sure)'}: {text.reason}")
    for before, after in text.samples:
        console.print(f"            {before!r} reads {after!r}")


def show_fields(console: Console, inspection: Inspection) -> None:
    """Print the columns, and where they would go in the likeliest layer."""
    best = inspection.suggestions[0].mapped.columns if inspection.suggestions else ()
    targets = {each.column: f"{each.field.name}, {each.reason}" if each.field else "kept" for each in best}
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("  column", "type", "values", "goes to"):
        table.add_column(heading, overflow="fold")
    for field in inspection.fields:
        table.add_row(f"  {field.name}", field.type, " | ".join(field.samples), targets.get(field.name, ""))
    console.print(table)


def show_suggestion(console: Console, suggestion: Suggestion) -> None:
    """Print a layer the file might be for."""
    taken = len(suggestion.mapped.taken)
    total = len(suggestion.mapped.columns)
    console.print(f"  could be  {suggestion.layer.id} ({suggestion.layer.title.en}): {taken} of {total} columns map")
