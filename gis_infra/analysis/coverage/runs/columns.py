"""What a run found as Arrow batches with the columns of its tables, which a binary COPY takes.

A million places are a few arrays here and never a million Python objects.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from gis_infra.analysis.coverage.methods.model import Facilities
from gis_infra.analysis.coverage.runs.computing import Outcome
from gis_infra.analysis.coverage.runs.figures import Tally
from gis_infra.spatial.crs import WGS84, get_transformer

TOGETHER = 100_000  # places in one batch
POINT = 0x20000001  # what EWKB calls a point that says its CRS
LITTLE_ENDIAN = 1
POINT_BYTES = 25
MORTON_BITS = 16


def make_units(tallies: Sequence[Tally], shapes: NDArray[Any], srid: int) -> dict[str, Any]:
    """Columns of `coverage_unit`. shapes: of the units, in the order of their positions from 1."""
    words = ("scope", "code", "name")
    numbers = ("population", "people", "people_served", "people_unassigned", "places", "places_served")
    areas = ("area_m2", "area_served_m2", "amount")
    own = [shapes[each.position - 1] if each.scope == "unit" else None for each in tallies]
    return {
        "position": pa.array([each.position for each in tallies], pa.int32()),
        **{name: pa.array([getattr(each, name) for each in tallies], pa.string()) for name in words},
        **{name: pa.array([getattr(each, name) for each in tallies], pa.float64()) for name in (*numbers, *areas)},
        "facilities": pa.array([each.facilities for each in tallies], pa.int32()),
        **{
            f"{name}_distance": pa.array([getattr(each.spread, name) for each in tallies], pa.float64())
            for name in ("mean", "median", "p90", "largest")
        },
        "classes": pa.array([to_text(to_classes(each)) for each in tallies], pa.string()),
        "indicators": pa.array([to_text(each.indicators) for each in tallies], pa.string()),
        "targets": pa.array([to_text(each.targets) for each in tallies], pa.string()),
        "geom": pa.array([None if each is None else to_multi(each, srid) for each in own], pa.binary()),
    }


def to_classes(tally: Tally) -> list[dict[str, float | None]]:
    """The classes of distance as they are kept."""
    return [dict(zip(("over", "up_to", "people", "places"), each, strict=True)) for each in tally.classes]


def to_text(value: Any) -> str:
    """JSON text."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def to_multi(shape: Any, srid: int) -> bytes:
    """EWKB of an area, as one that may have several parts."""
    parts = shapely.get_parts(shape)
    return to_ewkb(shapely.multipolygons(parts[shapely.get_type_id(parts) == 3]), srid)


def to_ewkb(shape: Any, srid: int) -> bytes:
    """EWKB of a shape in the city's CRS."""
    return bytes(shapely.to_wkb(shapely.set_srid(shape, srid), include_srid=True))


def make_gaps(outcome: Outcome, srid: int) -> dict[str, Any]:
    """Columns of `coverage_gap`, the worst first."""
    gaps, codes = outcome.gaps, outcome.units.codes
    return {
        "rank": pa.array(range(1, len(gaps) + 1), pa.int32()),
        "unit_code": pa.array([codes[each.unit] or None for each in gaps], pa.string()),
        "people": pa.array([each.people for each in gaps], pa.float64()),
        "places": pa.array([each.places for each in gaps], pa.float64()),
        "area_m2": pa.array([each.shape.area for each in gaps], pa.float64()),
        "geom": pa.array([to_multi(each.shape, srid) for each in gaps], pa.binary()),
    }


def make_facilities(outcome: Outcome, srid: int) -> dict[str, Any]:
    """Columns of `coverage_facility`: those that count, then those counted out, which serve nobody."""
    whom, out, codes = outcome.whom, outcome.out, outcome.units.codes
    nothing = np.zeros(len(out))
    units = [codes[each] or None if each >= 0 else None for each in whom.unit]
    both = (outcome.facilities, out)
    return {
        "layer": pa.array(chain(both, "layers", ""), pa.string()),
        "facility_id": pa.array([each if each > 0 else None for each in chain(both, "ids")], pa.int64()),
        "code": pa.array(chain(both, "codes"), pa.string()),
        "name": pa.array(chain(both, "names"), pa.string()),
        "state": pa.array([*outcome.facilities.states, *(["out"] * len(out))], pa.string()),
        "unit_code": pa.array([*units, *([None] * len(out))], pa.string()),
        "people": pa.array(np.concatenate([whom.people, nothing]), pa.float64()),
        "places": pa.array(np.concatenate([whom.places, nothing]), pa.float64()),
        "reach": pa.array(np.concatenate([each.reach for each in both]), pa.float64(), from_pandas=True),
        "capacity": pa.array(np.concatenate([each.capacity for each in both]), pa.float64(), from_pandas=True),
        "geom": pa.array([to_ewkb(each, srid) for each in chain(both, "shapes")], pa.binary()),
    }


