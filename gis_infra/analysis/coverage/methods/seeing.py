"""Whom eyes see: the nearest eye that sees each place, and all pairs of place and eye in sight."""

from collections.abc import Iterator

import numpy as np

from gis_infra.analysis.coverage.methods.capacity import to_steps
from gis_infra.analysis.coverage.methods.nearest import (
    Nearest,
    Pairs,
    list_pairs,
    make_indexes,
    make_nearest,
    split_reaches,
    to_points,
)
from gis_infra.analysis.coverage.methods.sight import Scene, is_hidden, is_in_sector
from gis_infra.analysis.rules.model import TOLERANCE_M


def find_seen(scene: Scene) -> Nearest:
    """The nearest eye that sees each place; of those equally far the first."""
    best = make_nearest(len(scene.xy))
    everything = np.arange(len(scene.xy))
    for pairs in list_in_sector(scene):
        best.improve(everything, find_seen_among(scene, pairs))
    return best


def list_seen(scene: Scene) -> Iterator[Pairs]:
    """All pairs of place and eye that sees it, in runs."""
    for pairs in list_in_sector(scene):
        yield pairs.keep(~is_hidden(scene, pairs))


def list_in_sector(scene: Scene) -> Iterator[Pairs]:
    """All pairs of place and eye in whose sector it lies, in runs."""
    shapes = to_points(scene.eyes.xy)
    for rows in split_reaches(scene.eyes.reach):
        limit = float(scene.eyes.reach[rows].max()) + TOLERANCE_M
        for index in make_indexes(shapes, rows):
            for pairs in list_pairs(index, scene.xy, limit):
                yield pairs.keep(is_in_sector(scene.eyes, scene.xy, pairs))


def find_seen_among(scene: Scene, pairs: Pairs) -> Nearest:
    """The nearest eye that sees each place among these pairs; each place asks its eyes one after another."""
    best = make_nearest(len(scene.xy))
    left = pairs.keep(np.lexsort((pairs.facility, to_steps(pairs.distance), pairs.place)))
    while len(left.place):
        first = np.append(True, left.place[1:] != left.place[:-1])
        asked = left.keep(first)
        seen = asked.keep(~is_hidden(scene, asked))
        best.distance[seen.place], best.facility[seen.place] = seen.distance, seen.facility
        left = left.keep(~first & (best.facility[left.place] < 0))
    return best
