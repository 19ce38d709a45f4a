"""Natural resources and environment: the canal and the lake, parks and trees, protected zones, stations, waste."""

from random import Random

from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from samples import names
from samples.assets import Asset, Value, draw_date
from samples.city import City
from samples.plane import get_place, snap, snap_polygon, take_polygon
from samples.power import BANK_LINE_M, is_overhead
from samples.runs import is_open_street
from samples.sections import get_offsets
from samples.streets import CANAL_HALF_M

PARKS = {
    "park_lake": ("Công viên Hồ Khánh Hội", "park"),
    "park": ("Công viên Bến Vân Đồn", "park"),
    "garden": ("Vườn hoa Cầu Ông Lãnh", "garden"),
    "garden_north": ("Vườn hoa Lê Lợi", "garden"),
}


def make_environment(city: City) -> list[Asset]:
    """Everything of the environment office and the parks company."""
    random = Random("environment")
    return [
        *draw_water(city),
        *draw_parks(city),
        *plant_trees(city, random),
        *draw_protected_zones(city),
        *place_stations(city, random),
        draw_waste_site(city),
    ]


def get_canal_area(city: City) -> Polygon:
    """The water between the banks, inside the quarter."""
    return snap_polygon(city.quarter.canal.buffer(CANAL_HALF_M, cap_style="flat").intersection(city.quarter.edge))


def get_lake(city: City) -> Polygon:
    """The lake in the largest park: an oval turned with the park."""
    land = city.get_lands("park_lake")[0]
    ring = land.buffer(-26, join_style="mitre")
    return snap_polygon(ring.buffer(-14).buffer(14, quad_segs=4))


def draw_water(city: City) -> list[Asset]:
    """The canal and the lake."""
    bodies = (("Kênh Bến Nghé", "canal", get_canal_area(city)), ("Hồ Khánh Hội", "lake", get_lake(city)))
    return [
        Asset("water_body", city.number("MN"), MultiPolygon([area]), {
            "name": name, "owner": names.CITY, "operator": names.ENVIRONMENT_OFFICE, "status": "in_service",
            "kind": kind, "corridor_function": "bank_stability", "corridor_width_m": 10.0, "embanked": True,
            "area_m2": round(area.area, 1),
        })
        for name, kind, area in bodies
    ]  # fmt: skip


def draw_parks(city: City) -> list[Asset]:
    """Parks, gardens and the green strips on both banks between the bridges."""
    areas = [(name, kind, land) for key, (name, kind) in PARKS.items() for land in city.get_lands(key)]
    lake = get_lake(city)
    areas = [
        (name, kind, snap_with_holes(land.difference(lake)) if land.contains(lake) else land)
        for name, kind, land in areas
    ]
    for number, strip in enumerate(get_bank_strips(city), start=1):
        areas.append((f"Dải cây xanh bờ kênh số {number}", "street", strip))
    return [
        Asset("green_space", city.number("CVX"), MultiPolygon([area]), {
            "name": name, "owner": names.CITY, "operator": names.PARKS_COMPANY, "status": "in_service", "kind": kind,
            "open_to": "public", "area_m2": round(area.area, 1),
        })
        for name, kind, area in areas
    ]  # fmt: skip


def snap_with_holes(shape: BaseGeometry) -> Polygon:
    """The polygon with its holes, vertices rounded."""
    area = take_polygon(shape)
    rings = [[snap(*point) for point in ring.coords] for ring in (area.exterior, *area.interiors)]
    return Polygon(rings[0], rings[1:])


def get_bank_strips(city: City) -> list[Polygon]:
    """The strips of grass between water and road, cut where a bridge lands."""
    canal = city.quarter.canal
    ring = canal.buffer(24.0, cap_style="flat").difference(canal.buffer(CANAL_HALF_M + 1.0, cap_style="flat"))
    bridges = unary_union([s.axis.buffer(s.half + 3, cap_style="flat") for s in city.streets if s.kind != "alley"])
    parts = ring.difference(bridges).intersection(city.quarter.edge)
    return [snap_polygon(part) for part in getattr(parts, "geoms", [parts]) if part.area > 400]


def plant_trees(city: City, random: Random) -> list[Asset]:
    """Trees along the wider streets, and scattered in the parks."""
    assets = []
    for street in city.streets:
        if street.kind == "lane" or is_overhead(street):
            continue
        species = random.choice(names.SPECIES)
        for offset in get_offsets(street, "tree"):
            station = random.uniform(8, 18)
            while station < street.axis.length - 6:
                if is_open_street(street, station, offset, 3.0):
                    place = Point(get_place(street.axis, station, offset))
                    assets.append(describe_tree(city, place, species, street.name, random))
                station += random.uniform(15, 24)
    for key, (name, _) in PARKS.items():
        for land in city.get_lands(key):
            free = land.buffer(-4).difference(get_lake(city).buffer(2))
            assets += [describe_tree(city, place, random.choice(names.SPECIES), name, random)
                       for place in scatter(free, max(8, int(land.area / 420)), random)]  # fmt: skip
    return assets


