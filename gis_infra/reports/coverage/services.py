"""Services and their standards as JSON holds them, with what the latest run of each found."""

from collections.abc import Iterable, Mapping
from typing import Any

from gis_infra.analysis.coverage.runs.results import (
    CoverageRun,
)
from gis_infra.analysis.coverage.standards.model import Demand, Service, Target
from gis_infra.reports.coverage import telling
from gis_infra.reports.coverage.figures import choose_share, to_day, to_figures
from gis_infra.reports.coverage.terms import Terms
from gis_infra.reports.features import to_titles

Json = dict[str, Any]


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
