"""The administrative units of a day, and which of them a point lies in."""

import datetime

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, Double, cast, func, select

from gis_infra.analysis.conflicts.matching import select_all
from gis_infra.analysis.coverage.places.columns import select_area, select_shaped
from gis_infra.analysis.coverage.places.model import NO_UNIT, UnitSet
from gis_infra.analysis.coverage.standards.model import Units
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import InvalidParameter


def read_units(
    connection: Connection, tables: LayerTables, units: Units, day: datetime.date, level: str | None = None
) -> UnitSet:
    """The units of `level` (the usual one if None) that were there on `day`, in the order of their codes.

    Units without an area are none. Raises InvalidParameter for a level there is not.
    """
    table, chosen = tables.get(units.member.layer), units.level if level is None else level
    if chosen not in units.levels:
        known = ", ".join(units.levels)
        raise InvalidParameter(f"there is no level {chosen!r} of units; there are {known}", where="level")
    first, last = table.c[units.from_field], table.c[units.to_field]
    statement = select(
        table.c.id,
        func.coalesce(table.c[units.code], "").label("code"),
        func.coalesce(table.c[units.name], "").label("name"),
        cast(table.c[units.population], Double).label("population"),
        select_area(table.c.geom).label("shape"),
    ).where(
        select_shaped(table.c.geom),
        select_all(table, units.member.where),
        table.c[units.level_field] == chosen,
        func.coalesce(first <= day, True),
        func.coalesce(last >= day, True),
    )
    rows = sorted(connection.execute(statement).all(), key=lambda row: (row.code, row.id))
    shapes = shapely.from_wkb(to_objects([bytes(row.shape) for row in rows]))
    return make_units(
        UnitSet(
            ids=np.array([row.id for row in rows], np.int64),
            codes=to_objects([row.code for row in rows]),
            names=to_objects([row.name for row in rows]),
            shapes=shapes,
            area_m2=shapely.area(shapes),
            population=np.array([row.population for row in rows], np.float64),
        )
    )


def make_units(units: UnitSet) -> UnitSet:
    """The units that have an area, prepared to be asked what lies in them."""
    kept = units.area_m2 > 0
    shapes = units.shapes[kept]
    shapely.prepare(shapes)
    return UnitSet(
        units.ids[kept], units.codes[kept], units.names[kept], shapes, units.area_m2[kept], units.population[kept]
    )


def to_objects(values: list[object]) -> NDArray[np.object_]:
    """A list as a column of objects, whatever they are."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def locate(xy: NDArray[np.float64], units: UnitSet) -> NDArray[np.int32]:
    """The row of the unit that covers each point, the one with the smaller code on a shared border; NO_UNIT for none.

    xy: float64[n,2], easting first, metres. A point is compared only with units whose box it lies in.
    """
    found = np.full(len(xy), NO_UNIT, np.int32)
    order = np.argsort(xy[:, 0], kind="stable")
    easting, northing = xy[order, 0], xy[order, 1]
    for row, (west, south, east, north) in enumerate(shapely.bounds(units.shapes)):
        strip = order[np.searchsorted(easting, west) : np.searchsorted(easting, east, "right")]
        near = northing[np.searchsorted(easting, west) : np.searchsorted(easting, east, "right")]
        free = strip[(near >= south) & (near <= north) & (found[strip] == NO_UNIT)]
        inside = shapely.intersects_xy(units.shapes[row], xy[free, 0], xy[free, 1])
        found[free[inside]] = row
    return found
