"""One query of a request as a value. Coordinates are put easting first here; `features` knows no other order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import InvalidBbox, InvalidCrs, InvalidParameter
from gis_infra.features.query import FeatureQuery, SortKey
from gis_infra.filters.fes import FilterFrame, parse_filter
from gis_infra.filters.fes.values import GEOMETRY_NAME, ID_NAME, parse_property_name
from gis_infra.filters.tree import Condition
from gis_infra.spatial import boxes, crs
from gis_infra.spatial.boxes import Bbox
from gis_infra.spatial.crs import CrsReference
from gis_infra.web.wfs.requests.city import City
from gis_infra.web.wfs.requests.parameters import Parameters, split_list
from gis_infra.web.wfs.requests.types import ResourceId, get_bindings


@dataclass(frozen=True)
class TypeQuery:
    """One query of a GetFeature: what to read, and the name under which its CRS is written."""

    query: FeatureQuery
    srs_name: str
    swap_axes: bool


def make_query(layer: Layer, parameters: Parameters, city: City, ids: tuple[ResourceId, ...] | None) -> TypeQuery:
    """The query of one type, without its page. Raises InvalidParameter, InvalidBbox, InvalidCrs, UnknownProperty."""
    written = parameters.find("SRSNAME")
    reference = parse_srs_name(written, city) if written else city.default_crs
    bindings = get_bindings(parameters)
    query = FeatureQuery(
        layer=layer,
        actor=city.actor,
        bbox=parse_box(parameters.find("BBOX"), reference, city),
        filter=parse_condition(parameters.find("FILTER"), layer, city),
        ids=None if ids is None else tuple(number for layer_id, number in ids if layer_id == layer.id),
        sort=parse_sort(parameters.find("SORTBY") or "", layer, bindings),
        srid=reference.srid,
        count_bound=city.count_bound,
    )
    query = restrict_to_properties(query, parameters.find("PROPERTYNAME"), bindings)
    return TypeQuery(query, name_srs(written, reference, city), reference.swap_axes)


def name_srs(written: str | None, reference: CrsReference, city: City) -> str:
    """The name of the CRS in the answer: that of the request, so that its axes are in the order it promises."""
    if written is None or city.easting_first:
        return city.name_crs(reference.srid)
    # Without what `parse_crs` looks past, so that nothing but the name itself gets into the answer.
    return written.strip().strip("<>")


def restrict_to_properties(query: FeatureQuery, text: str | None, bindings: Mapping[str | None, str]) -> FeatureQuery:
    """The query with only the properties named; "*" and no text are all. Raises UnknownProperty."""
    names = split_list(text or "*")
    if "*" in names:
        return query
    wanted = [parse_property_name(name, query.layer, bindings) for name in names]
    attributes = tuple(name for name in wanted if name not in {GEOMETRY_NAME, ID_NAME})
    return replace(query, properties=attributes, skip_geometry=GEOMETRY_NAME not in wanted)


def parse_condition(text: str | None, layer: Layer, city: City) -> Condition | None:
    """The condition of the parameter `filter`, None if it is not given. Raises as `filters.fes.parse_filter` does."""
    if text is None:
        return None
    frame = FilterFrame(
        layer, city.default_crs, easting_first=city.easting_first, refuse_other_ids=city.refuse_other_ids
    )
    return parse_filter(text, frame)


def parse_srs_name(text: str, city: City) -> CrsReference:
    """The CRS of the parameter `srsName`. Raises InvalidCrs if it is not one that is offered."""
    try:
        reference = crs.parse_crs(text)
    except InvalidCrs as error:
        raise InvalidCrs(error.message, where="srsName") from None
    if reference.srid not in city.srids:
        offered = ", ".join(map(crs.to_urn, city.srids))
        raise InvalidCrs(f"srsName {text[:60]!r} is not offered; these are: {offered}", where="srsName")
    return CrsReference(reference.srid, swap_axes=False) if city.easting_first else reference


def parse_box(text: str | None, asked: CrsReference, city: City) -> Bbox | None:
    """The parameter `bbox`, easting first: two corners of two or three axes and, if it is not the default, their CRS.

    asked: the CRS of the answer, which is that of the box in 1.0.0, where a box cannot name one; QGIS reads it so.
    Raises InvalidBbox, InvalidCrs.
    Source: OGC 09-025r2 clause 7.9.2.3, OGC 06-121r9 clause 10.2.3, OGC 02-058 clause 13.3.3.
    """
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")]
    size = 6 if len(parts) in {6, 7} and is_number(parts[4]) and is_number(parts[5]) else 4
    name = ",".join(parts[size:])
    unnamed = asked if city.version == "1.0.0" else city.default_crs
    return make_box(parts[:size], text, parse_box_crs(name, city) if name else unnamed)


def is_number(text: str) -> bool:
    """Whether a part of a box is one of its numbers."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def make_box(parts: list[str], text: str, reference: CrsReference) -> Bbox:
    """The box of its numbers. text: the whole parameter, for the message. Raises InvalidBbox."""
    numbers = boxes.parse_numbers(",".join(parts))
    if len(numbers) not in {4, 6}:
        raise InvalidBbox(f"bbox must be four numbers and a CRS, got {len(numbers)} in {text[:100]!r}", where="bbox")
    half = len(numbers) // 2
    (xmin, ymin), (xmax, ymax) = numbers[:2], numbers[half : half + 2]
    if reference.swap_axes:
        xmin, ymin, xmax, ymax = ymin, xmin, ymax, xmax
    box = boxes.make(xmin, ymin, xmax, ymax, srid=reference.srid)
    if half == 2:
        return box
    if numbers[2] > numbers[5]:
        raise InvalidBbox(f"bbox has zmin {numbers[2]} above zmax {numbers[5]}", where="bbox")
    return replace(box, heights=(numbers[2], numbers[5]))


