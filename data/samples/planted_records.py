"""The planted crossings, overbuilt mains and contradictions in the data, each with what just is none."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from math import dist

from shapely import LineString, Point, STRtree

from samples.assets import ACCURACY_M, Asset, Value
from samples.city import City
from samples.plane import cut_line, find_sides, get_direction, get_place, snap, snap_line, take_polygon
from samples.planted_lines import make_line_values
from samples.planted_places import make_house, require, try_one
from samples.planting import Garden, Truth, get_clear_hosts

NOTE: dict[str, Value] = {"remarks": "giả định"}
SHOP: dict[str, Value] = {"use": "commercial", "residents": 0, "dwellings": 0, "address": "Công viên Bến Vân Đồn"}


def plant_records(garden: Garden, city: City) -> None:
    """Everything this module plants."""
    plant_crossings(garden)
    plant_twice(garden)
    plant_loose_ends(garden)
    places = draw_rows(city)
    plant_contradictions(garden, places)
    plant_shrinking(garden, places)
    plant_overbuilt(garden, places)
    plant_overbuilt_parcels(garden)
    plant_outside(garden, city)


def draw_rows(city: City) -> Iterator[LineString]:
    """Lines of 12 m in the park, away from every road, twelve metres apart."""
    land = city.get_lands("park_lake")[0]
    xmin, ymin, xmax, ymax = land.buffer(-6).bounds
    for y in range(int(ymin) + 4, int(ymax), 8):
        for x in range(int(xmin) + 14, int(xmax), 30):
            line = LineString([snap(x, y), snap(x + 12, y)])
            if land.buffer(-5).contains(line):
                yield line


def draw_across(host: Asset) -> LineString:
    """A line of 1.6 m square across the middle of a host's longest straight part."""
    a, b = max(pairwise([point[:2] for point in host.geometry.coords]), key=lambda pair: dist(*pair))
    part = LineString([a, b])
    return snap_line([get_place(part, part.length / 2, side) for side in (-0.8, 0.8)])


def plant_crossings(garden: Garden) -> None:
    """Cables across water mains, too near, possibly too near and just far enough; and across sewers, whose levels
    cannot be compared with a cover.
    """
    mains = iter(get_clear_hosts(garden, "water_main"))
    rule = "qcvn01.vertical.water_main.power_cable"
    for gap, why in (
        (0.2, ""),
        (0.4, ""),
        (0.495, ""),
        (0.5 + ACCURACY_M, "exactly the required distance and the accuracy"),
    ):
        plant_crossing(garden, mains, (rule, 0.5), gap, why)
    sewers = iter(get_clear_hosts(garden, "foul_sewer"))
    for _ in range(2):
        plant_crossing(garden, sewers, ("qcvn01.vertical.foul_sewer.power_cable", 0.5), None, "")


def plant_crossing(
    garden: Garden, hosts: Iterator[Asset], rule: tuple[str, float], gap_m: float | None, why: str
) -> None:
    """One cable across a host, so far above it; without a gap, where that is not known."""
    for host in hosts:
        values = make_line_values("power_cable")
        if gap_m is not None:
            values["cover_m"] = round(float(str(host.values["cover_m"])) - 0.06 - gap_m, 3)
        asset = garden.make("power_cable_underground", draw_across(host), values)
        severity = "vertical_unknown"
        if gap_m is not None:
            severity = "violation" if gap_m + ACCURACY_M < rule[1] - 0.001 else "possible"
        sides = (host.layer, host.code), (asset.layer, asset.code)
        if try_one(garden, asset, Truth(rule[0], *sides, rule[1], gap_m, why, severity)):
            garden.used.add(host.code)
            return
    raise ValueError(f"no place for {rule[0]}")


def plant_twice(garden: Garden) -> None:
    """Valves and hydrants that stand for one thing, and a pair just too far apart for that."""
    for layer, rule in (("water_valve", "duplicate_valve"), ("fire_hydrant", "duplicate_hydrant")):
        # Hydrants that do not work, so that nobody is reached by the second one of a pair.
        hosts = iter(garden.shuffle(each for each in garden.by_layer[layer] if not each.values.get("in_service")))
        for metres, why in ((0.05, ""), (0.1, ""), (0.15, "15 cm apart")):
            plant_beside_point(garden, next(hosts), rule, metres, why)


