"""The query string of a request for features, read into a FeatureQuery. Everything not known here is refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import InvalidParameter
from gis_infra.features import cursors
from gis_infra.features.query import Cursor, FeatureQuery, SortKey
from gis_infra.filters import cql2
from gis_infra.filters.tree import And, Condition
from gis_infra.settings import Settings
from gis_infra.spatial import boxes
from gis_infra.spatial.boxes import Bbox
from gis_infra.web.languages import LANGUAGES
from gis_infra.web.ogcapi import systems, times

DEFAULT_LIMIT = 10
ALWAYS = frozenset({"f", "lang"})
SHAPES = frozenset({"crs", "skipGeometry", "zoom-level", "max-allowable-offset"})
ITEM = SHAPES | {"properties", "as-of"}
FILTERS = frozenset({"filter", "filter-lang", "filter-crs"})
ITEMS = ITEM | FILTERS | {"limit", "offset", "cursor", "bbox", "bbox-crs", "datetime", "sortby", "id"}
MOST_ZOOM = 24
# Of all places a day begins first where clocks are farthest ahead of UTC.
EARLIEST_DAWN = timedelta(hours=14)
MOST_TOLERANCE_M = 100_000.0
# Metres of a pixel of 256 to a tile at zoom 0, at the equator. Source: OGC 17-083r4, annex D.1 (WebMercatorQuad).
PIXEL_M_AT_ZOOM_0 = 156_543.034


@dataclass(frozen=True)
class Bounds:
    """What the service sets for every request.

    city_srid: EPSG code the layers are stored in. max_page: most features of one answer; a higher limit is taken as
    this one. count_bound: matches are counted up to this number.
    """

    city_srid: int
    max_page: int
    count_bound: int | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Bounds":
        """The bounds in force."""
        return cls(settings.city_srid, settings.max_page, settings.count_limit)


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


def parse_query(arguments: Mapping[str, str], layer: Layer, actor: Actor, bounds: Bounds) -> FeatureQuery:
    """What a request for the items of `layer` asks; `arguments` is its query string.

    Raises InvalidParameter, InvalidBbox, InvalidCrs and UnknownProperty, each naming the parameter.
    """
    names = [field.name for field in layer.fields]
    require_known(arguments, ITEMS.union(names))
    wanted = systems.parse_offered(arguments.get("crs", systems.CRS84), "crs", bounds.city_srid)
    sort = parse_sort(arguments.get("sortby", ""))
    return FeatureQuery(
        layer=layer,
        actor=actor,
        bbox=parse_bbox(arguments, bounds.city_srid),
        equals={name: arguments[name] for name in names if name in arguments},
        filter=parse_condition(arguments, layer, bounds.city_srid),
        ids=parse_id(arguments.get("id")),
        sort=sort,
        srid=wanted.srid,
        limit=min(parse_whole(arguments, "limit", DEFAULT_LIMIT, 1), bounds.max_page),
        offset=parse_whole(arguments, "offset", 0, 0),
        cursor=parse_cursor(arguments, layer, sort),
        properties=parse_properties(arguments.get("properties")),
        skip_geometry=parse_flag(arguments, "skipGeometry"),
        geometry_form="geojson",
        swap_axes=wanted.swap_axes,
        count_bound=bounds.count_bound,
        tolerance_m=parse_tolerance(arguments),
        as_of=parse_as_of(arguments.get("as-of")),
    )


def parse_item_query(arguments: Mapping[str, str], layer: Layer, actor: Actor, city_srid: int) -> FeatureQuery:
    """What a request for one item of `layer` asks. Raises InvalidParameter, InvalidCrs."""
    require_known(arguments, ITEM)
    wanted = systems.parse_offered(arguments.get("crs", systems.CRS84), "crs", city_srid)
    return FeatureQuery(
        layer=layer,
        actor=actor,
        srid=wanted.srid,
        properties=parse_properties(arguments.get("properties")),
        skip_geometry=parse_flag(arguments, "skipGeometry"),
        geometry_form="geojson",
        swap_axes=wanted.swap_axes,
        tolerance_m=parse_tolerance(arguments),
        as_of=parse_as_of(arguments.get("as-of")),
    )


def parse_condition(arguments: Mapping[str, str], layer: Layer, city_srid: int) -> Condition | None:
    """What `datetime` and `filter` ask, both of which must hold; None where neither asks anything.

    Raises InvalidParameter, FilterError, InvalidCrs. Source: OGC 19-079r2, /req/filter/mixing-expressions.
    """
    asked = (parse_time(arguments, layer), parse_filter(arguments, city_srid))
    given = tuple(each for each in asked if each is not None)
    return And(given) if len(given) > 1 else next(iter(given), None)


def parse_time(arguments: Mapping[str, str], layer: Layer) -> Condition | None:
    """What `datetime` asks; None without it, or where the layer knows no time. Raises InvalidParameter."""
    if "datetime" not in arguments:
        return None
    return times.to_condition(layer, times.parse_interval(arguments["datetime"]))


def parse_filter(arguments: Mapping[str, str], city_srid: int) -> Condition | None:
    """What `filter` asks in the language of `filter-lang`, its coordinates in `filter-crs`; None without it.

    Raises InvalidParameter, FilterError, InvalidCrs. Source: OGC 19-079r2, clause 8.
    """
    wanted = systems.parse_offered(arguments.get("filter-crs", systems.CRS84), "filter-crs", city_srid)
    language = arguments.get("filter-lang", cql2.TEXT)
    if language not in cql2.LANGUAGES:
        known = ", ".join(cql2.LANGUAGES)
        raise InvalidParameter(f"filter-lang must be one of {known}, got {language[:40]!r}", where="filter-lang")
    if "filter" not in arguments:
        return None
    return cql2.parse(arguments["filter"], language, wanted.srid, wanted.swap_axes)


def parse_id(text: str | None) -> tuple[int, ...] | None:
    """The one id that `id` asks for, None without it. Raises InvalidParameter."""
    if text is None:
        return None
    number = parse_whole({"id": text}, "id", 0, 0)
    return (number,)


def parse_bbox(arguments: Mapping[str, str], city_srid: int) -> Bbox | None:
    """The box of `bbox` in the CRS and axis order of `bbox-crs`, turned to easting first; None without one.

    Four numbers, or six: then the second and the third of the corners are heights in metres, whatever the CRS.
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
    return tuple(SortKey(key[1:] if key[0] in "+-" else key, descending=key.startswith("-")) for key in keys)


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


