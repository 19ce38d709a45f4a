"""How one more facility is planted for coverage: it decides about one building, and the second opinion is asked."""

import math
from collections.abc import Iterator

from second_opinion.coverage import Ground, find_served
from second_opinion.services import SERVICES
from shapely import Point
from shapely.geometry.base import BaseGeometry

from samples.assets import Asset, Value
from samples.city import City
from samples.plane import snap
from samples.planting import Garden, Reached, to_row
from tests.database.coverage_oracle.values import Place

NOTE: dict[str, Value] = {"remarks": "giả định"}
TOO_FAR_M = 0.01
CLEAR_M = 0.02  # no other building lies so near to an edge
NEAR_M = 330.0  # further streets are no part of a way of 150 m
EXACTLY, JUST_BEYOND = "exactly within reach", "a centimetre too far"


class Planter:
    """Whom the services reach so far, and how one more facility is planted."""

    def __init__(self, garden: Garden, city: City) -> None:
        self.garden, self.city = garden, city
        self.ground = Ground([to_row(asset) for asset in (*garden.assets, *garden.planted)])
        self.decided: dict[str, list[Place]] = {}

    def list_unserved(self, service: str) -> list[Place]:
        """Buildings that people live in and a service does not reach, in an order of the seed's."""
        served = find_served(self.ground, service, SERVICES[service].methods[0])
        places = [place for place in self.ground.places if place.id not in served and place.people > 0]
        self.garden.random.shuffle(places)
        return places

    def is_clear(self, shape: BaseGeometry, reach_m: float, about: Place) -> bool:
        """Whether no other building lies at the edge of a facility's straight reach."""
        near = self.ground.select(self.ground.points, shape, reach_m + CLEAR_M)
        return all(abs(place.point.distance(shape) - reach_m) > CLEAR_M for place in near if place is not about)

    def is_inside(self, shape: BaseGeometry) -> bool:
        """Whether a place lies well inside the quarter."""
        return bool(self.city.quarter.edge.buffer(-15).contains(shape))

    def leaves_alone(self, service: str, asset: Asset) -> bool:
        """Whether a facility reaches no building that another was planted for."""
        said = SERVICES[service]
        own = asset.values.get(said.reach) if said.reach else None
        reach = float(own) if isinstance(own, int | float) else said.distance_m or 0.0
        alike = [name for name, each in SERVICES.items() if (each.layer or name) == asset.layer]
        others = [place for name in alike for place in self.decided.get(name, [])]
        return all(place.point.distance(asset.geometry) > reach + CLEAR_M for place in others)

    def plant(self, service: str, asset: Asset, about: Place, served: bool, metres: float | None, why: str) -> None:
        """Keep a facility and what is true of it."""
        self.garden.plant(asset)
        row = to_row(asset)
        self.ground.layers[asset.layer].append(row)
        self.decided.setdefault(service, []).append(about)
        side = (asset.layer, asset.code)
        distance = None if metres is None else round(metres, 3)
        self.garden.reached.append(Reached(service, side, str(about.code), served, distance, why))


def look_round(place: Place, metres: float) -> Iterator[tuple[Point, float]]:
    """Points at a distance from a building's centre, with their bearing as seen from it, degrees from north."""
    for bearing in range(0, 360, 15):
        turned = math.radians(bearing)
        yield (
            Point(snap(place.point.x + metres * math.sin(turned), place.point.y + metres * math.cos(turned))),
            float(bearing),
        )


Candidates = Iterator[tuple[Place, Asset]]


def plant_first(planter: Planter, service: str, candidates: Candidates, metres: float | None, why: str) -> None:
    """Plant the first candidate that brings no conflict. Raises ValueError if there is none."""
    for place, asset in candidates:
        if planter.leaves_alone(service, asset) and not planter.garden.find_around(asset):
            planter.plant(service, asset, place, not why.startswith(FAILING), metres, why)
            return
    raise ValueError(f"no place for {service}: {why}")


# How the reasons begin of what is not served.
FAILING = ("a centimetre too far", "behind", "looks past", "only", "was", "another code")
