"""Conflicts and works checks as GeoJSON objects, longitude/latitude: what the map and files are given."""

from typing import Any

from gis_infra.analysis.register.entries import Asset, Conflict, Work
from gis_infra.analysis.register.reading import RegisterPage
from gis_infra.catalogue.definitions import Title

METRE_DECIMALS = 3


def to_register(page: RegisterPage) -> dict[str, Any]:
    """A page of the register, with `numberMatched` for the whole of it."""
    collection = collect([to_conflict(each) for each in page.conflicts])
    return {**collection, "numberMatched": page.matched, "numberReturned": len(page.conflicts)}


def to_conflict(conflict: Conflict) -> dict[str, Any]:
    """One conflict at its worst place."""
    properties = {
        "id": conflict.id,
        "fingerprint": conflict.fingerprint,
        "pack": conflict.pack,
        "rule": conflict.rule,
        "rule_title": to_titles(conflict.rule_title),
        "kind": conflict.kind,
        "severity": conflict.severity,
        "status": conflict.status,
        **to_side("left", conflict.left),
        **to_side("right", conflict.right),
        "side": conflict.side,
        "stretch": conflict.stretch,
        "required_m": conflict.required_m,
        "distance_m": to_metres(conflict.distance_m),
        "accuracy_m": to_metres(conflict.accuracy_m),
        "accuracy_known": conflict.accuracy_known,
        "vertical_m": to_metres(conflict.vertical_m),
        "length_m": to_metres(conflict.length_m),
        "street": conflict.street,
        "clause": conflict.clause,
        "source": conflict.source,
        "legal_basis": conflict.legal_basis,
        "verified": conflict.verified,
        "found_on": conflict.found_on.isoformat(),
        "resolved_on": conflict.resolved_on.isoformat() if conflict.resolved_on else None,
        **to_work(conflict.work),
        "version": conflict.version,
    }
    return {"type": "Feature", "id": conflict.id, "geometry": conflict.place, "properties": properties}


def to_metres(length_m: float | None) -> float | None:
    """A length to the millimetre, None where it is not known."""
    return None if length_m is None else round(length_m, METRE_DECIMALS)


def to_work(work: Work | None) -> dict[str, Any]:
    """How a conflict stands with people; nothing where that is not told."""
    if work is None:
        return {}
    return {
        "owner": work.owner,
        "assignee": work.assignee,
        "due_on": work.due_on.isoformat() if work.due_on else None,
        "reason": work.reason,
        "status_on": work.status_on.isoformat(),
        "status_by": work.status_by,
    }


def to_side(side: str, asset: Asset | None) -> dict[str, Any]:
    """The four properties of one side, all null where there is none."""
    if asset is None:
        return {f"{side}_{name}": None for name in ("layer", "id", "code", "owner")}
    return {f"{side}_{name}": getattr(asset, name) for name in ("layer", "id", "code", "owner")}


def to_titles(title: Title) -> dict[str, str]:
    """A title in both languages."""
    return {"vi": title.vi, "en": title.en}


def collect(features: list[dict[str, Any]]) -> dict[str, Any]:
    """A FeatureCollection."""
    return {"type": "FeatureCollection", "features": features}
