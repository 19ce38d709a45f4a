"""What of one layer planned works reach, as one statement: found by place, judged, counted, the nearest in full.

Builds SQL and runs nothing. Permission is part of every statement made here.
"""

from typing import Any

from shapely import box
from sqlalchemy import (
    CTE,
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
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
from gis_infra.analysis.conflicts.accuracy import select_accuracy, select_known
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.kinds import times
from gis_infra.analysis.conflicts.matching import select_member, select_present, select_radius
from gis_infra.analysis.rules.model import TOLERANCE_M
from gis_infra.analysis.works.cases import Group, to_constants
from gis_infra.analysis.works.depths import (
    is_deep,
    list_facts,
    list_gaps,
    select_answer,
    select_both,
    select_depth_unknown,
)
from gis_infra.analysis.works.projects import LAYER
from gis_infra.analysis.works.works import Works
from gis_infra.catalogue.definitions import Layer
from gis_infra.features.selection import select_visible
from gis_infra.filters.places import to_constant

MOST_A_LAYER = 1000
WIDEST_RADIUS_M = 25.0  # of an asset whose layer sets no bound to its size
LONLAT_DECIMALS = 8


def select_reached(ground: Ground, group: Group, works: Works, actor: Actor) -> Select[Any]:
    """The assets of one layer that the works reach, nearest first, with the number of all of them."""
    judged = select_judged(ground, group, works, actor).subquery("judged")
    shape = to_constant(works.shape, ground.tables.srid)
    shown = [each for each in judged.columns if each.name != "flat"]
    counts = (
        func.count().over().label("matched"),
        func.count().filter(judged.c.depth_unknown).over().label("unknown_depth"),
    )
    part = select_part(judged.c.flat, shape, judged.c.reach_m)
    as_json = func.st_asgeojson(func.st_transform(part, 4326), LONLAT_DECIMALS, 0)
    return (
        select(*shown, type_coerce(as_json, Text).label("part"), *counts)
        .where(select_told(judged, works))
        .order_by(judged.c.distance_m, judged.c.id)
        .limit(MOST_A_LAYER)
    )


def select_owners(ground: Ground, group: Group, works: Works, actor: Actor) -> Select[Any]:
    """Owner and number of all the assets of one layer that the works reach, for where not all can be listed."""
    judged = select_judged(ground, group, works, actor).subquery("judged")
    owner = judged.c.owner
    return select(owner, func.count().label("number")).where(select_told(judged, works)).group_by(owner).order_by(owner)


def select_told(judged: Subquery, works: Works) -> ColumnElement[bool]:
    """True for what is told: what is not clear, and what is but was asked for by a wider look around."""
    if not works.buffer_m:
        return judged.c.severity != "clear"
    return or_(judged.c.severity != "clear", judged.c.distance_m < works.buffer_m - TOLERANCE_M)


def select_judged(ground: Ground, group: Group, works: Works, actor: Actor) -> Select[Any]:
    """Every asset of one layer within reach in the plan, with its answer.

    It is made in steps, each of which names what the next one uses many times over.
    """
    near = make_step(select_near(ground, group, works, actor), "near")
    if group.kind != "works":
        return select(near)
    if not asks_depth(ground, group, works):
        plan = select_answer(near.c.distance_m, near.c.required_m, near.c.accuracy_m, TOLERANCE_M)
        return select(near, cast(plan, Text).label("severity"))
    part = select_part(near.c.flat, to_constant(works.shape, ground.tables.srid), near.c.reach_m)
    measured = make_step(select(near, *list_gaps(ground, near, works, part)), "measured")
    told = [measured.c[name] for name in (*PLAIN, "vertical_m", "depth_unknown")]
    accuracy = case((measured.c.in_ground, measured.c.vertical_accuracy_m)).label("vertical_accuracy_m")
    return select(*told, accuracy, cast(select_severity(measured, works), Text).label("severity"))


PLAIN = ("id", "asset_code", "owner", "place", "required_m", "reach_m", "distance_m", "accuracy_m", "accuracy_known",
         "flat")  # fmt: skip


def asks_depth(ground: Ground, group: Group, works: Works) -> bool:
    """Whether depth can change an answer: it is known of the works, and matters to the layer."""
    return is_deep(works) and group.layer.id in ground.book.buried


def make_step(rows: Select[Any], name: str) -> CTE:
    """A part of a statement that is worked out once; its rows are few."""
    return rows.cte(name).prefix_with("MATERIALIZED")


def select_severity(measured: FromClause, works: Works) -> ColumnElement[Any]:
    """The answer of each row from its answers in the plan and in depth."""
    c = measured.c
    plan = select_answer(c.distance_m, c.required_m, c.accuracy_m, TOLERANCE_M)
    deep = select_answer(c.vertical_m, c.required_m, c.vertical_accuracy_m, TOLERANCE_M)
    is_bore = literal(works.method == "trenchless")
    beneath = and_(is_bore, c.over_m - c.vertical_accuracy_m > c.required_m - TOLERANCE_M)
    return case((c.in_ground, select_both(plan, deep, beneath)), else_=plan)


def select_near(ground: Ground, group: Group, works: Works, actor: Actor) -> Select[Any]:
    """The rows of one layer within reach in the plan, by the rule that counts, with what is needed to judge them."""
    table = ground.tables.get(group.layer.id)
    fits = [select_member(table, member) for _, member in group.cases]
    required = select_first(fits, [literal(rule.required_m, Double) for rule, _ in group.cases])
    radius = select_radius(table, group.layer.id, ground.book.sizes)
    plain = literal(0.0, Double)
    accuracy = select_accuracy(table, ground.book.accuracy, "horizontal") if group.kind == "works" else plain
    reach = func.greatest(required + accuracy, works.buffer_m) + radius
    shape = to_constant(works.shape, ground.tables.srid)
    visible = select_visible(table, group.layer, actor)
    columns = (
        table.c.id,
        table.c.asset_code,
        table.c.owner,
        select_first(fits, [literal(at, Integer) for at in range(len(fits))]).label("place"),
        required.label("required_m"),
        cast(reach, Double).label("reach_m"),
        func.greatest(func.st_distance(table.c.geom, shape) - radius, 0.0).label("distance_m"),
        accuracy.label("accuracy_m"),
        select_known(table, ground.book.accuracy, "horizontal").label("accuracy_known"),
        select_flat(table, group.layer).label("flat"),
    )
    more, condition = list_more(ground, group, works, fits, table)
    return select(*columns, *more).where(
        table.c.geom.op("&&")(func.st_expand(shape, find_farthest(ground, group, works))),
        select_present(table),
        or_(*fits),
        visible if visible is not None else literal(True),
        condition,
        func.st_dwithin(table.c.geom, shape, func.greatest(reach - TOLERANCE_M, 0.0)),
    )


def list_more(
    ground: Ground, group: Group, works: Works, fits: list[ColumnElement[bool]], table: Any
) -> tuple[list[Any], ColumnElement[bool]]:
    """What else is taken of rows: for works rules what tells how deep they lie; for others the answer in time."""
    nothing = [cast(null(), Double).label(name) for name in ("vertical_m", "vertical_accuracy_m")]
    if group.kind == "works":
        if asks_depth(ground, group, works):
            return list_facts(ground, table, group.layer.id), literal(True)
        unknown = select_depth_unknown(ground, table, group.layer.id)
        return [*nothing, unknown.label("depth_unknown")], literal(True)
    there, severity = select_in_time(ground, group, works, fits, table)
    more = [severity.label("severity"), *nothing, literal(False).label("depth_unknown")]
    other = literal(True) if works.project is None or group.layer.id != LAYER else table.c.id != works.project
    return more, and_(there, other)


def select_in_time(
    ground: Ground, group: Group, works: Works, fits: list[ColumnElement[bool]], table: Any
) -> times.Answer:
    """Where the works meet other works or a new surface in time, and how sure that is."""
    mine, ours = to_constants(works), ground.book.windows[LAYER]
    theirs = ground.book.windows.get(group.layer.id)
    rules = [rule for rule, _ in group.cases]
    if group.kind == "moratorium":
        months = select_first(fits, [literal(rule.months, Integer) for rule in rules])
        return times.select_new_surface(mine, ours, table, ground.book.surfaces[group.layer.id], months)
    if theirs is None:
        return literal(False), literal("clear")
    if group.kind == "joint_trench":
        days = select_first(fits, [literal(rule.days, Integer) for rule in rules])
        return times.select_soon_after(mine, ours, table, theirs, days)
    return times.select_common_day(mine, ours, table, theirs)


def select_first(fits: list[ColumnElement[bool]], values: list[Any]) -> ColumnElement[Any]:
    """The value of the first rule that fits."""
    return case(*zip(fits, values, strict=True))


def find_farthest(ground: Ground, group: Group, works: Works) -> float:
    """Metres around the works in which the index is asked: the longest reach and the largest radius a row may have."""
    size = ground.book.sizes.get(group.layer.id)
    radius_m = 0.0
    if size is not None:
        bounds = [group.layer.get_field(name).maximum for name in size.fields]
        radius_m = max(WIDEST_RADIUS_M if each is None else each * size.factor_m / 2 for each in bounds)
    accuracy_m = ground.book.accuracy.largest_m if group.kind == "works" else 0.0
    return max(works.buffer_m, *(rule.required_m + accuracy_m for rule, _ in group.cases)) + radius_m


def select_flat(table: Any, layer: Layer) -> ColumnElement[Any]:
    """The geometry without heights; areas are mended, because one that crosses itself cannot be cut."""
    flat = func.st_force2d(table.c.geom)
    return func.st_makevalid(flat) if layer.geometry.endswith("Polygon") else flat


def select_part(flat: ColumnElement[Any], shape: ColumnElement[Any], reach: ColumnElement[float]) -> ColumnElement[Any]:
    """The part of a shape within reach of the works; a point where it only touches."""
    part = func.st_intersection(flat, func.st_buffer(shape, reach))
    return case((func.st_isempty(part), func.st_closestpoint(flat, shape)), else_=part)


def is_near(ground: Ground, group: Group, works: Works, actor: Actor) -> ColumnElement[bool]:
    """Whether any row of a layer that the actor may see could be within reach: what an index can nearly say."""
    table = ground.tables.get(group.layer.id)
    around = to_constant(box(*works.shape.bounds), ground.tables.srid)
    near = table.c.geom.op("&&")(func.st_expand(around, find_farthest(ground, group, works)))
    visible = select_visible(table, group.layer, actor)
    return select(table.c.id).where(near, visible if visible is not None else literal(True)).exists()
