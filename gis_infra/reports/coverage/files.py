"""A run of coverage as a file of the kind its name ends in: a page to print, sheets, a table, or layers for a GIS."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import xlsxwriter
from shapely.geometry import shape

from gis_infra.catalogue.definitions import Catalogue, Language
from gis_infra.errors import InvalidParameter
from gis_infra.reports.coverage.report import render_coverage_report
from gis_infra.reports.coverage.tables import TableSheet, list_facts, list_tables, list_units
from gis_infra.reports.files import LONLAT, flatten, require_target, to_cell
from gis_infra.reports.outputs import PAGES, write_page
from gis_infra.reports.sheets import MOST_LINES, PLAIN, WIDEST, write_cell

ENDINGS = (*PAGES, ".xlsx", ".csv", ".gpkg", ".geojson")
LONGEST_SHEET_NAME = 31  # letters; Excel takes no more
LAYERS = ("units", "gaps", "facilities", "sites")
AREAS = ("units", "gaps", "reach")

Found = Mapping[str, Any]


@dataclass(frozen=True)
class CoverageDesk:
    """On what files are made. found: the run as `to_report` gives it. series: the official runs of its service.

    srid: the city's CRS, in which maps are drawn.
    """

    found: Found
    series: Sequence[Found]
    catalogue: Catalogue
    srid: int
    language: Language


def write_coverage(desk: CoverageDesk, path: Path) -> None:
    """Write a run: .html and .pdf to print, .xlsx with all tables, .csv by unit, .gpkg and .geojson with the shapes.

    An existing file is replaced. Raises InvalidParameter for another ending, or where the file cannot be written.
    """
    require_target(path, ENDINGS)
    if path.suffix in PAGES:
        write_page(render_coverage_report(desk.found, desk.series, desk.catalogue, desk.srid, desk.language), path)
        return
    try:
        if path.suffix == ".xlsx":
            write_sheets(list_tables(desk.found, desk.series, desk.language), path)
        elif path.suffix == ".csv":
            write_units(desk, path)
        elif path.suffix == ".gpkg":
            write_layers(desk, path)
        else:
            path.write_bytes(orjson.dumps(desk.found["units"]))
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise InvalidParameter(f"{path} cannot be written: {error}", where=str(path)) from error


def write_units(desk: CoverageDesk, path: Path) -> None:
    """One row a unit, the city last; UTF-8 with a mark, so that spreadsheets read Vietnamese."""
    rows = list_units(desk.found, desk.language)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: to_cell(value) for name, value in row.items()} for row in rows)


def write_sheets(tables: Sequence[TableSheet], path: Path) -> None:
    """A sheet a table; the first line stays in sight and filters. No cell is a formula or a link."""
    with xlsxwriter.Workbook(path, dict(PLAIN)) as book:
        for table in tables:
            fill_sheet(book, table)


def fill_sheet(book: Any, table: TableSheet) -> None:
    """One sheet with its headings and lines. Raises InvalidParameter for more lines than a sheet holds."""
    if len(table.rows) > MOST_LINES:
        raise InvalidParameter(f"a sheet holds {MOST_LINES} lines, these are {len(table.rows)}")
    names = list(table.rows[0])
    sheet = book.add_worksheet(table.name[:LONGEST_SHEET_NAME])
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for at, name in enumerate(names):
        widest = max(len(name) // 2, *(len(str(row[name])) for row in table.rows[:200]))
        sheet.set_column(at, at, min(max(widest + 2, 9), WIDEST))
        sheet.write_string(0, at, name, heading)
    for line, row in enumerate(table.rows, start=1):
        for at, name in enumerate(names):
            write_cell(sheet, line, at, row[name])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table.rows), len(names) - 1)


def write_layers(desk: CoverageDesk, path: Path) -> None:
    """A GeoPackage with units, gaps, facilities, sites and the area reached, and a table of how it was made."""
    # Only here: they take as long to load as a short command takes.
    import pandas
    from pyogrio import write_dataframe

    path.unlink(missing_ok=True)
    for name in LAYERS:
        features = desk.found[name]["features"]
        if features:
            write_layer(features, path, name)
    if desk.found["reach"] is not None:
        write_layer([{"properties": {"run": desk.found["run"]["id"]}, "geometry": desk.found["reach"]}], path, "reach")
    facts = pandas.DataFrame(list_facts(desk.found, desk.language)).astype("string")
    write_dataframe(facts, path, layer="run", driver="GPKG")


def write_layer(features: Sequence[Found], path: Path, name: str) -> None:
    """One layer in longitude/latitude; areas are all of several parts."""
    import geopandas
    from pyogrio import write_dataframe

    rows = [flatten(each["properties"]) for each in features]
    shapes = [shape(each["geometry"]) if each["geometry"] is not None else None for each in features]
    frame = geopandas.GeoDataFrame(rows, geometry=shapes, crs=LONLAT)
    # A null in all rows has no type to be kept by.
    told = frame.dropna(axis="columns", how="all")
    write_dataframe(told, path, layer=name, driver="GPKG", promote_to_multi=name in AREAS)
