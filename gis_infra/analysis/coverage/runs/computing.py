"""What a run finds, in memory: reads what takes part at one moment, has the method tell whom it reaches, sums up.

Stores nothing, so that a run can be made again and compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection

from gis_infra.analysis.coverage.methods.connection import read_parcels
from gis_infra.analysis.coverage.methods.facilities import read_facilities, read_left_out
from gis_infra.analysis.coverage.methods.model import Facilities, Ground, Objects, Reached
from gis_infra.analysis.coverage.methods.table import METHODS
from gis_infra.analysis.coverage.places.model import Places, UnitSet
from gis_infra.analysis.coverage.places.reading import read_places
from gis_infra.analysis.coverage.places.units import locate, read_units
from gis_infra.analysis.coverage.runs.amounts import sum_amounts
from gis_infra.analysis.coverage.runs.figures import Served, Sums, Tally, tally, weigh
from gis_infra.analysis.coverage.runs.gaps import Part, draw_discs, find_gaps, find_gaps_of_places, find_parts
from gis_infra.analysis.coverage.runs.orders import CoverageOrder
from gis_infra.analysis.coverage.runs.planning import Plan
from gis_infra.analysis.coverage.runs.verdicts import judge
from gis_infra.analysis.coverage.sites.finding import find_sites
from gis_infra.analysis.coverage.sites.model import Sites
from gis_infra.analysis.coverage.standards.model import Service, ServiceBook
from gis_infra.catalogue.tables import LayerTables

STEPS = 7


@dataclass(frozen=True)
class Whom:
    """Whom each facility serves, float64[m]: people and places whose nearest it is, or that are assigned to it.

    unit: int32[m], row of the unit it lies in, -1 for none.
    """

    people: NDArray[np.float64]
    places: NDArray[np.float64]
    unit: NDArray[np.int32]


@dataclass(frozen=True)
class Outcome:
    """All that a run found. tallies: the city, units, what is in none. out: facilities counted out. reach: the area."""

    units: UnitSet
    places: Places
    facilities: Facilities
    out: Facilities
    reached: Reached
    whom: Whom
    tallies: tuple[Tally, ...]
    gaps: tuple[Part, ...]
    sites: Sites | None
    told: Mapping[str, int | float]


def compute(
    connection: Connection, tables: LayerTables, book: ServiceBook, order: CoverageOrder, plan: Plan
) -> Outcome:
    """What the service of a plan comes to at the moment the transaction sees. Raises what `order.tell` does."""
    service = plan.service
    units = read_units(connection, tables, book.units, plan.day, plan.level)
    order.tell(1, STEPS)
    places = read_places(connection, tables, plan.demand, units, shapes=service.method == "connection")
    order.tell(2, STEPS)
    ground = Ground(connection, tables, book, units, order.cache, order.what_if)
    facilities, out = read_facilities(ground, service), read_left_out(ground, service)
    reached = METHODS[service.method](ground, service, facilities, places)
    order.tell(3, STEPS)
    found = join(places, reached)
    located = locate(shapely.get_coordinates(shapely.centroid(facilities.shapes)), units)
    outside = None if reached.area is None else find_parts(units, reached.area)
    sums = Sums(
        facilities=np.bincount(located + 1, minlength=len(units) + 1),
        area_served_m2=None if outside is None else count_served_area(units, outside),
        amount=sum_amounts(ground, service, facilities, located),
    )
    tallies = judge_all(tally(units, found, sums, plan.reach, in_metres=service.minutes is None), plan)
    order.tell(4, STEPS)
    ranked = rank_gaps(ground, service, places, found, outside)
    order.tell(5, STEPS)
    sites = None if order.sites is None else find_sites(ground, service, places, reached, order.sites)
    order.tell(6, STEPS)
    return Outcome(
        units=units,
        places=places,
        facilities=facilities,
        out=out,
        reached=reached,
        whom=count_served(places, found, reached, located),
        tallies=tallies,
        gaps=tuple(ranked),
        sites=sites,
        told={**places.told, **reached.told},
    )


def join(places: Places, reached: Reached) -> Served:
    """What was found of each row of the places."""
    return Served(
        weight=weigh(places),
        people=places.people,
        served=reached.served,
        unassigned=None if reached.assigned is None else reached.unassigned,
        distance=reached.distance,
        group=places.unit + np.int32(1),
    )


def count_served_area(units: UnitSet, outside: list[Objects]) -> NDArray[np.float64]:
    """float64[units + 1]: m2 within reach, 0 for what lies in no unit; the gaps of a unit are what is left of it."""
    left = [float(shapely.area(parts).sum()) for parts in outside]
    return np.concatenate([[0.0], np.maximum(units.area_m2 - np.array(left), 0.0)])


def judge_all(tallies: tuple[Tally, ...], plan: Plan) -> tuple[Tally, ...]:
    """The figures with what became of the targets."""
    return tuple(replace(each, targets=judge(each, plan.service, plan.demand, plan.day)) for each in tallies)


def rank_gaps(
    ground: Ground, service: Service, places: Places, found: Served, outside: list[Objects] | None
) -> list[Part]:
    """The gaps, the worst first: parts of units outside of reach, or what unserved places stand on."""
    units = ground.units
    if outside is not None and service.method != "connection":
        return find_gaps(units, places, found, outside)
    nothing = np.empty(0, dtype=object)
    parcels = nothing if service.connection is None else read_parcels(ground, service.connection)
    return find_gaps_of_places(units, places, found, partial(draw_parcels, parcels))


def draw_parcels(parcels: Objects, xy: NDArray[np.float64]) -> Objects:
    """object[k]: the parcel that covers each point, where none does a disc of 5 m."""
    drawn = draw_discs(xy)
    point, parcel = shapely.STRtree(parcels).query(shapely.points(xy), predicate="intersects")
    # Backwards, so that of several the first stays.
    drawn[point[::-1]] = parcels[parcel[::-1]]
    return drawn


def count_served(places: Places, found: Served, reached: Reached, located: NDArray[np.int32]) -> Whom:
    """Whom each facility serves: those it is the nearest of that serve them, or those assigned to it."""
    number = len(located)
    if reached.assigned is not None:
        place, facility, people = reached.assigned.place, reached.assigned.facility, reached.assigned.people
        lived = places.people[place]
        share = np.where(lived > 0, people / np.where(lived > 0, lived, 1.0), 1.0)
        count = found.weight[place] * share
    else:
        place = np.flatnonzero((reached.served > 0) & (reached.facility >= 0)).astype(np.int32)
        facility = reached.facility[place]
        people, count = ((column * reached.served)[place] for column in (places.people, found.weight))
    return Whom(
        people=np.bincount(facility, weights=people, minlength=number).astype(np.float64),
        places=np.bincount(facility, weights=count, minlength=number).astype(np.float64),
        unit=located,
    )
