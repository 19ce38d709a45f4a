"""Power: 22 kV and 0.4 kV cables in the footways, overhead lines in lanes and alleys, the 110 kV line on the bank."""

from random import Random

from shapely import LineString, Point

from samples import names
from samples.assets import Asset, Value, describe_survey, draw_date
from samples.city import City, is_east
from samples.plane import Pair, cut_line, get_place, offset_line
from samples.runs import Run, cut_between_mouths, get_pieces, is_open_street, lay_runs
from samples.sections import get_offsets
from samples.streets import Street, to_frame

BANK_LINE_M = -16.0  # the 110 kV line, from the canal's axis
DARK_ZONE = (250.0, 1_760.0, 420.0)  # frame x, y and radius in metres: no transformer stands here


def is_overhead(street: Street) -> bool:
    """Whether 22 kV goes overhead in this street: some lanes of the newer half."""
    return street.kind == "lane" and is_east(street) and street.number % 3 != 0


def make_power(city: City) -> list[Asset]:
    """Everything of the power company, and the street lights."""
    random = Random("power")
    assets: list[Asset] = []
    for run in lay_runs(city.streets, "medium_voltage", lambda street: not is_overhead(street)):
        for piece in get_pieces(run):
            assets.append(describe_cable(city, piece.line, run.street, 22.0, random))
    for street in city.streets:
        for offset in get_offsets(street, "low_voltage"):
            run = Run(street, offset, offset_line(street.axis, offset))
            for line in cut_between_mouths(run, 20.0):
                assets.append(describe_cable(city, line, street, 0.4, random))
        if is_overhead(street):
            assets += hang_line(city, street, street.half - 3.7, 22.0, random)
        for offset in get_offsets(street, "low_voltage_overhead"):
            assets += hang_line(city, street, offset, 0.4, random)
    return assets + place_transformers(city, random) + feed_substation(city, random) + place_lights(city, random)


def describe_cable(city: City, line: LineString, street: Street, voltage_kv: float, random: Random) -> Asset:
    """An underground cable."""
    medium = voltage_kv > 1
    values: dict[str, Value] = {
        "owner": names.POWER_COMPANY,
        "operator": names.POWER_COMPANY,
        "status": "in_service",
        "installed_on": draw_date(random, 2004, 2025),
        "voltage_kv": voltage_kv,
        "cores": 3 if medium else 4,
        "section_mm2": 240.0 if medium else 120.0,
        "laying": "duct" if medium else "direct",
        "outer_diameter_mm": 82.0 if medium else 48.0,
        "conductor_material": "copper" if medium else "aluminium",
        "insulation": "xlpe",
        "warning_tape": random.random() < 0.9,
        "vertical_position": "underground",
        "cover_m": round(random.choice([1.25, 1.26, 1.27]) if medium else random.choice([1.25, 1.27, 1.3]), 2),
        "street": street.name,
        **describe_survey(random, random.choice(["b1", "b2", "b3"])),
    }
    return Asset("power_cable_underground", city.number("CNG"), line, values)


def hang_line(city: City, street: Street, offset: float, voltage_kv: float, random: Random) -> list[Asset]:
    """An overhead line along a street, clear of the streets it comes to, with a pole at every vertex."""
    line = offset_line(street.axis, offset)
    halves = [city.streets[end].half + 1.5 if end is not None else 2.0 for end in street.ends]
    if line.length < halves[0] + halves[1] + 15:
        return []
    line = cut_line(line, halves[0], line.length - halves[1])
    count = max(1, round(line.length / (40 if voltage_kv > 1 else 28)))
    stations = [line.length * index / count for index in range(count + 1)]
    points = [get_place(line, station, 0.0) for station in stations]
    medium = voltage_kv > 1
    values: dict[str, Value] = {
        "owner": names.POWER_COMPANY,
        "operator": names.POWER_COMPANY,
        "status": "in_service",
        "voltage_kv": voltage_kv,
        "conductor": random.choice(["bare", "insulated"]) if medium else "insulated",
        "circuits": 1,
        "section_mm2": 185.0 if medium else 95.0,
        "min_clearance_m": 7.0 if medium else 5.5,
        "vertical_position": "overhead",
        "street": street.name,
    }
    assets = [Asset("power_line_overhead", city.number("DDK"), LineString(points), values)]
    return assets + [describe_pole(city, point, street, voltage_kv) for point in points]


def describe_pole(city: City, place: Pair, street: Street, voltage_kv: float) -> Asset:
    """One pole."""
    high = voltage_kv > 35
    values: dict[str, Value] = {
        "owner": names.POWER_COMPANY,
        "status": "in_service",
        "kind": "lattice_tower" if high else "concrete",
        "height_m": 32.0 if high else 14.0 if voltage_kv > 1 else 8.5,
        "voltage_kv": voltage_kv,
        "base_size_mm": 4000.0 if high else 350.0,
        "shared_by": None if high else names.TELECOMS[street.number % 2],
        "street": street.name,
    }
    return Asset("power_pole", city.number("TRU"), Point(place), values)


