"""Telecom and post: ducts with chambers in the left footway, cables, cabinets, base stations, post offices."""

from random import Random

from shapely import Point

from samples import names
from samples.assets import Asset, Value, describe_survey, draw_date
from samples.blocks import Lot
from samples.city import City
from samples.plane import Pair, get_place, offset_line, snap
from samples.power import is_overhead
from samples.runs import Piece, Run, add_stations, cut_between_mouths, get_pieces, is_open, is_open_street, lay_runs
from samples.sections import get_offsets
from samples.streets import Street, to_frame

# The last one is only planned, and serves nobody yet.
POST_OFFICES: tuple[tuple[str, str, Pair], ...] = (
    ("Bưu cục Trung tâm", "level_1", (640, 1330)),
    ("Bưu cục Tân Định", "level_2", (900, 1820)),
    ("Bưu cục Cầu Ông Lãnh", "level_3", (420, 760)),
    ("Bưu cục Khánh Hội", "level_3", (560, 180)),
    ("Bưu cục Xóm Chiếu (dự kiến)", "level_3", (1800, 200)),
)


def make_telecom(city: City) -> list[Asset]:
    """Everything of telecom and post."""
    random = Random("telecom")
    assets: list[Asset] = []
    runs = lay_runs(city.streets, "duct", lambda street: True)
    for run in runs:
        add_stations(run, 95.0, is_open)
        assets += [describe_duct(city, piece, random) for piece in get_pieces(run)]
        if run.street.kind in ("avenue", "collector"):
            assets += [describe_fibre(city, piece, random) for piece in get_pieces(run)]
    assets += place_chambers(city, runs, random)
    for street in city.streets:
        assets += lay_access(city, street, random)
        assets += place_cabinets(city, street, random)
    return assets + place_base_stations(city, random) + place_post_offices(city)


def describe_duct(city: City, piece: Piece, random: Random) -> Asset:
    """A duct bank between two chambers."""
    ways = {"avenue": 12, "collector": 6}.get(piece.run.street.kind, 4)
    values: dict[str, Value] = {
        "owner": names.TELECOMS[0],
        "operator": names.TELECOMS[0],
        "status": "in_service",
        "installed_on": draw_date(random, 2001, 2024),
        "ways": ways,
        "ways_used": random.randrange(1, ways + 1),
        "material": "pvc",
        "width_mm": {12: 500.0, 6: 380.0, 4: 260.0}[ways],
        "height_mm": {12: 380.0, 6: 260.0, 4: 260.0}[ways],
        "vertical_position": "underground",
        "cover_m": random.choice([0.28, 0.3, 0.32]),
        "street": piece.run.street.name,
        **describe_survey(random, random.choice(["a", "b2", "c"])),
    }
    return Asset("telecom_duct", city.number("CB"), piece.line, values)


def describe_fibre(city: City, piece: Piece, random: Random) -> Asset:
    """A fibre cable in the duct, drawn as the duct is."""
    values: dict[str, Value] = {
        "owner": names.TELECOMS[1],
        "status": "in_service",
        "medium": "fibre",
        "laying": "duct",
        "pair_count": random.choice([48, 96, 144, 288]),
        "carrier": names.TELECOMS[1],
        "outer_diameter_mm": 16.0,
        "vertical_position": "underground",
        "street": piece.run.street.name,
    }
    return Asset("telecom_cable", city.number("CQ"), piece.line, values)


def lay_access(city: City, street: Street, random: Random) -> list[Asset]:
    """The cables to the houses: buried in the right footway, or hung on the poles of an overhead line."""
    assets = []
    for offset in get_offsets(street, "access_cable"):
        run = Run(street, offset, offset_line(street.axis, offset))
        for line in cut_between_mouths(run, 25.0):
            medium = random.choice(["fibre", "copper"])
            values: dict[str, Value] = {
                "owner": names.TELECOMS[street.number % 2],
                "status": "in_service",
                "medium": medium,
                "laying": "direct",
                "pair_count": random.choice([12, 24, 48]) if medium == "fibre" else random.choice([50, 100, 200]),
                "carrier": names.TELECOMS[street.number % 2],
                "outer_diameter_mm": 14.0 if medium == "fibre" else 28.0,
                "vertical_position": "underground",
                "cover_m": 0.4,
                "street": street.name,
            }
            assets.append(Asset("telecom_cable", city.number("CQ"), line, values))
    if is_overhead(street):
        assets += hang_cable(city, street)
    return assets


