"""Water supply: mains in every street, transmission under the avenues, hydrants, valves, house connections."""

import math
from itertools import product
from random import Random

from shapely import LineString, MultiPolygon, Point, Polygon, STRtree

from samples import names
from samples.assets import Asset, Value, describe_survey, draw_date
from samples.city import City
from samples.plane import Pair, get_place, snap
from samples.runs import Run, get_pieces, is_open, is_open_street, lay_runs
from samples.sections import get_carriageway
from samples.streets import Street, to_frame

# Nominal diameter -> outer diameter, material, pressure class: ductile iron from DN 100, HDPE below.
PIPES: dict[int, tuple[float, str, float]] = {
    25: (32.0, "hdpe", 10.0),
    50: (63.0, "hdpe", 10.0),
    100: (118.0, "ductile_iron", 10.0),
    150: (170.0, "ductile_iron", 10.0),
    200: (222.0, "ductile_iron", 10.0),
    250: (274.0, "ductile_iron", 10.0),
    600: (635.0, "ductile_iron", 16.0),
}
MAINS = {"avenue": 250, "collector": 200, "street": 150, "lane": 150, "alley": 50}
# Half a metre below the cables that cross.
DEPTHS = {"transmission": 1.95, "distribution": 1.95, "service": 1.95, "fire": 1.95}
# Frame x, y and two radii in metres: no hydrant stands inside the first; those inside the second are out of order.
DRY_ZONE = (1_560.0, 620.0, 210.0, 260.0)


def make_water(city: City) -> list[Asset]:
    """Everything of the water company."""
    random = Random("water")
    assets: list[Asset] = []
    mains = lay_runs(city.streets, "water", lambda street: True)
    for run in mains:
        size = MAINS[run.street.kind]
        pieces = get_pieces(run)
        assets += [describe_pipe(city, piece.line, run.street, ("distribution", size), random) for piece in pieces]
        assets += place_valves(city, run, size, random)
        assets += place_hydrants(city, run, random)
    for run in lay_runs(city.streets, "transmission", lambda street: True):
        for piece in get_pieces(run):
            assets.append(describe_pipe(city, piece.line, run.street, ("transmission", 600), random))
        assets += place_valves(city, run, 600, random)
    return assets + connect_houses(city, mains, random) + place_works(city) + draw_zones(city)


def get_zone(place: Pair) -> str:
    """The pressure zone a point lies in."""
    x, y = to_frame(place)
    return f"DMA-{(1 if x < 1000 else 2) + (0 if y > 1150 else 2 if y > 505 else 4):02d}"


def describe_pipe(city: City, line: LineString, street: Street, kind: tuple[str, int], random: Random) -> Asset:
    """A pipe of a function and a nominal diameter with its attributes; the depth was surveyed, levels were not."""
    function, size = kind
    outer, material, pressure = PIPES[size]
    values: dict[str, Value] = {
        "owner": names.WATER_COMPANY,
        "operator": names.WATER_COMPANY,
        "status": "in_service",
        "installed_on": draw_date(random, 1994, 2024),
        "function": function,
        "nominal_diameter_mm": size,
        "outer_diameter_mm": outer,
        "material": material,
        "pressure_bar": pressure,
        "vertical_position": "underground",
        "cover_m": round(DEPTHS[function] + random.choice([0.0, 0.05, 0.1, 0.2]), 2),
        "zone": get_zone(line.coords[0]),
        "street": street.name,
        **describe_survey(random, random.choice(["b1", "b2", "b2", "c"])),
    }
    return Asset("water_pipe", city.number("OCN"), line, values)


def place_valves(city: City, run: Run, size: int, random: Random) -> list[Asset]:
    """A gate valve near each end that joins another main."""
    assets = []
    for index, station in ((0, 2.0), (1, run.line.length - 2.0)):
        if not run.meets[index] or run.line.length < 20:
            continue
        point = run.line.interpolate(station)
        values: dict[str, Value] = {
            "owner": names.WATER_COMPANY,
            "status": "in_service",
            "kind": "butterfly" if size >= 600 else "gate",
            "nominal_diameter_mm": size,
            "state": "closed" if random.random() < 0.04 else "open",
            "zone": get_zone((point.x, point.y)),
            "street": run.street.name,
        }
        assets.append(Asset("water_valve", city.number("VAN"), Point(snap(point.x, point.y)), values))
    return assets


def place_hydrants(city: City, run: Run, random: Random) -> list[Asset]:
    """A hydrant about every 90 m at the kerb, each with its short pipe from the main; none in the dry zone."""
    if run.street.kind == "alley":
        return []
    assets, station = [], random.uniform(20, 40)
    while station < run.line.length - 14:
        if not is_open(run, station, 3.0):
            station += 4
            continue
        away = math.dist(DRY_ZONE[:2], to_frame(run.line.interpolate(station).coords[0]))
        if away > DRY_ZONE[2]:
            assets += make_hydrant(city, run, station, away > DRY_ZONE[3], random)
            run.taken.append(station)
        station += random.uniform(82, 98)
    return assets


