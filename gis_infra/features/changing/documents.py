"""JSON documents read into changes: GeoJSON, JSON-FG where it has a `place`, and merge patches.

Nothing is looked up here, and no value is judged: what cannot be read is noted in the change, with its place, and told
by `applying.apply` together with what the layer does not allow. Source: RFC 7946, RFC 7396, OGC 21-045r1 clause 7.
"""

import difflib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from gis_infra.catalogue.definitions import Field, Layer
from gis_infra.errors import Fault, InvalidCrs, InvalidParameter
from gis_infra.features.changing.changes import (
    KEEP,
    MOST_FAULTS,
    Expected,
    Insert,
    Keep,
    Origin,
    Replace,
    Shape,
    Update,
)
from gis_infra.features.changing.geometries import render_wkb
from gis_infra.features.changing.values import PARSERS
from gis_infra.spatial import crs

BODY = "body"
GEOMETRY = "geometry"
COORD_REF_SYS = "coordRefSys"
MOST_FEATURES = 20_000  # in one request; more are for an import
SHOWN = 60  # letters of a value, or of a name, in a message
# What a patch may have. Other members of a feature, such as links, are not the client's to change.
PATCHED = frozenset(
    {"type", "id", "properties", "geometry", "place", "coordRefSys", "conformsTo", "featureType", "time"}
)
IGNORED = frozenset({"id"})


@dataclass(frozen=True)
class Reading:
    """How a document is read. origin: of its coordinates, but where a part of it names its own CRS.

    find_origin: the origin that goes with the name of a CRS; it raises for one that is not offered. strict: refuse
    properties that only the program sets, which otherwise are left aside, because clients send back all they got.
    """

    origin: Origin
    find_origin: Callable[[str], Origin]
    strict: bool = False


@dataclass(frozen=True)
class Target:
    """The feature a document is about, and how the caller last saw it."""

    layer: Layer
    id: int
    version: Expected | None = None


def parse_json(content: bytes) -> Any:
    """The value of a JSON text. Raises InvalidParameter for what is none, nested too deep, or has a member twice."""
    try:
        orjson.loads(content)  # which is strict about UTF-8, numbers and depth; but lets a name come twice
        return json.loads(content, object_pairs_hook=require_unique)
    except orjson.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidParameter(f"the body is not JSON: {error.msg.split(': line')[0]} ({where})", where=BODY) from error
    except RecursionError:
        raise InvalidParameter("the body is nested too deeply", where=BODY) from None
    except ValueError as error:  # digits without end
        raise InvalidParameter("the body has a number of too many digits", where=BODY) from error


def require_unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of the pairs. Raises InvalidParameter if a name comes twice: nobody knows which value is meant."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise InvalidParameter(f"the body has the member {name[:SHOWN]!r} twice in one object", where=BODY)
        seen.add(name)
    return found


def read_inserts(document: Any, layer: Layer, reading: Reading) -> list[Insert]:
    """The new features in a Feature or a FeatureCollection. An id is left aside: the database gives one.

    Raises InvalidParameter for what is neither, InvalidCrs.
    """
    kind = take_type(document, ("Feature", "FeatureCollection"))
    require_same_crs(document, reading)
    shared = document.get(COORD_REF_SYS) if kind == "FeatureCollection" else None
    features = [document] if kind == "Feature" else take_features(document)
    inserts: list[Insert] = []
    faults = 0
    for feature in features:
        inserts.append(read_insert(feature, layer, reading, shared))
        faults += len(inserts[-1].faults)
        if faults >= MOST_FAULTS:  # more are not told, and with one of them nothing is inserted
            break
    return inserts


def take_type(document: Any, allowed: tuple[str, ...]) -> str:
    """The type of a document. Raises InvalidParameter."""
    kind = document.get("type") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in allowed:
        raise InvalidParameter(
            f"the body must be a GeoJSON {' or '.join(allowed)}, got type {str(kind)[:SHOWN]!r}", where="type"
        )
    return kind


