"""What all departments share: wards, roads, buildings, parcels, people, works, permits, cameras, utility tunnels."""

from collections import Counter
from datetime import date, timedelta
from random import Random

from shapely import LineString, MultiPolygon, Point, Polygon, STRtree, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union

from samples import names
from samples.assets import Asset, Value, draw_date
from samples.city import City
from samples.plane import cut_line, extend_line, get_place, offset_line, snap_polygon
from samples.runs import get_pieces, lay_runs
from samples.sections import get_carriageway
from samples.streets import Street, to_frame

ROAD_CLASSES = {"avenue": "arterial", "collector": "collector", "street": "local", "lane": "local", "alley": "alley"}
LAND_USES = {"tube": "urban_residential", "villa": "urban_residential", "apartment": "urban_residential",
             "office": "commercial", "campus": "public"}  # fmt: skip
OTHER_USES = {"park_lake": "green", "park": "green", "garden": "green", "garden_north": "green",
              "depot": "transport", "wastewater": "utilities", "water_plant": "utilities",
              "substation": "utilities", "waste": "utilities"}  # fmt: skip
CELL_M = 100.0
Term = tuple[date, date | None]  # first day, last day


def make_shared(city: City) -> list[Asset]:
    """Everything of the shared folder but the works, which `works` makes."""
    random = Random("shared")
    return [
        *draw_units(city),
        *draw_roads(city, random),
        *describe_lots(city, random),
        *count_cells(city),
        *place_cameras(city, random),
        *lay_tunnels(city),
    ]


def get_wards(city: City) -> list[tuple[str, str, Polygon]]:
    """Code, name and area of the six wards: cut by the canal, Pasteur and Lê Lợi; four north, two south."""
    lines = [city.quarter.canal, *(street.axis for street in city.streets if street.name in ("Pasteur", "Lê Lợi"))]
    cuts = [extend_line(line, 200, 200) for line in lines]
    pieces = list(polygonize(unary_union([city.quarter.edge.exterior, *cuts])))
    pieces = [piece for piece in pieces if piece.representative_point().within(city.quarter.edge)]
    spots = {"Bến Nghé": (1500, 850), "Bến Thành": (500, 850), "Tân Định": (1500, 1600), "Cầu Ông Lãnh": (500, 1600),
             "Khánh Hội": (500, 250), "Xóm Chiếu": (1500, 250)}  # fmt: skip
    found = {}
    for piece in pieces:
        x, y = to_frame((piece.representative_point().x, piece.representative_point().y))
        name = min(spots, key=lambda name: (x - spots[name][0]) ** 2 + (y - spots[name][1]) ** 2)
        found[name] = snap_polygon(piece)
    return [(code, name, found[name]) for code, name in names.WARDS]


def draw_units(city: City) -> list[Asset]:
    """The wards in force, two wards and two districts of before July 2025, the city as far as the sample goes."""
    wards = get_wards(city)
    areas = {name: area for _, name, area in wards}
    north = unary_union([areas[name] for name in ("Bến Nghé", "Bến Thành", "Tân Định", "Cầu Ông Lãnh")])
    south = unary_union([areas["Khánh Hội"], areas["Xóm Chiếu"]])
    new: Term = (date(2025, 7, 1), None)
    old: Term = (date(1990, 1, 1), date(2025, 6, 30))
    assets = [describe_unit(city, code, f"Phường {name}", "commune", area=area, term=new) for code, name, area in wards]
    assets += [
        describe_unit(city, "99112", "Phường 12 (trước 7/2025)", "commune", area=areas["Khánh Hội"], term=old),
        describe_unit(city, "99113", "Phường 13 (trước 7/2025)", "commune", area=areas["Xóm Chiếu"], term=old),
        describe_unit(city, "991", "Quận Bắc kênh (trước 7/2025)", "district", area=north, term=old),
        describe_unit(city, "992", "Quận Nam kênh (trước 7/2025)", "district", area=south, term=old),
        describe_unit(city, "99", "Thành phố (phạm vi dữ liệu mẫu)", "province", area=city.quarter.edge, term=new),
    ]
    return assets


