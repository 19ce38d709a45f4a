"""The engine for ways along streets and a slow, separate oracle agree on 300 quarters drawn at random."""

import math
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from shapely import get_coordinates

from gis_infra.analysis.coverage.methods.capacity import share_pairs
from gis_infra.analysis.coverage.methods.model import Reached
from gis_infra.analysis.coverage.methods.nearest import Pairs
from gis_infra.analysis.coverage.standards.model import StreetProfile
from gis_infra.analysis.coverage.streets.building import build_graph
from gis_infra.analysis.coverage.streets.measuring import measure, measure_reached
from gis_infra.analysis.coverage.streets.model import Barriers, Pace, StreetLines
from gis_infra.analysis.coverage.streets.pairs import measure_each
from gis_infra.analysis.coverage.streets.snapping import snap_points, snap_shapes
from gis_infra.catalogue.definitions import Title
from tests.database.coverage_oracle import nearest
from tests.database.coverage_oracle.engine import to_facilities, to_objects
from tests.database.coverage_oracle.street_scenes import StreetScene, make_scene
from tests.database.coverage_oracle.streets import Network

SAME_M = 0.001


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

    def share(self) -> Reached:
        """Whom the facilities serve where each takes only so many people."""
        scene, people = self.scene, scene_people(self.scene)
        direction = scene.travel.direction
        nearby, served = measure_reached(self.graph, self.facilities, self.places, self.reach, direction)
        reached = Reached(nearby.distance, nearby.facility, served.astype(float), None, np.zeros(len(people)))
        found = measure_each(self.graph, self.facilities, self.places, self.reach, direction)
        pairs = Pairs(found.place, found.facility, found.distance)
        return share_pairs(reached, people, to_facilities(list(scene.facilities)), pairs)


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


# How many people a facility takes: any number, none, fewer than come, enough for all (13 places of up to 9).
TAKES = (None, 0.0, 3.0, 7.5, 20.0, 117.0)


def make_full_scene(seed):
    """The quarter of a seed whose facilities take only so many people; some stand and live in one place with others."""
    random, scene = Random(f"full {seed}"), make_scene(seed)
    facilities = [replace(each, capacity=random.choice(TAKES)) for each in scene.facilities]
    twin = random.choice(facilities)
    facilities.append(replace(twin, id=len(facilities) + 1, capacity=random.choice(TAKES), reach=twin.reach))
    places = list(scene.places)
    neighbour = random.choice(places)
    places.append(replace(neighbour, id=len(places) + 1, people=random.randint(1, 9)))
    return replace(scene, places=tuple(places), facilities=tuple(facilities))


@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_full_facilities_along_streets_turn_away_whom_the_oracle_says(seeds):
    for seed in seeds:
        scene, about = make_full_scene(seed), f"quarter {seed}"
        streets = [each for each in scene.streets if each.id not in scene.closed]
        ways = Network(streets, scene.travel, scene.barriers).measure(list(scene.places), list(scene.facilities))
        # What differs by less than the least difference that counts is equally far: the smaller number goes first.
        ways = {pair: round(metres, 6) for pair, metres in ways.items()}
        told = nearest.assign(list(scene.places), list(scene.facilities), ways)
        found = Engine(scene).share()
        assert found.served == pytest.approx([told.served[each.id] for each in scene.places], abs=1e-9), about
        assert float(found.unassigned.sum()) == pytest.approx(told.unassigned, abs=1e-9), about
        serving = [None if row < 0 else scene.facilities[row].id for row in found.facility]
        assert serving == [told.facility[each.id] for each in scene.places], about
        taken = np.bincount(found.assigned.facility, found.assigned.people, minlength=len(scene.facilities))
        limits = [math.inf if each.capacity is None else each.capacity for each in scene.facilities]
        assert (taken <= np.array(limits) + 1e-9).all(), about
        assert float(taken.sum()) + float((scene_people(scene) * (1 - found.served)).sum()) == pytest.approx(
            float(scene_people(scene).sum()), rel=1e-9
        ), about


def scene_people(scene):
    """People of each place of a quarter."""
    return np.array([each.people for each in scene.places], dtype=float)
