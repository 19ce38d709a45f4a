"""What a service is to reach, how it is measured and what it should come to: frozen values, without YAML or SQL.

Distances are metres on the ground plan. Meaning: docs/coverage.md. Format of the files: layers/coverage/README.md.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from gis_infra.analysis.coverage.standards.kinds import (
    Blocks,
    DemandKind,
    Direction,
    Indicator,
    LinkedBy,
    Method,
    Scope,
)
from gis_infra.analysis.rules.model import Member
from gis_infra.catalogue.definitions import Title
from gis_infra.errors import InvalidParameter, MissingError

AREA = "area"  # the amount of a facility that is its area
STOREY_M = 3.3


@dataclass(frozen=True)
class Origin:
    """Where a standard comes from and when it holds. valid_to: the last day; None: still."""

    source: str = ""
    clause: str = ""
    legal_basis: str = ""
    verified: bool = False
    valid_from: datetime.date = datetime.date.min
    valid_to: datetime.date | None = None

    def is_valid_on(self, day: datetime.date) -> bool:
        """Whether it holds on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Homes:
    """How many people a building houses: floors x footprint x persons per square metre of floor, by use.

    occupancy: persons per m2 of floor by code of `use_field`; a code that is not named houses nobody.
    unrecorded: persons per m2 where the use is not recorded.
    """

    floors_field: str | None
    height_field: str | None
    use_field: str | None
    occupancy: Mapping[str, float]
    unrecorded: float = 0.0
    storey_m: float = STOREY_M
    source: str = ""
    verified: bool = False


@dataclass(frozen=True)
class Demand:
    """Whom a service is to reach.

    member: the rows that are places; None where the places are the administrative units of the run.
    people: the attribute that holds how many; None for `dasymetric` (see `homes`), `count` and `area`.
    """

    id: str
    title: Title
    kind: DemandKind
    member: Member | None
    people: str | None = None
    homes: Homes | None = None
    note: str = ""


@dataclass(frozen=True)
class Units:
    """The administrative units results are given by. One counts from `from_field` to `to_field`, both days included.

    level: the code of `level_field` that is taken unless another is asked for; levels: all codes of it.
    population: the attribute that holds the unit's known number of people.
    """

    member: Member
    code: str
    name: str
    level_field: str
    level: str
    levels: tuple[str, ...]
    from_field: str
    to_field: str
    population: str


@dataclass(frozen=True)
class Barrier:
    """Areas and lines that no way off the streets may cross (`access`), or no street either (`streets`)."""

    member: Member
    blocks: Blocks


@dataclass(frozen=True)
class StreetProfile:
    """Who moves along streets. excluded: classes that may not be used; a street of no recorded class may.

    speeds_kmh: by class, and `other_kmh` for every other; they count where a distance is in minutes.
    """

    id: str
    title: Title
    excluded: frozenset[str]
    one_way: bool
    speeds_kmh: Mapping[str, float]
    other_kmh: float

    def get_speed_kmh(self, road_class: str | None) -> float:
        """The speed on a street of that class, None for a class that is not recorded."""
        return self.other_kmh if road_class is None else self.speeds_kmh.get(road_class, self.other_kmh)


@dataclass(frozen=True)
class Streets:
    """The streets that distances are measured along.

    join_m: ends of streets this near to each other, or to another street's line, are joined. snap_m: how far off a
    street a place or a facility may lie. walking_kmh: the speed off the streets, where a distance is in minutes.
    """

    member: Member
    class_field: str
    one_way_field: str
    join_m: float
    snap_m: float
    walking_kmh: float
    barriers: tuple[Barrier, ...]
    profiles: Mapping[str, StreetProfile]

    def get_profile(self, profile_id: str) -> StreetProfile:
        """The profile with that id. Raises InvalidParameter, which lists what there is."""
        try:
            return self.profiles[profile_id]
        except KeyError:
            known = ", ".join(self.profiles)
            message = f"there is no street profile {profile_id!r}; there are {known}"
            raise InvalidParameter(message, where="profile") from None


@dataclass(frozen=True)
class Capacity:
    """How many people one facility takes: what its attribute `field` holds, else `people` (None: without limit)."""

    field: str | None = None
    people: float | None = None


