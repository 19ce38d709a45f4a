"""Whom each service reaches by each of its methods, as the plain oracle of the tests computes it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property

from shapely import STRtree

from second_opinion.rows import TOLERANCE_M, Row
from second_opinion.services import CAMERA_TARGET_M, CONNECTED_WITHIN_M, NOT_STANDING, NOT_WORKING, SERVICES, Service
from tests.database.coverage_oracle import nearest, sight
from tests.database.coverage_oracle.streets import Barrier, Network, Street, Travel
from tests.database.coverage_oracle.values import Facility, Place, Unit

Served = frozenset[int]  # numbers of places


@dataclass(frozen=True)
class Load:
    """Who goes where when facilities take only so many people.

    taken: people by code of the facility. unassigned: people left over within reach, of the city under "" and by ward.
    partly: of buildings of which some people are served, how many, by code.
    """

    taken: dict[str, int]
    unassigned: dict[str, int]
    partly: dict[str, int]


@dataclass(frozen=True)
class Share:
    """Whom a service reaches: counts for the city and by ward code, and the codes of buildings it does and does not.

    load: where facilities take only so many people.
    """

    city: dict[str, float]
    wards: dict[str, dict[str, float]]
    served: tuple[str, ...]
    unserved: tuple[str, ...]
    load: Load | None = None


@dataclass
class Ground:
    """The rows of the city as the oracle takes them; a place is a building that stands, numbered as it comes."""

    rows: Iterable[Row]

    def __post_init__(self) -> None:
        self.layers: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            self.layers[row.layer].append(row)
        self.homes = [row for row in self.layers["building"] if row.values.get("status") not in NOT_STANDING]
        self.places = [
            Place(number, row.geometry.centroid, float(row.values.get("residents") or 0), row.geometry, row.code)
            for number, row in enumerate(self.homes)
        ]
        self.networks: dict[Travel, Network] = {}

    def look_at(self, places: list[Place]) -> "Ground":
        """The same city with other places to be reached."""
        other = copy(self)
        for name in ("wards", "points", "shapes"):
            other.__dict__.pop(name, None)
        other.places = places
        return other

    @cached_property
    def units(self) -> list[Unit]:
        """The wards in force, by code, with the number of their people."""
        rows = [row for row in self.layers["admin_unit"] if row.values["level"] == "commune"]
        wards = [row for row in rows if not row.values["valid_to"]]
        return sorted((Unit(str(row.values["code"]), row.geometry, float(row.values["population"])) for row in wards),
                      key=lambda unit: unit.code)  # fmt: skip

    @cached_property
    def wards(self) -> list[str]:
        """The ward each place lies in, "" for none."""
        return [next((unit.code for unit in self.units if unit.shape.covers(place.point)), "") for place in self.places]

    @cached_property
    def points(self) -> STRtree:
        """The points of the places."""
        return STRtree([place.point for place in self.places])

    @cached_property
    def shapes(self) -> STRtree:
        """The buildings."""
        return STRtree([place.shape for place in self.places])

    @cached_property
    def buildings(self) -> list[sight.Building]:
        """The buildings as what hides."""
        return [sight.Building(number, row.geometry, row.values.get("height_m"), row.values.get("floors"))
                for number, row in enumerate(self.homes)]  # fmt: skip

    def get_network(self, travel: Travel) -> Network:
        """The streets for one who travels so; ways off them do not cross open water."""
        alike = replace(travel, direction="")  # the same streets, whichever way they are gone
        if alike not in self.networks:
            streets = [Street(number, row.geometry, str(row.values["road_class"]), row.values["one_way"] is True)
                       for number, row in enumerate(self.layers["road_segment"])]  # fmt: skip
            water = tuple(Barrier(row.geometry) for row in self.layers["water_body"])
            self.networks[alike] = Network(streets, alike, water)
        network = self.networks[alike]
        network.travel = travel
        return network

    def list_facilities(self, name: str, service: Service) -> list[Facility]:
        """The rows of a service's layer that work."""
        rows = [row for row in self.layers[service.layer or name] if is_working(row, service)]
        return [describe(number, row, service) for number, row in enumerate(rows)]

    def select(self, tree: STRtree, shape: object, within_m: float) -> list[Place]:
        """The places near something: who else is asked cannot be reached."""
        near = tree.query(shape, predicate="dwithin", distance=within_m + TOLERANCE_M)
        return [self.places[number] for number in sorted(near.tolist())]


