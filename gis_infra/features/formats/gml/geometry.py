"""Geometries as GML 3.2, many at a time.

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

DEGREE_DECIMALS = 9  # a tenth of a millimetre
METRE_DECIMALS = 4

Array = npt.NDArray[np.object_]


@dataclass(frozen=True)
class GmlAxes:
    """How coordinates are written.

    srs_name: the value of srsName. swap_axes: whether northing stands first under that name.
    decimals: digits after the point; zeros at the end are left out.
    """

    srs_name: str
    swap_axes: bool
    decimals: int


def render_geometries(wkbs: Sequence[bytes | None], ids: Sequence[str], kind: GeometryType, axes: GmlAxes) -> list[str]:
    """Each geometry as a GML element, "" for one that is missing or empty.

    wkbs: easting first, in the CRS that `axes.srs_name` names; of type `kind`, or single where `kind` is multi.
    ids: the gml:id of each; members of a multi-geometry get it with a number behind.
    A geometry with a height at every vertex is written with srsDimension 3, any other with 2.
    Source: OGC 07-036 (GML 3.2.1) clause 10.
    """
    geometries = np.asarray(shapely.from_wkb(np.asarray(wkbs, dtype=object)), dtype=object)
    present = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    high = present & find_heights(geometries)
    texts = [""] * len(geometries)
    for chosen, dimension in ((present & ~high, 2), (high, 3)):
        indices = np.flatnonzero(chosen)
        if len(indices):
            writer = WRITERS[kind]
            batch = GmlBatch(geometries[indices], [ids[index] for index in indices.tolist()], axes, dimension)
            for index, text in zip(indices.tolist(), writer(batch), strict=True):
                texts[index] = text
    return texts


def find_heights(geometries: Array) -> npt.NDArray[np.bool_]:
    """For each geometry, whether every vertex has a height."""
    high: npt.NDArray[np.bool_] = shapely.has_z(geometries)
    coordinates, owners = shapely.get_coordinates(geometries[high], include_z=True, return_index=True)
    gaps = np.flatnonzero(high)[owners[np.isnan(coordinates[:, 2])]]
    high[gaps] = False
    return high


@dataclass(frozen=True)
class GmlBatch:
    """Geometries of one kind and one number of axes, none missing or empty."""

    geometries: Array
    ids: list[str]
    axes: GmlAxes
    dimension: int

    @property
    def attributes(self) -> str:
        """What the outermost element says of the coordinates inside."""
        return f'srsName="{self.axes.srs_name}" srsDimension="{self.dimension}"'

    @property
    def list_start(self) -> str:
        """The opening tag of a gml:posList; some readers look for its dimension nowhere else."""
        return "<gml:posList>" if self.dimension == 2 else '<gml:posList srsDimension="3">'


def render_positions(geometries: Array, batch: GmlBatch) -> list[str]:
    """The positions of each geometry as text, in the order of the axes, separated by spaces."""
    coordinates, owners = shapely.get_coordinates(geometries, include_z=batch.dimension == 3, return_index=True)
    if batch.axes.swap_axes:
        coordinates[:, [0, 1]] = coordinates[:, [1, 0]]
    # Adding 0 makes -0.0 a plain 0.0.
    rounded = np.ascontiguousarray(np.round(coordinates, batch.axes.decimals) + 0.0)
    text = orjson.dumps(rounded, option=orjson.OPT_SERIALIZE_NUMPY)[2:-2].decode()
    positions = text.replace("],[", ";").replace(",", " ").split(";")
    ends = np.cumsum(np.bincount(owners, minlength=len(geometries))).tolist()
    return [" ".join(positions[start:end]) for start, end in zip([0, *ends], ends, strict=False)]


def render_points(batch: GmlBatch) -> list[str]:
    """A gml:Point each."""
    start = "<gml:pos>" if batch.dimension == 2 else '<gml:pos srsDimension="3">'
    return [
        f'<gml:Point gml:id="{id}" {batch.attributes}>{start}{text}</gml:pos></gml:Point>'
        for id, text in zip(batch.ids, render_positions(batch.geometries, batch), strict=True)
    ]


def render_lines(batch: GmlBatch) -> list[str]:
    """A gml:LineString each."""
    return [
        f'<gml:LineString gml:id="{id}" {batch.attributes}>{batch.list_start}{text}</gml:posList></gml:LineString>'
        for id, text in zip(batch.ids, render_positions(batch.geometries, batch), strict=True)
    ]


def render_polygons(batch: GmlBatch) -> list[str]:
    """A gml:Polygon each."""
    return [
        f'<gml:Polygon gml:id="{id}" {batch.attributes}>{boundary}</gml:Polygon>'
        for id, boundary in zip(batch.ids, render_boundaries(batch.geometries, batch), strict=True)
    ]


def render_multi_points(batch: GmlBatch) -> list[str]:
    """A gml:MultiPoint each."""
    start = "<gml:pos>" if batch.dimension == 2 else '<gml:pos srsDimension="3">'
    parts, owners = shapely.get_parts(batch.geometries, return_index=True)
    texts = [f"{start}{text}</gml:pos>" for text in render_positions(parts, batch)]
    return join_members(batch, owners, texts, ("MultiPoint", "pointMember", "Point"))


def render_multi_lines(batch: GmlBatch) -> list[str]:
    """A gml:MultiCurve each."""
    parts, owners = shapely.get_parts(batch.geometries, return_index=True)
    texts = [f"{batch.list_start}{text}</gml:posList>" for text in render_positions(parts, batch)]
    return join_members(batch, owners, texts, ("MultiCurve", "curveMember", "LineString"))


def render_multi_polygons(batch: GmlBatch) -> list[str]:
    """A gml:MultiSurface each."""
    parts, owners = shapely.get_parts(batch.geometries, return_index=True)
    return join_members(batch, owners, render_boundaries(parts, batch), ("MultiSurface", "surfaceMember", "Polygon"))


def render_boundaries(polygons: Array, batch: GmlBatch) -> list[str]:
    """The exterior and the interiors of each polygon."""
    rings, owners = shapely.get_rings(polygons, return_index=True)
    texts: list[list[str]] = [[] for _ in range(len(polygons))]
    for owner, text in zip(owners.tolist(), render_positions(rings, batch), strict=True):
        side = "interior" if texts[owner] else "exterior"
        ring = f"<gml:LinearRing>{batch.list_start}{text}</gml:posList></gml:LinearRing>"
        texts[owner].append(f"<gml:{side}>{ring}</gml:{side}>")
    return ["".join(each) for each in texts]


def join_members(
    batch: GmlBatch, owners: npt.NDArray[np.intp], texts: Sequence[str], names: tuple[str, str, str]
) -> list[str]:
    """Multi-geometries of what is inside their members.

    owners: for each member, the geometry it belongs to. names: of the whole, of the property, of the member.
    """
    whole, member, part = names
    members: list[list[str]] = [[] for _ in batch.ids]
    for owner, text in zip(owners.tolist(), texts, strict=True):
        id = f"{batch.ids[owner]}.{len(members[owner]) + 1}"
        members[owner].append(f'<gml:{member}><gml:{part} gml:id="{id}">{text}</gml:{part}></gml:{member}>')
    return [
        f'<gml:{whole} gml:id="{id}" {batch.attributes}>{"".join(inside)}</gml:{whole}>'
        for id, inside in zip(batch.ids, members, strict=True)
    ]


WRITERS: Mapping[GeometryType, Callable[[GmlBatch], list[str]]] = {
    "Point": render_points,
    "LineString": render_lines,
    "Polygon": render_polygons,
    "MultiPoint": render_multi_points,
    "MultiLineString": render_multi_lines,
    "MultiPolygon": render_multi_polygons,
}
