"""Where a row lies by height, as SQL. Runs nothing. Meaning: docs/conflicts.md, "Vertical place".

Heights are metres, up. Those of different frames cannot be compared: one counts from a datum, one from the ground.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    SmallInteger,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
)

from gis_infra.analysis.rules.model import RuleBook, Size

DEPTH = 0  # below the ground, so all are negative
LEVEL = 1  # above the datum to which accuracy.yaml brings the others
UNNAMED = 2  # above a datum that nobody has named

# What the heights of the vertices refer to, by level_reference; any other says nothing of the asset.
REFERENCES = ("crown", "invert", "axis")
HIGHEST_M = 1e6


@dataclass(frozen=True)
class Heights:
    """A row's vertical place: a reference that runs along it, and its outside above and below that.

    frame: DEPTH, LEVEL or UNNAMED; null where nothing is known. by_z: the reference is the height of the vertices plus
    ref_up; else it goes evenly from ref_up at the first vertex to ref_down at the last. top_over, bottom_over: metres
    from the reference to the top and to the bottom; null where not known.
    """

    frame: ColumnElement[int]
    by_z: ColumnElement[bool]
    ref_up: ColumnElement[float]
    ref_down: ColumnElement[float]
    top_over: ColumnElement[float]
    bottom_over: ColumnElement[float]

    def list_columns(self) -> tuple[ColumnElement[Any], ...]:
        """Its expressions in order."""
        return tuple(getattr(self, each.name) for each in fields(self))


@dataclass(frozen=True)
class Source:
    """One way in which a row may tell its heights: when it does, what it tells, and which part of the outside it is."""

    holds: ColumnElement[bool]
    is_level: bool
    ref_up: ColumnElement[float]
    ref_down: ColumnElement[float]
    reference: ColumnElement[str]


def select_heights(table: FromClause, layer_id: str, book: RuleBook) -> Heights:
    """The vertical place of each row, by the first way in which it tells it."""
    sources = list_sources(table)
    frame = case(*((each.holds, select_frame(table, book, each)) for each in sources))
    reference = case(*((each.holds, each.reference) for each in sources))
    shift = select_shift(table, book)
    up = case(*((each.holds, each.ref_up + shift if each.is_level else each.ref_up) for each in sources))
    down = case(*((each.holds, each.ref_down + shift if each.is_level else each.ref_down) for each in sources))
    height, wall = select_outer_height(table, layer_id, book), select_wall(table, layer_id, book)
    top = case((reference == "crown", 0.0), (reference == "invert", height - wall), else_=height / 2)
    bottom = case((reference == "crown", -height), (reference == "invert", -wall), else_=-height / 2)
    return Heights(
        frame=cast(frame, SmallInteger),
        by_z=sources[0].holds,
        ref_up=cast(up, Double),
        ref_down=cast(down, Double),
        top_over=cast(top, Double),
        bottom_over=cast(bottom, Double),
    )


def list_sources(table: FromClause) -> list[Source]:
    """The ways a row may tell its heights, the first that it does counts."""
    by_z = and_(
        func.coalesce(table.c.level_reference.in_(REFERENCES), False),
        func.st_ndims(table.c.geom) >= 3,
        # A height that is no number is none: it compares as more than any other, and would make all clear.
        func.coalesce(func.st_zmin(table.c.geom) + func.st_zmax(table.c.geom) < HIGHEST_M, False),
    )
    zero: ColumnElement[float] = literal(0.0, Double)
    invert, crown = literal("invert"), literal("crown")
    sources = [Source(by_z, True, zero, zero, table.c.level_reference)]
    if "invert_up_m" in table.c and "invert_down_m" in table.c:
        up, down = table.c.invert_up_m, table.c.invert_down_m
        sources.append(Source(and_(up.is_not(None), down.is_not(None)), True, up, down, invert))
    for column, is_level, reference in (("crown_level_m", True, crown), ("invert_level_m", True, invert)):
        value = table.c[column]
        sources.append(Source(value.is_not(None), is_level, value, value, reference))
    cover = -table.c.cover_m
    sources.append(Source(table.c.cover_m.is_not(None), False, cover, cover, crown))
    return sources


def select_frame(table: FromClause, book: RuleBook, source: Source) -> ColumnElement[int]:
    """What the heights of one way count from; null for a datum that cannot be compared with the others."""
    if not source.is_level:
        return literal(DEPTH, SmallInteger)
    datum = table.c.vertical_datum
    unnamed = or_(datum.is_(None), datum == "unknown")
    named = datum.in_(list(book.accuracy.datums.metres))
    return case((unnamed, literal(UNNAMED, SmallInteger)), (named, literal(LEVEL, SmallInteger)), else_=null())


def select_shift(table: FromClause, book: RuleBook) -> ColumnElement[float]:
    """Metres that bring a level to those of the other datums."""
    shifts = [(table.c.vertical_datum == name, literal(m, Double)) for name, m in book.accuracy.datums.metres.items()]
    return case(*shifts, else_=0.0) if shifts else literal(0.0, Double)


def select_outer_height(table: FromClause, layer_id: str, book: RuleBook) -> ColumnElement[Any]:
    """The outer height in metres, else the outer width; null where neither is recorded."""
    known = [select_size(table, sizes, layer_id) for sizes in (book.heights, book.sizes) if layer_id in sizes]
    return cast(func.coalesce(*known), Double) if known else cast(null(), Double)


def select_wall(table: FromClause, layer_id: str, book: RuleBook) -> ColumnElement[float]:
    """The thickness of the wall in metres: half of the outer less the inner size, 0 where one is not recorded."""
    if layer_id not in book.sizes or layer_id not in book.bores:
        return literal(0.0, Double)
    outer, inner = select_size(table, book.sizes, layer_id), select_size(table, book.bores, layer_id)
    return cast(func.greatest(func.coalesce((outer - inner) / 2, 0.0), 0.0), Double)


def select_size(table: FromClause, sizes: Mapping[str, Size], layer_id: str) -> ColumnElement[Any]:
    """A size in metres, by the first attribute that is given; null where none is."""
    size = sizes[layer_id]
    return func.coalesce(*(table.c[name] for name in size.fields), null()) * size.factor_m


def select_lowest(heights: Heights, geom: ColumnElement[Any]) -> ColumnElement[float]:
    """The lowest bottom anywhere along the row; null where not known."""
    ref = case((heights.by_z, func.st_zmin(geom) + heights.ref_up), else_=func.least(heights.ref_up, heights.ref_down))
    return ref + heights.bottom_over


def select_highest(heights: Heights, geom: ColumnElement[Any]) -> ColumnElement[float]:
    """The highest top anywhere along the row; null where not known."""
    ref = case(
        (heights.by_z, func.st_zmax(geom) + heights.ref_up), else_=func.greatest(heights.ref_up, heights.ref_down)
    )
    return ref + heights.top_over


def select_reference(
    heights: Heights, geom: ColumnElement[Any], fraction: ColumnElement[float]
) -> ColumnElement[float]:
    """The reference at a place, told as the fraction of the line's length in the plan; points have one place."""
    is_line = func.geometrytype(geom) == "LINESTRING"
    at = case((is_line, func.st_lineinterpolatepoint(geom, fraction)), else_=func.st_pointonsurface(geom))
    even = heights.ref_up + (heights.ref_down - heights.ref_up) * fraction
    return case((heights.by_z, func.st_z(at) + heights.ref_up), else_=even)


def select_top(heights: Heights, geom: ColumnElement[Any], fraction: ColumnElement[float]) -> ColumnElement[float]:
    """The top at a place, in the row's frame; null where not known."""
    return select_reference(heights, geom, fraction) + heights.top_over


def select_bottom(heights: Heights, geom: ColumnElement[Any], fraction: ColumnElement[float]) -> ColumnElement[float]:
    """The bottom at a place, in the row's frame; null where not known."""
    return select_reference(heights, geom, fraction) + heights.bottom_over