def is_working(row: Row, service: Service) -> bool:
    """Whether a facility serves anybody."""
    return row.values.get("status") not in NOT_WORKING and service.works(row.values.get)


def describe(number: int, row: Row, service: Service) -> Facility:
    """One facility with its own reach, or the service's."""
    get = row.values.get
    reach = get(service.reach) if service.reach else None
    facility = Facility(number, row.geometry, float(reach if reach is not None else service.distance_m or 0.0))
    if service.sector is None:
        return replace(facility, code=get("building_code"))
    direction, angle, usual, eye_m, _ = service.sector
    seen = get(angle) if angle else None
    height = get("height_m")
    angle_deg = usual if seen is None else seen
    return replace(facility, direction=get(direction), angle=angle_deg, eye_m=eye_m if height is None else height)


def measure_coverage(ground: Ground) -> dict[str, dict[str, Share]]:
    """Every service's share by each of its methods, its own first."""
    return {
        name: {method: measure_share(ground, name, method) for method in service.methods}
        for name, service in SERVICES.items()
    }


def measure_share(ground: Ground, name: str, method: str) -> Share:
    """Whom a service reaches by a method, and where facilities are full, who goes where."""
    service = SERVICES[name]
    if service.capacity is None:
        served = find_served(ground, name, method)
        return tell(ground, {place.id: float(place.id in served) for place in ground.places}, service)
    codes = [row.code for row in ground.layers[service.layer or name] if is_working(row, service)]
    facilities, distances = pair_up(ground, name, method)
    gone = send_people(ground.places, facilities, distances)
    found = nearest.assign(ground.places, facilities, distances)
    share = tell(ground, found.served, service)
    return replace(share, load=tell_load(ground, gone, codes, {place for place, _ in distances}))


def find_served(ground: Ground, name: str, method: str) -> Served:
    """Whom a service reaches by a method."""
    service = SERVICES[name]
    facilities = ground.list_facilities(name, service)
    return METHODS[method](ground, service, facilities)


def pair_up(ground: Ground, name: str, method: str) -> tuple[list[Facility], dict[tuple[int, int], float]]:
    """The facilities of a service, and every pair of place and facility within reach, to the micrometre."""
    service = SERVICES[name]
    facilities = [replace(each, capacity=service.capacity) for each in ground.list_facilities(name, service)]
    if method == "streets":
        assert service.travel is not None
        farthest = max((each.reach for each in facilities), default=0.0) + 1.0
        every = ground.get_network(service.travel).measure(ground.places, facilities, farthest)
    else:
        every = {(place.id, each.id): place.point.distance(each.shape) for each in facilities
                 for place in ground.select(ground.points, each.shape, each.reach)}  # fmt: skip
    reach = {each.id: each.reach for each in facilities}
    return facilities, {pair: round(far, 6) for pair, far in every.items() if far <= reach[pair[1]] + TOLERANCE_M}


def send_people(
    places: list[Place], facilities: list[Facility], distances: Mapping[tuple[int, int], float]
) -> dict[tuple[int, int], int]:
    """People by place and facility, whole numbers: pair by pair, the nearest first, each what is left on both sides."""
    left = {place.id: int(place.people) for place in places}
    room = {each.id: int(each.capacity or 0) for each in facilities}
    gone = {}
    for _, place, each in sorted((far, place, each) for (place, each), far in distances.items()):
        taken = min(left[place], room[each])
        left[place], room[each] = left[place] - taken, room[each] - taken
        if taken:
            gone[place, each] = taken
    return gone