def scatter(area: BaseGeometry, count: int, random: Random) -> list[Point]:
    """Points anywhere inside an area."""
    xmin, ymin, xmax, ymax = area.bounds
    points: list[Point] = []
    while len(points) < count:
        point = Point(snap(random.uniform(xmin, xmax), random.uniform(ymin, ymax)))
        if area.contains(point):
            points.append(point)
    return points


def describe_tree(city: City, place: Point, species: str, street: str, random: Random) -> Asset:
    """One tree."""
    girth = random.randrange(30, 220)
    values: dict[str, Value] = {
        "species": species,
        "operator": names.PARKS_COMPANY,
        "girth_cm": float(girth),
        "height_m": round(4 + girth / 12, 1),
        "crown_m": round(2 + girth / 30, 1),
        "grade": "grade_1" if girth < 80 else "grade_2" if girth < 160 else "grade_3",
        "street": street,
    }
    return Asset("tree", city.number("CX"), place, values)


def draw_protected_zones(city: City) -> list[Asset]:
    """The corridor along the canal, under the 110 kV line, around a well, and an old quarter."""
    canal = city.quarter.canal
    edge = city.quarter.edge
    river = canal.buffer(CANAL_HALF_M + 10, cap_style="flat").intersection(edge)
    bank = LineString([get_place(canal, station, BANK_LINE_M) for station in (60.0, 300.0, 560.0)])
    well = city.get_lands("water_plant")[0].centroid.buffer(20.0, quad_segs=8)
    old = city.get_lands("garden_north")[0].buffer(60.0, join_style="mitre")
    zones = (
        ("Hành lang bờ kênh Bến Nghé", "river", river, "NĐ 53/2024/NĐ-CP", "Xây nhà, đổ rác, lấp kênh"),
        (
            "Hành lang đường dây 110 kV",
            "power",
            bank.buffer(4.0, cap_style="flat"),
            "NĐ 62/2025/NĐ-CP",
            "Xây nhà, trồng cây cao",
        ),
        ("Vùng bảo vệ giếng dự phòng", "water_source", well, "NĐ 53/2024/NĐ-CP", "Xả thải, chôn lấp"),
        ("Khu phố cổ Lê Lợi", "heritage", old, "Luật Di sản văn hóa", "Xây cao quá 4 tầng"),
    )
    return [
        Asset("protected_zone", city.number("BV"), MultiPolygon([snap_polygon(area)]), {
            "name": name, "operator": names.ENVIRONMENT_OFFICE, "status": "in_service", "kind": kind,
            "legal_basis": basis, "prohibited": prohibited, "valid_from": draw_date(Random(name), 2024, 2025),
        })
        for name, kind, area, basis, prohibited in zones
    ]  # fmt: skip


def place_stations(city: City, random: Random) -> list[Asset]:
    """Stations for air, canal water, ground water, noise, rain and water level."""
    canal = city.quarter.canal
    green = city.get_lands("park")[0].centroid
    places = (
        ("Trạm không khí Lê Lợi", "air", city.get_lands("garden_north")[0].centroid, "PM2.5, PM10, NO2, O3"),
        ("Trạm nước mặt kênh Bến Nghé", "surface_water", Point(get_place(canal, 900, 13.0)), "pH, DO, COD, NH4"),
        ("Trạm nước mặt cầu Khánh Hội", "surface_water", Point(get_place(canal, 1800, -13.0)), "pH, DO, COD"),
        ("Giếng quan trắc số 1", "ground_water", Point(green.x + 18, green.y), "Mực nước, EC"),
        ("Trạm đo ồn Cầu Ông Lãnh", "noise", city.get_lands("garden")[0].centroid, "LAeq"),
        ("Trạm đo mưa Khánh Hội", "rain", Point(green.x, green.y + 12), "Lượng mưa"),
        ("Trạm mực nước Bến Nghé", "water_level", Point(get_place(canal, 1300, 12.5)), "Mực nước"),
    )
    return [
        Asset("monitoring_station", city.number("QT"), Point(snap(place.x, place.y)), {
            "name": name, "operator": names.ENVIRONMENT_OFFICE, "status": "in_service", "medium": medium,
            "parameters": parameters, "automatic": random.random() < 0.7,
        })
        for name, medium, place, parameters in places
    ]  # fmt: skip


def draw_waste_site(city: City) -> Asset:
    """The transfer station for household waste."""
    area = snap_polygon(city.get_lands("waste")[0].buffer(-6, join_style="mitre"))
    return Asset("waste_site", city.number("RAC"), MultiPolygon([area]), {
        "name": "Trạm trung chuyển rác Xóm Chiếu", "operator": names.PARKS_COMPANY, "status": "in_service",
        "kind": "transfer_station", "capacity_td": 120.0, "area_m2": round(area.area, 1),
    })  # fmt: skip
