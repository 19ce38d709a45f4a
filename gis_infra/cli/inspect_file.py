"""`gis-infra inspect`: what is in a file, and what an import would make of it."""

import json
import shlex
from pathlib import Path

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.cli.printing import make_console, print_table
from gis_infra.settings import read_settings
from gis_infra.transfer.coordinates.systems import City, CrsGuess
from gis_infra.transfer.inspecting import (
    CODE,
    ENCODING,
    LAYER,
    OWNER,
    Inspection,
    Unreadable,
    inspect_file,
    list_samples,
    to_json,
)
from gis_infra.transfer.mapping.columns import KEPT, MappedColumn
from gis_infra.transfer.reporting.terminal import clean, entries, entry
from gis_infra.transfer.text.guessing import TextGuess

TYPES = {
    "str": "text",
    "int": "whole number",
    "int16": "whole number",
    "int32": "whole number",
    "int64": "whole number",
    "float": "number",
    "bool": "yes or no",
    "date": "date",
    "time": "time",
    "datetime": "date and time",
}
# What stands in a command -> what to put there.
TO_FILL_IN = {
    OWNER: "whose assets these are",
    LAYER: "a layer of the city, see gis-infra layers list",
    CODE: "the coordinate system of the file",
    ENCODING: "the encoding of the file's text",
}
ALL_AT_ONCE = (
    "add --save-profile NAME to each import, and next time gis-infra import --profile NAME takes all layers at once"
)
LEAST_FILLED = 0.995  # the share of rows with a value from which on a column counts as full


@click.command(name="inspect")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def command(file: Path, as_json: bool) -> None:
    """Tell what is in FILE: its columns, its coordinate system, its encoding, and why it is taken for that.

    FILE is whatever surveyors hand in: a shapefile, a zip or a folder of them, a GeoPackage, GeoJSON, FlatGeobuf, KML,
    MapInfo TAB or MIF, DXF, CSV. At the end stands the command that imports it. Nothing is changed.
    """
    settings = read_settings()
    city = City(settings.city_srid, settings.city_extent)
    found = inspect_file(file, city, read_catalogue(settings.layers))
    if as_json:
        click.echo(json.dumps([to_json(each) for each in found], ensure_ascii=False, indent=2))
        return
    console = make_console()
    for number, each in enumerate(found):
        if number:
            console.print()
        show(console, each)
    if len(found) > 1:
        console.print()
        console.print(ALL_AT_ONCE, soft_wrap=True)


def show(console: Console, found: Inspection | Unreadable) -> None:
    """Print one layer of a file."""
    if isinstance(found, Unreadable):
        console.print(clean(found.name), style="bold")
        tell(console, "unreadable", clean(found.reason), "red")
        return
    source = found.source
    heights = ", with heights" if source.has_z else ""
    console.print(f"{clean(source.name)}: layer {clean(source.layer)}, {source.driver}", style="bold", soft_wrap=True)
    tell(console, "features", f"{source.count:,} × {source.geometry.removeprefix('3D ')}{heights}")
    for line in entries("file", map(clean, source.remarks), "yellow"):
        console.print(line, soft_wrap=True)
    show_crs(console, found.crs)
    show_text(console, found.text)
    show_layers(console, found)
    show_columns(console, found)
    show_doubts(console, found)
    show_command(console, found)


def tell(console: Console, label: str, text: str, color: str = "") -> None:
    """Print a line with its label."""
    console.print(entry(label, text, color), soft_wrap=True)


def show_crs(console: Console, crs: CrsGuess) -> None:
    """Print the coordinate system, why, where the data lands, and what else it could be."""
    swapped = ", northing first" if crs.swap_xy else ""
    name = f"EPSG:{crs.srid}{swapped}" if crs.srid is not None else "unknown"
    doubt = " (not sure)" if crs.srid is not None and not crs.is_certain else ""
    color = "" if crs.is_certain and crs.srid is not None else "yellow"
    tell(console, "coordinates", f"{name}{doubt}: {clean(crs.reason)}", color)
    if crs.landing is not None:
        tell(console, "lands", str(crs.landing), "" if crs.landing.distance_km == 0 else "red")
    for alternative in crs.alternatives:
        tell(console, "", f"or {alternative}: {alternative.words}")


def show_text(console: Console, text: TextGuess | None) -> None:
    """Print the encoding, why, and values before and after."""
    if text is None:
        tell(console, "text", "Unicode, as the format has it")
        return
    doubt = "" if text.is_certain else " (not sure)"
    tell(console, "text", f"{text.encoding.name}{doubt}: {clean(text.reason)}", "" if text.is_certain else "yellow")
    for before, after in list_samples(text):
        if before != after:
            tell(console, "", f"'{clean(before)}' reads '{clean(after)}'")
    for name, sample in text.candidates:
        tell(console, "", f"or {name}, which reads '{clean(sample)}': --encoding {name}")


def show_layers(console: Console, found: Inspection) -> None:
    """Print the layers the file might be for, with what speaks for them."""
    if not found.suggestions:
        tell(console, "layer", "no layer of the city looks like it; gis-infra layers list shows them all", "yellow")
    for number, each in enumerate(found.suggestions):
        told = f"{each.layer.id} ({each.layer.title.en}): {clean(each.reason)}"
        tell(console, "" if number else "could be", f"or {told}" if number else told, "dim" if number else "green")


def show_columns(console: Console, found: Inspection) -> None:
    """Print the columns, and where they would go in the likeliest layer."""
    if not found.fields:
        tell(console, "columns", "none")
        return
    best = found.suggestions[0].mapped.columns if found.suggestions else ()
    targets = {each.column: each for each in best}
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("column", "type", "values", "goes to"):
        table.add_column(heading, overflow="fold")
    for field in found.fields:
        share = "" if field.filled >= LEAST_FILLED else f" ({max(field.filled, 0.01):.0%} filled)"
        values = f"{' | '.join(map(clean, field.samples))}{share}" if field.samples else "always empty"
        table.add_row(clean(field.name), name_type(field.type), values, tell_target(targets.get(field.name)))
    print_table(console, Padding(table, (0, 0, 0, 2)))


def show_doubts(console: Console, found: Inspection) -> None:
    """Print what is odd of columns as a whole in the likeliest layer, and what would be taken for granted."""
    mapped = found.suggestions[0].mapped if found.suggestions else None
    if mapped is not None:
        told = (*entries("odd", map(clean, mapped.warnings), "yellow"), *entries("note", map(clean, mapped.notes), ""))
        for line in told:
            console.print(line, soft_wrap=True)


def tell_target(target: MappedColumn | None) -> str:
    """Where a column goes, and why; "" if there is no layer it could go to."""
    if target is None:
        return ""
    if target.field is None:
        return target.reason.replace(KEPT, "kept")
    unit = f", in {target.unit}" if target.unit else ""
    return f"{target.field.name}, {target.reason}{unit}"


def name_type(kind: str) -> str:
    """A type as people call it, with the width of text."""
    name, _, width = kind.partition(":")
    word = TYPES.get(name, name)
    return f"{word} {width}" if name == "str" and width.isdigit() and width != "0" else word


def show_command(console: Console, found: Inspection) -> None:
    """Print the command that imports the layer, and what is to be filled in."""
    tell(console, "to import", clean(shlex.join(found.command)), "cyan")
    for word, meaning in TO_FILL_IN.items():
        if any(word in part for part in found.command):
            tell(console, "", f"{word} is {meaning}")
    tell(console, "", "with --dry-run added nothing is written")
