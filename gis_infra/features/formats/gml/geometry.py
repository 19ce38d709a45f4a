"""Geometries as GML, many at a time.

Pure. Coordinates are taken out of all geometries of a batch at once and turned into text by one call; what is left to
do for each is joining strings. (Geometry by geometry, GML is what makes other servers five times slower than GeoJSON.)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson
import shapely

from gis_infra.catalogue.definitions import GeometryType
from gis_infra.features.formats.gml.dialects import GML32, Dialect, Markup

DEGREE_DECIMALS = 9  # a tenth of a millimetre
METRE_DECIMALS = 4

Array = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]
Letters = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
# Behind a run of positions follows a tag, which may as well begin there.
RUN_END = "<"
NOWHERE = np.full(4, np.nan)


@dataclass(frozen=True)
class GmlAxes:
    """How coordinates are written.

    srs_name: the value of srsName. swap_axes: whether northing stands first under that name.
    decimals: digits after the point; zeros at the end are left out.
    """

    srs_name: str
    swap_axes: bool
    decimals: int


def read_shapes(wkbs: Sequence[bytes | None]) -> Array:
    """The geometries of a batch; None where one is missing."""
    return np.asarray(shapely.from_wkb(np.asarray(wkbs, dtype=object)), dtype=object)


def render_geometries(
    shapes: Array, ids: Sequence[str], kind: GeometryType, axes: GmlAxes, dialect: Dialect = GML32
) -> list[str]:
    """Each geometry as a GML element, "" for one that is missing or empty.

    shapes: easting first, in the CRS that `axes.srs_name` names; of type `kind`, or single where `kind` is multi.
    ids: the gml:id of each; members of a multi-geometry get it with a number behind.
    A geometry with a height at every vertex is written with it, any other without.
    Source: of each dialect, see there.
    """
    present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    high = present & find_heights(shapes)
    texts = [""] * len(shapes)
    for chosen, dimension in ((present & ~high, 2), (high, 3)):
        indices = np.flatnonzero(chosen)
        if len(indices):
            writer = WRITERS[kind]
            batch = GmlBatch(shapes[indices], [ids[index] for index in indices.tolist()], axes, dimension, dialect)
            for index, text in zip(indices.tolist(), writer(batch), strict=True):
                texts[index] = text
    return texts


def find_heights(geometries: Array) -> npt.NDArray[np.bool_]:
    """For each geometry, whether every vertex has a height."""
    high: npt.NDArray[np.bool_] = shapely.has_z(geometries)
    if not high.any():
        return high
    coordinates, owners = shapely.get_coordinates(geometries[high], include_z=True, return_index=True)
    gaps = np.flatnonzero(high)[owners[np.isnan(coordinates[:, 2])]]
    high[gaps] = False
    return high


def render_boxes(shapes: Array, axes: GmlAxes, dialect: Dialect) -> list[str]:
    """The box of each geometry as an Envelope, or what the dialect has for it; "" where there is none.

    There is none where it would have no width or no height, such as that of a point: it would say no more than the
    geometry, and the official suite of GML takes it for a fault.
    """
    return render_known_boxes(shapely.bounds(shapes), axes, dialect)


def render_boxes_and_whole(shapes: Array, axes: GmlAxes, dialect: Dialect) -> tuple[list[str], str]:
    """The same, and the box of all geometries together, "" if there are none; that of a single point is written too."""
    bounds = shapely.bounds(shapes)
    whole = np.concatenate([np.fmin.reduce(bounds[:, :2]), np.fmax.reduce(bounds[:, 2:])]) if len(bounds) else NOWHERE
    if not np.isfinite(whole).all():
        return render_known_boxes(bounds, axes, dialect), ""
    *boxes, last = render_known_boxes(np.vstack([bounds, whole]), axes, dialect)
    return boxes, last or render_bounds(whole[None, :], axes, dialect)[0]


def render_known_boxes(bounds: Floats, axes: GmlAxes, dialect: Dialect) -> list[str]:
    """Boxes as elements, "" for those without width or height, or that are none. bounds: as of `render_bounds`."""
    known = find_known_boxes(bounds, axes)
    if known.all():
        return render_bounds(bounds, axes, dialect)
    texts = [""] * len(bounds)
    for index, text in zip(np.flatnonzero(known).tolist(), render_bounds(bounds[known], axes, dialect), strict=True):
        texts[index] = text
    return texts


def find_known_boxes(bounds: Floats, axes: GmlAxes) -> npt.NDArray[np.bool_]:
    """For each box whether it has width and height as written; of what has no geometry, bounds are not numbers."""
    rounded = np.round(bounds, axes.decimals)
    known: npt.NDArray[np.bool_] = np.all(rounded[:, :2] < rounded[:, 2:], axis=1)
    return known


def render_bounds(bounds: Floats, axes: GmlAxes, dialect: Dialect) -> list[str]:
    """Boxes as elements. bounds: xmin, ymin, xmax, ymax of each."""
    markup = dialect.markup
    corners = render_corners(bounds.reshape(-1, 2), axes, markup)
    start, between, end = markup.corners
    start = f'<gml:{markup.envelope} srsName="{axes.srs_name}">{start}'
    end = f"{end}</gml:{markup.envelope}>"
    return [f"{start}{low}{between}{high}{end}" for low, high in zip(corners[::2], corners[1::2], strict=True)]


def render_corners(coordinates: Floats, axes: GmlAxes, markup: Markup) -> list[str]:
    """Positions as text, in the order of the axes. coordinates: one row each, easting first."""
    return render_runs(coordinates, np.arange(1, len(coordinates) + 1), axes, markup)


def render_runs(coordinates: Floats, ends: Places, axes: GmlAxes, markup: Markup) -> list[str]:
    """Runs of positions as text. coordinates: of `render_corners`; ends: where each run ends among them."""
    text, _ = write_runs(coordinates, ends, axes, markup)
    return text.tobytes().decode().split(RUN_END)[:-1]


def write_runs(coordinates: Floats, ends: Places, axes: GmlAxes, markup: Markup) -> tuple[Letters, Places]:
    """The same as one text, with `RUN_END` behind every run, and where it stands."""
    if not len(coordinates):
        return np.empty(0, np.uint8), ends
    if axes.swap_axes:
        coordinates = np.concatenate([coordinates[:, 1::-1], coordinates[:, 2:]], axis=1)
    # Adding 0 makes -0.0 a plain 0.0.
    rounded = np.round(coordinates, axes.decimals) + 0.0
    written = orjson.dumps(rounded.ravel(), option=orjson.OPT_SERIALIZE_NUMPY)
    text = np.frombuffer(bytearray(written[1:]), np.uint8)
    # Behind each number, the last one too, whose bracket is as good as a comma.
    places = np.append(np.flatnonzero(text == ord(",")), len(text) - 1)
    dimension = rounded.shape[1]
    text[places] = ord(markup.between_axes)
    text[places[dimension - 1 :: dimension]] = ord(" ")
    text[places[ends * dimension - 1]] = ord(RUN_END)
    return text, places[ends * dimension - 1]


@dataclass(frozen=True)
class GmlBatch:
    """Geometries of one kind and one number of axes, none missing or empty."""

    geometries: Array
    ids: list[str]
    axes: GmlAxes
    dimension: int
    dialect: Dialect

    @property
    def markup(self) -> Markup:
        """How the dialect writes."""
        return self.dialect.markup

    @property
    def starts(self) -> list[str]:
        """What stands behind the name of each outermost element: its id, and what its coordinates are."""
        srs_name = f' srsName="{self.axes.srs_name}"'
        if not self.markup.has_ids:
            return [srs_name] * len(self.ids)
        rest = f'{srs_name} srsDimension="{self.dimension}"'
        return [f' gml:id="{id}"{rest}' for id in self.ids]

    @property
    def position_start(self) -> str:
        """The opening tag of one position."""
        return self.markup.position if self.dimension == 2 else self.markup.high_position

    @property
    def positions_start(self) -> str:
        """The opening tag of several positions."""
        return self.markup.positions if self.dimension == 2 else self.markup.high_positions


def render_positions(geometries: Array, batch: GmlBatch) -> list[str]:
    """The positions of each geometry as text, separated by spaces."""
    coordinates, owners = shapely.get_coordinates(geometries, include_z=batch.dimension == 3, return_index=True)
    ends = np.cumsum(np.bincount(owners, minlength=len(geometries)))
    return render_runs(coordinates, ends, batch.axes, batch.markup)


def render_points(batch: GmlBatch) -> list[str]:
    """A gml:Point each."""
    start, end = batch.position_start, batch.markup.position_end
    return [
        f"<gml:Point{attributes}>{start}{text}{end}</gml:Point>"
        for attributes, text in zip(batch.starts, render_positions(batch.geometries, batch), strict=True)
    ]


def render_lines(batch: GmlBatch) -> list[str]:
    """A gml:LineString each."""
    start, end = batch.positions_start, batch.markup.positions_end
    return [
        f"<gml:LineString{attributes}>{start}{text}{end}</gml:LineString>"
        for attributes, text in zip(batch.starts, render_positions(batch.geometries, batch), strict=True)
    ]


def render_polygons(batch: GmlBatch) -> list[str]:
    """A gml:Polygon each."""
    return [
        f"<gml:Polygon{attributes}>{boundary}</gml:Polygon>"
        for attributes, boundary in zip(batch.starts, render_boundaries(batch.geometries, batch), strict=True)
    ]


def render_multi_points(batch: GmlBatch) -> list[str]:
    """A gml:MultiPoint each."""
    start, end = batch.position_start, batch.markup.position_end
    parts, owners = shapely.get_parts(batch.geometries, return_index=True)
    texts = [f"{start}{text}{end}" for text in render_positions(parts, batch)]
    return join_members(batch, owners, texts, "MultiPoint")


def render_multi_lines(batch: GmlBatch) -> list[str]:
    """A gml:MultiCurve each, in GML 2 a gml:MultiLineString."""
    start, end = batch.positions_start, batch.markup.positions_end
    parts, owners = shapely.get_parts(batch.geometries, return_index=True)
    texts = [f"{start}{text}{end}" for text in render_positions(parts, batch)]
    return join_members(batch, owners, texts, "MultiLineString")


def render_multi_polygons(batch: GmlBatch) -> list[str]:
    """A gml:MultiSurface each, in GML 2 a gml:MultiPolygon."""
    parts, owners = shapely.get_parts(batch.geometries, return_index=True)
    return join_members(batch, owners, render_boundaries(parts, batch), "MultiPolygon")


def render_boundaries(polygons: Array, batch: GmlBatch) -> list[str]:
    """The outer and the inner boundaries of each polygon."""
    rings, owners = shapely.get_rings(polygons, return_index=True)
    texts: list[list[str]] = [[] for _ in range(len(polygons))]
    markup, start, end = batch.markup, batch.positions_start, batch.markup.positions_end
    for owner, text in zip(owners.tolist(), render_positions(rings, batch), strict=True):
        side = markup.interior if texts[owner] else markup.exterior
        texts[owner].append(f"<gml:{side}><gml:LinearRing>{start}{text}{end}</gml:LinearRing></gml:{side}>")
    return ["".join(each) for each in texts]


def join_members(batch: GmlBatch, owners: npt.NDArray[np.intp], texts: Sequence[str], kind: GeometryType) -> list[str]:
    """Multi-geometries of what is inside their members. owners: for each member, the geometry it belongs to."""
    whole, member, part = batch.markup.members[kind]
    members: list[list[str]] = [[] for _ in batch.ids]
    for owner, text in zip(owners.tolist(), texts, strict=True):
        id = f' gml:id="{batch.ids[owner]}.{len(members[owner]) + 1}"' if batch.markup.has_ids else ""
        members[owner].append(f"<gml:{member}><gml:{part}{id}>{text}</gml:{part}></gml:{member}>")
    return [
        f"<gml:{whole}{attributes}>{''.join(inside)}</gml:{whole}>"
        for attributes, inside in zip(batch.starts, members, strict=True)
    ]


WRITERS: Mapping[GeometryType, Callable[[GmlBatch], list[str]]] = {
    "Point": render_points,
    "LineString": render_lines,
    "Polygon": render_polygons,
    "MultiPoint": render_multi_points,
    "MultiLineString": render_multi_lines,
    "MultiPolygon": render_multi_polygons,
}