def tell_load(ground: Ground, gone: Mapping[tuple[int, int], int], codes: list[str], within: set[int]) -> Load:
    """Who goes where, in codes. within: numbers of the places within reach of any facility."""
    served: Counter[int] = Counter()
    taken: Counter[str] = Counter()
    for (place, each), number in gone.items():
        served[place] += number
        taken[codes[each]] += number
    unassigned: Counter[str] = Counter()
    for place, ward in zip(ground.places, ground.wards, strict=True):
        over = int(place.people) - served[place.id] if place.id in within else 0
        unassigned.update({"": over, ward: over})
    partly = {str(place.code): served[place.id] for place in ground.places if 0 < served[place.id] < place.people}
    return Load(dict(taken), dict(unassigned), partly)


def find_straight(ground: Ground, service: Service, facilities: list[Facility]) -> Served:
    """Whoever lies within the reach of a facility, straight."""
    return frozenset(place.id for each in facilities for place in ground.select(ground.points, each.shape, each.reach))


def find_along_streets(ground: Ground, service: Service, facilities: list[Facility]) -> Served:
    """Whoever is reached along the streets."""
    assert service.travel is not None
    farthest = max((each.reach for each in facilities), default=0.0) + 1.0
    distances = ground.get_network(service.travel).measure(ground.places, facilities, farthest)
    reach = {each.id: each.reach for each in facilities}
    return frozenset(place for (place, each), metres in distances.items() if metres <= reach[each] + TOLERANCE_M)


def find_in_sight(ground: Ground, service: Service, facilities: list[Facility]) -> Served:
    """Whoever is looked at, and not hidden where buildings hide."""
    assert service.sector is not None
    served: set[int] = set()
    for each in facilities:
        near = ground.select(ground.points, each.shape, each.reach)
        around = [ground.buildings[place.id] for place in ground.select(ground.shapes, each.shape, each.reach)]
        seen = sight.measure_sight(near, [each], around if service.sector[4] else [], CAMERA_TARGET_M)
        served |= {place for place, _ in seen}
    return frozenset(served)


def find_connected(ground: Ground, service: Service, facilities: list[Facility]) -> Served:
    """Whose building a connection names, or lies in, at, or in the parcel of."""
    if any(each.code for each in facilities):
        named = {each.code for each in facilities}
        return frozenset(place.id for place in ground.places if place.code in named)
    served = {place.id for each in facilities
              for place in ground.select(ground.shapes, each.shape, CONNECTED_WITHIN_M)}  # fmt: skip
    parcels = STRtree([row.geometry for row in ground.layers["land_parcel"]])
    supplied = {int(parcel) for each in facilities for parcel in parcels.query(each.shape, predicate="intersects")}
    for place in ground.places:
        served |= (
            {place.id} if supplied.intersection(parcels.query(place.point, predicate="intersects").tolist()) else set()
        )
    return frozenset(served)


def find_in_zones(ground: Ground, service: Service, facilities: list[Facility]) -> Served:
    """Whoever lies in a zone."""
    return frozenset(place.id for zone in facilities for place in ground.places if zone.shape.covers(place.point))


METHODS = {
    "straight_line": find_straight,
    "streets": find_along_streets,
    "sector": find_in_sight,
    "connection": find_connected,
    "zone": find_in_zones,
}


def tell(ground: Ground, shares: Mapping[int, float], service: Service) -> Share:
    """The counts of a service's share, from the share of each place; where it counts buildings, each is one."""
    city = new_counts()
    wards: dict[str, dict[str, float]] = defaultdict(new_counts)
    for place, ward in zip(ground.places, ground.wards, strict=True):
        for counts in (city, wards[ward]):
            add_home(counts, place.people if service.counts_people else 1.0, shares[place.id])
    codes = [(str(place.code), shares[place.id]) for place in ground.places]
    parts = (tuple(code for code, share in codes if share == wanted) for wanted in (1.0, 0.0))
    return Share(city, dict(wards), *parts)


def new_counts() -> dict[str, float]:
    """Nobody yet."""
    return {"people": 0, "people_served": 0, "places": 0, "places_served": 0}


def add_home(counts: dict[str, float], people: float, share: float, weight: float = 1.0) -> None:
    """Count one building, or a part of an area, and its people. share: of them that is served."""
    counts["people"] += people
    counts["places"] += weight
    counts["people_served"] += people * share
    counts["places_served"] += weight * share