def take_features(document: Mapping[str, Any]) -> list[Any]:
    """The features of a collection. Raises InvalidParameter if there are none, or too many."""
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise InvalidParameter("a FeatureCollection must have a list of features with at least one", where="features")
    if len(features) > MOST_FEATURES:
        raise InvalidParameter(
            f"at most {MOST_FEATURES} features are taken at once, got {len(features)}; import more as a file",
            where="features",
        )
    return features


def require_same_crs(document: Mapping[str, Any], reading: Reading) -> None:
    """Return if the CRS that GeoJSON had a member for before RFC 7946, if any, is that of the request.

    Raises InvalidCrs: coordinates in one CRS must never be taken for those of another.
    """
    member = document.get("crs")
    if member is None:
        return
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or crs.parse_crs(name).srid != reading.origin.srid:
        raise InvalidCrs(
            f"the member crs says {str(name)[:SHOWN]!r}, and the request EPSG:{reading.origin.srid}; "
            "name the system in the header Content-Crs",
            where="crs",
        )


def read_insert(feature: Any, layer: Layer, reading: Reading, shared: Any = None) -> Insert:
    """A new feature. shared: the `coordRefSys` of the collection it is in. Raises InvalidCrs."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return Insert(layer, {}, None, (Fault(0, "type", "", "must be a Feature"),))
    found = Findings()
    properties = read_properties(take_properties(feature, found), layer, reading, found)
    shape = read_shape({COORD_REF_SYS: shared, **feature}, reading, found)
    return Insert(layer, properties, shape, tuple(found.faults))


def read_replace(document: Any, target: Target, reading: Reading) -> Replace:
    """A feature as it shall be. Raises InvalidParameter for what is no Feature, or one of another id; InvalidCrs."""
    take_type(document, ("Feature",))
    require_same_id(document, target)
    require_same_crs(document, reading)
    found = Findings()
    properties = read_properties(take_properties(document, found), target.layer, reading, found)
    shape = read_shape(document, reading, found)
    return Replace(target.layer, target.id, properties, shape, target.version, tuple(found.faults))


def read_update(document: Any, target: Target, reading: Reading) -> Update:
    """What a merge patch changes of a feature: the properties it names, null taking a value away, and the shape.

    Raises InvalidParameter for what is no patch of a feature, InvalidCrs. Source: RFC 7396; OGC 20-002r1,
    /req/features/update-json-merge-patch.
    """
    if not isinstance(document, dict):
        raise InvalidParameter('a patch must be an object as {"properties": {...}}', where=BODY)
    document = nest(document, target.layer)
    unknown = next((name for name in document if name not in PATCHED), None)
    if unknown is not None:
        raise InvalidParameter(
            f"a patch has no member {unknown[:SHOWN]!r}; a feature has properties and geometry", where=unknown[:SHOWN]
        )
    take_type({"type": "Feature", **document}, ("Feature",))
    require_same_id(document, target)
    found = Findings()
    given = take_properties({"properties": {}, **document}, found)
    properties = read_properties(given, target.layer, reading, found)
    if "properties" in document and document["properties"] is None:  # RFC 7396: the member, and all in it, goes
        properties = {field.name: None for field in target.layer.fields if not field.system}
    shape = read_patched_shape(document, target.layer, reading, found)
    return Update(target.layer, target.id, properties, shape, target.version, tuple(found.faults))


def nest(document: Mapping[str, Any], layer: Layer) -> Mapping[str, Any]:
    """A patch as GeoJSON nests it; one in terms of the layer's schema has properties beside the geometry."""
    names = {field.name for field in layer.fields}
    flat = {name: value for name, value in document.items() if name in names}
    nested = document.get("properties", {})
    if not flat or not isinstance(nested, dict):
        return document
    rest = {name: value for name, value in document.items() if name not in names}
    return {**rest, "properties": {**nested, **flat}}


def require_same_id(document: Mapping[str, Any], target: Target) -> None:
    """Return if the id of a document, if any, is that of its address. Raises InvalidParameter."""
    given = document.get("id")
    if given is not None and str(given) != str(target.id):
        raise InvalidParameter(
            f"the feature is {target.id} by its address and {str(given)[:SHOWN]!r} by its id, which never changes",
            where="id",
        )


