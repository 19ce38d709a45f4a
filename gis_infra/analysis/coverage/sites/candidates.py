"""Where a facility might be: points given, rows of a layer, street nodes, or a grid."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import func, select

from gis_infra.analysis.conflicts.matching import select_member
from gis_infra.analysis.coverage.methods.facilities import select_number
from gis_infra.analysis.coverage.methods.model import Ground, Objects
from gis_infra.analysis.coverage.methods.nearest import Floats, to_points
from gis_infra.analysis.coverage.methods.rows import mend, select_shaped, to_objects
from gis_infra.analysis.coverage.methods.streets import list_nodes
from gis_infra.analysis.coverage.sites.model import Candidates, SitesOrder
from gis_infra.analysis.coverage.standards.model import Service
from gis_infra.analysis.rules.model import Member
from gis_infra.errors import InvalidParameter

MOST_CANDIDATES = 100_000
MOST_GRID_POINTS = 4_000_000  # around units, of which those inside are taken
NO_ROW = -1


def list_candidates(ground: Ground, service: Service, order: SitesOrder) -> Candidates:
    """The candidates of an order; street nodes are those that the service may use.

    Raises InvalidParameter when the order lacks what its source needs, and for more than 100,000 candidates.
    """
    if order.source == "layer":
        if order.member is None:
            raise InvalidParameter("candidates from a layer need the name of one", where="sites.layer")
        return require_few(read_candidates(ground, service, order.member))
    if order.source == "given":
        xy = np.array(order.points, dtype=np.float64).reshape(-1, 2)
    elif order.source == "nodes":
        xy = put_in_order(list_nodes(ground, service))
    else:
        xy = make_grid(ground.units.shapes, order.spacing_m)
    takes = np.full(len(xy), np.nan if (people := get_capacity(service)) is None else people)
    return require_few(Candidates(np.full(len(xy), NO_ROW), to_objects([None] * len(xy)), to_points(xy), takes))


def get_capacity(service: Service) -> float | None:
    """How many people a new facility of a service takes; None without limit, or where only each one's own counts."""
    return None if service.capacity is None else service.capacity.people


def require_few(candidates: Candidates) -> Candidates:
    """The candidates. Raises InvalidParameter if there are none or too many to look at."""
    if 1 <= len(candidates) <= MOST_CANDIDATES:
        return candidates
    message = f"there are {len(candidates)} candidates; from 1 to {MOST_CANDIDATES} can be looked at"
    raise InvalidParameter(message, where="sites")


def read_candidates(ground: Ground, service: Service, member: Member) -> Candidates:
    """The rows of a member by id, each named by its name or code; each takes as many people as it says itself."""
    table = ground.tables.get(member.layer)
    named = func.coalesce(table.c.name, table.c.asset_code)
    field = None if service.capacity is None else service.capacity.field
    takes = select_number(table, field, get_capacity(service))
    statement = select(table.c.id, named, func.st_asbinary(func.st_force2d(table.c.geom)), takes)
    chosen = statement.where(select_shaped(table), select_member(table, member)).order_by(table.c.id)
    rows = ground.connection.execute(chosen.limit(MOST_CANDIDATES + 1)).all()
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    shapes = mend([bytes(row[2]) for row in rows])
    capacity = np.array([row[3] for row in rows], dtype=np.float64)
    return Candidates(ids, to_objects([row[1] for row in rows]), shapes, capacity)


def make_grid(units: Objects, spacing_m: float | None) -> Floats:
    """The points, whole multiples of the spacing, that lie in a unit: from south to north, then from west to east.

    Raises InvalidParameter without a spacing, and for one that gives more points than can be looked at.
    """
    if spacing_m is None or not spacing_m > 0:
        raise InvalidParameter("a grid of candidates needs a spacing of more than 0 m", where="sites.spacing_m")
    if len(units) == 0:
        return np.empty((0, 2))
    xmin, ymin, xmax, ymax = shapely.total_bounds(units)
    if (xmax - xmin + spacing_m) * (ymax - ymin + spacing_m) > MOST_GRID_POINTS * spacing_m**2:
        message = f"a grid of {spacing_m:g} m has too many points; take a larger spacing"
        raise InvalidParameter(message, where="sites.spacing_m")
    eastings, northings = (list_multiples(each, spacing_m) for each in ((xmin, xmax), (ymin, ymax)))
    xy = np.stack(np.meshgrid(eastings, northings), axis=-1).reshape(-1, 2)
    inside = shapely.STRtree(to_points(xy)).query(units, predicate="intersects")[1]
    return np.asarray(xy[np.unique(inside)], dtype=np.float64)


def list_multiples(bounds: Sequence[float], step: float) -> Floats:
    """The whole multiples of a step from one bound to the other, both included."""
    numbers = np.arange(np.ceil(bounds[0] / step), np.floor(bounds[1] / step) + 1, dtype=np.float64)
    return np.asarray(numbers * step, dtype=np.float64)


def put_in_order(xy: NDArray[np.float64]) -> Floats:
    """Points from south to north, then from west to east, each once."""
    unique = np.unique(xy[:, ::-1], axis=0)
    return np.ascontiguousarray(unique[:, ::-1])