def place_transformers(city: City, random: Random) -> list[Asset]:
    """A transformer about every 170 m of street, in the left footway; none in the dark zone."""
    assets: list[Asset] = []
    for street in city.streets:
        if street.kind == "alley":
            continue
        station = random.uniform(25, 60)
        while station < street.axis.length - 15:
            if not is_open_street(street, station, street.half, 3.0):
                station += 5
                continue
            place = get_place(street.axis, station, street.half - 1.4)
            x, y = to_frame(place)
            if (x - DARK_ZONE[0]) ** 2 + (y - DARK_ZONE[1]) ** 2 > DARK_ZONE[2] ** 2:
                assets.append(describe_transformer(city, street, place, random))
            station += random.uniform(200, 260)
    return assets


def describe_transformer(city: City, street: Street, place: Pair, random: Random) -> Asset:
    """One transformer."""
    values: dict[str, Value] = {
        "owner": names.POWER_COMPANY,
        "status": "in_service",
        "installed_on": draw_date(random, 2005, 2024),
        "rating_kva": random.choice([250.0, 400.0, 560.0, 630.0, 750.0]),
        "voltage_kv": 22.0,
        "mounting": "single_column" if is_overhead(street) else "kiosk",
        "customers": random.randrange(60, 320),
        "feeder": f"TUYEN {470 + street.number % 9}",
        "address": f"Trước số {random.randrange(1, 300)} {street.name}",
    }
    return Asset("distribution_transformer", city.number("TBA"), Point(place), values)


def feed_substation(city: City, random: Random) -> list[Asset]:
    """The 110 kV substation and the line that comes to it along the south bank, on lattice towers."""
    land = city.get_lands("substation")[0]
    canal = city.quarter.canal
    station = canal.project(land.centroid)
    entry = get_place(canal, station, -canal.distance(land) - 14.0)
    stations = [60.0]
    while stations[-1] + 150 < station:
        stations.append(stations[-1] + 130)
    stations[0] = 118.0  # the first tower that stands in the quarter
    points = [get_place(canal, each, BANK_LINE_M) for each in [*stations, station]] + [entry]
    line: dict[str, Value] = {
        "name": "Đường dây 110 kV Bến Vân Đồn",
        "owner": names.POWER_COMPANY,
        "status": "in_service",
        "voltage_kv": 110.0,
        "conductor": "bare",
        "circuits": 2,
        "section_mm2": 400.0,
        "min_clearance_m": 15.0,
        "vertical_position": "overhead",
        "street": "Bến Vân Đồn",
    }
    yard: dict[str, Value] = {
        "name": "Trạm 110/22 kV Khánh Hội",
        "owner": names.POWER_COMPANY,
        "status": "in_service",
        "voltage_high_kv": 110.0,
        "voltage_low_kv": 22.0,
        "capacity_mva": 126.0,
        "enclosure": "walled",
        "address": "Bến Vân Đồn",
    }
    road = city.streets[1]
    return [
        Asset("power_line_overhead", city.number("DDK"), LineString(points), line),
        *(describe_pole(city, point, road, 110.0) for point in points),
        Asset("substation", city.number("TTG"), Point(land.centroid), yard),
    ]


def place_lights(city: City, random: Random) -> list[Asset]:
    """Street lights on both sides of wide streets and on one side of narrow ones, about every 34 m."""
    assets = []
    for street in city.streets:
        offsets = get_offsets(street, "kerb")
        for offset in offsets if street.kind in ("avenue", "collector") else offsets[1:]:
            station = random.uniform(12, 22)
            while station < street.axis.length - 8:
                if is_open_street(street, station, offset, 1.0):
                    place = get_place(street.axis, station, offset)
                    assets.append(describe_light(city, street, place, random))
                station += random.uniform(33, 37)
    return assets


def describe_light(city: City, street: Street, place: Pair, random: Random) -> Asset:
    """One street light."""
    wide = street.kind in ("avenue", "collector")
    values: dict[str, Value] = {
        "owner": names.LIGHTING_COMPANY,
        "status": "in_service",
        "lamp": "led" if random.random() < 0.7 else "sodium",
        "power_w": 150.0 if wide else 90.0,
        "height_m": 10.0 if wide else 8.0,
        "control_cabinet": f"TDK-{street.number % 40 + 1:02d}",
        "street": street.name,
    }
    return Asset("street_light", city.number("DEN"), Point(place), values)
