"""A works check as JSON: what works would meet, whose it is, who is to be asked and told, and what was looked at."""

from collections import Counter
from functools import partial
from typing import Any

import orjson
import shapely

from gis_infra.analysis.works.answers import SEVERITIES, Met
from gis_infra.analysis.works.checking import WorksCheck
from gis_infra.analysis.works.owners import Asked
from gis_infra.analysis.works.works import Works
from gis_infra.filters.places import move_points
from gis_infra.reports.contacts import to_card
from gis_infra.reports.features import collect, to_metres, to_side, to_titles
from gis_infra.spatial import crs

LONLAT_STEP = 1e-8


def to_works_check(check: WorksCheck, city_srid: int) -> dict[str, Any]:
    """What works would meet, whose it is, and what was looked at. city_srid: EPSG code of the works' coordinates."""
    reached = check.reached
    conflicts = collect([to_met(each) for each in reached.met])
    counts = Counter(each.severity for each in reached.met)
    return {
        "works": to_feature(check.works, city_srid),
        "conflicts": {
            **conflicts,
            "numberMatched": reached.matched,
            "numberReturned": len(reached.met),
            "severities": {name: counts[name] for name in SEVERITIES if counts[name]},
        },
        "owners": [to_asked(each) for each in check.asked],
        "checked": {
            "as_of": reached.as_of.isoformat(),
            "layers": list(reached.layers),
            "rules": list(reached.rules),
            "unknown_depth": reached.unknown_depth,
            "unknown_accuracy": sum(not each.accuracy_known for each in reached.met),
        },
    }


def to_feature(works: Works, city_srid: int) -> dict[str, Any]:
    """The works as a feature, longitude/latitude, with what is said of them."""
    transformer = crs.get_transformer(city_srid, crs.WGS84)
    moved = shapely.transform(works.shape, partial(move_points, transformer))
    names = ("project", "name", "applicant", "method", "depth_m", "bore_m", "bottom_level_m", "ground_level_m",
             "vertical_datum", "buffer_m")  # fmt: skip
    properties = {name: getattr(works, name) for name in names}
    properties |= {name: to_day(getattr(works, name)) for name in ("starts_on", "ends_on")}
    geometry = orjson.loads(shapely.to_geojson(shapely.set_precision(moved, LONLAT_STEP, mode="pointwise")))
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def to_day(day: Any) -> str | None:
    """A day as text, None if there is none."""
    return None if day is None else day.isoformat()


def to_asked(asked: Asked) -> dict[str, Any]:
    """An owner to ask, the answer so far, how to reach them, and until when they must be told."""
    return {
        "owner": asked.owner,
        "answer": asked.answer,
        "layers": dict(asked.layers),
        "contacts": [to_card(each) for each in asked.contacts],
        "notify_days": asked.notify_days,
        "notify_by": to_day(asked.notify_by),
        "notify_verified": asked.notify_verified,
    }


def to_met(met: Met) -> dict[str, Any]:
    """One asset that works would meet: its part within reach."""
    properties = {
        "rule": met.rule.id,
        "rule_title": to_titles(met.rule.title),
        "kind": met.rule.kind,
        "severity": met.severity,
        **to_side("left", None),
        **to_side("right", met.asset),
        "required_m": met.required_m,
        "distance_m": to_metres(met.distance_m),
        "accuracy_m": to_metres(met.accuracy_m),
        "accuracy_known": met.accuracy_known,
        "vertical_m": to_metres(met.vertical_m),
        "vertical_accuracy_m": to_metres(met.vertical_accuracy_m),
        "depth_unknown": met.depth_unknown,
        "clause": met.rule.clause,
        "source": met.rule.source,
        "legal_basis": met.rule.legal_basis,
        "verified": met.rule.verified,
    }
    return {"type": "Feature", "geometry": met.geometry, "properties": properties}
