"""What the map's filter is made of, and where what it lets through lies. Rows and files come from the OGC API."""

from typing import Any

from sqlalchemy import Connection, func

from gis_infra.catalogue.definitions import Field, Language, Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.catalogue.units import UNITS
from gis_infra.features.query import FeatureQuery
from gis_infra.features.selection import select_rows
from gis_infra.filters.queryables import list_queryables

Document = dict[str, Any]


def to_properties(layer: Layer, language: Language) -> Document:
    """What features of a layer are told apart by, as JSON values: every attribute a filter may name, in file order.

    label: the attribute a feature is called by, null for none. unit: as people write it.
    """
    fields = [each.field for each in list_queryables(layer) if each.field is not None]
    return {
        "layer": layer.id,
        "label": layer.label,
        "properties": [to_property(field, language) for field in fields],
    }


def to_property(field: Field, language: Language) -> Document:
    """One attribute, as JSON values; each of its codes with what it means."""
    return {
        "name": field.name,
        "title": field.title.get_in(language),
        "kind": field.type,
        "unit": None if field.unit is None else UNITS[field.unit].symbol,
        "codes": [{"code": code, "title": title.get_in(language)} for code, title in field.codes.items()],
        "universal": field.universal,
        "system": field.system,
    }


def read_extent(connection: Connection, tables: LayerTables, query: FeatureQuery) -> list[float] | None:
    """The box of all that matches now and the actor may see; None where nothing has a shape.

    query: without `as_of`. Returns west, south, east, north in degrees.
    Raises UnknownLayer, UnknownProperty, InvalidParameter; BusyError at the time limit of the connection.
    """
    lonlat = tables.get(query.layer.id).c.lonlat
    sides = [
        func.min(func.st_xmin(lonlat)),
        func.min(func.st_ymin(lonlat)),
        func.max(func.st_xmax(lonlat)),
        func.max(func.st_ymax(lonlat)),
    ]
    row = connection.execute(select_rows(tables, query).with_only_columns(*sides)).one()
    return None if row[0] is None else [float(side) for side in row]
