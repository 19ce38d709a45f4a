"""Runs as JSON holds them, longitude/latitude: what the map, the process, files and the printed report are given."""

from collections.abc import Sequence
from typing import Any

from gis_infra.analysis.coverage.runs.results import (
    CoverageReport,
    CoverageRun,
    FacilityFigures,
    Figures,
    Gap,
    PlaceFigures,
    PlacePage,
    Sites,
)
from gis_infra.reports.coverage import telling
from gis_infra.reports.coverage.figures import choose_share, to_day, to_figures
from gis_infra.reports.coverage.services import to_standard
from gis_infra.reports.coverage.telling import name_by_id
from gis_infra.reports.coverage.terms import Terms, name_layer
from gis_infra.reports.features import collect

Json = dict[str, Any]


def to_entry(run: CoverageRun, terms: Terms) -> Json:
    """One run as lists tell it."""
    return {
        "id": run.id,
        "service": run.service,
        "title": run.title or None,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat(),
        "official": run.official,
        "shared": run.shared,
        "mine": run.mine,
        "period": run.period,
        "period_title": telling.name_period(run.period, run.period_from),
        "day": to_day(run),
        "level": run.level,
        "level_title": telling.name_level(run.level, terms.book, terms.catalogue),
        "method": run.method,
        "method_title": telling.name_method(run.method),
        "demand": run.demand,
        "demand_title": telling.name_demand(run.demand, terms.book),
        "distance": None if run.distance is None else {"value": run.distance, "unit": run.unit or "m"},
        "what_if": telling.tell_what_if(run.what_if),
        "main_share": choose_share(run, terms),
        "city": to_figures(run.city, run.unit),
    }


def to_report(report: CoverageReport, terms: Terms) -> Json:
    """One run with all it found. Lists that are long are cut; `numberMatched` says how much there is."""
    run = report.run
    gaps = [to_gap(each) for each in report.gaps]
    facilities = [to_facility(each) for each in report.facilities]
    return {
        "service": to_service_of(run, terms),
        "run": to_run(run, terms),
        "main_share": choose_share(run, terms),
        "city": to_figures(report.city, run.unit),
        "units": count([to_unit(each, run.unit) for each in report.units], len(report.units)),
        "gaps": count(gaps, report.gaps_matched),
        "facilities": count(facilities, report.facilities_matched),
        "sites": to_sites(report.sites),
        "reach": report.reach,
        "has_places": report.has_places,
    }


def to_run(run: CoverageRun, terms: Terms) -> Json:
    """How a run was made, so that it can be made again."""
    return {
        **{name: value for name, value in to_entry(run, terms).items() if name not in ("city", "main_share")},
        # Who sees a run that is not shared administers the city or asked for it; others are not told who works here.
        "actor": run.actor if run.mine or not run.shared else None,
        "facilities": run.facilities,
        "totals": {"people": run.city.people, "places": run.city.places, "area_m2": run.city.area_m2},
        "told": telling.tell_counts(run.told),
        "data": [
            {"layer": each.layer, "title": name_layer(each.layer, terms), "revision": each.revision, "rows": each.rows}
            for each in run.data
        ],
        "parameters": {
            **run.parameters, "service": run.service_as_it_stood, "what_if": run.what_if, "sites": run.sites,
        },
        "digest": run.digest,
    }  # fmt: skip


def to_service_of(run: CoverageRun, terms: Terms) -> Json:
    """The service of a run as it is called now, with the standard's origin as it stood then."""
    stood = run.service_as_it_stood
    known = terms.book.services.get(run.service)
    now = to_standard(known, terms) if known is not None else {"id": run.service, "title": name_by_id(run.service)}
    origin = stood.get("origin", stood)
    then = {name: origin[name] for name in ("source", "clause", "legal_basis", "verified") if name in origin}
    unsaid = {"sector": "", "layer": "", "source": "", "clause": "", "legal_basis": "", "verified": False}
    return {**unsaid, **now, **then}


def count(features: list[Json], matched: int) -> Json:
    """A FeatureCollection that tells how many features there are in all."""
    return {**collect(features), "numberMatched": matched, "numberReturned": len(features)}


def to_unit(figures: Figures, unit: str | None) -> Json:
    """One unit; what lies in none is a feature without geometry."""
    return {"type": "Feature", "geometry": figures.geometry, "properties": to_figures(figures, unit)}


def to_gap(gap: Gap) -> Json:
    """One part of a unit out of reach."""
    properties = {
        "rank": gap.rank, "unit": gap.unit_code, "people": gap.people, "places": gap.places,
        "area_m2": round(gap.area_m2, 1),
    }  # fmt: skip
    return {"type": "Feature", "id": gap.id, "geometry": gap.geometry, "properties": properties}


def to_facility(facility: FacilityFigures) -> Json:
    """One facility and whom it serves."""
    names = ("layer", "id", "code", "name", "state", "people", "places", "reach", "capacity")
    properties = {**{name: getattr(facility, name) for name in names}, "unit": facility.unit_code}
    return {"type": "Feature", "geometry": facility.geometry, "properties": properties}


def to_sites(sites: Sites | None) -> Json:
    """The proposed sites with what is known of how good the choice is; no feature where none were asked for."""
    if sites is None:
        return {
            **count([], 0),
            "bound": None,
            "share_of_bound": None,
            "candidates": 0,
            "served": None,
            "limited": False,
        }
    features = [
        {
            "type": "Feature",
            "geometry": each.geometry,
            "properties": {
                "rank": each.rank, "name": each.candidate, "gain": each.gain, "cumulative": each.cumulative,
            },
        }
        for each in sites.ranked
    ]  # fmt: skip
    quality = {
        "bound": sites.bound, "share_of_bound": sites.share_of_bound, "guaranteed_share": sites.guaranteed_share,
        "limited": sites.limited,
    }  # fmt: skip
    return {**count(features, len(features)), **quality, "candidates": sites.candidates, "served": sites.served}


def to_places(page: PlacePage) -> Json:
    """Places of a run as points."""
    return count([to_place(each) for each in page.places], page.matched)


def to_place(place: PlaceFigures) -> Json:
    """One place, how far it is and how much of it is served."""
    properties = {
        "id": place.place_id, "unit": place.unit_code, "people": place.people, "distance": place.distance,
        "facility": place.facility_id, "served": place.served,
    }  # fmt: skip
    return {"type": "Feature", "id": place.id, "geometry": place.geometry, "properties": properties}


def list_entries(runs: Sequence[CoverageRun], terms: Terms) -> list[Json]:
    """Runs as a list."""
    return [to_entry(each, terms) for each in runs]
