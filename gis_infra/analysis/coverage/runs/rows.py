"""Rows of the tables of results as the values that people read."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, Text, func, type_coerce

from gis_infra.analysis.coverage.runs.results import (
    CoverageRun,
    DistanceClass,
    FacilityFigures,
    Figures,
    Gap,
    LayerState,
    PlaceFigures,
    Site,
    Unit,
    Verdict,
)
from gis_infra.analysis.coverage.runs.visibility import Reader
from gis_infra.catalogue.definitions import ACCESS_LEVELS

LONLAT_DECIMALS = 7
SHOWN = "shown"
# Indicators that have no column of their own.
DERIVED = ("people_per_facility", "mean_radius_m", "amount_per_person")


def show(lonlat: ColumnElement[Any]) -> ColumnElement[Any]:
    """A geometry in longitude/latitude as GeoJSON text, labelled `shown`."""
    return type_coerce(func.st_asgeojson(lonlat, LONLAT_DECIMALS, 0), Text).label(SHOWN)


def to_geometry(row: Row[Any]) -> dict[str, Any] | None:
    """The GeoJSON geometry of a row, None where it has none."""
    text: str | None = getattr(row, SHOWN)
    return None if text is None else orjson.loads(text)


def to_place(row: Row[Any]) -> dict[str, Any]:
    """The GeoJSON geometry of a row that has one."""
    return to_geometry(row) or {}


def take(row: Row[Any], kind: type[Any], *besides: str) -> dict[str, Any]:
    """The columns of a row that are fields of a value, but for those named."""
    return {each.name: getattr(row, each.name) for each in fields(kind) if each.name not in besides}


def to_figures(row: Row[Any]) -> Figures:
    """The figures of a row of `coverage_unit`; those of runs from before have fewer."""
    found: dict[str, Any] = {name: row.indicators.get(name) for name in DERIVED}
    return Figures(
        **take(row, Figures, *DERIVED, "classes", "targets", "geometry"),
        **found,
        classes=tuple(DistanceClass(**each) for each in row.classes),
        targets=tuple(Verdict(**each) for each in row.targets),
        geometry=to_geometry(row),
    )


def to_run(row: Row[Any], city: Figures, reader: Reader) -> CoverageRun:
    """A row of `coverage_run` with the city's figures, for who reads it."""
    reach = row.distance_m if row.minutes is None else row.minutes
    unit: Unit = "m" if row.minutes is None else "min"
    return CoverageRun(
        **take(row, CoverageRun, "mine", "distance", "unit", "service_as_it_stood", "data", "city"),
        mine=row.person_id is not None and row.person_id == reader.actor.person_id,
        distance=reach,
        unit=None if reach is None else unit,
        service_as_it_stood=row.parameters["service"],
        data=tuple(to_state(layer, each, reader) for layer, each in sorted(row.data.items())),
        city=city,
    )


def to_state(layer_id: str, found: Mapping[str, int], reader: Reader) -> LayerState:
    """A layer as the run read it, for who reads that."""
    is_whole = f"{layer_id}:{ACCESS_LEVELS[-1]}" in reader.list_takes()
    return LayerState(layer_id, found["revision"] if is_whole else None, found["rows"])


def to_gap(row: Row[Any]) -> Gap:
    """A row of `coverage_gap`."""
    return Gap(row.id, row.rank, row.unit_code, row.people, row.places, row.area_m2, to_place(row))


def to_facility(row: Row[Any]) -> FacilityFigures:
    """A row of `coverage_facility`."""
    values = take(row, FacilityFigures, "id", "geometry")
    return FacilityFigures(**values, id=row.facility_id, geometry=to_place(row))


def to_site(row: Row[Any]) -> Site:
    """A row of `coverage_site`."""
    return Site(row.rank, row.candidate, row.gain, row.cumulative, to_place(row))


def to_place_figures(row: Row[Any]) -> PlaceFigures:
    """A row of `coverage_place`."""
    return PlaceFigures(**take(row, PlaceFigures, "geometry"), geometry=to_place(row))