def make_hydrant(city: City, run: Run, station: float, works: bool, random: Random) -> list[Asset]:
    """One hydrant and its pipe."""
    kerb = get_carriageway(run.street) / 2 + 0.5
    reach = (abs(run.offset) - kerb) * (-1 if run.offset > 0 else 1)
    start, end = get_place(run.line, station, 0.0), get_place(run.line, station, reach)
    values: dict[str, Value] = {
        "owner": names.CITY,
        "operator": names.WATER_COMPANY,
        "status": "in_service",
        "installed_on": draw_date(random, 2000, 2024),
        "kind": "pillar",
        "nominal_diameter_mm": 100,
        "outlets": random.choice([2, 3]),
        "flow_lps": random.choice([10.0, 12.5, 15.0, 20.0]),
        "pressure_bar": round(random.uniform(1.2, 3.0), 1),
        "tested_on": draw_date(random, 2024, 2025),
        "in_service": works,
        "street": run.street.name,
    }
    hydrant = Asset("fire_hydrant", city.number("TCH"), Point(end), values)
    # Where the main lies right beside the kerb the pipe still ends far enough from it not to look like a loose end.
    foot = get_place(run.line, station, math.copysign(max(abs(reach), 0.6), reach))
    return [hydrant, describe_pipe(city, LineString([start, foot]), run.street, ("fire", 100), random)]


def connect_houses(city: City, mains: list[Run], random: Random) -> list[Asset]:
    """Connections of houses south of the canal, the only part the company has digitised, with their service pipes."""
    tree = STRtree([run.line for run in mains])
    assets = []
    for lot in city.lots:
        place = (lot.parcel.centroid.x, lot.parcel.centroid.y)
        if lot.building is None or to_frame(place)[1] > 480 or lot.fabric not in ("tube", "villa"):
            continue
        run = mains[int(tree.nearest(lot.parcel.centroid))]
        station = run.line.project(lot.parcel.centroid)
        meter = find_meter(run, station, lot.parcel)
        if meter is None or any(abs(station - other) < 1.5 for other in run.taken):
            continue
        run.taken.append(station)
        assets.append(describe_connection(city, meter, run.street, random))
        if random.random() < 0.5:
            line = LineString([get_place(run.line, station, 0.0), (meter.x, meter.y)])
            assets.append(describe_pipe(city, line, run.street, ("service", 25), random))
    return assets


def find_meter(run: Run, station: float, parcel: Polygon) -> Point | None:
    """Where the meter stands: square to the main, just inside the parcel; None if the way there is not free."""
    street = run.street
    if not is_open(run, station, 4.0) or any(abs(station - node) < 2.0 for node in run.nodes):
        return None
    for side in (-1, 1):
        offset = side * (street.half + 0.3) - run.offset
        meter = Point(get_place(run.line, station, offset))
        if parcel.contains(meter) and is_open_street(street, street.axis.project(meter), street.half + 1, 4.0):
            return meter
    return None


def describe_connection(city: City, meter: Point, street: Street, random: Random) -> Asset:
    """One connection."""
    values: dict[str, Value] = {
        "owner": names.WATER_COMPANY,
        "status": "in_service",
        "customers": random.choice([1, 1, 1, 2, 3]),
        "nominal_diameter_mm": 25,
        "meter_number": f"{random.randrange(10**7):07d}",
        "use": "commercial" if random.random() < 0.15 else "domestic",
        "zone": get_zone((meter.x, meter.y)),
        "address": f"{random.randrange(1, 400)} {street.name}",
    }
    return Asset("water_connection", city.number("DH"), meter, values)


def place_works(city: City) -> list[Asset]:
    """The pumping station with its reservoir, and the well that feeds it in an emergency."""
    land = city.get_lands("water_plant")[0]
    x, y = land.centroid.x, land.centroid.y
    common: dict[str, Value] = {"owner": names.WATER_COMPANY, "status": "in_service"}
    plants = (
        ("Trạm bơm tăng áp Bắc", "pump_station", 36_000.0, None, -20.0),
        ("Bể chứa Bắc", "reservoir", None, 8_000.0, 20.0),
    )
    assets = [
        Asset("water_plant", city.number("NMN"), Point(snap(x + dx, y)), {
            **common, "name": name, "kind": kind, "capacity_m3d": capacity, "volume_m3": volume,
        })
        for name, kind, capacity, volume, dx in plants
    ]  # fmt: skip
    for number, dy in ((1, 25.0), (2, -25.0)):
        assets.append(Asset("water_source", city.number("GK"), Point(snap(x, y + dy)), {
            **common, "name": f"Giếng khoan dự phòng số {number}", "kind": "groundwater", "capacity_m3d": 2_400.0,
            "protection_radius_m": 20.0, "well_depth_m": 180.0,
        }))  # fmt: skip
    return assets


def draw_zones(city: City) -> list[Asset]:
    """Six metered zones, cut by the middle street and the canal."""
    assets = []
    rows, columns = ((1150, 2100), (505, 1150), (-50, 505)), ((-60, 1000), (1000, 2100))
    for number, ((y1, y2), (x1, x2)) in enumerate(product(rows, columns), start=1):
        code = f"DMA-{number:02d}"
        area = city.cut_from_edge(Polygon([(x1, y1), (x2, y1), (x2, y2), (x1, y2)]))
        people = city.count_people(area)
        values: dict[str, Value] = {"name": f"Vùng cấp nước {code[-2:]}", "owner": names.WATER_COMPANY, "kind": "dma",
                                    "population": people, "customers": people // 4, "pressure_bar": 2.0}  # fmt: skip
        assets.append(Asset("pressure_zone", code, MultiPolygon([area]), values))
    return assets
