"""The planted edges of coverage: by every method a building just reached, one just missed, one that only looks served.

A facility is put where it decides about one building: at the exact distance, a centimetre further, behind a house, out
of service. The second opinion is asked about every one of them.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from second_opinion.coverage import Ground, describe, find_served
from second_opinion.services import CAMERA_TARGET_M, SERVICES
from shapely import MultiPolygon, Point, box
from shapely.geometry.base import BaseGeometry

from samples import names
from samples.assets import Asset, Value
from samples.city import City
from samples.plane import get_place, snap
from samples.planting import Garden, Reached, to_row
from samples.sections import get_carriageway
from tests.database.coverage_oracle.sight import measure_sight
from tests.database.coverage_oracle.streets import Network
from tests.database.coverage_oracle.values import Facility, Place

NOTE: dict[str, Value] = {"remarks": "giả định"}
TOO_FAR_M = 0.01
CLEAR_M = 0.02  # no other building lies so near to an edge
NEAR_M = 330.0  # further streets are no part of a way of 150 m
EXACTLY, JUST_BEYOND = "exactly within reach", "a centimetre too far"


class Planter:
    """Whom the services reach so far, and how one more facility is planted."""

    def __init__(self, garden: Garden, city: City) -> None:
        self.garden, self.city = garden, city
        self.ground = Ground([to_row(asset) for asset in (*garden.assets, *garden.planted)])
        self.decided: dict[str, list[Place]] = {}

    def list_unserved(self, service: str) -> list[Place]:
        """Buildings that people live in and a service does not reach, in an order of the seed's."""
        served = find_served(self.ground, service, SERVICES[service].methods[0])
        places = [place for place in self.ground.places if place.id not in served and place.people > 0]
        self.garden.random.shuffle(places)
        return places

    def is_clear(self, shape: BaseGeometry, reach_m: float, about: Place) -> bool:
        """Whether no other building lies at the edge of a facility's straight reach."""
        near = self.ground.select(self.ground.points, shape, reach_m + CLEAR_M)
        return all(abs(place.point.distance(shape) - reach_m) > CLEAR_M for place in near if place is not about)

    def is_inside(self, shape: BaseGeometry) -> bool:
        """Whether a place lies well inside the quarter."""
        return bool(self.city.quarter.edge.buffer(-15).contains(shape))

    def leaves_alone(self, service: str, asset: Asset) -> bool:
        """Whether a facility reaches no building that another was planted for."""
        said = SERVICES[service]
        own = asset.values.get(said.reach) if said.reach else None
        reach = float(own) if isinstance(own, int | float) else said.distance_m or 0.0
        others = self.decided.get(service, [])
        return all(place.point.distance(asset.geometry) > reach + CLEAR_M for place in others)

    def plant(self, service: str, asset: Asset, about: Place, served: bool, metres: float | None, why: str) -> None:
        """Keep a facility and what is true of it."""
        self.garden.plant(asset)
        row = to_row(asset)
        self.ground.layers[asset.layer].append(row)
        self.decided.setdefault(service, []).append(about)
        side = (asset.layer, asset.code)
        distance = None if metres is None else round(metres, 3)
        self.garden.reached.append(Reached(service, side, str(about.code), served, distance, why))


def plant_coverage(garden: Garden, city: City) -> None:
    """Everything planted about coverage."""
    planter = Planter(garden, city)
    name_reaches(planter)
    plant_straight(planter, "post_office", {"level": "level_3", "owner": names.POST_COMPANY})
    plant_straight(planter, "distribution_transformer", {"rating_kva": 400.0, "owner": names.POWER_COMPANY})
    plant_parks(planter)
    plant_hydrants(planter)
    plant_masts(planter)
    plant_cameras(planter)
    plant_meters(planter)
    plant_house_drains(planter)
    plant_catchments(planter)


