"""The planted covers, corridors and environmental distances."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from shapely import LineString, MultiPolygon, Point, Polygon

from samples import names
from samples.assets import Asset, Value
from samples.city import City
from samples.plane import Pair, get_direction, get_place, make_square, snap, take_polygon
from samples.planted_lines import make_line_values
from samples.planting import Garden, Truth
from samples.runs import is_open_street
from samples.sections import get_carriageway

NOTE: dict[str, Value] = {"remarks": "giả định"}


def plant_places(garden: Garden, city: City) -> None:
    """Everything planted that is not one line beside another."""
    plant_covers_under_roads(garden, city)
    plant_covers_in_park(garden, city)
    plant_overhead(garden)
    plant_banks(garden, city)
    plant_dwellings(garden, city)


def try_one(garden: Garden, asset: Asset, truth: Truth) -> bool:
    """Plant one asset if it does what `truth` says; a truth with a reason is a near miss."""
    return garden.keep(truth, garden.find_around(asset, unknown=True), asset)


def draw_crossings(garden: Garden, city: City) -> Iterator[LineString]:
    """Lines square to a street inside its carriageway, at stations clear of every mouth."""
    streets = [street for street in city.streets if street.kind in ("street", "collector") and street.axis.length > 120]
    garden.random.shuffle(streets)
    for street in streets:
        station = garden.random.uniform(30, street.axis.length - 30)
        if is_open_street(street, station, street.half, 6.0):
            reach = get_carriageway(street) / 2 - 0.6
            yield LineString([get_place(street.axis, station, -reach), get_place(street.axis, station, reach)])


def plant_covers_under_roads(garden: Garden, city: City) -> None:
    """Two shallow pipes or cables of each kind under a carriageway, and one at exactly the least cover."""
    places = draw_crossings(garden, city)
    for kind, layer, rule, required in (
        ("storm_drain", "sewer_pipe", "sewer_under_road", 0.7),
        ("power_cable", "power_cable_underground", "power_under_road", 1.0),
        ("water_main", "water_pipe", "water_under_road", 0.8),
    ):
        covers = ((required - 0.3, ""), (required - 0.05, ""), (required, "exactly the least cover"))
        for cover, why in covers:
            plant_cover(garden, places, (kind, layer, rule), required, (round(cover, 2), why))


def plant_cover(
    garden: Garden, places: Iterator[LineString], what: tuple[str, str, str], required: float, cover: tuple[float, str]
) -> None:
    """One pipe or cable with a given cover at the first place where it does only what is meant."""
    kind, layer, rule = what
    depth, why = cover
    values = {**make_line_values(kind.removesuffix("_large"), 400 if "_large" in kind else 100), "cover_m": depth}
    if "over_35kv" in rule:
        values |= {"voltage_kv": 110.0, "outer_diameter_mm": 110.0}
    for line in places:
        asset = garden.make(layer, line, values)
        truth = Truth(f"vn_cover.{rule}", (layer, asset.code), None, required, depth, why)
        if try_one(garden, asset, truth):
            return
    raise ValueError(f"no place for {rule} at {depth} m")


def plant_covers_in_park(garden: Garden, city: City) -> None:
    """Shallow pipes and cables in the park, away from every road, eight metres apart."""
    land = city.get_lands("park_lake")[0]
    xmin, ymin, xmax, ymax = land.buffer(-6).bounds
    rows = (
        LineString([snap(x, y), snap(x + 12, y)])
        for y in range(int(ymin), int(ymax), 8)
        for x in range(int(xmin), int(xmax), 30)
    )
    places = (line for line in rows if land.buffer(-5).contains(line))
    for kind, layer, rule, required in (
        ("storm_drain", "sewer_pipe", "sewer", 0.3),
        ("power_cable", "power_cable_underground", "power", 0.7),
        ("power_cable", "power_cable_underground", "power_over_35kv", 1.0),
        ("water_main", "water_pipe", "water", 0.5),
        ("water_main_large", "water_pipe", "water_over_dn300", 0.7),
    ):
        for cover, why in ((required - 0.2, ""), (required - 0.05, ""), (required, "exactly the least cover")):
            plant_cover(garden, places, (kind, layer, rule), required, (round(cover, 2), why))


def draw_drops(garden: Garden, distance_m: float) -> Iterator[tuple[LineString, Asset]]:
    """Lines of 14 m that end at `distance_m` from the middle of a wall of a larger building, square to it."""
    houses = [each for each in garden.by_layer["building"] if each.geometry.area > 350 and "-P" not in each.code]
    for house in garden.shuffle(houses):
        ring = list(take_polygon(house.geometry).exterior.coords)
        for a, b in pairwise(ring):
            way = get_direction(a, b)
            middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
            for nx, ny in ((-way[1], way[0]), (way[1], -way[0])):
                ends = [(middle[0] + nx * d, middle[1] + ny * d) for d in (distance_m, distance_m + 14.0)]
                if not house.geometry.contains(Point(ends[0])):
                    yield LineString([snap(*end) for end in ends]), house


@dataclass(frozen=True)
class Corridor:
    """A rule that keeps buildings away from something of a layer with some attributes."""

    layer: str
    values: dict[str, Value]
    rule: str
    required_m: float


def list_corridors() -> Iterator[Corridor]:
    """The corridor of an overhead line of every voltage, and of small open substations."""
    for rule, voltage, conductor, required in (
        ("22kv_insulated", 22.0, "insulated", 1.0),
        ("22kv_bare", 22.0, "bare", 2.0),
        ("35kv_insulated", 35.0, "insulated", 1.5),
        ("35kv_bare", 35.0, "bare", 3.0),
        ("110kv", 110.0, "bare", 4.0),
        ("220kv", 220.0, "bare", 6.0),
        ("500kv", 500.0, "bare", 7.0),
        ("cable", 0.4, "cable", 0.5),
    ):
        values: dict[str, Value] = {"voltage_kv": voltage, "circuits": 1, "conductor": conductor,
                                    "vertical_position": "overhead"}  # fmt: skip
        yield Corridor("power_line_overhead", values, f"vn_power.overhead_{rule}", required)
    for rule, voltage, required in (("substation_22kv", 22.0, 2.0), ("substation_35kv", 35.0, 3.0)):
        values = {"voltage_high_kv": voltage, "voltage_low_kv": 0.4, "enclosure": "open"}
        yield Corridor("substation", values, f"vn_power.{rule}", required)


def plant_overhead(garden: Garden) -> None:
    """Of every corridor: one building far inside it, one 10 mm inside, one exactly at its edge."""
    for corridor in list_corridors():
        required = corridor.required_m
        for metres, why in ((required * 0.5, ""), (required - 0.01, ""), (required, "exactly the corridor's width")):
            plant_at_wall(garden, corridor, round(metres, 3), why)


def plant_at_wall(garden: Garden, corridor: Corridor, metres: float, why: str) -> None:
    """One line or point at a distance from one wall, where no other building is too near."""
    values = {**NOTE, "owner": names.POWER_COMPANY, **corridor.values}
    for line, house in draw_drops(garden, metres):
        shape = line if corridor.layer == "power_line_overhead" else Point(line.coords[0])
        asset = garden.make(corridor.layer, shape, values)
        sides = (corridor.layer, asset.code), ("building", house.code)
        truth = Truth(corridor.rule, *sides, corridor.required_m, metres, why)
        if abs(house.geometry.distance(shape) - metres) < 0.0003 and try_one(garden, asset, truth):
            garden.used.add(house.code)
            return
    raise ValueError(f"no wall for {corridor.rule} at {metres} m")


def make_house(garden: Garden, centre: Pair, size_m: float, values: dict[str, Value]) -> Asset:
    """A square building."""
    square = make_square(centre, size_m / 2)
    return garden.make("building", MultiPolygon([square]), {"floors": 1, "height_m": 3.5, **values})


def plant_banks(garden: Garden, city: City) -> None:
    """Kiosks on the bank of the canal, and beside a pond that is guarded against pollution."""
    kiosk: dict[str, Value] = {"use": "commercial", "residents": 0, "dwellings": 0, "address": "Bờ kênh Bến Nghé"}
    canal = next(each for each in garden.by_layer["water_body"] if each.values["kind"] == "canal")
    stations = iter(range(700, 1900, 11))
    for metres, why in ((4.0, ""), (9.9, ""), (10.0, "exactly the corridor's width")):
        truth_of = ("vn_environment.river_bank", 10.0, metres, why)
        places = (get_place(city.quarter.canal, station, -(12.0 + metres + 1.5)) for station in stations)
        plant_by_water(garden, canal, places, kiosk, truth_of)
    pond = make_pond(garden, city)
    garden.plant(pond)
    x, y = pond.geometry.centroid.coords[0]
    for metres, why in ((12.0, ""), (19.9, ""), (20.0, "exactly the corridor's width")):
        places = ((x + 12 + metres + 1.5, y + dy) for dy in (-9.0, -3.0, 3.0, 9.0))
        truth_of = ("vn_environment.river_pollution", 20.0, metres, why)
        plant_by_water(garden, pond, places, kiosk, truth_of)


def make_pond(garden: Garden, city: City) -> Asset:
    """A lake of 24 by 24 m in the park, whose banks are guarded against pollution."""
    x, y = city.get_lands("park")[0].centroid.coords[0]
    square = make_square((x - 40, y + 34), 12.0)
    return garden.make("water_body", MultiPolygon([square]), {
        **NOTE, "name": "Hồ điều hòa Bến Vân Đồn", "owner": names.CITY, "kind": "lake",
        "corridor_function": "pollution_prevention", "corridor_width_m": 20.0, "embanked": False, "area_m2": 576.0,
    })  # fmt: skip


def plant_by_water(
    garden: Garden, water: Asset, places: Iterator[Pair], values: dict[str, Value], about: tuple[str, float, float, str]
) -> None:
    """A kiosk whose nearest point lies at a distance from the water: it is moved until it does."""
    rule, required, metres, why = about
    for place in places:
        house = make_house(garden, place, 3.0, values)
        house = shift_to(house, water, metres)
        truth = Truth(rule, ("water_body", water.code), ("building", house.code), required, metres, why)
        if abs(house.geometry.distance(water.geometry) - metres) < 0.0003 and try_one(garden, house, truth):
            return
    raise ValueError(f"no place for {rule} at {metres} m")


def shift_to(house: Asset, water: Asset, metres: float) -> Asset:
    """The building moved along the line between its centre and the water until the distance is right."""
    for _ in range(30):
        x, y = house.geometry.centroid.coords[0]
        near = water.geometry.boundary.interpolate(water.geometry.boundary.project(Point(x, y)))
        way = get_direction((near.x, near.y), (x, y))
        step = metres - house.geometry.distance(water.geometry)
        ring = [snap(px + way[0] * step, py + way[1] * step) for px, py in take_polygon(house.geometry).exterior.coords]
        house = Asset(house.layer, house.code, MultiPolygon([Polygon(ring)]), house.values)
        if abs(step) < 0.00005:
            break
    return house


def plant_dwellings(garden: Garden, city: City) -> None:
    """Two keepers' houses in the park, pump stations round the one, small enclosed plants round the other."""
    x, y = city.get_lands("park")[0].centroid.coords[0]
    home: dict[str, Value] = {"use": "residential", "residents": 3, "dwellings": 1, "address": "Công viên Bến Vân Đồn"}
    west = make_house(garden, (x - 8, y - 34), 6.0, home)
    garden.plant(west)
    east = make_house(garden, (x + 12, y + 40), 6.0, home)
    garden.plant(east)
    pumps = ((150.0, "200", 15.0), (3_000.0, "5000", 20.0), (20_000.0, "50000", 25.0), (60_000.0, "over_50000", 30.0))
    sides: tuple[Pair, ...] = ((1, 0), (-1, 0), (0, 1), (0, -1))
    for (capacity, name, required), way in zip(pumps, sides, strict=True):
        metres = required - 4.0
        place = Point(snap(x - 8 + way[0] * (3 + metres), y - 34 + way[1] * (3 + metres)))
        values: dict[str, Value] = {**NOTE, "owner": names.CITY, "capacity_m3d": capacity, "pumps": 1,
                                    "pump_kind": "dry", "closed_pit": False}  # fmt: skip
        asset = garden.make("sewage_pump_station", place, values)
        rule = f"vn_environment.pump_station_{name}"
        truth = Truth(rule, (asset.layer, asset.code), ("building", west.code), required, metres)
        require(try_one(garden, asset, truth), rule)
    closed = garden.make("sewage_pump_station", Point(snap(x - 8 + 5, y - 34 + 5)), {
        **NOTE, "owner": names.CITY, "capacity_m3d": 150.0, "pumps": 1, "pump_kind": "submersible", "closed_pit": True,
    })  # fmt: skip
    truth = Truth("vn_environment.pump_station_200", (closed.layer, closed.code), ("building", west.code), 15.0,
                  round(closed.geometry.distance(west.geometry), 3), "submersible pumps in a closed pit")  # fmt: skip
    require(try_one(garden, closed, truth), truth.rule)
    plants = ((150.0, "200", 10.0), (3_000.0, "5000", 15.0), (20_000.0, "50000", 30.0), (60_000.0, "over_50000", 40.0))
    for (capacity, name, required), way in zip(plants, ((0, -1), (-1, 0), (1, 0), (0, 1)), strict=True):
        plant_treatment(garden, east, way, capacity, (f"vn_environment.plant_enclosed_{name}", required))


def plant_treatment(garden: Garden, house: Asset, way: Pair, capacity: float, rule: tuple[str, float]) -> None:
    """A small enclosed treatment plant 3 m too near a dwelling."""
    x, y = house.geometry.centroid.coords[0]
    name, required = rule
    metres = required - 3.0
    square = make_square((x + way[0] * (3 + metres + 2), y + way[1] * (3 + metres + 2)), 2.0)
    asset = garden.make("wastewater_plant", MultiPolygon([square]), {
        **NOTE, "owner": names.CITY, "capacity_m3d": capacity, "process": "enclosed", "enclosed": True, "area_m2": 16.0,
    })  # fmt: skip
    truth = Truth(name, (asset.layer, asset.code), ("building", house.code), required, metres)
    require(try_one(garden, asset, truth), name)


def require(done: bool, rule: str) -> None:
    """Return if something was planted. Raises ValueError otherwise."""
    if not done:
        raise ValueError(f"no place for {rule}")
