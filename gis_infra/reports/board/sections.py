"""The parts of the board beside the layers, as JSON holds them: conflicts, coverage, imports, cameras."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gis_infra.analysis.cameras import STATES, Camera, State
from gis_infra.analysis.coverage.runs.results import CoverageRun
from gis_infra.analysis.coverage.standards.model import Service
from gis_infra.analysis.register.tables import SEVERITIES
from gis_infra.analysis.register.tallying import Movement, Tally
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.reports.coverage.figures import choose_share, to_figures
from gis_infra.reports.coverage.services import to_standard
from gis_infra.reports.coverage.telling import name_period
from gis_infra.reports.coverage.terms import Terms
from gis_infra.reports.features import to_titles
from gis_infra.transfer.loading.listing import ImportEntry
from gis_infra.transfer.loading.summing import ImportSum

Json = dict[str, Any]

DECIDED = ("met", "missed")


def to_conflicts(tallies: Iterable[Tally]) -> Json:
    """Open conflicts by answer, and in all."""
    counts = dict.fromkeys(SEVERITIES, 0)
    for each in tallies:
        counts[each.severity] += each.conflicts
    return {"total": sum(counts.values()), "severities": counts}


def is_of_sector(layers: frozenset[str], sector: str, catalogue: Catalogue) -> bool:
    """Whether one of the layers, which may have gone since, is of a sector."""
    known = (catalogue.layers.get(each) for each in layers)
    return any(layer is not None and layer.sector == sector for layer in known)


def to_moves(movement: Movement) -> Json:
    """How conflicts moved over a period."""
    names = ("open_before", "opened", "settled", "open_after")
    return {name: getattr(movement, name) for name in names}


def to_service(service: Service, run: CoverageRun | None, terms: Terms) -> Json:
    """A service and what its run found for the city; run: null where there is none to be seen."""
    known = to_standard(service, terms)
    standard = {name: known[name] for name in ("id", "title", "sector", "layer", "verified")}
    return {**standard, "run": None if run is None else to_run(run, terms)}


def to_run(run: CoverageRun, terms: Terms) -> Json:
    """A run in short: its share of the city, and each target with what was found."""
    figures, share = to_figures(run.city, run.unit), choose_share(run, terms)
    return {
        "id": run.id,
        "finished_at": run.finished_at.isoformat(),
        "period": run.period,
        "period_title": name_period(run.period, run.period_from),
        "unit": run.unit or "m",
        "share_name": share,
        "share": figures[share],
        "targets": figures["targets"],
        "meets": judge([each["answer"] for each in figures["targets"]]),
    }


def judge(answers: Sequence[str]) -> bool | None:
    """Whether a run meets all its targets; None where it has none, or one is not known and none is missed."""
    if "missed" in answers:
        return False
    return True if answers and all(each == "met" for each in answers) else None


def count_targets(services: Iterable[Json]) -> Json:
    """How many services meet all their targets, of how many of which that is known; unknown: those never run."""
    shown = list(services)
    known = [each["run"]["meets"] for each in shown if each["run"] and each["run"]["meets"] is not None]
    return {"met": sum(known), "known": len(known), "unknown": sum(each["run"] is None for each in shown)}


def to_import(entry: ImportEntry, catalogue: Catalogue) -> Json:
    """An import of the list."""
    layer = catalogue.layers.get(entry.layer_id)
    counts = {name: getattr(entry, name) for name in ("accepted", "rejected", "inserted", "updated", "deleted")}
    return {
        "id": entry.id,
        "layer": entry.layer_id,
        "layer_title": name_layer(entry.layer_id, catalogue),
        "sector": None if layer is None else layer.sector,
        "file": entry.file_name,
        "by": entry.username,
        "finished_at": entry.finished_at.isoformat(),
        "undone": entry.undone_at is not None,
        **counts,
    }


def to_import_sum(each: ImportSum, catalogue: Catalogue) -> Json:
    """The imports into a layer over a period."""
    return {**vars(each), "layer_title": name_layer(each.layer, catalogue)}


def name_layer(layer_id: str, catalogue: Catalogue) -> dict[str, str]:
    """The title of a layer, its id where it has gone."""
    layer = catalogue.layers.get(layer_id)
    return {"vi": layer_id, "en": layer_id} if layer is None else to_titles(layer.title)


def to_states(counts: Mapping[State, int]) -> Json:
    """The cameras in each state, how many in all, and how many that should be seen through are."""
    total = sum(counts.values())
    return {"total": total, "in_use": total - counts["planned"], "states": {each: counts[each] for each in STATES}}


def to_camera(camera: Camera, codes: Mapping[str, Mapping[str, Any]]) -> Json:
    """One camera with the words of its codes. codes: field -> code -> title."""
    values = {**vars(camera), "updated_at": camera.updated_at.isoformat()}
    titles = {
        f"{name}_title": to_titles(codes[name][values[name]]) if values[name] in codes[name] else None for name in codes
    }
    return {**values, **titles}
