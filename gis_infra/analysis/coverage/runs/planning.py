"""An order made out: which service by which method and reach, for whom, in which units; refused where it cannot be.

Knows the standards and the order, not the database.
"""

import datetime
from dataclasses import dataclass, replace

from gis_infra.analysis.coverage.runs.orders import PERIODS, SOURCES, CoverageOrder, SitesOrder, WhatIf
from gis_infra.analysis.coverage.standards.model import Demand, Service, ServiceBook
from gis_infra.analysis.rules.model import Member
from gis_infra.errors import InvalidParameter, NotPermitted, SignInNeeded

LARGEST_DISTANCE_M = 100_000.0
LARGEST_MINUTES = 600.0
LONGEST_TITLE = 200
MOST_DRAWN = 1_000
MOST_IDS = 10_000
MOST_LAYERS = 10
MOST_SITES = 100
MOST_POINTS = 100_000
LEAST_SPACING_M = 10.0
NOTHING = WhatIf()
# What a search for sites needs beside its source.
NEEDS = {"given": "points", "grid": "spacing_m", "layer": "member"}


@dataclass(frozen=True)
class Plan:
    """What is run. service: its standard with the order's reach and method; official: as the standard says.

    shared: shown to all who may see every row that takes part. standard: the service as its file says.
    """

    standard: Service
    service: Service
    demand: Demand
    level: str
    day: datetime.date
    official: bool
    shared: bool

    @property
    def reach(self) -> float | None:
        """How far a facility reaches, in minutes where the service has them, else metres; None without."""
        return self.service.minutes if self.service.minutes is not None else self.service.distance_m


def make_plan(book: ServiceBook, order: CoverageOrder) -> Plan:
    """What an order comes to.

    Raises MissingError for an unknown service, SignInNeeded for the public, NotPermitted for a series that is not
    theirs to add to, InvalidParameter for what the service cannot be asked or what is too much.
    """
    standard = book.get_service(order.service)
    if order.actor.is_anonymous:
        raise SignInNeeded("sign in to run the coverage analysis")
    service = change_method(change_reach(standard, order), order)
    demand = book.get_demand(standard.demand if order.demand is None else order.demand)
    level = require_level(book, order)
    require_bounds(order)
    require_streets(service, order)
    assumes = order.what_if != NOTHING
    usual = service == standard and demand.id == standard.demand and level == book.units.level
    official = order.actor.is_admin() and usual and not assumes and order.day in (None, order.now.date())
    require_series(order, official=official)
    day = order.now.date() if order.day is None else order.day
    return Plan(standard, service, demand, level, day, official, order.actor.is_admin() and not assumes)


def change_reach(service: Service, order: CoverageOrder) -> Service:
    """The service with the reach that is ordered. Raises InvalidParameter."""
    if order.distance_m is not None and order.minutes is not None:
        raise InvalidParameter("give distance_m or minutes, not both", where="minutes")
    if order.distance_m is None and order.minutes is None:
        return service
    if service.distance_m is None and service.minutes is None:
        raise InvalidParameter(f"{service.id} is told by {service.method}, which has no reach", where="distance_m")
    name, value, most = "distance_m", order.distance_m, LARGEST_DISTANCE_M
    if value is None:
        name, value, most = "minutes", order.minutes, LARGEST_MINUTES
        if service.profile is None:
            raise InvalidParameter(f"{service.id} is not measured along streets; give distance_m", where="minutes")
    if value is None or not 0 < value <= most:
        raise InvalidParameter(f"{name} must be above 0 and at most {most:g}, got {value}", where=name)
    # An attribute of the facilities holds what the standard's own unit measures.
    is_same_unit = (name == "minutes") == (service.minutes is not None)
    field = service.distance_field if is_same_unit else None
    if name == "minutes":
        return replace(service, minutes=value, distance_m=None, distance_field=field)
    return replace(service, minutes=None, distance_m=value, distance_field=field)


def change_method(service: Service, order: CoverageOrder) -> Service:
    """The service told by the method that is ordered. Raises InvalidParameter."""
    if order.method is None:
        return service
    for method in service.methods:
        if method == order.method:
            return replace(service, method=method)
    can = ", ".join(service.methods)
    raise InvalidParameter(f"{service.id} can be told by {can}, not by {order.method!r}", where="method")


def require_level(book: ServiceBook, order: CoverageOrder) -> str:
    """The level of the units. Raises InvalidParameter."""
    level = book.units.level if order.level is None else order.level
    if level not in book.units.levels:
        raise InvalidParameter(f"level must be one of {', '.join(book.units.levels)}, got {level!r}", where="level")
    return level