def name_reaches(planter: Planter) -> None:
    """Two fire stations reach as far as one building of each: exactly, and all but a centimetre."""
    layer = planter.garden.by_layer["fire_station"]
    travel = SERVICES["fire_station"].travel
    assert travel is not None
    facilities = [Facility(number, asset.geometry, 0.0) for number, asset in enumerate(layer)]
    ways = planter.ground.get_network(travel).measure(planter.ground.places, facilities)
    far = {place.id: [ways.get((place.id, number), math.inf) for number in range(3)] for place in planter.ground.places}
    for number, least, short in ((0, 1_050.0, 0.0), (1, 900.0, TOO_FAR_M)):
        asset = layer[number]
        edge = sorted((metres[number], place) for place, metres in far.items())
        for index, (metres, home) in enumerate(edge[1:-1], 1):
            alone = min(metres - edge[index - 1][0], edge[index + 1][0] - metres) > 2 * CLEAR_M
            if metres > least and alone and far[home][1 - number] > 1_400 and planter.ground.places[home].people > 0:
                asset.values["service_radius_m"] = round(metres - short, 3)
                side, code = (asset.layer, asset.code), str(planter.ground.places[home].code)
                why = JUST_BEYOND if short else EXACTLY
                reached = Reached("fire_station", side, code, not short, round(metres, 3), why)
                planter.garden.reached.append(reached)
                break
    for row, asset in zip(planter.ground.layers["fire_station"], layer, strict=True):
        assert isinstance(row.values, dict)
        row.values.update(asset.values)
    cases: tuple[tuple[dict[str, Value], str], ...] = (
        ({"kind": "volunteer"}, "only volunteers"),
        ({"kind": "area", "status": "decommissioned"}, "was given up"),
    )
    beyond = [place for place in planter.ground.places if min(far[place.id]) > 1_400 and place.people > 0]
    for place, (values, why) in zip(planter.garden.random.sample(beyond, 2), cases, strict=True):
        spot = Point(snap(place.point.x + 9.0, place.point.y))
        asset = planter.garden.make("fire_station", spot, {**NOTE, "owner": names.CITY, **values})
        planter.plant("fire_station", asset, place, False, round(place.point.distance(spot), 3), why)


def look_round(place: Place, metres: float) -> Iterator[tuple[Point, float]]:
    """Points at a distance from a building's centre, with their bearing as seen from it, degrees from north."""
    for bearing in range(0, 360, 15):
        turned = math.radians(bearing)
        yield (
            Point(snap(place.point.x + metres * math.sin(turned), place.point.y + metres * math.cos(turned))),
            float(bearing),
        )


def plant_straight(planter: Planter, service: str, values: dict[str, Value]) -> None:
    """A facility exactly as far from a building as it reaches, one a centimetre further, and a planned one."""
    limit = SERVICES[service].distance_m
    assert limit is not None
    for metres, why in ((limit, EXACTLY), (limit + TOO_FAR_M, JUST_BEYOND)):
        plant_first(planter, service, draw_straight(planter, service, metres, values), metres, why)
    place = planter.list_unserved(service)[0]
    spot = Point(snap(place.point.x + 12.0, place.point.y))
    asset = planter.garden.make(service, spot, {**NOTE, **values, "status": "proposed"})
    planter.plant(service, asset, place, False, round(place.point.distance(spot), 3), "only proposed")


Candidates = Iterator[tuple[Place, Asset]]


def plant_first(planter: Planter, service: str, candidates: Candidates, metres: float | None, why: str) -> None:
    """Plant the first candidate that brings no conflict. Raises ValueError if there is none."""
    for place, asset in candidates:
        if planter.leaves_alone(service, asset) and not planter.garden.find_around(asset):
            planter.plant(service, asset, place, not why.startswith(FAILING), metres, why)
            return
    raise ValueError(f"no place for {service}: {why}")


# How the reasons begin of what is not served.
FAILING = ("a centimetre too far", "behind", "looks past", "only", "was", "another code")