def plant_beside_point(garden: Garden, host: Asset, rule: str, metres: float, why: str) -> None:
    """The same thing once more, so far to the east."""
    x, y = host.geometry.coords[0][:2]
    values = {name: value for name, value in host.values.items() if name != "status"}
    asset = garden.make(host.layer, Point(snap(x + metres, y)), {**values, **NOTE})
    sides = (host.layer, host.code), (asset.layer, asset.code)
    require(try_one(garden, asset, Truth(f"data.{rule}", *sides, 0.1, metres, why)), rule)


def plant_loose_ends(garden: Garden) -> None:
    """Service pipes that end just before the main they come from, and one that ends too far away to be meant."""
    hosts = iter(get_clear_hosts(garden, "water_main"))
    for metres, why in ((0.2, ""), (0.45, ""), (0.6, "60 cm away: another pipe")):
        plant_loose_end(garden, hosts, metres, why)


def plant_loose_end(garden: Garden, hosts: Iterator[Asset], metres: float, why: str) -> None:
    """One pipe of 1.5 m square to a host, its near end so far from the axis."""
    for host in hosts:
        a, b = max(pairwise([point[:2] for point in host.geometry.coords]), key=lambda pair: dist(*pair))
        part = LineString([a, b])
        line = snap_line([get_place(part, part.length / 2, side) for side in (metres, metres + 1.5)])
        asset = garden.make("water_pipe", line, make_line_values("water_main", 50, "service"))
        exact = line.distance(host.geometry)
        sides = (host.layer, host.code), (asset.layer, asset.code)
        truth = Truth("data.loose_water_pipe", *sides, 0.5, exact, why)
        if abs(exact - metres) < 0.0004 and try_one(garden, asset, truth):
            garden.used.add(host.code)
            return
    raise ValueError(f"no place for a loose end at {metres} m")


def plant_contradictions(garden: Garden, places: Iterator[LineString]) -> None:
    """Pipes in the park whose own values do not agree, and of each kind one whose values just do."""
    sewer, main = make_line_values("storm_drain"), make_line_values("water_main")
    cases: tuple[tuple[str, str, dict[str, Value], float, str], ...] = (
        ("sewer_climbs", "sewer_pipe", {**sewer, "invert_up_m": -2.4, "invert_down_m": -2.2}, -0.2, ""),
        ("sewer_climbs", "sewer_pipe", {**sewer, "invert_up_m": -2.4, "invert_down_m": -2.4}, 0.0, "it lies level"),
        ("sewer_climbs", "sewer_pipe",
         {**sewer, "invert_up_m": -2.4, "invert_down_m": -2.2, "flow": "pressure"}, -0.2, "it is under pressure"),
        ("outer_size", "water_pipe", {**main, "nominal_diameter_mm": 150}, 0.032, ""),
        ("in_service_after_its_end", "water_pipe", {**main, "decommissioned_on": date(2020, 5, 1)}, 0.0, ""),
        ("in_service_before_its_time", "water_pipe", {**main, "installed_on": date(2097, 5, 1)}, 0.0, ""),
    )  # fmt: skip
    for name, layer, values, metres, why in cases:
        plant_in_park(garden, places, name, lambda line, layer=layer, values=values: garden.make(layer, line, values),
                      (metres, why))  # fmt: skip


def plant_in_park(
    garden: Garden,
    places: Iterator[LineString],
    name: str,
    make: Callable[[LineString], Asset],
    about: tuple[float, str],
) -> None:
    """One asset in the park about which only this is found."""
    for line in places:
        asset = make(line)
        truth = Truth(f"data.{name}", (asset.layer, asset.code), None, 0.0, *about)
        if len(garden.find_around(asset)) <= 1 and try_one(garden, asset, truth):
            return
    raise ValueError(f"no place for {name}")