def require_series(order: CoverageOrder, *, official: bool) -> None:
    """Return if the order may belong to a series, or asks for none. Raises InvalidParameter, NotPermitted."""
    if order.period is None:
        return
    if order.period not in PERIODS:
        raise InvalidParameter(f"period must be one of {', '.join(PERIODS)}, got {order.period!r}", where="period")
    if not order.actor.is_admin():
        raise NotPermitted("only an administrator may add to a series")
    if not official:
        raise InvalidParameter("a run of a series is as the standard says, on the day it is run", where="period")


def require_bounds(order: CoverageOrder) -> None:
    """Return if the order asks for no more than can be done. Raises InvalidParameter."""
    what_if = order.what_if
    require_most("title", len(order.title), LONGEST_TITLE, "letters")
    require_most("what_if.add", len(what_if.drawn), MOST_DRAWN, "facilities")
    require_most("what_if.add_layer", len(what_if.layers), MOST_LAYERS, "layers")
    require_most("what_if.without", len(what_if.without), MOST_IDS, "ids")
    require_most("what_if.closed", len(what_if.closed), MOST_IDS, "ids")
    for drawn in what_if.drawn:
        if drawn.shape.is_empty or (drawn.reach is not None and not 0 < drawn.reach <= LARGEST_DISTANCE_M):
            words = f"a drawn facility needs a shape, and a reach above 0 and at most {LARGEST_DISTANCE_M:g}"
            raise InvalidParameter(words, where="what_if.add")
        if drawn.capacity is not None and not 0 <= drawn.capacity < float("inf"):
            raise InvalidParameter("a drawn facility takes 0 people or more", where="what_if.add")
    if order.sites is not None:
        require_search(order.sites)


def require_streets(service: Service, order: CoverageOrder) -> None:
    """Return if no street is closed, or streets have a part in what is asked. Raises InvalidParameter."""
    closes = bool(order.what_if.closed) or order.what_if.closing is not None
    nodes = order.sites is not None and order.sites.source == "nodes"
    if closes and service.method != "streets" and not nodes:
        other = "; ask for the method streets" if "streets" in service.methods else ""
        message = f"{service.id} is told by {service.method}, which no closed street changes{other}"
        raise InvalidParameter(message, where="what_if.closed")


def require_search(sites: SitesOrder) -> None:
    """Return if a search for sites can be done. Raises InvalidParameter."""
    if sites.source not in SOURCES:
        raise InvalidParameter(f"sites.from must be one of {', '.join(SOURCES)}, got {sites.source!r}", where="sites")
    if not 1 <= sites.n <= MOST_SITES:
        raise InvalidParameter(f"sites.n must be from 1 to {MOST_SITES}, got {sites.n}", where="sites.n")
    require_most("sites.points", len(sites.points), MOST_POINTS, "points")
    needed = NEEDS.get(sites.source)
    if needed is not None and not getattr(sites, needed):
        raise InvalidParameter(f"sites from {sites.source} needs {needed}", where=f"sites.{needed}")
    if sites.spacing_m is not None and not LEAST_SPACING_M <= sites.spacing_m <= LARGEST_DISTANCE_M:
        words = f"sites.spacing_m must be from {LEAST_SPACING_M:g} to {LARGEST_DISTANCE_M:g}, got {sites.spacing_m}"
        raise InvalidParameter(words, where="sites.spacing_m")


def require_most(name: str, found: int, most: int, what: str) -> None:
    """Return if there are at most so many. Raises InvalidParameter."""
    if found > most:
        raise InvalidParameter(f"{name} may have at most {most:,} {what}, got {found:,}", where=name)


def list_members(book: ServiceBook, plan: Plan, order: CoverageOrder) -> tuple[Member, ...]:
    """Every part of a layer whose rows take part, each once."""
    service, streets = plan.service, book.streets
    found = [service.facilities, book.units.member, *order.what_if.layers]
    if order.what_if.planned:
        found.append(Member(service.facilities.layer))
    if plan.demand.member is not None:
        found.append(plan.demand.member)
    nodes = order.sites is not None and order.sites.source == "nodes"
    if service.method == "streets" or nodes:
        found += [streets.member, *(each.member for each in streets.barriers)]
    if service.method == "connection" and service.connection is not None and service.connection.parcels is not None:
        found.append(service.connection.parcels)
    if service.method == "sector" and service.sector is not None and service.sector.hidden_by is not None:
        found.append(service.sector.hidden_by.member)
    if order.sites is not None and order.sites.member is not None:
        found.append(order.sites.member)
    return tuple(dict.fromkeys(found))