def draw_straight(planter: Planter, service: str, metres: float, values: dict[str, Value]) -> Candidates:
    """Facilities at a distance from an unserved building, where few others would be served too."""
    limit = SERVICES[service].distance_m or 0.0
    unserved = planter.list_unserved(service)
    for place in unserved[:60]:
        for spot, _ in look_round(place, metres):
            more = sum(1 for other in unserved if other.point.distance(spot) <= limit + CLEAR_M)
            if more <= 30 and planter.is_inside(spot) and planter.is_clear(spot, limit, place):
                yield place, planter.garden.make(service, spot, {**NOTE, **values})


def plant_parks(planter: Planter) -> None:
    """Small squares of green whose edge lies exactly 500 m from a building, and a centimetre further."""
    for metres, why in ((500.0, EXACTLY), (500.0 + TOO_FAR_M, JUST_BEYOND)):
        plant_first(planter, "green_space", draw_parks(planter, metres), metres, why)


def draw_parks(planter: Planter, metres: float) -> Candidates:
    """Squares of 4 m straight north, east, south or west of an unserved building."""
    unserved = planter.list_unserved("green_space")
    for place in unserved[:80]:
        x, y = place.point.coords[0]
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            cx, cy = x + dx * (metres + 2), y + dy * (metres + 2)
            square = box(*snap(cx - 2, cy - 2), *snap(cx + 2, cy + 2))
            more = sum(1 for other in unserved if other.point.distance(square) <= 500 + CLEAR_M)
            if more <= 40 and planter.is_inside(square) and planter.is_clear(square, 500.0, place):
                yield place, planter.garden.make("green_space", MultiPolygon([square]), {
                    **NOTE, "name": "Vườn hoa nhỏ", "owner": names.CITY, "kind": "garden", "open_to": "public",
                    "area_m2": 16.0,
                })  # fmt: skip


def plant_hydrants(planter: Planter) -> None:
    """Hydrants exactly 150 m along the streets from a building, and a centimetre further."""
    for metres, why in ((150.0, EXACTLY), (150.0 + TOO_FAR_M, JUST_BEYOND)):
        plant_first(planter, "fire_hydrant", draw_hydrants(planter, metres), metres, why)


def measure_hose(planter: Planter, place: Place, spots: list[Point]) -> list[float]:
    """How far it is along the streets from some points to a building, asked of the streets around it."""
    travel = SERVICES["fire_hydrant"].travel
    assert travel is not None
    whole = planter.ground.get_network(travel)
    near = [street for street in whole.lines.values() if street.line.distance(place.point) < NEAR_M]
    ways = Network(near, travel, whole.barriers).measure(
        [place], [Facility(number, spot, 0.0) for number, spot in enumerate(spots)]
    )
    return [ways.get((place.id, number), math.inf) for number in range(len(spots))]


def draw_hydrants(planter: Planter, metres: float) -> Candidates:
    """Hydrants at the kerb of a street, moved along it until the way to an unserved building is as long as meant."""
    streets = [each for each in planter.city.streets if each.kind in ("street", "lane", "collector")]
    values: dict[str, Value] = {**NOTE, "owner": names.CITY, "kind": "pillar", "nominal_diameter_mm": 100,
                                "in_service": True}  # fmt: skip
    for place in planter.list_unserved("fire_hydrant")[:20]:
        near = [each for each in streets if 60 < each.axis.distance(place.point) < 140 and each.axis.length > 80]
        for street in near:
            kerb = get_carriageway(street) / 2 + 0.5
            stations = [float(each) for each in range(20, int(street.axis.length) - 20, 7)]
            spots = [Point(get_place(street.axis, each, kerb)) for each in stations]
            for station, found in zip(stations, measure_hose(planter, place, spots), strict=True):
                if abs(found - metres) > 3.5:
                    continue
                moved = [Point(get_place(street.axis, station + side * (found - metres), kerb)) for side in (1, -1)]
                for spot, now in zip(moved, measure_hose(planter, place, moved), strict=True):
                    if abs(now - metres) < 0.0003 and planter.is_inside(spot):
                        yield place, planter.garden.make("fire_hydrant", spot, values)


