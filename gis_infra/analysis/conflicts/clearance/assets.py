"""The assets that clearance rules speak of, as columns, and how they are read."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.types import NullType

from gis_infra.analysis.conflicts.accuracy import select_accuracy, select_known
from gis_infra.analysis.conflicts.clearance.joining import Joining
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_member, select_present, select_radius
from gis_infra.analysis.conflicts.vertical import select_heights
from gis_infra.analysis.copied import Copied, copy_rows, fill_null
from gis_infra.analysis.ragged import Marks, Numbers, Objects, Places, spread, to_objects

TEXTS = 3  # code, owner, duct
UNKNOWN = -1  # frame, or duct


@dataclass(frozen=True)
class Assets:
    """Row i of all columns is one asset; geometries in the city's CRS, easting first.

    layer: its number in the order of the run. sort: what it is to the rules, a place in `sorts` of (layer, fits).
    sector, duct: equal numbers are the same; duct is UNKNOWN where none is named.
    shape: of points and areas, None of lines. dimension: 0 points, 1 lines, 2 areas. boxes: (n, 4) xmin, ymin, xmax,
    ymax. vertices: (v, 3) x, y and z or nan; those of asset i from first[i] to first[i + 1].
    radius_m: half its outer width. plan_m, height_m: its accuracies.
    frame, by_z, ref_up, ref_down, top_over, bottom_over: as in vertical.py; nan where not known.
    lowest_m, highest_m: the lowest bottom and the highest top anywhere along it, nan where not known.
    """

    layer: NDArray[np.int32]
    id: Places
    sort: Places
    sorts: Sequence[tuple[int, int]]
    sector: Places
    duct: Places
    code: pa.Array
    owner: pa.Array
    shape: Objects
    dimension: NDArray[np.int32]
    boxes: Numbers
    first: Places
    vertices: Numbers
    radius_m: Numbers
    plan_m: Numbers
    plan_known: Marks
    height_m: Numbers
    height_known: Marks
    frame: NDArray[np.int32]
    by_z: Marks
    ref_up: Numbers
    ref_down: Numbers
    top_over: Numbers
    bottom_over: Numbers
    lowest_m: Numbers
    highest_m: Numbers

    def __len__(self) -> int:
        return len(self.id)

    @property
    def unsure_m(self) -> Numbers:
        """What the outside and the accuracies of each add to its outline."""
        return self.radius_m + np.maximum(self.plan_m, self.height_m)


def read_assets(
    connection: Connection, ground: Ground, joining: Joining, threads: Executor, chosen: Mapping[str, Places] | None
) -> Assets:
    """The assets that some rule speaks of and that are somewhere.

    threads: describe what is read while more is. chosen: by layer the ids to read, of no other layer any; None: all.
    """
    blocks: list[Future[dict[str, Any]]] = []
    for number, layer_id in enumerate(joining.layers):
        if chosen is not None and layer_id not in chosen:
            continue
        statement = select_assets(ground, joining, layer_id)
        if chosen is not None:
            statement = statement.where(ground.tables.get(layer_id).c.id == func.any(chosen[layer_id].tolist()))
        blocks += [threads.submit(describe, number, copied) for copied in copy_rows(connection, statement, TEXTS + 1)]
    return gather(ground, joining, [each.result() for each in blocks])


def select_assets(ground: Ground, joining: Joining, layer_id: str) -> Select[Any]:
    """The assets of a layer that some rule speaks of: numbers, texts, geometry."""
    table, given = ground.tables.get(layer_id), ground.book.accuracy
    duct, heights = ground.book.same.get(layer_id), select_heights(table, layer_id, ground.book)
    numbers: dict[str, ColumnElement[Any]] = {
        "id": cast(table.c.id, BigInteger),
        "fits": select_fits(ground, joining, layer_id),
        "radius_m": fill_null(select_radius(table, layer_id, ground.book.sizes)),
        "plan_m": fill_null(select_accuracy(table, given, "horizontal")),
        "plan_known": cast(func.coalesce(select_known(table, given, "horizontal"), False), Boolean),
        "height_m": fill_null(select_accuracy(table, given, "vertical")),
        "height_known": cast(func.coalesce(select_known(table, given, "vertical"), False), Boolean),
        "frame": cast(func.coalesce(heights.frame, UNKNOWN), Integer),
        "by_z": cast(func.coalesce(heights.by_z, False), Boolean),
        "ref_up": fill_null(heights.ref_up),
        "ref_down": fill_null(heights.ref_down),
        "top_over": fill_null(heights.top_over),
        "bottom_over": fill_null(heights.bottom_over),
    }
    texts = (table.c.asset_code, table.c.owner, cast(table.c[duct] if duct is not None else null(), Text))
    belongs = [select_member(table, each) for each in joining.members[layer_id]]
    return select(
        *(cast(each, each.type).label(name) for name, each in numbers.items()),
        *texts,
        type_coerce(table.c.geom, NullType()).label("geom"),  # as it is, not as a client reads it
    ).where(select_present(table), ~func.st_isempty(table.c.geom), or_(*belongs))


def select_fits(ground: Ground, joining: Joining, layer_id: str) -> ColumnElement[int]:
    """The bits of the parts of its layer that each row belongs to."""
    fits: ColumnElement[Any] = literal(0, BigInteger)
    for place, member in enumerate(joining.members[layer_id]):
        belongs = cast(cast(select_member(ground.tables.get(layer_id), member), Integer), BigInteger)
        fits = fits + belongs * literal(1 << place, BigInteger)
    return cast(fits, BigInteger)


def describe(number: int, copied: Copied) -> dict[str, Any]:
    """Some assets of a layer, by the columns of `Assets`; instead of some of them what they are made from."""
    shape, dimension, first, vertices = read_shapes(copied)
    lowest_m, highest_m = find_extremes(copied.numbers, first[:-1], vertices[:, 2])
    return {
        **copied.numbers,
        "layer": np.full(len(shape), number, dtype=np.int32),
        "code": copied.to_texts(0),
        "owner": copied.to_texts(1),
        "named": copied.to_texts(2),
        "shape": shape,
        "dimension": dimension,
        "boxes": find_boxes(first[:-1], vertices),
        "counts": np.diff(first),
        "vertices": vertices,
        "lowest_m": lowest_m,
        "highest_m": highest_m,
    }


def read_shapes(copied: Copied) -> tuple[Objects, NDArray[np.int32], Places, Numbers]:
    """Of each asset its shape (None of lines), its dimension, and its vertices, as in `Assets`."""
    lines, count = copied.to_lines(TEXTS), len(copied.begins[TEXTS])
    is_other = np.ones(count, dtype=bool)
    is_other[lines.rows] = False
    others = np.flatnonzero(is_other)
    shapes = copied.to_shapes(TEXTS, others)
    vertices, owners = shapely.get_coordinates(shapes, include_z=True, return_index=True)
    shape, dimension, counts = (
        to_objects([None] * count),
        np.ones(count, dtype=np.int32),
        np.zeros(count, dtype=np.int64),
    )
    shape[others], dimension[others] = shapes, shapely.get_dimensions(shapes)
    counts[others], counts[lines.rows] = np.bincount(owners, minlength=len(others)), np.diff(lines.first)
    first = np.concatenate([[0], np.cumsum(counts)])
    if len(others):
        is_line = np.repeat(dimension == 1, counts)
        all_of = np.empty((len(is_line), 3))
        all_of[is_line], all_of[~is_line] = lines.vertices, vertices
        return shape, dimension, first, all_of
    return shape, dimension, first, lines.vertices


def find_boxes(first: Places, vertices: Numbers) -> Numbers:
    """The boxes around vertices, those of each asset beginning at `first`: (n, 4)."""
    if not len(first):
        return np.empty((0, 4))
    plan = vertices[:, :2]
    return np.concatenate([np.minimum.reduceat(plan, first), np.maximum.reduceat(plan, first)], axis=1)


def gather(ground: Ground, joining: Joining, blocks: list[dict[str, Any]]) -> Assets:
    """What was read of several layers as one table."""
    told = {name: join([each.pop(name) for each in blocks]) for name in list(blocks[0])}
    sorts, sort = find_sorts(told["layer"], told.pop("fits"))
    ends = np.cumsum(told.pop("counts"))
    sectors = [ground.catalogue.get_layer(each).sector for each in joining.layers]
    sector = np.array([sectors.index(each) for each in sectors], dtype=np.int64)[told["layer"]]
    duct = number_ducts(told.pop("named"))
    return Assets(sort=sort, sorts=sorts, sector=sector, duct=duct, first=np.concatenate([[0], ends]), **told)


def join(parts: Sequence[Any]) -> Any:
    """One column of several blocks, of numbers or texts."""
    return pa.concat_arrays(parts) if isinstance(parts[0], pa.Array) else np.concatenate(parts)


def number_ducts(named: pa.Array) -> Places:
    """A number for each duct that is named, UNKNOWN where none is."""
    known, places = named.dictionary_encode().indices.buffers()  # not by Arrow's own way, which loads pandas
    ducts = np.frombuffer(places, np.int32)[: len(named)].astype(np.int64)
    if known is not None:
        ducts[np.unpackbits(np.frombuffer(known, np.uint8), count=len(named), bitorder="little") == 0] = UNKNOWN
    return ducts


def find_sorts(layer: NDArray[np.int32], fits: Places) -> tuple[list[tuple[int, int]], Places]:
    """What assets are to the rules: the sorts there are, as (layer, fits), and which of them each is."""
    sorts: list[tuple[int, int]] = []
    sort = np.empty(len(layer), dtype=np.int64)
    for number in np.unique(layer).tolist():
        rows = layer == number
        found, places = np.unique(fits[rows], return_inverse=True)
        sort[rows] = places + len(sorts)
        sorts += [(number, each) for each in found.tolist()]
    return sorts, sort


def find_extremes(told: Mapping[str, NDArray[Any]], first: Places, z: Numbers) -> tuple[Numbers, Numbers]:
    """The lowest bottom and the highest top anywhere along each asset, nan where not known.

    first: where the vertices of each begin in z.
    """
    low, high = np.minimum(told["ref_up"], told["ref_down"]), np.maximum(told["ref_up"], told["ref_down"])
    by_z = told["by_z"]
    if by_z.any():
        low[by_z] = np.minimum.reduceat(z, first)[by_z] + told["ref_up"][by_z]
        high[by_z] = np.maximum.reduceat(z, first)[by_z] + told["ref_up"][by_z]
    return low + told["bottom_over"], high + told["top_over"]


def draw(assets: Assets, rows: Places) -> Objects:
    """The shapes of some assets in the plan."""
    shapes = shapely.force_2d(assets.shape[rows])
    lines = np.flatnonzero(assets.dimension[rows] == 1)
    counts = np.diff(assets.first)[rows[lines]]
    owners, places = spread(counts)
    vertices = assets.vertices[assets.first[rows[lines]][owners] + places, :2]
    shapes[lines] = shapely.linestrings(vertices, indices=owners)
    return shapes