def describe_unit(city: City, *named: str, area: BaseGeometry, term: Term) -> Asset:
    """One administrative unit: its code, name and level, its area, its first and last day (None while it lasts)."""
    code, name, level = named
    start, end = term
    kinds = {"commune": "ward", "district": "urban_district", "province": "city"}
    parents = {"commune": "99" if end is None else "992", "district": "99", "province": None}
    shape = snap_polygon(area)
    return Asset("admin_unit", code, MultiPolygon([shape]), {
        "name": name, "code": code, "level": level, "kind": kinds[level], "parent_code": parents[level],
        "valid_from": start, "valid_to": end, "population": city.count_people(shape),
        "area_km2": round(shape.area / 1e6, 3),
    })  # fmt: skip


def draw_roads(city: City, random: Random) -> list[Asset]:
    """Every street from junction to junction."""
    assets = []
    for run in lay_runs(city.streets, "axis", lambda street: True):
        for piece in get_pieces(run):
            assets.append(describe_road(city, piece.line, run.street, random))
    return assets


def describe_road(city: City, line: LineString, street: Street, random: Random) -> Asset:
    """One stretch; streets surfaced in the last two years may not be opened for three."""
    surfaced = draw_date(random, 2012, 2025)
    closed = surfaced + timedelta(days=3 * 365) if surfaced.year >= 2024 else None
    lanes = {"avenue": 6, "collector": 4, "street": 2, "lane": 2, "alley": 1}[street.kind]
    return Asset("road_segment", city.number("DUONG"), line, {
        "name": street.name, "operator": names.CONSTRUCTION_OFFICE, "status": "in_service",
        "road_class": ROAD_CLASSES[street.kind], "width_m": get_carriageway(street), "lanes": lanes,
        "surface": "concrete" if street.kind == "alley" else "asphalt", "surfaced_on": surfaced,
        "moratorium_until": closed, "one_way": street.kind == "lane" and street.number % 4 == 0,
    })  # fmt: skip


def describe_lots(city: City, random: Random) -> list[Asset]:
    """A parcel for every lot and every unbuilt block, a building where one stands."""
    streets = STRtree([street.axis for street in city.streets])
    sheets: Counter[int] = Counter()
    assets = []
    for lot in city.lots:
        street = city.streets[int(streets.nearest(lot.parcel.centroid))]
        address = f"{random.randrange(1, 480)} {street.name}"
        assets.append(describe_parcel(city, lot.parcel, lot.block, LAND_USES[lot.fabric], sheets))
        if lot.building is not None:
            floor = 3.3 if lot.fabric != "apartment" else 3.1
            assets.append(Asset("building", city.number("NHA"), MultiPolygon([lot.building]), {
                "floors": lot.floors, "height_m": round(lot.floors * floor + 1.0, 1), "use": lot.use,
                "residents": lot.residents, "dwellings": lot.dwellings, "address": address,
            }))  # fmt: skip
    for block in city.blocks:
        if block.kind in OTHER_USES:
            use = OTHER_USES[block.kind]
            assets.append(describe_parcel(city, snap_polygon(block.land), block.number, use, sheets))
    return assets


def describe_parcel(city: City, area: Polygon, block: int, use: str, sheets: Counter[int]) -> Asset:
    """One parcel, numbered on the sheet of its block."""
    sheets[block] += 1
    return Asset("land_parcel", city.number("THUA"), MultiPolygon([area]), {
        "map_sheet": f"{block + 1}", "parcel_number": f"{sheets[block]}", "area_m2": round(area.area, 1),
        "land_use": use,
    })  # fmt: skip


