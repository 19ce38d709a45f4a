"""What coverage runs found, as an actor may read it.

A service shows only if its facilities' layer does, and a run only if every row that took part does.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Text, func, select, type_coerce

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.coverage.services import Service, ServiceBook
from gis_infra.analysis.coverage.tables import COVERAGE_GAP, COVERAGE_RESULT, COVERAGE_RUN
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.errors import MissingError

LONLAT_DECIMALS = 7


@dataclass(frozen=True)
class Reach:
    """Who and what a service reaches somewhere. scope: city, ward, or outside (buildings in no ward).

    geometry: GeoJSON in longitude/latitude, None for the city and for what is in no ward.
    """

    scope: str
    code: str | None
    name: str | None
    population: int
    population_served: int
    buildings: int
    buildings_served: int
    area_m2: float
    area_served_m2: float
    geometry: dict[str, Any] | None

    @property
    def population_share(self) -> float | None:
        """Share of the people served, None where nobody lives."""
        return divide(self.population_served, self.population)

    @property
    def building_share(self) -> float | None:
        """Share of the buildings served, None where there is none."""
        return divide(self.buildings_served, self.buildings)

    @property
    def area_share(self) -> float | None:
        """Share of the area served, None without an area."""
        return divide(self.area_served_m2, self.area_m2)


@dataclass(frozen=True)
class Gap:
    """A part of a ward out of reach. rank: 1 has the most people unserved. geometry: GeoJSON, longitude/latitude."""

    rank: int
    ward_code: str | None
    population: int
    buildings: int
    area_m2: float
    geometry: dict[str, Any]


@dataclass(frozen=True)
class CoverageRun:
    """One run: when, with what, and the city's share."""

    id: int
    service: str
    finished_at: datetime.datetime
    method: str
    distance_m: float
    facilities: int
    city: Reach


@dataclass(frozen=True)
class CoverageReport:
    """One run with its wards (what is in no ward last) and its gaps, worst first."""

    run: CoverageRun
    wards: tuple[Reach, ...]
    gaps: tuple[Gap, ...]


def divide(part: float, whole: float) -> float | None:
    """part / whole, None when the whole is nothing."""
    return part / whole if whole > 0 else None


def list_visible(book: ServiceBook, catalogue: Catalogue, actor: Actor) -> tuple[Service, ...]:
    """The services whose facilities the actor may see."""
    return tuple(
        service
        for service in book.services.values()
        if actor.is_allowed("read", catalogue.get_layer(service.facilities.layer))
    )


def get_visible(book: ServiceBook, catalogue: Catalogue, actor: Actor, service_id: str) -> Service:
    """The service of that id. Raises MissingError if there is none, or none the actor may see; it lists those."""
    services = {each.id: each for each in list_visible(book, catalogue, actor)}
    if service_id not in services:
        known = ", ".join(services) or "none"
        raise MissingError(f"there is no service {service_id!r}; there are {known}", where=service_id)
    return services[service_id]


@dataclass(frozen=True)
class Reader:
    """Who reads, and the layers there are."""

    actor: Actor
    catalogue: Catalogue

    def may_see(self, steps: Mapping[str, Sequence[str]] | None) -> bool:
        """Whether every row of a run is visible. steps: layer id -> sensitivities of its rows, as the run kept them."""
        if steps is None:
            return self.actor.is_admin()
        return all(self.may_see_rows(layer_id, found) for layer_id, found in steps.items())

    def may_see_rows(self, layer_id: str, steps: Sequence[str]) -> bool:
        """Whether rows of these sensitivities are visible; no row of a layer that is no more."""
        layer = self.catalogue.layers.get(layer_id)
        if layer is None or not self.actor.is_allowed("read", layer):
            return False
        return set(steps) <= {"", *self.actor.get_visible_levels(layer)}


def read_latest_runs(
    connection: Connection, services: tuple[Service, ...], reader: Reader
) -> Mapping[str, CoverageRun]:
    """Service id -> its latest run, for those that have one the reader may see."""
    latest = (
        select(func.max(COVERAGE_RUN.c.id))
        .where(COVERAGE_RUN.c.service.in_([service.id for service in services]))
        .group_by(COVERAGE_RUN.c.service)
    )
    rows = connection.execute(select(COVERAGE_RUN).where(COVERAGE_RUN.c.id.in_(latest)).order_by(COVERAGE_RUN.c.id))
    seen = [row for row in rows.all() if reader.may_see(row.parameters.get("steps"))]
    return {row.service: to_run(row, read_reaches(connection, row.id, "city")[0]) for row in seen}


def read_report(connection: Connection, service: Service, reader: Reader) -> CoverageReport:
    """The latest run of a service with all it found. Raises MissingError if there is none that the reader may see."""
    runs = read_latest_runs(connection, (service,), reader)
    if service.id not in runs:
        raise MissingError(f"the coverage of {service.id} was never run, or not on what you may see", where=service.id)
    run = runs[service.id]
    wards = [*read_reaches(connection, run.id, "unit"), *read_reaches(connection, run.id, "outside")]
    return CoverageReport(run, tuple(wards), read_gaps(connection, run.id))


def read_reaches(connection: Connection, run_id: int, scope: str) -> list[Reach]:
    """The results of a run of one scope, in the order of ward codes."""
    table = COVERAGE_RESULT
    rows = connection.execute(
        select(table, to_lonlat(table.c.geom))
        .where(table.c.run_id == run_id, table.c.scope == scope)
        .order_by(table.c.position)
    )
    return [
        Reach(
            scope="ward" if row.scope == "unit" else row.scope,
            code=row.code,
            name=row.name,
            population=round(row.people),
            population_served=round(row.people_served),
            buildings=round(row.places),
            buildings_served=round(row.places_served),
            area_m2=row.area_m2,
            area_served_m2=row.area_served_m2,
            geometry=orjson.loads(row.shown) if row.shown is not None else None,
        )
        for row in rows
    ]


def read_gaps(connection: Connection, run_id: int) -> tuple[Gap, ...]:
    """The gaps of a run, worst first."""
    table = COVERAGE_GAP
    rows = connection.execute(
        select(table, to_lonlat(table.c.geom)).where(table.c.run_id == run_id).order_by(table.c.rank)
    )
    return tuple(
        Gap(row.rank, row.unit_code, round(row.people), round(row.places), row.area_m2, orjson.loads(row.shown))
        for row in rows
    )


def to_lonlat(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A geometry as GeoJSON text in longitude/latitude, labelled `shown`."""
    return type_coerce(func.st_asgeojson(func.st_transform(column, 4326), LONLAT_DECIMALS, 0), Text).label("shown")


def to_run(row: Any, city: Reach) -> CoverageRun:
    """One run and what it found for the city."""
    return CoverageRun(row.id, row.service, row.finished_at, row.method, row.distance_m, row.facilities, city)