@dataclass
class Findings:
    """What is wrong with a feature; the number of the feature is put in by who applies it."""

    faults: list[Fault] = field(default_factory=list)

    @property
    def are_enough(self) -> bool:
        """Whether there are as many as are told at all."""
        return len(self.faults) >= MOST_FAULTS

    def tell(self, name: str, value: Any, reason: str) -> None:
        """Note something."""
        text = "" if value is None else str(value)
        self.faults.append(Fault(0, name[:SHOWN], text if len(text) <= SHOWN else text[:SHOWN] + "…", reason))


def take_properties(document: Mapping[str, Any], found: Findings) -> Mapping[str, Any]:
    """The member `properties` of a feature; null is none at all."""
    properties = document.get("properties", BODY)
    if properties is None:
        return {}
    if not isinstance(properties, dict):
        found.tell("properties", None, "must be an object; a feature has its properties there")
        return {}
    return properties


def read_properties(given: Mapping[str, Any], layer: Layer, reading: Reading, found: Findings) -> dict[str, Any]:
    """The values of the properties a document names, by name."""
    fields = {field.name: field for field in layer.fields}
    values: dict[str, Any] = {}
    for name, value in given.items():
        if found.are_enough:
            break
        known = fields.get(name)
        if known is None and name not in IGNORED:
            found.tell(name, value, tell_unknown(name, layer))
        elif known is None or known.system:
            if reading.strict and value is not None:
                found.tell(name, value, "is set by the program alone")
        elif value is None:
            values[name] = None
        else:
            read_value(known, value, values, found)
    return values


def read_value(known: Field, value: Any, values: dict[str, Any], found: Findings) -> None:
    """Put one value among the others, or what is wrong with it among the findings."""
    try:
        values[known.name] = PARSERS[known.type](value)
    except ValueError as error:
        found.tell(known.name, value, str(error))


def tell_unknown(name: str, layer: Layer) -> str:
    """That a layer has no such property, and which was probably meant."""
    names = [field.name for field in layer.fields if not field.system]
    near = difflib.get_close_matches(name[:SHOWN], names, n=1)
    return f"is no property of {layer.id}" + (f"; did you mean {near[0]}?" if near else f"; it has {', '.join(names)}")


def read_shape(feature: Mapping[str, Any], reading: Reading, found: Findings) -> Shape | None:
    """The shape of a feature, None if it has none. A `place` comes before a `geometry`. Raises InvalidCrs.

    Source: OGC 20-002r1, /req/features/geojson-create-replace.
    """
    place = feature.get("place")
    member = "geometry" if place is None else "place"
    geometry = feature.get(member)
    if geometry is None:
        return None
    origin = reading.origin if place is None else find_origin(place, feature.get(COORD_REF_SYS), reading)
    try:
        return Shape(render_wkb(geometry), origin)
    except ValueError as error:
        found.tell(GEOMETRY, None, str(error))
        return None


def find_origin(place: Any, shared: Any, reading: Reading) -> Origin:
    """The origin of a `place`: its own CRS, else that of what it is in, else that of the request. Raises InvalidCrs."""
    own = place.get(COORD_REF_SYS) if isinstance(place, dict) else None
    named = own if own is not None else shared
    if isinstance(named, dict):
        named = named.get("href")
    if named is None:
        return reading.origin
    if not isinstance(named, str):
        raise InvalidCrs("coordRefSys must be the address of one coordinate system", where=COORD_REF_SYS)
    return reading.find_origin(named)


def read_patched_shape(
    document: Mapping[str, Any], layer: Layer, reading: Reading, found: Findings
) -> Shape | Keep | None:
    """The shape a patch gives; KEEP if it says nothing of it. Raises InvalidCrs.

    A patch may leave out the type, which stays what it is: a layer has shapes of one type.
    """
    given = {name: document[name] for name in ("geometry", "place") if name in document}
    if not given or given == {"place": None}:
        return KEEP
    merged = {
        name: {"type": layer.geometry, **part} if isinstance(part, dict) else part for name, part in given.items()
    }
    if merged == {"geometry": {"type": layer.geometry}}:
        return KEEP
    return read_shape({**document, **merged}, reading, found)
