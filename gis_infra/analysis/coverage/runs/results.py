"""What runs of coverage found, as people read it: frozen values.

Geometries are GeoJSON in longitude/latitude. Distances are metres, or minutes where `unit` of the run says "min".
Shares are of 1. None: not known, or nothing to divide by.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import e
from typing import Any, Literal

Geometry = dict[str, Any]
Answer = Literal["met", "missed", "not_known"]
Unit = Literal["m", "min"]
Scope = Literal["city", "unit", "outside"]
State = Literal["kept", "drawn", "planned", "out"]
Change = Literal["same", "new", "gone"]


@dataclass(frozen=True)
class DistanceClass:
    """People and places whose distance is over `over` and up to `up_to`; `up_to` None: whatever is further."""

    over: float
    up_to: float | None
    people: float
    places: float


@dataclass(frozen=True)
class Verdict:
    """A target of the service against what was found. title, origin: by language, and source, clause, verified."""

    indicator: str
    title: Mapping[str, str]
    least: float | None
    most: float | None
    found: float | None
    answer: Answer
    source: str
    clause: str
    legal_basis: str
    verified: bool


@dataclass(frozen=True)
class Counted:
    """Who and what a service reaches somewhere, as counted.

    scope: city, unit, or outside (what lies in no unit). population: the unit's known number. people_unassigned: within
    reach of full facilities only. area_served_m2: None in methods that know no area. facilities: that lie in it.
    amount: of what the facilities in it give, such as square metres of green.
    """

    scope: Scope
    code: str | None
    name: str | None
    population: float | None
    people: float
    people_served: float
    people_unassigned: float | None
    places: float
    places_served: float
    area_m2: float
    area_served_m2: float | None
    facilities: int
    amount: float | None


@dataclass(frozen=True)
class Figures(Counted):
    """What was counted somewhere, with distances and shares. geometry: None for all but units."""

    mean_distance: float | None
    median_distance: float | None
    p90_distance: float | None
    largest_distance: float | None
    people_share: float | None
    places_share: float | None
    area_share: float | None
    people_per_facility: float | None
    mean_radius_m: float | None
    amount_per_person: float | None
    classes: tuple[DistanceClass, ...] = ()
    targets: tuple[Verdict, ...] = ()
    geometry: Geometry | None = None


@dataclass(frozen=True)
class LayerState:
    """A layer as a run read it: its revision, and how many of its rows took part.

    revision: None for who may not see every row of the layer: it counts changes of all.
    """

    layer: str
    revision: int | None
    rows: int


@dataclass(frozen=True)
class CoverageRun:
    """One run: who asked when for what, on which data, and what it came to for the city.

    official: as the standard says, with nothing assumed. shared: shown to all who may see every row that took part.
    service_as_it_stood: the service's file as it was read. what_if, sites: the assumptions and the search as they were
    asked for, None without; so written that JSON can hold them. told: what was found by the way, counted, by word.
    digest: the same for runs with the same result. mine: whether the reader asked for it.
    """

    id: int
    service: str
    actor: str
    title: str
    started_at: datetime.datetime
    finished_at: datetime.datetime
    official: bool
    shared: bool
    mine: bool
    period: str | None
    period_from: datetime.date | None
    day: datetime.date | None
    level: str
    method: str
    demand: str
    distance: float | None
    unit: Unit | None
    facilities: int
    service_as_it_stood: Mapping[str, Any]
    parameters: Mapping[str, Any]
    what_if: Mapping[str, Any] | None
    sites: Mapping[str, Any] | None
    data: tuple[LayerState, ...]
    told: Mapping[str, float]
    digest: str
    city: Figures


@dataclass(frozen=True)
class Gap:
    """A part of a unit out of reach. rank: 1 has the most people unserved."""

    id: int
    rank: int
    unit_code: str | None
    people: float
    places: float
    area_m2: float
    geometry: Geometry


@dataclass(frozen=True)
class FacilityFigures:
    """A facility and whom it serves. id: its row, None for one that was drawn. state: out for one counted out."""

    layer: str | None
    id: int | None
    code: str | None
    name: str | None
    state: State
    unit_code: str | None
    people: float
    places: float
    reach: float | None
    capacity: float | None
    geometry: Geometry


@dataclass(frozen=True)
class Site:
    """A proposed site. rank: 1 is to be built first; gain: people newly served; cumulative: with all before it."""

    rank: int
    candidate: str | None
    gain: float
    cumulative: float
    geometry: Geometry


@dataclass(frozen=True)
class Sites:
    """The proposed sites. served: people newly served by all; bound: the most any choice of as many could serve.

    share_of_bound: what the choice serves of that bound, which may be loose; of the best choice it is at least
    `guaranteed_share`. candidates: how many there were. limited: whether new sites take only so many people.
    """

    ranked: tuple[Site, ...]
    candidates: int
    served: float
    bound: float
    share_of_bound: float | None
    limited: bool = False

    @property
    def guaranteed_share(self) -> float:
        """What a greedy choice serves at least of the best possible one: 1 - 1/e, or half where sites are full."""
        return 0.5 if self.limited else 1 - 1 / e


@dataclass(frozen=True)
class CoverageReport:
    """One run with all it found: units by code and last what is in none, gaps worst first, facilities, sites.

    gaps_matched, facilities_matched: how many there are, of which the first so many are here. sites: None if none were
    asked for. reach: the area reached, drawn with fewer points; None in methods that know none. has_places: whether
    the rows of single places are still kept.
    """

    run: CoverageRun
    city: Figures
    units: tuple[Figures, ...]
    gaps: tuple[Gap, ...]
    gaps_matched: int
    facilities: tuple[FacilityFigures, ...]
    facilities_matched: int
    sites: Sites | None
    reach: Geometry | None
    has_places: bool


@dataclass(frozen=True)
class PlaceFigures:
    """One place of a run: how far it is, and the share of its people that is served. geometry: a point."""

    id: int
    place_id: int
    unit_code: str | None
    people: float
    distance: float | None
    facility_id: int | None
    served: float
    geometry: Geometry


@dataclass(frozen=True)
class PlacePage:
    """Places in the order of their rows, and how many match in all."""

    places: tuple[PlaceFigures, ...]
    matched: int


@dataclass(frozen=True)
class UnitChange:
    """One unit, or the city (code None), before and after; people, and what the difference of those served consists of.

    state: new or gone where only one of the runs has it. The last five are None where single places are not kept any
    more; else came - went + changed + newly - no_longer = served_after - served_before.
    """

    code: str | None
    name: str | None
    state: Change
    people_before: float
    people_after: float
    served_before: float
    served_after: float
    came: float | None = None
    went: float | None = None
    changed: float | None = None
    newly: float | None = None
    no_longer: float | None = None
    geometry: Geometry | None = None


@dataclass(frozen=True)
class Reason:
    """Why two runs differ. kind: such as facility_came; count: how many; words: in vi and en; ids: the first few."""

    kind: str
    count: int
    words: Mapping[str, str]
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Two runs of a service: what changed for the city and by unit, and why."""

    before: CoverageRun
    after: CoverageRun
    city: UnitChange
    units: tuple[UnitChange, ...]
    reasons: tuple[Reason, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Repetition:
    """A run made again: whether all figures are the same, and if not, why they may differ.

    data_changed: layers that were edited since. differences: figures that are not the same, "place: name: was, is".
    """

    run: int
    is_same: bool
    data_changed: tuple[str, ...]
    standard_changed: bool
    differences: tuple[str, ...]


@dataclass(frozen=True)
class Schedule:
    """A service that is run when a period has ended. latest: first day of the last period that was run."""

    service: str
    period: str
    begun_on: datetime.date
    actor: str
    latest: datetime.date | None
    next_on: datetime.date
