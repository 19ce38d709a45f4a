"""Imports into the tests' database, and what stands in a layer afterwards."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import shapely
from shapely import LineString
from sqlalchemy import Engine, delete, func, select, text

from gis_infra.accounts.actor import SYSTEM, Actor
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.history import build
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.catalogue.tables import LayerTables, build_tables
from gis_infra.settings import Settings, read_settings
from gis_infra.storage.engine import make_engine, parse_url
from gis_infra.storage.transactions import reading, writing
from gis_infra.transfer.coordinates.systems import City
from gis_infra.transfer.importing import import_file
from gis_infra.transfer.reporting.report import ImportReport
from gis_infra.transfer.request import ImportRequest, Reading
from gis_infra.transfer.tables import IMPORT_BATCH
from gis_infra.transfer.undoing import UndoReport, UndoRequest, undo
from tests.sources import write_shapefile

X, Y = 603000.0, 1191000.0  # in the middle of the city, EPSG:9210
LINE = LineString([(X, Y), (X + 10, Y + 5)])
OTHER_LINE = LineString([(X + 1, Y), (X + 10, Y + 5)])
READING = {each.name for each in fields(Reading)}
LOADED = ("water_pipe", "fire_hydrant", "building")


def write_pipes(folder: Path, rows: Sequence[dict[str, Any]], shapes: Any = None, **more: Any) -> Path:
    """pipes.shp with a column for each key of the rows; all of one shape if none are given."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    more.setdefault("prj", 9210)
    return write_shapefile(folder / "pipes.shp", columns, shapes or [LINE] * len(rows), **more)


class Importer:
    """Somebody who imports into one database and looks at what becomes of it."""

    def __init__(self, engine: Engine, settings: Settings, catalogue: Catalogue, tables: LayerTables) -> None:
        self.engine = engine
        self.settings = settings
        self.catalogue = catalogue
        self.tables = tables

    def make_request(self, path: Path, layer_id: str = "water_pipe", **more: Any) -> ImportRequest:
        """A request for a file into a layer."""
        city = City(self.settings.city_srid, self.settings.city_extent)
        said = {name: more.pop(name) for name in READING if name in more}
        more["reading"] = Reading(**said)
        return ImportRequest(path, self.catalogue.get_layer(layer_id), self.tables.get(layer_id), city, **more)

    def load(self, path: Path, actor: Actor = SYSTEM, **more: Any) -> ImportReport:
        """Import a file."""
        return import_file(self.engine, self.make_request(path, **more), actor)

    def undo(self, import_id: int | None, actor: Actor = SYSTEM, *, keep_later: bool = False) -> UndoReport:
        """Take an import back."""
        assert import_id is not None
        return undo(self.engine, UndoRequest(import_id, self.catalogue, self.tables, keep_later), actor)

    def read_rows(self, layer_id: str = "water_pipe") -> list[dict[str, Any]]:
        """All rows in the order of their ids, with the shape as a Shapely geometry."""
        table = self.tables.get(layer_id)
        columns = [column for column in table.c if column.name not in {"geom", "lonlat"}]
        query = select(*columns, func.st_asewkb(table.c.geom).label("shape")).order_by(table.c.id)
        with reading(self.engine) as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        return [{**row, "shape": shapely.from_wkb(bytes(row["shape"]))} for row in rows]

    def read_versions(self, layer_id: str = "water_pipe") -> list[dict[str, Any]]:
        """The versions in the layer's history, in the order they ended."""
        versions = build(self.tables.get(layer_id))
        columns = [column for column in versions.c if column.name not in {"geom", "lonlat"}]
        with reading(self.engine) as connection:
            query = select(*columns).order_by(versions.c.ended_at, versions.c.id)
            return [dict(row) for row in connection.execute(query).mappings()]

    def read_batches(self) -> list[dict[str, Any]]:
        """The list of imports."""
        with reading(self.engine) as connection:
            query = select(IMPORT_BATCH).order_by(IMPORT_BATCH.c.id)
            return [dict(row) for row in connection.execute(query).mappings()]

    def run(self, statement: str) -> None:
        """Plain SQL, as somebody at the database types it."""
        with writing(self.engine) as connection:
            connection.execute(text(statement))

    def empty(self) -> None:
        """Leave nothing of what was imported."""
        with writing(self.engine) as connection:
            for layer_id in LOADED:
                table = self.tables.get(layer_id)
                connection.execute(delete(table))
                connection.execute(delete(build(table)))
            connection.execute(delete(IMPORT_BATCH))


def count(report: ImportReport) -> dict[str, int]:
    """What became of the rows, without what became of none."""
    names = ("inserted", "updated", "unchanged", "skipped", "deleted", "rejected")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def import_alone(url: str, folder: Path, path: Path, more: dict[str, Any]) -> None:
    """Import into the database at `url` as the only thing a process does, until it is done or killed."""
    settings = read_settings({"GIS_INFRA_DATABASE_URL": url, "GIS_INFRA_HOME": str(folder)})
    catalogue = read_catalogue(settings.layers)
    tables = build_tables(catalogue, settings.city_srid)
    Importer(make_engine(parse_url(url)), settings, catalogue, tables).load(path, **more)
