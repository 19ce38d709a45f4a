"""Whom a demand speaks of, read from the database. Meaning: docs/coverage.md, "Demand"."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from sqlalchemy import Connection

from gis_infra.analysis.coverage.places.homes import read_dasymetric
from gis_infra.analysis.coverage.places.model import NO_UNIT, Places, UnitSet
from gis_infra.analysis.coverage.places.points import read_column, read_own_shapes
from gis_infra.analysis.coverage.places.spread import read_areal, read_units_as_places
from gis_infra.analysis.coverage.standards.kinds import DemandKind
from gis_infra.analysis.coverage.standards.model import Demand
from gis_infra.catalogue.tables import LayerTables

Reader = Callable[[Connection, LayerTables, Demand, UnitSet], Places]
READERS: Mapping[DemandKind, Reader] = {
    "column": read_column,
    "dasymetric": read_dasymetric,
    "count": read_column,
    "areal": read_areal,
    "area": read_units_as_places,
}


def read_places(
    connection: Connection, tables: LayerTables, demand: Demand, units: UnitSet, *, shapes: bool = False
) -> Places:
    """What is to be reached, in the order of ids; areas cut along the units.

    shapes: give places that are points their shapes too (areas mended), for methods that ask what lies in them.
    """
    places = READERS[demand.kind](connection, tables, demand, units)
    if shapes and places.shapes is None and demand.member is not None:
        table = tables.get(demand.member.layer)
        places = replace(places, shapes=read_own_shapes(connection, table, places, demand.member))
    return tell(places)


def tell(places: Places) -> Places:
    """The places with what every report says of them: how many they are, and how many lie in no unit."""
    outside = places.unit == NO_UNIT
    told = {
        "places": len(np.unique(places.ids)) if places.areal else len(places),
        "outside_places": int(outside.sum()),
        "outside_people": float(places.people[outside].sum()),
    }
    return replace(places, told={**told, **places.told}, total=float(places.people.sum()))