def parse_box_crs(name: str, city: City) -> CrsReference:
    """The CRS that stands behind the numbers of a box. Raises InvalidCrs, which names the parameter."""
    try:
        reference = crs.parse_crs(name)
    except InvalidCrs as error:
        raise InvalidCrs(error.message, where="bbox") from None
    return CrsReference(reference.srid, swap_axes=False) if city.easting_first else reference


def parse_sort(text: str, layer: Layer, bindings: Mapping[str | None, str]) -> tuple[SortKey, ...]:
    """The keys of the parameter `sortBy`: "name ASC,installed_on DESC", D for DESC.

    Raises InvalidParameter for the geometry or an order that is none, UnknownProperty.
    """
    return tuple(parse_sort_key(part, layer, bindings) for part in split_list(text))


def parse_sort_key(text: str, layer: Layer, bindings: Mapping[str | None, str]) -> SortKey:
    """One key. Raises InvalidParameter, UnknownProperty."""
    path, descending = split_sort_key(text)
    field = parse_property_name(path, layer, bindings)
    return make_sort_key(field, text, descending=descending)


def split_sort_key(text: str) -> tuple[str, bool]:
    """The path of a key and whether it goes down. Raises InvalidParameter for an order that is none."""
    name, _, order = text.partition(" ")
    direction = order.strip().upper() or "ASC"
    if direction not in {"A", "ASC", "D", "DESC"}:
        raise InvalidParameter(f"sortBy goes ASC or DESC, got {text[:60]!r}", where="sortBy")
    return name, direction.startswith("D")


def make_sort_key(field: str, text: str, *, descending: bool) -> SortKey:
    """The key of an attribute. Raises InvalidParameter for the geometry, and for the id: every page ends in it."""
    if field in {GEOMETRY_NAME, ID_NAME}:
        what = "a geometry" if field == GEOMETRY_NAME else "gml:id, by which every page is in order at last"
        raise InvalidParameter(f"sortBy cannot sort by {what}, got {text[:60]!r}", where="sortBy")
    return SortKey(field, descending=descending)
