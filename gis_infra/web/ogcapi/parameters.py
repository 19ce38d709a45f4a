"""The query string of a request for features, read into a FeatureQuery. Everything not known here is refused."""

from collections.abc import Iterable, Mapping, Sequence

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import InvalidParameter
from gis_infra.features import cursors
from gis_infra.features.query import Cursor, FeatureQuery, SortKey
from gis_infra.spatial import boxes
from gis_infra.spatial.boxes import Bbox
from gis_infra.web.languages import LANGUAGES
from gis_infra.web.ogcapi import systems, times

DEFAULT_LIMIT = 10
ALWAYS = frozenset({"f", "lang"})
ITEM = frozenset({"crs"})
ITEMS = frozenset(
    {"limit", "offset", "cursor", "bbox", "bbox-crs", "crs", "datetime", "properties", "skipGeometry", "sortby"}
)


def require_known(given: Mapping[str, str], allowed: Iterable[str] = ()) -> None:
    """Return if every parameter is known and `lang` is a language.

    Raises InvalidParameter, which names the parameter and lists what is allowed.
    Source: OGC 17-069r4, /req/core/query-param-unknown and /req/core/query-param-invalid.
    """
    known = ALWAYS.union(allowed)
    for name in given:
        if name not in known:
            listed = ", ".join(sorted(known))
            raise InvalidParameter(f"there is no parameter {name[:60]!r} here; there are {listed}", where=name[:60])
    language = given.get("lang", "vi")
    if language not in LANGUAGES:
        raise InvalidParameter(f"lang must be one of {', '.join(LANGUAGES)}, got {language[:20]!r}", where="lang")


def parse_query(
    arguments: Mapping[str, str], layer: Layer, actor: Actor, city_srid: int, max_page: int
) -> FeatureQuery:
    """What a request for the items of `layer` asks.

    arguments: the query string. max_page: a higher limit is taken as this one.
    Raises InvalidParameter, InvalidBbox, InvalidCrs and UnknownProperty, each naming the parameter.
    """
    names = [field.name for field in layer.fields]
    require_known(arguments, ITEMS.union(names))
    wanted = systems.parse_offered(arguments.get("crs", systems.CRS84), "crs", city_srid)
    sort = parse_sort(arguments.get("sortby", ""))
    return FeatureQuery(
        layer=layer,
        actor=actor,
        bbox=parse_bbox(arguments, city_srid),
        equals={name: arguments[name] for name in names if name in arguments},
        filter=times.to_condition(layer, times.parse_interval(arguments["datetime"]))
        if "datetime" in arguments
        else None,
        sort=sort,
        srid=wanted.srid,
        limit=min(parse_whole(arguments, "limit", DEFAULT_LIMIT, 1), max_page),
        offset=parse_whole(arguments, "offset", 0, 0),
        cursor=parse_cursor(arguments, layer, sort),
        properties=parse_properties(arguments.get("properties")),
        skip_geometry=parse_flag(arguments, "skipGeometry"),
        geometry_form="geojson",
        swap_axes=wanted.swap_axes,
    )


def parse_item_query(arguments: Mapping[str, str], layer: Layer, actor: Actor, city_srid: int) -> FeatureQuery:
    """What a request for one item of `layer` asks. Raises InvalidParameter, InvalidCrs."""
    require_known(arguments, ITEM)
    wanted = systems.parse_offered(arguments.get("crs", systems.CRS84), "crs", city_srid)
    return FeatureQuery(layer, actor, srid=wanted.srid, geometry_form="geojson", swap_axes=wanted.swap_axes)


def parse_bbox(arguments: Mapping[str, str], city_srid: int) -> Bbox | None:
    """The box of `bbox` in the CRS and axis order of `bbox-crs`, turned to easting first; None without one.

    Raises InvalidBbox, InvalidCrs.
    """
    wanted = systems.parse_offered(arguments.get("bbox-crs", systems.CRS84), "bbox-crs", city_srid)
    if "bbox" not in arguments:
        return None
    if not wanted.swap_axes:
        return boxes.parse(arguments["bbox"], wanted.srid)
    numbers = boxes.parse_numbers(arguments["bbox"])
    half = len(numbers) // 2
    pairs = (numbers[:half], numbers[half:])
    turned = [each for pair in pairs for each in (*pair[1::-1], *pair[2:])]
    return boxes.parse(",".join(map(repr, turned)), wanted.srid)


def parse_sort(text: str) -> tuple[SortKey, ...]:
    """The keys of "name,-installed_on"; a minus is downwards. Whether the names exist is asked later."""
    keys = [part.strip() for part in text.split(",") if part.strip()]
    return tuple(SortKey(key.lstrip("+-"), descending=key.startswith("-")) for key in keys)


def parse_cursor(arguments: Mapping[str, str], layer: Layer, sort: Sequence[SortKey]) -> Cursor | None:
    """The place that `cursor` says; None without one. Raises InvalidParameter, UnknownProperty."""
    if "cursor" not in arguments:
        return None
    if "offset" in arguments:
        raise InvalidParameter("cursor and offset both say where the page begins; give one", where="cursor")
    return cursors.parse(arguments["cursor"], layer, sort)


def parse_properties(text: str | None) -> tuple[str, ...] | None:
    """The names in a comma-separated list; None when all are wanted, none of them for an empty list."""
    return None if text is None else tuple(part.strip() for part in text.split(",") if part.strip())


def parse_whole(arguments: Mapping[str, str], name: str, default: int, low: int) -> int:
    """The whole number in parameter `name`, at least `low`. Raises InvalidParameter."""
    if name not in arguments:
        return default
    text = arguments[name]
    if not (text.isascii() and text.isdigit() and len(text) <= 18) or int(text) < low:
        raise InvalidParameter(f"{name} must be a whole number, at least {low}, got {text[:40]!r}", where=name)
    return int(text)


def parse_flag(arguments: Mapping[str, str], name: str) -> bool:
    """Whether parameter `name` is "true". Raises InvalidParameter unless it is true, false or not there."""
    text = arguments.get(name, "false")
    if text not in ("true", "false"):
        raise InvalidParameter(f"{name} must be true or false, got {text[:40]!r}", where=name)
    return text == "true"
