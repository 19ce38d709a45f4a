"""What planned works would meet: every asset within reach that the asker may see, whose it is, and how sure we are.

An answer is never "clear" for want of a depth: an asset whose cover is not known is possible, and counted.
"""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    Integer,
    Row,
    Select,
    Text,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
)

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_member, select_present, select_radius
from gis_infra.analysis.register.entries import Asset
from gis_infra.analysis.rules.model import TOLERANCE_M, Member, Rule, Side, is_evaluated
from gis_infra.analysis.works.works import Works
from gis_infra.catalogue.definitions import Layer
from gis_infra.features.selection import select_visible
from gis_infra.filters.places import to_constant

Severity = Literal["violation", "possible"]

MOST_A_LAYER = 1000
WIDEST_RADIUS_M = 25.0  # of an asset whose layer sets no bound to its size
LONLAT_DECIMALS = 8


@dataclass(frozen=True)
class Met:
    """An asset within reach of the works.

    distance_m: between outlines in the plan, 0 where they meet. geometry: its part within reach, GeoJSON, lon/lat.
    depth_unknown: it lies in the ground, and how deep is not recorded.
    """

    rule: Rule
    severity: Severity
    asset: Asset
    distance_m: float
    required_m: float
    geometry: Mapping[str, Any]
    depth_unknown: bool


@dataclass(frozen=True)
class WorksCheck:
    """The answer. layers, rules: what was looked at; matched: assets within reach, listed or too many to list.

    owners: owner (None: not recorded) -> layer id -> number of assets met.
    """

    met: tuple[Met, ...]
    owners: Mapping[str | None, Mapping[str, int]]
    layers: tuple[str, ...]
    rules: tuple[str, ...]
    unknown_depth: int
    matched: int


@dataclass(frozen=True)
class LayerRules:
    """The rules that speak of one layer's assets when somebody digs near them, in order of precedence."""

    layer: Layer
    cases: tuple[tuple[Rule, Member], ...]


def check_works(
    connection: Connection, ground: Ground, rules: Sequence[Rule], works: Works, actor: Actor
) -> WorksCheck:
    """What the works would meet, by the rules in force, among what the actor may see.

    rules: in order of precedence, as `rules.list_in_force` gives them.
    """
    groups = list_layer_rules(ground, rules, actor)
    met: list[Met] = []
    matched = 0
    for group in groups:
        rows = connection.execute(select_met(ground, group, works, actor)).all()
        matched += rows[0].matched if rows else 0
        met += [each for row in rows if (each := to_met(ground, group, works, row)) is not None]
    met.sort(key=lambda each: (each.severity != "violation", each.distance_m, each.asset.layer, each.asset.id))
    return WorksCheck(
        met=tuple(met),
        owners=count_owners(met),
        layers=tuple(group.layer.id for group in groups),
        rules=tuple(dict.fromkeys(rule.id for group in groups for rule, _ in group.cases)),
        unknown_depth=sum(each.depth_unknown for each in met),
        matched=matched,
    )


def list_layer_rules(ground: Ground, rules: Sequence[Rule], actor: Actor) -> list[LayerRules]:
    """The layers the actor may see that a rule for works speaks of."""
    found: dict[str, list[tuple[Rule, Member]]] = {}
    for rule in rules:
        for member in list_members(ground, rule):
            found.setdefault(member.layer, []).append((rule, member))
    layers = ((ground.catalogue.get_layer(layer_id), tuple(cases)) for layer_id, cases in found.items())
    return [LayerRules(layer, cases) for layer, cases in layers if actor.is_allowed("read", layer)]


def list_members(ground: Ground, rule: Rule) -> Iterator[Member]:
    """The parts of layers that stand against works: the assets of a works rule, and other works."""
    if rule.kind == "works":
        yield from ground.book.find_members(rule.left)
    elif rule.kind == "works_overlap" and is_evaluated(ground.book, rule):
        yield from ground.book.find_members(rule.right or Side(""))


def select_met(ground: Ground, group: LayerRules, works: Works, actor: Actor) -> Select[Any]:
    """The assets of one layer within reach, nearest first, with the number of all of them."""
    table = ground.tables.get(group.layer.id)
    fits = [select_member(table, member) for _, member in group.cases]
    metres = [literal(rule.required_m, Double) for rule, _ in group.cases]
    required = case(*zip(fits, metres, strict=True))
    radius = select_radius(table, group.layer.id, ground.book.sizes)
    reach = func.greatest(required, works.buffer_m) + radius
    shape = to_constant(works.shape, ground.tables.srid)
    farthest_m = find_farthest(ground, group, works)
    visible = select_visible(table, group.layer, actor)
    return (
        select(
            table.c.id,
            table.c.asset_code,
            table.c.owner,
            table.c.cover_m,
            table.c.vertical_position,
            case(*((fit, literal(place, Integer)) for place, fit in enumerate(fits))).label("place"),
            required.label("required_m"),
            cast(radius, Double).label("radius_m"),
            func.greatest(func.st_distance(table.c.geom, shape) - radius, 0.0).label("distance_m"),
            select_part(select_flat(table, group.layer), works.shape, ground.tables.srid, reach).label("part"),
            func.count().over().label("matched"),
            *select_window(ground, group, table),
        )
        .where(
            table.c.geom.op("&&")(func.st_expand(shape, farthest_m)),
            select_present(table),
            or_(*fits),
            visible if visible is not None else literal(True),
            func.st_dwithin(table.c.geom, shape, func.greatest(reach - TOLERANCE_M, 0.0)),
        )
        .order_by("distance_m", table.c.id)
        .limit(MOST_A_LAYER)
    )