@dataclass(frozen=True)
class Connection:
    """How a connection is linked to a place.

    by `location`: it lies in the place, in a parcel of `parcels` that covers the place's centroid, or within `within_m`
    of the place. by `code`: its attribute `code_field` names the place's `place_field`.
    """

    by: LinkedBy
    within_m: float = 0.0
    code_field: str | None = None
    place_field: str = "asset_code"
    parcels: Member | None = None


@dataclass(frozen=True)
class Obstacles:
    """The buildings that hide what lies behind them: `height_field`, else `floors_field` x `storey_m`, else unknown."""

    member: Member
    height_field: str | None
    floors_field: str | None
    storey_m: float = STOREY_M


@dataclass(frozen=True)
class Sector:
    """What a camera or a mast looks at: `direction_field` (degrees, clockwise from north) plus and minus half an angle.

    No direction recorded: all round. The angle is `angle_field`, else `angle_deg`. eye_m: height of the eye where
    `height_field` holds none; target_m: height of what is looked at; both above the ground. hidden_by: None if nothing
    hides.
    """

    direction_field: str | None
    angle_field: str | None
    angle_deg: float
    height_field: str | None
    eye_m: float
    target_m: float
    hidden_by: Obstacles | None = None


@dataclass(frozen=True)
class Step:
    """The least that is asked of a city or unit with fewer than `below` people (None: with any number)."""

    below: float | None
    least: float


@dataclass(frozen=True)
class Target:
    """What an indicator should be: at least `least`, at most `most`, or at least what `by_population` says.

    scope: whether it is asked of the city, of each unit, or of both.
    """

    indicator: Indicator
    title: Title
    origin: Origin
    least: float | None = None
    most: float | None = None
    by_population: tuple[Step, ...] = ()
    scope: Scope = "both"
    note: str = ""

    def find_least(self, people: float) -> float | None:
        """The least that is asked where so many people live; None if none is."""
        for step in self.by_population:
            if step.below is None or people < step.below:
                return step.least
        return self.least


@dataclass(frozen=True)
class Service:
    """One service and its standard.

    distance_m, minutes: how far a facility reaches; one of them, or neither where the method needs none.
    distance_field: the facility's own reach, in the same unit, where it is recorded.
    demand: id of the demand it is asked for unless another is named. profile, direction: along streets.
    amount: an attribute of the facilities, or AREA, of which so much a person is asked.
    """

    id: str
    title: Title
    method: Method
    facilities: Member
    demand: str
    origin: Origin
    distance_m: float | None = None
    minutes: float | None = None
    distance_field: str | None = None
    profile: str | None = None
    direction: Direction = "to"
    capacity: Capacity | None = None
    connection: Connection | None = None
    sector: Sector | None = None
    amount: str | None = None
    targets: tuple[Target, ...] = ()
    note: str = ""

    @property
    def methods(self) -> tuple[Method, ...]:
        """The methods it can be run by, its own first."""
        fits: Mapping[Method, bool] = {
            "straight_line": self.distance_m is not None,
            "streets": self.profile is not None and (self.distance_m is not None or self.minutes is not None),
            "connection": self.connection is not None,
            "sector": self.sector is not None and self.distance_m is not None,
        }
        return (self.method, *(method for method, possible in fits.items() if possible and method != self.method))


@dataclass(frozen=True)
class ServiceBook:
    """Everything that `layers/coverage/` holds: services, demands and profiles by id."""

    services: Mapping[str, Service]
    demands: Mapping[str, Demand]
    units: Units
    streets: Streets

    def get_service(self, service_id: str) -> Service:
        """The service with that id. Raises MissingError, which lists what there is."""
        try:
            return self.services[service_id]
        except KeyError:
            known = ", ".join(self.services)
            raise MissingError(f"there is no service {service_id!r}; there are {known}", where=service_id) from None

    def get_demand(self, demand_id: str) -> Demand:
        """The demand with that id. Raises InvalidParameter, which lists what there is."""
        try:
            return self.demands[demand_id]
        except KeyError:
            known = ", ".join(self.demands)
            raise InvalidParameter(f"there is no demand {demand_id!r}; there are {known}", where="demand") from None
