"""Made facilities, places and services for tests of coverage without a database."""

import numpy as np
import shapely

from gis_infra.analysis.coverage.methods.model import Facilities
from gis_infra.analysis.coverage.methods.rows import to_objects
from gis_infra.analysis.coverage.places.model import Places
from gis_infra.analysis.coverage.standards.model import Origin, Service
from gis_infra.analysis.rules.model import Member
from gis_infra.catalogue.definitions import Title

SERVICE = Service(
    id="fire_hydrant",
    title=Title("Trụ nước", "Hydrants"),
    method="straight_line",
    facilities=Member("fire_hydrant"),
    demand="residents",
    origin=Origin(),
    distance_m=150.0,
)


def make_facilities(shapes, reach, capacity=None, layer="fire_hydrant"):
    """Facilities numbered from 1, without limit unless said."""
    count = len(shapes)
    return Facilities(
        layer=layer,
        ids=np.arange(1, count + 1),
        layers=to_objects([layer] * count),
        codes=to_objects([None] * count),
        names=to_objects([None] * count),
        shapes=to_objects(shapes),
        reach=np.array(reach, dtype=np.float64),
        capacity=np.full(count, np.nan) if capacity is None else np.array(capacity, dtype=np.float64),
        states=to_objects(["kept"] * count),
    )


def make_places(xy, people=None, shapes=None, layer="building", areal=True):
    """Places numbered from 1, of one person each unless said; areas if there are shapes."""
    count = len(xy)
    number = np.ones(count) if people is None else np.array(people, dtype=np.float64)
    return Places(
        layer=layer,
        ids=np.arange(1, count + 1),
        xy=np.array(xy, dtype=np.float64).reshape(-1, 2),
        people=number,
        unit=np.zeros(count, dtype=np.int32),
        total=float(number.sum()),
        areal=areal and shapes is not None,
        shapes=None if shapes is None else to_objects(shapes),
    )


def to_points(xy):
    """Coordinates as a column of points."""
    return np.asarray(shapely.points(np.array(xy, dtype=np.float64).reshape(-1, 2)), dtype=object)
