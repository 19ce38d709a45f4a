"""Rows whose code, name or address matches what was typed: one statement over all layers, served by the search indexes.

What is asked of is `gis.fold_text(column)`, to the letter what `catalogue.tables.add_search_index` indexes.
Permission is part of each layer's SELECT (`features.selection`). Nothing is sorted here: of too many matches the
database gives the first it meets, and then those equal to the text, or beginning with it, are asked for by themselves.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Double,
    Select,
    Table,
    Text,
    and_,
    func,
    literal,
    null,
    or_,
    union_all,
)

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.query import FeatureQuery
from gis_infra.features.selection import select_rows
from gis_infra.web.viewer.terms import ANYWHERE, Terms, fold, to_start_pattern

Kind = Literal["unit", "street", "address", "asset"]

UNITS, STREETS = "admin_unit", "road_segment"
CODE, NAME, ADDRESS = "asset_code", "name", "address"
# Rows of one layer and kind that are looked at; a street is many segments.
MOST: Mapping[Kind, int] = {"unit": 40, "street": 400, "address": 40, "asset": 40}
LEAST_CODE = 3
# A plan made for any pattern would read whole tables: it takes a rare word for a common one.
PLANS = {"plan_cache_mode": "force_custom_plan"}


@dataclass(frozen=True)
class Place:
    """Where to look: one kind of thing in one layer. columns: in which of its texts."""

    kind: Kind
    layer: Layer
    columns: tuple[str, ...]

    @property
    def key(self) -> tuple[Kind, str]:
        """What tells it from every other place."""
        return self.kind, self.layer.id


@dataclass(frozen=True)
class Hit:
    """One row found. texts: of the place's columns, None where there is none; box: longitude/latitude."""

    place: Place
    id: int
    texts: tuple[str | None, ...]
    box: tuple[float, float, float, float]


# What is asked of a place, from its table and its columns.
Match = Callable[[Table, Place], ColumnElement[bool]]


def list_places(layers: Sequence[Layer], counts: Mapping[str, int]) -> list[Place]:
    """Where to look among `layers`: those that are searched and hold anything the actor may see.

    counts: features by layer id.
    """
    filled = [layer for layer in layers if layer.kept is None and counts.get(layer.id, 0) > 0]
    return [place for layer in filled for place in list_places_of(layer)]


def list_places_of(layer: Layer) -> Iterator[Place]:
    """The kinds of things in a layer, each with the columns that are searched for it."""
    searched = {field.name for field in layer.fields if field.search}
    special: Mapping[str, Kind] = {UNITS: "unit", STREETS: "street"}
    kind = special.get(layer.id)
    if kind is not None and NAME in searched:
        yield Place(kind, layer, (NAME,))
    own = tuple(each for each in ((CODE,) if kind is not None else (CODE, NAME)) if each in searched)
    if own:
        yield Place("asset", layer, own)
    if ADDRESS in searched:
        yield Place("address", layer, (ADDRESS,))


def read_hits(
    connection: Connection, tables: LayerTables, places: Sequence[Place], actor: Actor, terms: Terms
) -> list[Hit]:
    """The rows that match, at most `MOST` of each place and a few besides that match better.

    connection: of `transactions.reading`, begun with `PLANS`. Raises BusyError at its time limit.
    """
    if not places or not terms.is_searchable:
        return []
    hits = read(connection, tables, places, actor, partial(contains, terms=terms))
    for match, kinds in list_better(terms):
        counts = Counter(hit.place.key for hit in hits)
        full = [place for place in places if place.kind in kinds and counts[place.key] >= MOST[place.kind]]
        hits += read(connection, tables, full, actor, partial(match, terms=terms)) if full else []
    return list({(hit.place.key, hit.id): hit for hit in hits}.values())


