"""Figures of a run as JSON holds them: who and what is served somewhere, distances, targets."""

from collections.abc import Mapping
from typing import Any

from gis_infra.analysis.coverage.runs.results import (
    CoverageRun,
    Figures,
    Verdict,
)
from gis_infra.reports.coverage.terms import Terms

Json = dict[str, Any]


def to_day(run: CoverageRun) -> str:
    """The day of a run's units; of a run of old that did not keep it, the day it was made."""
    return (run.day or run.started_at.date()).isoformat()


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
