"""Pairs of assets whose boxes are near enough for some rule: in memory over the city, by the indexes around a few."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely import STRtree
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    cast,
    func,
    literal,
    select,
    union_all,
)

from gis_infra.analysis.conflicts.accuracy import select_accuracy
from gis_infra.analysis.conflicts.clearance.answers import Answers
from gis_infra.analysis.conflicts.clearance.assets import Assets
from gis_infra.analysis.conflicts.clearance.joining import Joining
from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_present, select_radius
from gis_infra.analysis.copied import copy_rows
from gis_infra.analysis.ragged import Numbers, Objects, Places, spread
from gis_infra.analysis.rules.model import TOLERANCE_M

LONG_M = 128.0  # the box of a line longer than this holds much that it is far from
TOGETHER = 1 << 16  # entries whose neighbours are asked for at once

Met = tuple[Places, Places]


@dataclass(frozen=True)
class Entries:
    """Boxes (n, 4) and the asset each is of; of a long line there are several."""

    asset: Places
    boxes: Numbers


@dataclass(frozen=True)
class Laid:
    """The boxes of the assets of a layer: the row each is of, the boxes, and a tree of them."""

    asset: Places
    boxes: Objects
    tree: STRtree


def find_met(assets: Assets, answers: Answers, threads: Executor) -> Iterator[Met]:
    """Rows of assets that may be too near each other, in blocks; a pair of long lines may be there more than once.

    The left one is of the layer that comes first, of one layer the one of the smaller id.
    """
    # Each box takes half of what is asked between two; making boxes takes longer than asking for those they meet.
    farthest_m = np.maximum(answers.farthest_m.max(axis=0, initial=0), answers.farthest_m.max(axis=1, initial=0))
    wider_m = assets.unsure_m + farthest_m[assets.sort] / 2 + TOLERANCE_M
    waiting = {number: threads.submit(lay, assets, wider_m, number) for number in np.unique(assets.layer).tolist()}
    laid = {number: future.result() for number, future in waiting.items()}
    blocks = [
        (laid[one], laid[other], start)
        for one, other in list_joined(assets, answers)
        for start in range(0, len(laid[one].boxes), TOGETHER)
    ]
    yield from threads.map(lambda block: query(assets, *block), blocks)


def query(assets: Assets, one: Laid, other: Laid, start: int) -> Met:
    """The assets of a layer, from one of its boxes on, with those of another, or of its own, whose boxes they meet."""
    left, right = other.tree.query(one.boxes[start : start + TOGETHER])
    left, right = one.asset[start + left], other.asset[right]
    if one is other:
        apart = assets.id[left] < assets.id[right]
        left, right = left[apart], right[apart]
    return left, right


def list_joined(assets: Assets, answers: Answers) -> list[tuple[int, int]]:
    """The numbers of two layers each, or of one twice, some of whose assets a rule joins."""
    sorts = zip(*np.nonzero(answers.asks), strict=True)
    return list(dict.fromkeys((assets.sorts[one][0], assets.sorts[other][0]) for one, other in sorts))


def lay(assets: Assets, wider_m: Numbers, number: int) -> Laid:
    """The boxes of the assets of a layer, wider by so much."""
    entries = list_entries(assets, np.flatnonzero(assets.layer == number))
    pad = wider_m[entries.asset]
    west, south, east, north = entries.boxes.T
    boxes = shapely.box(west - pad, south - pad, east + pad, north + pad)
    return Laid(entries.asset, boxes, STRtree(boxes))


def list_entries(assets: Assets, rows: Places) -> Entries:
    """The boxes of some assets; a long line is there by its segments, each no longer than a part of LONG_M."""
    boxes = assets.boxes[rows]
    long = (assets.dimension[rows] == 1) & (np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) > LONG_M)
    owners, places = spread(assets.first[rows[long] + 1] - assets.first[rows[long]] - 1)
    at = assets.first[rows[long]][owners] + places
    starts, ends = assets.vertices[at, :2], assets.vertices[at + 1, :2]
    parts, number = spread(np.ceil(np.hypot(*(ends - starts).T) / LONG_M).astype(np.int64).clip(1))
    count = np.bincount(parts, minlength=len(at))[parts][:, None]
    step = (ends - starts)[parts] / count
    ones = starts[parts] + step * number[:, None]
    others = ones + step
    # What rounding leaves off at either end is less than the tolerance every box is widened by.
    cut = np.concatenate([np.minimum(ones, others), np.maximum(ones, others)], axis=1)
    return Entries(np.concatenate([rows[~long], rows[long][owners[parts]]]), np.concatenate([boxes[~long], cut]))


def read_met(
    connection: Connection, ground: Ground, joining: Joining, focus: Focus
) -> Sequence[tuple[str, str, Places]]:
    """Pairs with an asset of the focus that may be near: two layers, and the ids (n, 2); a pair may be there twice."""
    touched = narrow(joining, focus)
    names = touched.list_pairs()
    around = list_met_around(ground, touched, read_widest(connection, ground, touched), focus)
    if not around:
        return []
    blocks = [each.numbers for each in copy_rows(connection, select(*union_all(*around).subquery().columns))]
    met = {name: np.concatenate([each[name] for each in blocks]) for name in blocks[0]}
    chosen = [met["pair"] == number for number in range(len(names))]
    return [
        (*pair, np.stack([met["left_id"][rows], met["right_id"][rows]], axis=1))
        for pair, rows in zip(names, chosen, strict=True)
        if rows.any()
    ]


def narrow(joining: Joining, focus: Focus) -> Joining:
    """The rules that join a layer of the focus to any."""
    cases = tuple(each for each in joining.cases if focus.is_touched(each.left.layer, each.right.layer))
    return replace(joining, cases=cases)


def read_widest(connection: Connection, ground: Ground, joining: Joining) -> dict[str, float]:
    """The most that an asset of a layer adds to a distance, metres, by layer; those without assets are not there."""
    names = {each: None for pair in joining.list_pairs() for each in pair}
    if not names:
        return {}
    asked = []
    for each in names:
        table, given = ground.tables.get(each), ground.book.accuracy
        plan, height = (select_accuracy(table, given, way) for way in ("horizontal", "vertical"))
        unsure = select_radius(table, each, ground.book.sizes) + func.greatest(plan, height)
        asked.append(select(literal(each), func.max(unsure)).select_from(table))
    found = connection.execute(union_all(*asked)).all()
    return {name: widest for name, widest in found if widest is not None}


def list_met_around(ground: Ground, joining: Joining, widest: Mapping[str, float], focus: Focus) -> list[Select[Any]]:
    """Pairs with an asset of the focus that may be near: the place of their layers among the pairs, and both ids.

    widest: layer id -> the most that an asset of it adds to a distance, metres; those without assets are not there.
    """
    found: list[Select[Any]] = []
    for number, names in enumerate(joining.list_pairs()):
        if not widest.keys() >= set(names):
            continue
        left, right = (ground.tables.get(name).alias(side) for name, side in zip(names, "lr", strict=True))
        reach_m = widest[names[0]] + widest[names[1]] + joining.find_farthest(*names) + TOLERANCE_M
        near = and_(
            right.c.geom.op("&&")(func.st_expand(left.c.geom, reach_m)),
            left.c.geom.op("&&")(func.st_expand(right.c.geom, reach_m)),
            left.c.id < right.c.id if names[0] == names[1] else literal(True),
        )
        columns: dict[str, ColumnElement[Any]] = {
            "pair": literal(number, Integer),
            "left_id": cast(left.c.id, BigInteger),
            "right_id": cast(right.c.id, BigInteger),
        }
        chosen = select(*(each.label(name) for name, each in columns.items())).select_from(left.join(right, near))
        chosen = chosen.where(select_present(left), select_present(right))
        for table, layer_id in zip((left, right), names, strict=True):
            if focus.is_touched(layer_id):
                found.append(chosen.where(focus.select_in(layer_id, table)))
    return found


def to_rows(assets: Assets, joining: Joining, met: Sequence[tuple[str, str, Places]]) -> Iterator[Met]:
    """The pairs as rows of assets; those of which one is not among the assets are left out."""
    for *names, ids in met:
        sides = []
        for layer_id, wanted in zip(names, ids.T, strict=True):
            rows = np.flatnonzero(assets.layer == joining.layers.index(layer_id))
            order = np.argsort(assets.id[rows])
            at = np.searchsorted(assets.id[rows], wanted, sorter=order)
            known = at < len(rows)
            row = np.full(len(wanted), -1)
            row[known] = rows[order[at[known]]]
            known[known] = assets.id[row[known]] == wanted[known]
            sides.append((row, known))
        (left, left_known), (right, right_known) = sides
        kept = left_known & right_known
        yield left[kept], right[kept]