def plant_shrinking(garden: Garden, places: Iterator[LineString]) -> None:
    """Two sewers end to end, of which the lower one is smaller, and two of one size."""
    for size, why in ((100, ""), (150, ""), (200, "the same size")):
        line = next(places)
        values = make_line_values("storm_drain")
        upper = garden.make("sewer_pipe", cut_line(line, 0.0, 6.0), values)
        garden.plant(upper)
        lower = garden.make("sewer_pipe", cut_line(line, 6.0, 12.0), {**values, "nominal_diameter_mm": size})
        sides = (upper.layer, upper.code), (lower.layer, lower.code)
        truth = Truth("data.sewer_shrinks", *sides, 0.0, (size - 200) / 1000, why)
        require(try_one(garden, lower, truth), truth.rule)


def plant_overbuilt(garden: Garden, places: Iterator[LineString]) -> None:
    """Kiosks of three metres on a main in the park, and one beside it."""
    for aside, metres, why in ((0.0, -3.0, ""), (1.4, -3.0, ""), (1.6, 0.0, "it stands beside the main")):
        line = next(places)
        main = garden.make("water_pipe", line, make_line_values("water_main"))
        garden.plant(main)
        x, y = line.interpolate(6.0).coords[0]
        house = make_house(garden, (x, y + aside), 3.0, SHOP)
        sides = (main.layer, main.code), (house.layer, house.code)
        require(try_one(garden, house, Truth("overbuild.building", *sides, 0.0, metres, why)), "overbuild.building")


def plant_overbuilt_parcels(garden: Garden) -> None:
    """Mains through unbuilt parcels of other owners, and through one whose owner nobody has recorded."""
    built = STRtree([each.geometry for each in garden.by_layer["building"]])
    free = iter(
        garden.shuffle(
            each
            for each in garden.by_layer["land_parcel"]
            if each.values["land_use"] == "urban_residential" and not len(built.query(each.geometry, "intersects"))
        )
    )
    for owner, metres, why in (("Ông An", -6.0, ""), ("Bà Tư", -4.0, ""), (None, -6.0, "the owner is not recorded")):
        plant_overbuilt_parcel(garden, free, owner, (metres, why))


def plant_overbuilt_parcel(
    garden: Garden, parcels: Iterator[Asset], owner: str | None, about: tuple[float, str]
) -> None:
    """One main in the middle of a parcel, along its longer side."""
    for parcel in parcels:
        a, b, _ = find_sides(take_polygon(parcel.geometry))
        way, middle = get_direction(a, b), parcel.geometry.centroid
        ends = [(middle.x + way[0] * step, middle.y + way[1] * step) for step in (about[0] / 2, -about[0] / 2)]
        main = garden.make("water_pipe", snap_line(ends), make_line_values("water_main"))
        sides = (main.layer, main.code), (parcel.layer, parcel.code)
        if not parcel.geometry.contains(main.geometry):
            continue
        parcel.values["owner"] = owner
        if try_one(garden, main, Truth("overbuild.parcel", *sides, 0.0, *about)):
            return
        parcel.values["owner"] = None
    raise ValueError("no place for overbuild.parcel")


def plant_outside(garden: Garden, city: City) -> None:
    """Street lights beyond the boundary of the city."""
    ring = list(city.quarter.edge.exterior.coords)
    (x1, y1), (x2, y2) = max(pairwise(ring), key=lambda pair: dist(*pair))
    way = get_direction((x1, y1), (x2, y2))
    inner = city.quarter.edge.contains(Point((x1 + x2) / 2 - way[1], (y1 + y2) / 2 + way[0]))
    sign = -1.0 if inner else 1.0
    for share, metres, why in ((0.3, 30.0, ""), (0.5, 10.5, ""), (0.7, 10.0, "ten metres: boundaries are not exact")):
        x, y = x1 + (x2 - x1) * share, y1 + (y2 - y1) * share
        place = Point(snap(x - way[1] * sign * metres, y + way[0] * sign * metres))
        light = garden.make("street_light", place, {**NOTE, "lamp": "led", "power_w": 90.0, "height_m": 8.0})
        truth = Truth("data.outside", (light.layer, light.code), None, 10.0, metres, why)
        require(try_one(garden, light, truth), truth.rule)
