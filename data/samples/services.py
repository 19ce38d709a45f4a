"""What coverage needs besides the networks: fire stations, and where buildings are joined to the sewers."""

from collections.abc import Iterable
from random import Random

from shapely import Point, STRtree
from shapely.ops import nearest_points

from samples import names
from samples.assets import Asset, Value
from samples.city import City
from samples.plane import Pair, snap
from samples.streets import to_city, to_frame

# Name, kind, frame x, y: each stands at the lot nearest to its place.
STATIONS: tuple[tuple[str, str, Pair], ...] = (
    ("Đội PCCC khu vực Cầu Ông Lãnh", "area", (520.0, 1_360.0)),
    ("Đội PCCC khu vực Khánh Hội", "area", (820.0, 190.0)),
    ("Đội PCCC trên sông Bến Nghé", "river", (1_560.0, 470.0)),
)
UNJOINED: Pair = (760.0, 1_040.0)  # frame x, y: south and west of it one block in three is not joined to a sewer


def make_services(city: City, assets: Iterable[Asset]) -> list[Asset]:
    """Fire stations, and a connection of most buildings to the nearest sewer that takes foul water."""
    by_layer: dict[str, list[Asset]] = {"building": [], "sewer_pipe": []}
    for asset in assets:
        if asset.layer in by_layer:
            by_layer[asset.layer].append(asset)
    return [*place_fire_stations(city), *join_sewers(city, by_layer["building"], by_layer["sewer_pipe"])]


def place_fire_stations(city: City) -> list[Asset]:
    """Two stations with engines and one with boats; what they reach is written when the coverage is planted."""
    built = [lot for lot in city.lots if lot.building is not None and lot.fabric != "apartment"]
    assets = []
    for name, kind, place in STATIONS:
        spot = Point(to_city(place))
        lot = min(built, key=lambda lot: lot.parcel.distance(spot))  # used up within the turn
        middle = lot.parcel.representative_point()
        assets.append(Asset("fire_station", city.number("PCCC"), Point(snap(middle.x, middle.y)), {
            "name": name, "owner": names.CITY, "status": "in_service", "kind": kind, "engines": 4, "crew": 36,
            "service_radius_m": None,
        }))  # fmt: skip
    return assets


def join_sewers(city: City, buildings: list[Asset], sewers: list[Asset]) -> list[Asset]:
    """A connection at the wall nearest to a foul or combined sewer; some buildings have none."""
    random = Random("sewer connections")
    foul = [each for each in sewers if each.values["system"] in ("foul", "combined")]
    tree = STRtree([each.geometry for each in foul])
    assets = []
    for building in buildings:
        x, y = to_frame(building.geometry.centroid.coords[0])
        if random.random() < 0.06 or (x < UNJOINED[0] and y < UNJOINED[1] and int(x // 130 + y // 130) % 3 == 0):
            continue
        sewer = foul[int(tree.nearest(building.geometry))]
        wall, _ = nearest_points(building.geometry, sewer.geometry)
        values: dict[str, Value] = {
            "owner": names.DRAINAGE_COMPANY, "status": "in_service", "building_code": building.code,
            "system": sewer.values["system"], "nominal_diameter_mm": random.choice([110, 160, 200]),
            "sewer_code": sewer.code,
        }  # fmt: skip
        assets.append(Asset("sewer_connection", city.number("DN"), Point(snap(wall.x, wall.y)), values))
    return assets