def hang_cable(city: City, street: Street) -> list[Asset]:
    """An aerial cable on the poles of the overhead line."""
    run = Run(street, street.half - 3.7, offset_line(street.axis, street.half - 3.7))
    values: dict[str, Value] = {
        "owner": names.TELECOMS[1],
        "status": "in_service",
        "medium": "fibre",
        "laying": "aerial",
        "pair_count": 24,
        "carrier": names.TELECOMS[1],
        "outer_diameter_mm": 12.0,
        "vertical_position": "overhead",
        "street": street.name,
    }
    return [Asset("telecom_cable", city.number("CQ"), line, dict(values)) for line in cut_between_mouths(run, 30.0)]


def place_chambers(city: City, runs: list[Run], random: Random) -> list[Asset]:
    """A chamber at every node of the ducts; Z is the level of its cover."""
    places: dict[Pair, Street] = {}
    for run in runs:
        for place in run.nodes.values():
            places.setdefault(place, run.street)
    return [describe_chamber(city, place, places[place], random) for place in sorted(places)]


def describe_chamber(city: City, place: Pair, street: Street, random: Random) -> Asset:
    """One chamber."""
    cover = round(city.get_ground(place) + 0.15, 3)
    large = street.kind in ("avenue", "collector")
    values: dict[str, Value] = {
        "owner": names.TELECOMS[0],
        "status": "in_service",
        "kind": "chamber" if large else "handhole",
        "cover_level_m": cover,
        "floor_level_m": round(cover - (1.6 if large else 1.1), 3),
        "size_mm": 1200.0 if large else 800.0,
        "lid": random.choice(["Gang", "Bê tông"]),
        "vertical_datum": "hon_dau",
    }
    return Asset("telecom_chamber", city.number("BC"), Point((*place, cover)), values)


def place_cabinets(city: City, street: Street, random: Random) -> list[Asset]:
    """A street cabinet about every 240 m, at the back of the right footway."""
    assets: list[Asset] = []
    station = random.uniform(40, 90)
    while street.kind != "alley" and station < street.axis.length - 20:
        if not is_open_street(street, station, street.half, 2.0):
            station += 5
            continue
        capacity = random.choice([144, 288, 576])
        values: dict[str, Value] = {
            "owner": names.TELECOMS[street.number % 2],
            "status": "in_service",
            "kind": random.choice(["fibre_distribution", "splitter", "copper_distribution"]),
            "capacity": capacity,
            "used": random.randrange(20, capacity),
            "carrier": names.TELECOMS[street.number % 2],
            "address": f"{random.randrange(1, 300)} {street.name}",
        }
        place = get_place(street.axis, station, 0.4 - street.half)
        assets.append(Asset("telecom_cabinet", city.number("TC"), Point(place), values))
        station += random.uniform(220, 280)
    return assets


def place_base_stations(city: City, random: Random) -> list[Asset]:
    """A base station on the roof of every fifth larger building."""
    assets = []
    for lot in [lot for lot in city.lots if lot.building and lot.floors >= 6][::5]:
        values: dict[str, Value] = {
            "owner": random.choice(names.TELECOMS),
            "status": "in_service",
            "kind": "roof_mast",
            "technologies": random.choice(["4G", "4G,5G", "2G,4G", "2G,4G,5G"]),
            "carriers": ", ".join(names.TELECOMS) if random.random() < 0.3 else random.choice(names.TELECOMS),
            "height_m": round(lot.floors * 3.4 + 6.0, 1),
            "radius_m": random.choice([250.0, 350.0, 450.0]),
            "co_located": random.random() < 0.3,
        }
        middle = lot.building.centroid if lot.building else lot.parcel.centroid
        assets.append(Asset("base_station", city.number("BTS"), Point(snap(middle.x, middle.y)), values))
    return assets


def place_post_offices(city: City) -> list[Asset]:
    """Four post offices and a planned one, each in the building nearest to its place."""
    built: list[Lot] = [lot for lot in city.lots if lot.building is not None and lot.fabric != "apartment"]
    assets = []
    for name, level, place in POST_OFFICES:
        lot = min(built, key=lambda lot: distance_in_frame(lot, place))
        middle = lot.parcel.representative_point()
        values: dict[str, Value] = {
            "name": name,
            "owner": names.POST_COMPANY,
            "operator": names.POST_COMPANY,
            "status": "proposed" if "dự kiến" in name else "in_service",
            "level": level,
            "opening_hours": "Mo-Fr 07:00-18:00; Sa 07:00-12:00",
            "address": name.replace("Bưu cục", "Phường"),
        }
        assets.append(Asset("post_office", city.number("BUU"), Point(snap(middle.x, middle.y)), values))
    return assets


def distance_in_frame(lot: Lot, place: Pair) -> float:
    """How far a lot lies from a point of the frame, squared metres."""
    x, y = to_frame((lot.parcel.centroid.x, lot.parcel.centroid.y))
    return (x - place[0]) ** 2 + (y - place[1]) ** 2