def plant_masts(planter: Planter) -> None:
    """A mast that looks at a building from exactly as far as it reaches, one too far, and one that looks past it."""
    cases = (
        (200.0, 0.0, EXACTLY),
        (200.0 + TOO_FAR_M, 0.0, JUST_BEYOND),
        (150.0, 60.5, "looks past it by half a degree"),
    )
    for metres, aside, why in cases:
        plant_first(planter, "base_station", draw_masts(planter, metres, aside), metres, why)


def draw_masts(planter: Planter, metres: float, aside: float) -> Candidates:
    """Masts on the ground that reach 200 m and look past an unserved building by some degrees."""
    for place in planter.list_unserved("base_station")[:40]:
        for spot, bearing in look_round(place, metres):
            if planter.is_inside(spot) and planter.is_clear(spot, 200.0, place):
                yield place, planter.garden.make("base_station", spot, {
                    **NOTE, "owner": names.TELECOMS[0], "kind": "ground_mast", "technologies": "4G", "height_m": 30.0,
                    "radius_m": 200.0, "azimuth_deg": (bearing + 180.0 + aside) % 360.0,
                })  # fmt: skip


def plant_cameras(planter: Planter) -> None:
    """Cameras that see a building from exactly 100 m, from too far, past it, not over a house, and from above one."""
    cases = (
        (100.0, 0.0, 6.0, EXACTLY), (100.0 + TOO_FAR_M, 0.0, 6.0, JUST_BEYOND),
        (60.0, 45.5, 6.0, "looks past it by half a degree"),
        (60.0, 0.0, 6.0, "behind another house"), (60.0, 0.0, 90.0, "from high above the house between"),
    )  # fmt: skip
    for metres, aside, height, why in cases:
        plant_first(planter, "public_camera", draw_cameras(planter, (metres, aside, height), why), metres, why)


def draw_cameras(planter: Planter, said: tuple[float, float, float], why: str) -> Candidates:
    """Cameras of 90 degrees round an unserved building of which is true what is meant."""
    metres, aside, height = said
    for place in planter.list_unserved("public_camera")[:60]:
        for spot, bearing in look_round(place, metres):
            azimuth = (bearing + 180.0 + aside) % 360.0
            asset = planter.garden.make("public_camera", spot, {
                **NOTE, "owner": names.CITY, "kind": "fixed", "purpose": "security", "direction_deg": azimuth,
                "view_angle_deg": 90.0, "height_m": height, "connected": True,
            })  # fmt: skip
            if not planter.is_inside(spot) or not planter.is_clear(spot, 100.0, place):
                continue
            # Between must stand a house that hides at 6 m for the last two, and none for the others.
            open_way = sees(planter, asset, place, 6.0, turned=azimuth - aside)
            if open_way != (height == 6.0 and not why.startswith("behind")):
                continue
            if metres > 100.0 or sees(planter, asset, place, height) == (not why.startswith(FAILING)):
                yield place, asset


def sees(planter: Planter, asset: Asset, place: Place, height: float, turned: float | None = None) -> bool:
    """Whether a camera would see a building from a height, turned to it or as it is; not asked is how far it is."""
    azimuth = asset.values["direction_deg"] if turned is None else turned
    row = to_row(replace(asset, values={**asset.values, "height_m": height, "direction_deg": azimuth}))
    reach = place.point.distance(asset.geometry) + 1.0
    camera = replace(describe(0, row, SERVICES["public_camera"]), reach=reach)
    near = planter.ground.select(planter.ground.shapes, asset.geometry, reach)
    around = [planter.ground.buildings[each.id] for each in near]
    return bool(measure_sight([place], [camera], around, CAMERA_TARGET_M))