def count_cells(city: City) -> list[Asset]:
    """Squares of 100 m with the people whose building has its centroid in them."""
    people: Counter[tuple[int, int]] = Counter()
    homes: Counter[tuple[int, int]] = Counter()
    for lot in city.lots:
        if lot.building is not None and lot.residents:
            middle = lot.building.centroid
            cell = (int(middle.x // CELL_M), int(middle.y // CELL_M))
            people[cell] += lot.residents
            homes[cell] += lot.dwellings
    assets = []
    for x, y in sorted(people):
        square = box(x * CELL_M, y * CELL_M, (x + 1) * CELL_M, (y + 1) * CELL_M)
        assets.append(Asset("population_cell", f"O-{x}-{y}", MultiPolygon([square]), {
            "residents": people[x, y], "households": homes[x, y], "counted_on": date(2025, 4, 1),
        }))  # fmt: skip
    return assets


def place_cameras(city: City, random: Random) -> list[Asset]:
    """Cameras at the corners where wide streets meet."""
    assets = []
    wide = {street.number for street in city.streets if street.kind in ("avenue", "collector")}
    for street in city.streets:
        if street.number not in wide:
            continue
        for junction in street.junctions:
            if junction.other in wide and junction.other > street.number:
                station = min(max(junction.station + junction.half + 1.5, 1.0), street.axis.length - 1)
                place = get_place(street.axis, station, street.half - 1.0)
                assets.append(describe_camera(city, Point(place), street, random))
    for street in city.streets:
        if street.kind == "street" and street.number % 2 and street.axis.length > 90:
            place = get_place(street.axis, street.axis.length / 2, street.half - 1.0)
            assets.append(describe_camera(city, Point(place), street, random))
    return assets


def describe_camera(city: City, place: Point, street: Street, random: Random) -> Asset:
    """One camera."""
    return Asset("public_camera", city.number("CAM"), place, {
        "owner": names.CITY, "status": "in_service", "kind": random.choice(["fixed", "ptz", "plate_reader"]),
        "purpose": random.choice(["traffic", "traffic", "security", "flooding"]),
        "direction_deg": float(random.randrange(0, 360, 15)), "view_angle_deg": random.choice([60.0, 90.0, 110.0]),
        "height_m": 6.0, "connected": random.random() < 0.9, "street": street.name,
    })  # fmt: skip


def lay_tunnels(city: City) -> list[Asset]:
    """A utility tunnel under Nguyễn Huệ with cables in it, and a trench under Lê Lợi."""
    plan = (("Nguyễn Huệ", "tunnel", 2500.0, 2300.0, 0.34, 0.54), ("Lê Lợi", "trench", 1200.0, 1400.0, 0.55, 0.66))
    assets = []
    for name, kind, width, height, start, end in plan:
        street = next(street for street in city.streets if street.name == name)
        axis = offset_line(street.axis, -5.0)
        line = cut_line(axis, axis.length * start, axis.length * end)
        assets.append(Asset("utility_tunnel", city.number("TN"), line, {
            "name": f"{'Tuy-nen' if kind == 'tunnel' else 'Hào kỹ thuật'} {name}", "owner": names.CITY,
            "operator": names.CONSTRUCTION_OFFICE, "status": "in_service", "kind": kind, "width_mm": width,
            "height_mm": height, "material": "concrete", "vertical_position": "underground", "street": name,
        }))  # fmt: skip
        assets += fill_tunnel(city, line, name)
    return assets


def fill_tunnel(city: City, line: LineString, street: str) -> list[Asset]:
    """The cables inside: far closer to each other than they might lie in the ground."""
    whole = line.length
    power = cut_line(offset_line(line, 0.30), 1.0, whole - 1.0)
    fibre = cut_line(offset_line(line, -0.10), 1.0, whole - 1.0)
    water = cut_line(offset_line(line, 0.05), 1.0, whole - 1.0)
    # Below every pipe and cable that crosses the tunnel.
    common: dict[str, Value] = {"owner": names.CITY, "status": "in_service", "street": street, "cover_m": 3.5}
    return [
        Asset("power_cable_underground", city.number("CNG"), power, {
            **common, "voltage_kv": 22.0, "cores": 3, "section_mm2": 300.0, "laying": "tunnel",
            "outer_diameter_mm": 88.0, "vertical_position": "underground",
        }),
        Asset("telecom_cable", city.number("CQ"), fibre, {
            **common, "medium": "fibre", "laying": "tunnel", "pair_count": 288, "outer_diameter_mm": 18.0,
            "vertical_position": "underground",
        }),
        Asset("telecom_duct", city.number("CB"), fibre, {
            **common, "ways": 4, "ways_used": 1, "material": "hdpe", "width_mm": 120.0, "height_mm": 120.0,
            "vertical_position": "underground",
        }),
        Asset("water_pipe", city.number("OCN"), water, {
            **common, "function": "distribution", "nominal_diameter_mm": 150, "outer_diameter_mm": 170.0,
            "material": "steel", "pressure_bar": 10.0, "vertical_position": "underground",
        }),
    ]  # fmt: skip