def chain(both: Sequence[Facilities], name: str, absent: Any = None) -> list[Any]:
    """One column of several facilities, `absent` as None."""
    values = itertools.chain.from_iterable(getattr(each, name) for each in both)
    return [None if each is None or each == absent else each for each in values] if absent is not None else list(values)


def make_sites(outcome: Outcome, srid: int) -> dict[str, Any]:
    """Columns of `coverage_site`, the best first; none without a search."""
    if outcome.sites is None:
        return {}
    candidates, chosen = outcome.sites.candidates, outcome.sites.chosen
    shapes = shapely.centroid(candidates.shapes[chosen.rows])
    return {
        "rank": pa.array(range(1, len(chosen.rows) + 1), pa.int32()),
        "candidate": pa.array(list(candidates.names[chosen.rows]), pa.string()),
        "gain": pa.array(chosen.gains, pa.float64()),
        "cumulative": pa.array(np.cumsum(chosen.gains), pa.float64()),
        "geom": pa.array([to_ewkb(each, srid) for each in shapes], pa.binary()),
    }


def make_places(outcome: Outcome, srid: int) -> Iterator[dict[str, Any]]:
    """Columns of `coverage_place`, neighbours together, some at a time."""
    places, reached = outcome.places, outcome.reached
    codes = np.array([*(each or None for each in outcome.units.codes), None], dtype=object)
    facilities = np.append(outcome.facilities.ids, -1)
    order = np.argsort(to_morton(places.xy), kind="stable")
    transformer = get_transformer(srid, WGS84)
    for start in range(0, len(order), TOGETHER):
        rows = order[start : start + TOGETHER]
        own = facilities[reached.facility[rows]]
        lonlat = np.column_stack(transformer.transform(places.xy[rows, 0], places.xy[rows, 1]))
        yield {
            "place_id": pa.array(places.ids[rows], pa.int64()),
            "unit_code": pa.array(codes[places.unit[rows]], pa.string()),
            "people": pa.array(places.people[rows], pa.float64()),
            "distance": pa.array(reached.distance[rows], pa.float64(), from_pandas=True),
            "facility_id": pa.array(own, pa.int64(), mask=own <= 0),
            "served": pa.array(reached.served[rows], pa.float64()),
            "geom": make_points(places.xy[rows], srid),
            "lonlat": make_points(lonlat, WGS84),
        }


def make_points(xy: NDArray[np.float64], srid: int) -> pa.Array:
    """EWKB of points, made as a whole. xy: float64[k,2]."""
    record = np.dtype([("order", "u1"), ("type", "<u4"), ("srid", "<u4"), ("x", "<f8"), ("y", "<f8")])
    points = np.empty(len(xy), record)
    points["order"], points["type"], points["srid"] = LITTLE_ENDIAN, POINT, srid
    points["x"], points["y"] = xy[:, 0], xy[:, 1]
    ends = np.arange(len(xy) + 1, dtype=np.int32) * POINT_BYTES
    return pa.Array.from_buffers(pa.binary(), len(xy), [None, pa.py_buffer(ends), pa.py_buffer(points.tobytes())])


def to_morton(xy: NDArray[np.float64]) -> NDArray[np.uint64]:
    """uint64[n]: the place of each point on a curve that keeps neighbours together."""
    if len(xy) == 0:
        return np.empty(0, dtype=np.uint64)
    low, high = xy.min(axis=0), xy.max(axis=0)
    size = np.where(high > low, high - low, 1.0)
    cells = ((xy - low) / size * (2**MORTON_BITS - 1)).astype(np.uint64)
    code = np.zeros(len(xy), dtype=np.uint64)
    for bit in range(MORTON_BITS):
        for axis in (0, 1):
            code |= ((cells[:, axis] >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit + axis)
    return code
