"""The engine for ways along streets and a slow, separate oracle agree on 300 quarters drawn at random."""

import math

import numpy as np
import pytest
from shapely import get_coordinates

from gis_infra.analysis.coverage.standards.model import StreetProfile
from gis_infra.analysis.coverage.streets.building import build_graph
from gis_infra.analysis.coverage.streets.measuring import measure, measure_reached
from gis_infra.analysis.coverage.streets.model import Barriers, Pace, StreetLines
from gis_infra.analysis.coverage.streets.pairs import measure_each
from gis_infra.analysis.coverage.streets.snapping import snap_points, snap_shapes
from gis_infra.catalogue.definitions import Title
from tests.database.coverage_oracle import nearest
from tests.database.coverage_oracle.street_scenes import StreetScene, make_scene
from tests.database.coverage_oracle.streets import Network

SAME_M = 0.001


def to_objects(values):
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


class Engine:
    """A scene as the engine takes it."""

    def __init__(self, scene: StreetScene) -> None:
        travel, self.scene = scene.travel, scene
        streets = [each for each in scene.streets if each.id not in scene.closed]
        lines = StreetLines(
            np.array([each.id for each in streets]), to_objects([each.line for each in streets]),
            to_objects([each.kind for each in streets]), np.array([each.one_way for each in streets], dtype=bool),
        )  # fmt: skip
        barriers = Barriers(to_objects([each.shape for each in scene.barriers]),
                            np.array([each.blocks == "streets" for each in scene.barriers], dtype=bool))  # fmt: skip
        profile = StreetProfile("any", Title("", ""), travel.excluded, travel.one_way, travel.speeds_kmh or {}, 20.0)
        pace = Pace(profile, "minutes" if travel.speeds_kmh else "metres", travel.walking_kmh)
        self.graph = build_graph(lines, barriers, pace, travel.join_m)
        self.places = snap_points(
            self.graph, barriers, get_coordinates([each.point for each in scene.places]), travel.snap_m
        )
        shapes = to_objects([each.shape for each in scene.facilities])
        self.facilities = snap_shapes(self.graph, barriers, shapes, travel.snap_m)
        self.reach = np.array([each.reach for each in scene.facilities])
        # A millimetre on foot, where distances are minutes.
        self.same = SAME_M * (0.06 / 80 if travel.speeds_kmh else 1.0)

    def list_pairs(self, reach: float) -> dict[tuple[int, int], float]:
        """Distances of all places to all facilities within some reach, by their ids."""
        everywhere = np.full(len(self.reach), reach)
        pairs = measure_each(self.graph, self.facilities, self.places, everywhere, self.scene.travel.direction)
        rows = zip(pairs.place.tolist(), pairs.facility.tolist(), pairs.distance.tolist(), strict=True)
        return {(self.scene.places[i].id, self.scene.facilities[j].id): metres for i, j, metres in rows}


def ask(seed):
    scene = make_scene(seed)
    network = Network([each for each in scene.streets if each.id not in scene.closed], scene.travel, scene.barriers)
    return Engine(scene), network.measure(list(scene.places), list(scene.facilities))


def differ(told, found, same):
    """Pairs whose distances are not the same, or that only one of both has."""
    both = {pair: (told.get(pair, math.inf), found.get(pair, math.inf)) for pair in told.keys() | found.keys()}
    return {pair: two for pair, two in both.items() if not math.isclose(*two, rel_tol=0, abs_tol=same)}


BATCHES = [range(first, first + 25) for first in range(0, 300, 25)]


@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_every_way_along_streets_is_as_long_as_networkx_says_to_a_millimetre(seeds):
    for seed in seeds:
        engine, told = ask(seed)
        assert differ(told, engine.list_pairs(1e6), engine.same) == {}, f"quarter {seed}"


@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_places_are_served_by_the_facility_the_oracle_names(seeds):
    for seed in seeds:
        engine, distances = ask(seed)
        scene = engine.scene
        found, served = measure_reached(
            engine.graph, engine.facilities, engine.places, engine.reach, scene.travel.direction
        )
        told = nearest.serve(list(scene.places), list(scene.facilities), distances)
        nearby = measure(engine.graph, engine.facilities, engine.places, scene.travel.direction)
        for index, place in enumerate(scene.places):
            about = f"quarter {seed}, place {place.id}"
            assert bool(served[index]) == bool(told.served[place.id]), about
            if served[index]:
                assert scene.facilities[found.facility[index]].id == told.facility[place.id], about
                assert found.distance[index] == pytest.approx(told.distance[place.id], rel=0, abs=engine.same), about
            least = min((far for (one, _), far in distances.items() if one == place.id), default=math.inf)
            assert nearby.distance[index] == pytest.approx(least, rel=0, abs=engine.same), about


@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_no_way_along_streets_is_shorter_than_the_straight_line(seeds):
    for seed in seeds:
        scene = make_scene(seed)
        if scene.travel.speeds_kmh is not None:
            continue
        straight = nearest.measure_straight(scene.places, scene.facilities)
        ways = Engine(scene).list_pairs(1e6)
        assert [pair for pair, metres in ways.items() if metres < straight[pair] - 1e-6] == [], f"quarter {seed}"