def plant_meters(planter: Planter) -> None:
    """Water meters exactly 2 m from a wall, further, in the yard, and one that was taken away."""
    cases = (
        (2.0, "in_service", EXACTLY),
        (2.0 + TOO_FAR_M, "in_service", JUST_BEYOND),
        (0.5, "removed", "was taken away"),
    )
    for metres, status, why in cases:
        plant_first(planter, "water_connection", draw_meters(planter, metres, status), metres, why)


def draw_meters(planter: Planter, metres: float, status: str) -> Candidates:
    """Meters straight before a wall of an unserved building, in no parcel and near no other building."""
    parcels = [asset.geometry for asset in planter.garden.by_layer["land_parcel"]]
    for place in planter.list_unserved("water_connection")[:200]:
        xmin, ymin, xmax, ymax = place.shape.bounds if place.shape is not None else place.point.bounds
        if (xmin, ymin) == (xmax, ymax):
            continue
        yield from before_walls(planter, place, metres, status, parcels)


def before_walls(planter: Planter, place: Place, metres: float, status: str, parcels: list[BaseGeometry]) -> Candidates:
    """Meters before the middle of each wall of one building."""
    assert place.shape is not None
    ring = list(getattr(place.shape, "geoms", [place.shape])[0].exterior.coords)
    for a, b in pairwise(ring):
        length = math.dist(a, b)
        for side in (1, -1):
            nx, ny = -(b[1] - a[1]) / length * side, (b[0] - a[0]) / length * side
            spot = Point(snap((a[0] + b[0]) / 2 + nx * metres, (a[1] + b[1]) / 2 + ny * metres))
            if abs(place.shape.distance(spot) - metres) > 0.0002:
                continue
            near = planter.ground.select(planter.ground.shapes, spot, 2.0 + CLEAR_M)
            if all(other is place for other in near) and not any(each.intersects(spot) for each in parcels):
                yield place, planter.garden.make("water_connection", spot, {
                    **NOTE, "owner": names.WATER_COMPANY, "status": status, "customers": 1, "nominal_diameter_mm": 25,
                })  # fmt: skip


def plant_house_drains(planter: Planter) -> None:
    """Connections that name a building and stand at another, carry rain only, were taken away, or misspell the code."""
    cases: tuple[tuple[str, dict[str, Value], str], ...] = (
        ("{}", {}, "named by a connection at the house of a neighbour"),
        ("{}", {"system": "storm"}, "only for rain"),
        ("{}", {"status": "removed"}, "was taken away"),
        ("{}A", {}, "another code by one letter"),
    )
    for code, values, why in cases:
        place = planter.list_unserved("sewer_connection")[0]
        spot = Point(snap(place.point.x + 30.0, place.point.y))
        asset = planter.garden.make("sewer_connection", spot, {
            **NOTE, "owner": names.DRAINAGE_COMPANY, "building_code": code.format(place.code), "system": "combined",
            "nominal_diameter_mm": 160, **values,
        })  # fmt: skip
        planter.plant("sewer_connection", asset, place, not why.startswith(FAILING), None, why)


def plant_catchments(planter: Planter) -> None:
    """Catchments whose edge lies 5 mm beyond the middle of a building, 5 mm before it, and one of foul water only."""
    cases = (
        (0.005, "storm", "5 mm inside its edge"),
        (-0.005, "storm", "only 5 mm outside its edge"),
        (4.0, "foul", "only for foul water"),
    )
    for inside, system, why in cases:
        place = planter.list_unserved("stormwater_catchment")[0]
        x, y = place.point.coords[0]
        square = box(*snap(x - 4, y - 4), *snap(x + inside, y + 4))
        asset = planter.garden.make("drainage_catchment", MultiPolygon([square]), {
            **NOTE, "name": "Lưu vực nhỏ", "operator": names.DRAINAGE_COMPANY, "system": system,
            "area_ha": round(square.area / 10_000, 4),
        })  # fmt: skip
        planter.plant("stormwater_catchment", asset, place, not why.startswith(FAILING), None, why)
