"""The planted edges of coverage: by every method a building just reached, one just missed, one that only looks served.

A facility is put where it decides about one building: at the exact distance, a centimetre further, behind a house, out
of service. The second opinion is asked about every one of them.
"""

import math
from collections import Counter
from itertools import pairwise

from second_opinion.coverage import is_working, pair_up, send_people
from second_opinion.services import SERVICES
from shapely import MultiPolygon, Point, box
from shapely.geometry.base import BaseGeometry

from samples import names
from samples.assets import Value
from samples.city import City
from samples.plane import get_place, snap
from samples.planted_sight import plant_cameras, plant_masts, plant_technologies
from samples.planter import (
    CLEAR_M,
    EXACTLY,
    FAILING,
    JUST_BEYOND,
    NEAR_M,
    NOTE,
    TOO_FAR_M,
    Candidates,
    Planter,
    look_round,
    plant_first,
)
from samples.planting import Garden, Reached
from samples.sections import get_carriageway
from tests.database.coverage_oracle.streets import Network
from tests.database.coverage_oracle.values import Facility, Place


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
    plant_technologies(planter)
    name_loads(planter)


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


def name_loads(planter: Planter) -> None:
    """Of each post office that is full: the last building all of whose people it took, and the first it turned away."""
    facilities, distances = pair_up(planter.ground, "post_office_load", "straight_line")
    gone = send_people(planter.ground.places, facilities, distances)
    rows = [row for row in planter.ground.layers["post_office"] if is_working(row, SERVICES["post_office_load"])]
    served = Counter[int]()
    for (place, _), number in gone.items():
        served[place] += number
    pairs = sorted((metres, place, each) for (place, each), metres in distances.items())
    for each, row in enumerate(rows):
        own = [(metres, planter.ground.places[place]) for metres, place, other in pairs if other == each]
        whole = [pair for pair in own if pair[1].people and gone.get((pair[1].id, each)) == pair[1].people]
        away = [pair for pair in own if pair[1].people and not served[pair[1].id]]
        if away and sum(number for (_, other), number in gone.items() if other == each) == facilities[each].capacity:
            for (metres, home), why in ((whole[-1], "the last before it is full"), (away[0], "it is full")):
                reached = Reached("post_office_load", (row.layer, row.code), str(home.code), bool(served[home.id]),
                                  round(metres, 3), why)  # fmt: skip
                planter.garden.reached.append(reached)


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
