"""Clearances that are not kept: every pair of assets nearer than the rules allow, or not known to be farther.

The database gives the assets of one moment and takes the findings; between the two all is arithmetic over columns. A
pair is looked at by itself, so pairs are taken some at a time, which bounds the memory, by several threads.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from gis_infra.analysis.conflicts.clearance import exempting, meeting
from gis_infra.analysis.conflicts.clearance.along import measure_along
from gis_infra.analysis.conflicts.clearance.answers import Answers, find_answers
from gis_infra.analysis.conflicts.clearance.assets import Assets, read_assets
from gis_infra.analysis.conflicts.clearance.crossings import find_crossings
from gis_infra.analysis.conflicts.clearance.joining import join_layers
from gis_infra.analysis.conflicts.clearance.meeting import Met
from gis_infra.analysis.conflicts.clearance.pairs import ask, list_near
from gis_infra.analysis.conflicts.clearance.pieces import Found, Pieces, list_asked
from gis_infra.analysis.conflicts.clearance.plain import measure_plain
from gis_infra.analysis.conflicts.clearance.segments import cut, face
from gis_infra.analysis.conflicts.clearance.space import measure_space
from gis_infra.analysis.conflicts.clearance.stretches import find_stretches
from gis_infra.analysis.conflicts.clearance.writing import write
from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.ragged import Objects, Places, list_once, mark_first
from gis_infra.analysis.rules.model import Rule

TOGETHER = 1 << 15  # pairs that are looked at at once
THREADS = 2


@dataclass(frozen=True)
class City:
    """What pairs are looked at by: the assets, the rules that count, what holds assets apart, and the city's CRS."""

    assets: Assets
    answers: Answers
    containers: Objects
    srid: int


def find_clearances(connection: Connection, ground: Ground, rules: Sequence[Rule], focus: Focus | None) -> None:
    """Put every finding of the clearance rules into the temporary table `finding`."""
    joining = join_layers(ground.book, rules)
    around = meeting.read_met(connection, ground, joining, focus) if focus is not None else []
    if not joining.cases or (focus is not None and not around):
        return
    with ThreadPoolExecutor(THREADS) as threads:
        chosen = list_ids(around) if focus is not None else None
        assets = read_assets(connection, ground, joining, threads, chosen)
        answers = find_answers(joining, assets.sorts)
        met = meeting.find_met(assets, answers, threads) if focus is None else meeting.to_rows(assets, joining, around)
        city = City(assets, answers, exempting.read_containers(connection, ground), ground.tables.srid)
        found = look_at_all(city, to_chunks(list_near(assets, answers, met)), threads)
        write(connection, assets, joining.layers, city.srid, found)


def list_ids(around: Iterable[tuple[str, str, Places]]) -> dict[str, Places]:
    """The ids by layer of pairs, each once."""
    ids: dict[str, list[Places]] = {}
    for left, right, pairs in around:
        ids.setdefault(left, []).append(pairs[:, 0])
        ids.setdefault(right, []).append(pairs[:, 1])
    return {layer_id: list_once(np.concatenate(found)) for layer_id, found in ids.items()}


def to_chunks(blocks: Iterable[Met]) -> Iterator[Met]:
    """The pairs of all blocks, each once, TOGETHER at a time; those of one left asset lie together."""
    listed = [(np.zeros(0, dtype=np.int64),) * 2, *blocks]
    left, right = (np.concatenate([each[side] for each in listed]) for side in (0, 1))
    listed.clear()
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    first = mark_first(left, right)
    left, right = left[first], right[first]
    for start in range(0, len(left), TOGETHER):
        yield left[start : start + TOGETHER], right[start : start + TOGETHER]


def look_at_all(city: City, chunks: Iterable[Met], threads: Executor) -> Iterator[Found]:
    """The findings of all pairs; as many chunks are at work as there are threads, and as many wait."""
    waiting: list[Future[Found]] = []
    for each in chunks:
        waiting.append(threads.submit(look_at, city, each))
        if len(waiting) > THREADS:
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()


def look_at(city: City, met: Met) -> Found:
    """The findings of some pairs."""
    assets = city.assets
    pairs = ask(assets, city.answers, *met)
    pairs = pairs.take(~exempting.mark_contained(assets, pairs, city.containers))
    both = np.concatenate([pairs.left, pairs.right])
    segments = cut(assets, list_once(both[assets.dimension[both] == 1]))
    facing = face(assets, segments, pairs)
    joined = exempting.mark_joined(assets, segments, pairs, facing)
    facing = facing.take(~joined[facing.pair])
    asked = list_asked(pairs, ~joined)
    lines, others = (np.flatnonzero(pairs.is_lines[asked.pair] == each) for each in (True, False))
    pieces = [measure_along(segments, pairs, facing, asked, lines)]
    pieces[0] = measure_space(assets, segments, pairs, facing, asked, pieces[0])
    if len(others):
        pieces.append(measure_plain(assets, segments, pairs, asked, others))
    stretches = find_stretches(segments, pairs, asked, Pieces.join(pieces), city.srid)
    return Found.join([stretches, find_crossings(assets, segments, pairs, facing)])