def find_farthest(ground: Ground, group: LayerRules, works: Works) -> float:
    """Metres around the works in which the index is asked: the longest reach and the largest radius a row may have."""
    size = ground.book.sizes.get(group.layer.id)
    radius_m = 0.0
    if size is not None:
        bounds = [group.layer.get_field(name).maximum for name in size.fields]
        radius_m = max(WIDEST_RADIUS_M if each is None else each * size.factor_m / 2 for each in bounds)
    return max(works.buffer_m, *(rule.required_m for rule, _ in group.cases)) + radius_m


def select_flat(table: Any, layer: Layer) -> ColumnElement[Any]:
    """The geometry without heights; areas are mended, because one that crosses itself cannot be cut."""
    flat = func.st_force2d(table.c.geom)
    return func.st_makevalid(flat) if layer.geometry.endswith("Polygon") else flat


def select_part(
    flat: ColumnElement[Any], shape: BaseGeometry, srid: int, reach: ColumnElement[float]
) -> ColumnElement[Any]:
    """The part of a row within reach of the works as GeoJSON text, lon/lat; a point where it only touches."""
    constant = to_constant(shape, srid)
    part = func.st_intersection(flat, func.st_buffer(constant, reach))
    shown = case((func.st_isempty(part), func.st_closestpoint(flat, constant)), else_=part)
    return type_coerce(func.st_asgeojson(func.st_transform(shown, 4326), LONLAT_DECIMALS, 0), Text)


def select_window(ground: Ground, group: LayerRules, table: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """First and last day of rows of a layer that has them; nothing for others."""
    window = ground.book.windows.get(group.layer.id)
    if window is None:
        return null().label("starts_on"), null().label("ends_on")
    return table.c[window.from_field].label("starts_on"), table.c[window.to_field].label("ends_on")


def to_met(ground: Ground, group: LayerRules, works: Works, row: Row[Any]) -> Met | None:
    """One asset within reach; None if its depth or its dates keep it clear."""
    rule = group.cases[row.place][0]
    in_ground = group.layer.id in ground.book.buried and row.vertical_position not in ("overhead", "surface")
    if rule.kind == "works_overlap":
        severity = judge_dates(works, row.starts_on, row.ends_on)
    else:
        severity = judge_depth(works, row) if in_ground else "violation"
    if severity is None:
        return None
    if row.distance_m >= row.required_m - TOLERANCE_M:
        severity = "possible"  # found by a wider look around than the rule asks for
    return Met(
        rule=rule,
        severity=severity,
        asset=Asset(group.layer.id, row.id, row.asset_code, row.owner),
        distance_m=row.distance_m,
        required_m=row.required_m,
        geometry=orjson.loads(row.part),
        depth_unknown=in_ground and row.cover_m is None,
    )


def judge_depth(works: Works, row: Row[Any]) -> Severity | None:
    """Whether works of a known depth reach an asset in the ground.

    Clear (None) only where the asset is known to lie deeper than an excavation by the required distance. A bore known
    to pass beneath is possible: it starts and ends in pits, and strays. Without the works' depth the plan decides.
    """
    if works.depth_m is None:
        return "violation"
    if row.cover_m is None:
        return "possible"
    if row.cover_m >= works.depth_m + row.required_m - TOLERANCE_M:
        return None
    if works.method == "trenchless" and row.cover_m + 2 * row.radius_m + row.required_m <= works.depth_m:
        return "possible"
    return "violation"


def judge_dates(works: Works, starts_on: datetime.date | None, ends_on: datetime.date | None) -> Severity | None:
    """Whether two works are under way on a common day; possible where a day is not known."""
    if works.ends_on is not None and starts_on is not None and works.ends_on < starts_on:
        return None
    if works.starts_on is not None and ends_on is not None and ends_on < works.starts_on:
        return None
    known = None not in (works.starts_on, works.ends_on, starts_on, ends_on)
    return "violation" if known else "possible"


def count_owners(met: Sequence[Met]) -> Mapping[str | None, Mapping[str, int]]:
    """Owner -> layer id -> number of assets met; owners by name, those not recorded last."""
    counts = Counter((each.asset.owner, each.asset.layer) for each in met)
    owners: dict[str | None, dict[str, int]] = {}
    for owner, layer in sorted(counts, key=lambda key: (key[0] is None, key[0] or "", key[1])):
        owners.setdefault(owner, {})[layer] = counts[owner, layer]
    return owners
