"""Buildings too near a line, a bank or a plant; and works that meet in space and time."""

from collections.abc import Iterator, Mapping

from shapely import STRtree

from second_opinion.rows import TOLERANCE_M, Finding, Row

# Layer -> metres to a dwelling for under 200, to 5,000, to 50,000 and over 50,000 m3 a day.
DWELLING_STEPS = {"sewage_pump_station": (15.0, 20.0, 25.0, 30.0), "wastewater_plant": (10.0, 15.0, 30.0, 40.0)}


def get_dwelling_distance(row: Row) -> tuple[str, float] | None:
    """How far a pump station or an enclosed treatment plant is to keep from dwellings, and the name of its rule."""
    capacity = row.values.get("capacity_m3d")
    if capacity is None or row.values.get("closed_pit"):
        return None
    if row.layer == "wastewater_plant" and row.values.get("process") != "enclosed":
        return None
    step = 0 if capacity < 200 else 1 if capacity <= 5_000 else 2 if capacity <= 50_000 else 3
    name = "pump_station" if row.layer == "sewage_pump_station" else "plant_enclosed"
    size = ("200", "5000", "50000", "over_50000")[step]
    return f"vn_environment.{name}_{size}", DWELLING_STEPS[row.layer][step]


def get_corridor(row: Row) -> tuple[str, float] | None:
    """The width kept free beside a feature for buildings (or for dwellings), and the name of its rule."""
    value = row.values.get
    if row.layer == "water_body":
        guarded = value("corridor_function") == "pollution_prevention"
        if value("kind") in ("pond", "sea") or value("corridor_function") == "none":
            return None
        return ("vn_environment.river_pollution", 20.0) if guarded else ("vn_environment.river_bank", 10.0)
    if row.layer in DWELLING_STEPS:
        return get_dwelling_distance(row)
    if row.layer == "substation":
        high = value("voltage_high_kv")
        if value("enclosure") != "open" or high is None or high > 35:
            return None
        return ("vn_power.substation_22kv", 2.0) if high <= 22 else ("vn_power.substation_35kv", 3.0)
    if row.layer != "power_line_overhead" or value("voltage_kv") is None:
        return None
    if value("conductor") == "cable":
        return "vn_power.overhead_cable", 0.5
    suffix = "insulated" if value("conductor") == "insulated" else "bare"
    for most, name, metres in (
        (1, "", 0.0),
        (22, f"22kv_{suffix}", 1.0 if suffix == "insulated" else 2.0),
        (35, f"35kv_{suffix}", 1.5 if suffix == "insulated" else 3.0),
        (110, "110kv", 4.0),
        (220, "220kv", 6.0),
        (500, "500kv", 7.0),
    ):
        if value("voltage_kv") <= most:
            return (f"vn_power.overhead_{name}", metres) if name else None
    return None


def find_corridors(by_layer: Mapping[str, list[Row]]) -> Iterator[Finding]:
    """Buildings that stand too near a line, a bank or a pump station."""
    buildings = by_layer.get("building", [])
    tree = STRtree([row.geometry for row in buildings])
    for layer in ("power_line_overhead", "substation", "water_body", *DWELLING_STEPS):
        for row in by_layer.get(layer, []):
            rule = get_corridor(row)
            if rule is None:
                continue
            for index in sorted(tree.query(row.geometry, predicate="dwithin", distance=rule[1])):
                building = buildings[index]
                if layer in DWELLING_STEPS and building.values.get("use") not in ("residential", "mixed"):
                    continue
                metres = building.geometry.distance(row.geometry)
                if metres < rule[1] - TOLERANCE_M:
                    yield Finding(rule[0], (layer, row.code), ("building", building.code), rule[1], metres)


def find_overlapping_works(by_layer: Mapping[str, list[Row]]) -> Iterator[Finding]:
    """Works projects less than 10 m apart on a shared day."""
    works = by_layer.get("works_project", [])
    for index, left in enumerate(works):
        for right in works[index + 1 :]:
            dates = [row.values.get(name) for row in (left, right) for name in ("starts_on", "ends_on")]
            if None in dates or dates[0] > dates[3] or dates[2] > dates[1]:
                continue
            metres = left.geometry.distance(right.geometry)
            if metres < 10.0 - TOLERANCE_M:
                yield Finding(
                    "works.overlap", ("works_project", left.code), ("works_project", right.code), 10.0, metres
                )
