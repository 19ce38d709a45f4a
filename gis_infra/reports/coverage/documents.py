"""Coverage as JSON holds it, longitude/latitude: what the map, the process, files and the printed report are given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gis_infra.analysis.coverage.runs.results import (
    Comparison,
    CoverageReport,
    CoverageRun,
    FacilityFigures,
    Figures,
    Gap,
    PlaceFigures,
    PlacePage,
    Sites,
    UnitChange,
    Verdict,
)
from gis_infra.analysis.coverage.standards.model import Demand, Service, ServiceBook, Target
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.reports.coverage import telling
from gis_infra.reports.features import collect, to_titles

Json = dict[str, Any]


@dataclass(frozen=True)
class Terms:
    """By what services, demands and layers are called in words: their files as they stand now."""

    book: ServiceBook
    catalogue: Catalogue


def to_services(
    services: Iterable[Service], latest: Mapping[str, CoverageRun], terms: Terms, *, may_run: bool
) -> list[Json]:
    """The services there are, with what each can be run by, and what its latest run found for the city."""
    return [to_service(each, latest.get(each.id), terms, may_run=may_run) for each in services]


def to_service(service: Service, run: CoverageRun | None, terms: Terms, *, may_run: bool) -> Json:
    """One service and its standard. may_run: whether the asker may have it run."""
    return {
        **to_standard(service, terms),
        "method": service.method,
        "methods": list(service.methods),
        "distance": to_distance(service.distance_m, service.minutes),
        "demand": service.demand,
        "demands": [to_demand(each) for each in terms.book.demands.values()],
        "levels": telling.list_levels(terms.book, terms.catalogue),
        "targets": [to_target(each) for each in service.targets],
        "note": service.note,
        "latest_run": None if run is None else to_latest(run, terms),
        "may_run": may_run,
    }


def to_standard(service: Service, terms: Terms) -> Json:
    """What a service is called and where its standard comes from."""
    return {
        "id": service.id,
        "title": to_titles(service.title),
        "sector": terms.catalogue.get_layer(service.facilities.layer).sector,
        "layer": service.facilities.layer,
        "source": service.origin.source,
        "clause": service.origin.clause,
        "legal_basis": service.origin.legal_basis,
        "verified": service.origin.verified,
    }


def to_distance(distance_m: float | None, minutes: float | None) -> Json | None:
    """A reach with its unit, None where a service has none."""
    if minutes is not None:
        return {"value": minutes, "unit": "min"}
    return None if distance_m is None else {"value": distance_m, "unit": "m"}


def to_demand(demand: Demand) -> Json:
    """Whom a service may be asked for."""
    return {"id": demand.id, "title": to_titles(demand.title), "kind": demand.kind}


def to_target(target: Target) -> Json:
    """What a service is to come to."""
    return {
        "indicator": target.indicator,
        "title": to_titles(target.title),
        "least": target.least,
        "most": target.most,
        "by_population": [{"below": each.below, "least": each.least} for each in target.by_population],
        "scope": target.scope,
        "source": target.origin.source,
        "clause": target.origin.clause,
        "verified": target.origin.verified,
    }


def to_latest(run: CoverageRun, terms: Terms) -> Json:
    """The latest run of a service in short."""
    figures = to_figures(run.city, run.unit)
    return {
        "id": run.id, "finished_at": run.finished_at.isoformat(), "day": to_day(run), "city": figures,
        "targets": figures["targets"], "main_share": choose_share(run, terms),
    }  # fmt: skip


def to_day(run: CoverageRun) -> str:
    """The day of a run's units; of a run of old that did not keep it, the day it was made."""
    return (run.day or run.started_at.date()).isoformat()


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


def name_by_id(text: str) -> dict[str, str]:
    """What has no title any more, by its id."""
    return {"vi": text, "en": text}


