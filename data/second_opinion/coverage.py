"""Whom each service reaches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shapely import STRtree

from second_opinion.rows import TOLERANCE_M, Row

SERVICES = {
    "fire_hydrant": 150.0,
    "post_office": 1000.0,
    "distribution_transformer": 300.0,
    "base_station": 500.0,  # its own radius_m where it has one
    "green_space": 500.0,
    "public_camera": 100.0,
}
NOT_WORKING = frozenset(
    {"proposed", "under_construction", "out_of_commission", "decommissioned", "abandoned", "removed", "unfit"}
)
NOT_STANDING = frozenset({"proposed", "under_construction", "decommissioned", "abandoned", "removed"})


@dataclass(frozen=True)
class Share:
    """Whom a service reaches: counts for the city and by ward code, and the codes of buildings it does not reach."""

    city: dict[str, int]
    wards: dict[str, dict[str, int]]
    unserved: tuple[str, ...]


def measure_coverage(rows: Iterable[Row]) -> dict[str, Share]:
    """Every service's share: a building is reached when its centroid lies within the distance, measured straight."""
    by_layer: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_layer[row.layer].append(row)
    wards = [row for row in by_layer["admin_unit"] if row.values["level"] == "commune" and not row.values["valid_to"]]
    buildings = [row for row in by_layer["building"] if row.values.get("status") not in NOT_STANDING]
    homes = [(row, row.geometry.centroid) for row in buildings]
    ward_of = [next((str(w.values["code"]) for w in wards if w.geometry.contains(point)), "") for _, point in homes]
    return {service: measure_service(by_layer, service, homes, ward_of) for service in SERVICES}


def measure_service(
    by_layer: Mapping[str, list[Row]], service: str, homes: list[tuple[Row, Any]], ward_of: list[str]
) -> Share:
    """One service's share."""
    facilities = [row for row in by_layer[service] if is_working(row)]
    reaches = [row.values.get("radius_m") or SERVICES[service] for row in facilities]
    tree = STRtree([row.geometry for row in facilities])
    city, unserved = new_counts(), []
    wards: dict[str, dict[str, int]] = defaultdict(new_counts)
    for (row, point), ward in zip(homes, ward_of, strict=True):
        near = tree.query(point, predicate="dwithin", distance=max(reaches) + 1)
        served = any(facilities[i].geometry.distance(point) <= reaches[i] + TOLERANCE_M for i in near)
        for counts in (city, wards[ward]):
            add_home(counts, int(row.values.get("residents") or 0), served)
        if not served:
            unserved.append(row.code)
    return Share(city, dict(wards), tuple(unserved))


def is_working(row: Row) -> bool:
    """Whether a facility serves anybody."""
    value = row.values.get
    if row.layer == "green_space" and (value("kind") in ("street", "special") or value("open_to") != "public"):
        return False
    return value("status") not in NOT_WORKING and value("in_service") is not False


def new_counts() -> dict[str, int]:
    """Nobody yet."""
    return {"population": 0, "population_served": 0, "buildings": 0, "buildings_served": 0}


def add_home(counts: dict[str, int], people: int, served: bool) -> None:
    """Count one building and its people."""
    counts["population"] += people
    counts["buildings"] += 1
    counts["population_served"] += people * served
    counts["buildings_served"] += served