def list_better(terms: Terms) -> Iterator[tuple[Callable[..., ColumnElement[bool]], tuple[Kind, ...]]]:
    """What to ask besides where there are too many matches, and of which kinds: those that match better.

    Only with figures in it a text is so rare that this takes milliseconds; without, whole tables begin with it.
    """
    if len(terms.folded) >= LEAST_CODE and any(sign.isdigit() for sign in terms.folded):
        yield equals, ("asset",)
        yield begins, ("asset", "address") if terms.folded[0].isdigit() else ("asset",)


def read(connection: Connection, tables: LayerTables, places: Sequence[Place], actor: Actor, match: Match) -> list[Hit]:
    """The rows of each place for which `match` holds, in no order."""
    parts = [
        select_part(tables, place, actor, match(tables.get(place.layer.id), place)).add_columns(
            literal(number).label("place")
        )
        for number, place in enumerate(places)
    ]
    return [to_hit(places, row) for row in connection.execute(union_all(*(part.subquery().select() for part in parts)))]


def select_part(tables: LayerTables, place: Place, actor: Actor, match: ColumnElement[bool]) -> Select[Any]:
    """The rows of one place: id, two texts, the corners of its box."""
    table = tables.get(place.layer.id)
    texts = [table.c[name] for name in place.columns]
    corners = (func.st_xmin, func.st_ymin, func.st_xmax, func.st_ymax)
    rows = select_rows(tables, FeatureQuery(place.layer, actor)).where(match, table.c.lonlat.is_not(None))
    return rows.with_only_columns(
        table.c.id.label("id"),
        texts[0].label("first"),
        (texts[1] if len(texts) > 1 else null().cast(Text)).label("second"),
        *(corner(table.c.lonlat).label(f"corner_{number}") for number, corner in enumerate(corners)),
    ).limit(MOST[place.kind])


def contains(table: Table, place: Place, terms: Terms) -> ColumnElement[bool]:
    """True where one of the texts has every word."""
    return or_(*(and_(*(has_word(table, name, word) for word in terms.words)) for name in place.columns))


def has_word(table: Table, name: str, word: str) -> ColumnElement[bool]:
    """True where the text has the word: anywhere, or where it is short, at the beginning of a word."""
    column = fold_column(table, name)
    if len(word) >= ANYWHERE:
        return column.contains(word, autoescape=True)
    return column.regexp_match(to_start_pattern(word))


def equals(table: Table, place: Place, terms: Terms) -> ColumnElement[bool]:
    """True where one of the texts is what was typed."""
    return or_(*(fold_column(table, name) == fold(terms.text) for name in place.columns))


def begins(table: Table, place: Place, terms: Terms) -> ColumnElement[bool]:
    """True where one of the texts begins with what was typed."""
    return or_(*(fold_column(table, name).startswith(fold(terms.text), autoescape=True) for name in place.columns))


def fold_column(table: Table, name: str) -> ColumnElement[str]:
    """The text of a column without capitals and accents, as it is indexed."""
    return func.gis.fold_text(table.c[name], type_=Text)


def to_hit(places: Sequence[Place], row: Any) -> Hit:
    """A row of `read` as a hit."""
    place = places[row.place]
    return Hit(place, row.id, (row.first, row.second)[: len(place.columns)], tuple(row[3:7]))


def select_units(tables: LayerTables, unit: Layer, actor: Actor, points: Sequence[tuple[float, float]]) -> Select[Any]:
    """The commune that each point lies in, today: number of the point, name. points: longitude, latitude."""
    table = tables.get(unit.id)
    sides = (literal(list(side), ARRAY(Double)) for side in zip(*points, strict=True))
    asked = func.unnest(*sides).table_valued("x", "y", with_ordinality="number").render_derived(name="asked")
    place = func.st_setsrid(func.st_makepoint(asked.c.x, asked.c.y), 4326)
    visible = select_rows(tables, FeatureQuery(unit, actor)).with_only_columns(asked.c.number, table.c.name)
    return visible.select_from(table.join(asked, func.st_intersects(table.c.lonlat, place))).where(
        table.c.level == "commune", or_(table.c.valid_to.is_(None), table.c.valid_to >= func.current_date())
    )