def parse_tolerance(arguments: Mapping[str, str]) -> float | None:
    """The metres by which shapes may be simplified; None leaves them as they are.

    `max-allowable-offset` says them; `zoom-level` says a zoom of the web map, whose pixels they then are.
    Raises InvalidParameter.
    """
    if "zoom-level" in arguments and "max-allowable-offset" in arguments:
        raise InvalidParameter(
            "zoom-level and max-allowable-offset both say how much to simplify; give one", where="zoom-level"
        )
    if "zoom-level" in arguments:
        zoom = parse_whole(arguments, "zoom-level", 0, 0, MOST_ZOOM)
        return PIXEL_M_AT_ZOOM_0 / (1 << zoom)
    if "max-allowable-offset" in arguments:
        return parse_number(arguments, "max-allowable-offset", 0.0, MOST_TOLERANCE_M)
    return None


def parse_as_of(text: str | None) -> datetime | None:
    """The moment of `as-of`, with its offset from UTC; of a day alone its last, or now while it lasts. None is now.

    text: an RFC 3339 date, or date and time with offset. Raises InvalidParameter; also for what is still to come.
    """
    if text is None:
        return None
    now = datetime.now(UTC)
    try:
        if len(text) == len("2026-11-23"):
            return parse_end_of_day(date.fromisoformat(text), now)
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or "T" not in text.upper():
        raise InvalidParameter(f"as-of must be as 2026-11-23 or 2026-11-23T08:00:00Z, got {text[:80]!r}", where="as-of")
    if moment > now:
        raise make_future_error(text, now)
    return moment


def parse_end_of_day(day: date, now: datetime) -> datetime:
    """The last moment of a day in UTC that is not to come. Raises InvalidParameter if the day has begun nowhere yet."""
    if day > (now + EARLIEST_DAWN).date():
        raise make_future_error(day.isoformat(), now)
    return min(datetime.combine(day, time.max, UTC), now)


def make_future_error(text: str, now: datetime) -> InvalidParameter:
    """That nobody knows yet."""
    told = now.isoformat(timespec="seconds").replace("+00:00", "Z")
    return InvalidParameter(f"as-of must not lie in the future, got {text[:80]!r}; it is {told} now", where="as-of")


def parse_whole(arguments: Mapping[str, str], name: str, default: int, low: int, high: int | None = None) -> int:
    """The whole number in parameter `name`, at least `low`, at most `high`. Raises InvalidParameter."""
    if name not in arguments:
        return default
    text = arguments[name]
    is_whole = text.isascii() and text.isdigit() and len(text) <= 18
    if not is_whole or int(text) < low or (high is not None and int(text) > high):
        allowed = f"at least {low}" if high is None else f"from {low} to {high}"
        raise InvalidParameter(f"{name} must be a whole number, {allowed}, got {text[:40]!r}", where=name)
    return int(text)


def parse_number(arguments: Mapping[str, str], name: str, low: float, high: float) -> float:
    """The number in parameter `name`, from `low` to `high`. Raises InvalidParameter."""
    text = arguments[name]
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not low <= number <= high:
        raise InvalidParameter(f"{name} must be a number from {low:g} to {high:g}, got {text[:40]!r}", where=name)
    return number


def parse_flag(arguments: Mapping[str, str], name: str) -> bool:
    """Whether parameter `name` is "true". Raises InvalidParameter unless it is true, false or not there."""
    text = arguments.get(name, "false")
    if text not in ("true", "false"):
        raise InvalidParameter(f"{name} must be true or false, got {text[:40]!r}", where=name)
    return text == "true"