def name_layer(layer_id: str, terms: Terms) -> dict[str, str]:
    """The title of a layer, its id where there is no such layer any more."""
    layer = terms.catalogue.layers.get(layer_id)
    return name_by_id(layer_id) if layer is None else to_titles(layer.title)


def choose_share(run: CoverageRun, terms: Terms) -> str:
    """The share a run is about: of people, of what is counted, or of the area."""
    stood = run.parameters.get("demand")
    kind = stood.get("kind") if isinstance(stood, Mapping) else None
    if kind is None and run.demand in terms.book.demands:
        kind = terms.book.demands[run.demand].kind
    return {"count": "places_share", "area": "area_share"}.get(kind or "", "people_share")


def to_figures(figures: Figures, unit: str | None) -> Json:
    """Who and what is served somewhere, as numbers and as shares from 0 to 1 (null where there is nothing to serve)."""
    return {
        "scope": figures.scope,
        "code": figures.code,
        "name": figures.name,
        "population": figures.population,
        "people": figures.people,
        "people_served": figures.people_served,
        "people_share": figures.people_share,
        "unassigned": figures.people_unassigned,
        "places": figures.places,
        "places_served": figures.places_served,
        "places_share": figures.places_share,
        "area_m2": round(figures.area_m2, 1),
        "area_served_m2": None if figures.area_served_m2 is None else round(figures.area_served_m2, 1),
        "area_share": figures.area_share,
        "facilities": figures.facilities,
        "people_per_facility": figures.people_per_facility,
        "mean_radius_m": figures.mean_radius_m,
        "amount": figures.amount,
        "amount_per_person": figures.amount_per_person,
        **to_distances(figures, unit),
        "targets": [to_verdict(each) for each in figures.targets],
    }


def to_distances(figures: Figures, unit: str | None) -> Json:
    """How far people have, in the unit of the run."""
    return {
        "distance_unit": unit,
        "distance_mean": figures.mean_distance,
        "distance_median": figures.median_distance,
        "distance_p90": figures.p90_distance,
        "distance_max": figures.largest_distance,
        "classes": [
            {"from": each.over, "to": each.up_to, "people": each.people, "places": each.places}
            for each in figures.classes
        ],
    }


def to_verdict(verdict: Verdict) -> Json:
    """A target held against what was found."""
    return {
        "indicator": verdict.indicator,
        "title": dict(verdict.title),
        "least": verdict.least,
        "most": verdict.most,
        "found": verdict.found,
        "answer": verdict.answer,
        "source": verdict.source,
        "clause": verdict.clause,
        "verified": verdict.verified,
    }


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


def to_comparison(comparison: Comparison, terms: Terms) -> Json:
    """What changed between two runs, for the city and by unit, and why."""
    return {
        "before": to_entry(comparison.before, terms),
        "after": to_entry(comparison.after, terms),
        "city": to_change(comparison.city),
        "units": count([to_changed(each) for each in comparison.units], len(comparison.units)),
        "reasons": telling.tell_reasons(comparison.reasons),
    }


def to_changed(change: UnitChange) -> Json:
    """One unit before and after as a feature."""
    return {"type": "Feature", "geometry": change.geometry, "properties": to_change(change)}


def to_change(change: UnitChange) -> Json:
    """People and those served before and after, and what the difference consists of."""
    names = (
        "code", "name", "state", "people_before", "people_after", "served_before", "served_after", "came", "went",
        "changed", "newly", "no_longer",
    )  # fmt: skip
    shares = {
        f"share_{side}": divide(getattr(change, f"served_{side}"), getattr(change, f"people_{side}"))
        for side in ("before", "after")
    }
    return {**{name: getattr(change, name) for name in names}, **shares}


def divide(part: float, whole: float) -> float | None:
    """part / whole, None when the whole is nothing."""
    return part / whole if whole > 0 else None


def list_entries(runs: Sequence[CoverageRun], terms: Terms) -> list[Json]:
    """Runs as a list."""
    return [to_entry(each, terms) for each in runs]
