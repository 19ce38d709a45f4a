"""One box for all that a planner looks for: coordinates, wards, streets, addresses, and assets by code or name.

`searching` reads rows, here they become results: segments of one street are one, the best come first, and each says
which ward it is in, for a city has many streets of one name. Boxes are longitude/latitude: west, south, east, north.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Language, Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.state import get_tallies
from gis_infra.spatial import crs
from gis_infra.spatial.written import Reading
from gis_infra.web.viewer import searching
from gis_infra.web.viewer.searching import Hit
from gis_infra.web.viewer.terms import Terms, fold, rank

Kind = Literal["coordinate", "unit", "street", "address", "asset"]
Box = tuple[float, float, float, float]

KINDS: tuple[Kind, ...] = ("coordinate", "unit", "street", "address", "asset")
MOST_SHOWN = 8
# Segments of one name farther apart than this, in degrees (some 300 m), are two streets.
GAP_DEG = 0.003
# Of a long street so many segments are named for the highlight; an address of more would not go through proxies.
MOST_SEGMENTS = 200


@dataclass(frozen=True)
class Found:
    """One result. also: what else it is called; unit: the ward it lies in; ids: its rows in the layer."""

    kind: Kind
    layer: Layer
    label: str
    ids: tuple[int, ...]
    box: Box
    also: str | None = None
    unit: str | None = None

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of its box, longitude and latitude."""
        west, south, east, north = self.box
        return (west + east) / 2, (south + north) / 2


def read_found(
    connection: Connection, tables: LayerTables, layers: Sequence[Layer], actor: Actor, terms: Terms
) -> Mapping[Kind, list[Found]]:
    """What matches, by kind, the best first; at most `MOST_SHOWN` of a kind and one more, which says there are more.

    layers: those the actor may see. Raises BusyError at the time limit.
    """
    if not terms.is_searchable:
        return {}
    own = [layer for layer in layers if layer.kept is None]
    counts = {layer_id: tally.features for layer_id, tally in get_tallies(connection, own, actor).items()}
    hits = searching.read_hits(connection, tables, searching.list_places(own, counts), actor, terms)
    found = to_found(hits, terms)
    shown = {kind: sort(each, terms)[: MOST_SHOWN + 1] for kind, each in found.items()}
    unit = next((layer for layer in own if layer.id == searching.UNITS and counts[layer.id] > 0), None)
    return shown if unit is None else add_units(connection, tables, unit, actor, shown)


def to_found(hits: Iterable[Hit], terms: Terms) -> dict[Kind, list[Found]]:
    """The hits as results by kind: a row each, but of streets the segments of one put together."""
    found: dict[Kind, list[Found]] = {}
    for hit in hits:
        found.setdefault(hit.place.kind, []).append(to_one(hit, terms))
    if "street" in found:
        found["street"] = join_segments(found["street"])
    return found


def to_one(hit: Hit, terms: Terms) -> Found:
    """A row as a result, called by that of its texts which matches best."""
    texts = [text for text in hit.texts if text]
    if len(texts) > 1:
        texts.sort(key=lambda text: rank(text, terms))
    also = texts[1] if len(texts) > 1 else None
    return Found(hit.place.kind, hit.place.layer, texts[0], (hit.id,), hit.box, also)


def join_segments(segments: Iterable[Found]) -> list[Found]:
    """Streets: segments of one name that lie near one another, put together."""
    streets: dict[str, list[Found]] = {}
    spelled: dict[str, str] = {}
    for segment in sorted(segments, key=lambda each: each.box):
        if segment.label not in spelled:
            spelled[segment.label] = fold(segment.label)
        named = streets.setdefault(spelled[segment.label], [])
        near = [street for street in named if is_near(street.box, segment.box)]
        named[:] = [street for street in named if street not in near]
        named.append(join([*near, segment]))
    return [street for named in streets.values() for street in named]


def join(parts: Sequence[Found]) -> Found:
    """Several results of one name as one."""
    boxes = [part.box for part in parts]
    box = tuple(pick(sides) for pick, sides in zip((min, min, max, max), zip(*boxes, strict=True), strict=True))
    ids = tuple(each for part in parts for each in part.ids)
    west, south, east, north = box
    return replace(parts[0], ids=ids, box=(west, south, east, north))


def is_near(one: Box, other: Box) -> bool:
    """Whether two boxes meet, or lie no farther apart than `GAP_DEG` either way."""
    return (
        one[0] - GAP_DEG <= other[2]
        and other[0] - GAP_DEG <= one[2]
        and one[1] - GAP_DEG <= other[3]
        and other[1] - GAP_DEG <= one[3]
    )


def sort(found: Iterable[Found], terms: Terms) -> list[Found]:
    """The results, the best first; of equals the longer street, then the older row."""
    held = list(found)
    ranks = {label: rank(label, terms) for label in {each.label for each in held}}
    return sorted(held, key=lambda each: (ranks[each.label], -len(each.ids), each.layer.id, each.ids))


def add_units(
    connection: Connection, tables: LayerTables, unit: Layer, actor: Actor, found: Mapping[Kind, list[Found]]
) -> Mapping[Kind, list[Found]]:
    """The same results, each with the ward its middle lies in; of a ward itself nothing is said."""
    asked = [(kind, number) for kind, each in found.items() if kind != "unit" for number in range(len(each))]
    if not asked:
        return found
    points = [found[kind][number].middle for kind, number in asked]
    rows = connection.execute(searching.select_units(tables, unit, actor, points))
    names = {asked[row.number - 1]: row.name for row in rows}
    return {
        kind: [replace(one, unit=names.get((kind, number))) for number, one in enumerate(each)]
        for kind, each in found.items()
    }


def to_document(
    terms: Terms, readings: Sequence[Reading], found: Mapping[Kind, list[Found]], language: Language
) -> dict[str, Any]:
    """All results as JSON values, in groups by kind, first the kind whose best matches best."""
    groups = [to_group(kind, found[kind], language) for kind in KINDS if found.get(kind)]
    groups.sort(key=lambda group: rank(group["results"][0]["label"], terms)[0])
    places = [to_place(reading) for reading in readings]
    coordinates = [{"kind": "coordinate", "results": places, "more": False}] if places else []
    return {"query": terms.text, "groups": [*coordinates, *groups]}


def to_group(kind: Kind, found: Sequence[Found], language: Language) -> dict[str, Any]:
    """The results of one kind as JSON values; `more` says that there are others."""
    shown = [to_result(each, language) for each in found[:MOST_SHOWN]]
    return {"kind": kind, "results": shown, "more": len(found) > MOST_SHOWN}


def to_result(found: Found, language: Language) -> dict[str, Any]:
    """One result as JSON values."""
    return {
        "label": found.label,
        "also": found.also,
        "unit": found.unit,
        "layer": found.layer.id,
        "title": found.layer.title.get_in(language),
        "ids": found.ids[:MOST_SEGMENTS],
        "bbox": found.box,
    }


def to_place(reading: Reading) -> dict[str, Any]:
    """A pair of coordinates as JSON values: where it is, and what it was read as."""
    return {
        "label": f"{reading.latitude:.6f}, {reading.longitude:.6f}",
        "system": crs.get_name(reading.srid),
        "srid": reading.srid,
        "point": [reading.longitude, reading.latitude],
        "inside": reading.is_inside,
        "bbox": [reading.longitude, reading.latitude, reading.longitude, reading.latitude],
    }
