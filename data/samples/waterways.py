"""Where drainage ends: the channel, outfalls, pump stations, the treatment plant, catchments and flooded spots."""

from datetime import date
from itertools import pairwise
from random import Random

from shapely import LineString, MultiPolygon, Point, Polygon

from samples import names
from samples.assets import Asset, Value
from samples.city import City
from samples.outlets import Outlets
from samples.plane import Pair, cut_line, snap_polygon
from samples.streets import CANAL_HALF_M, to_frame

UNDRAINED: Pair = (1_760.0, 190.0)  # frame x, y: east and south of it no catchment has been drawn


def make_waterways(city: City, outlets: Outlets) -> list[Asset]:
    """Everything of the drainage company that is not a sewer with its manholes."""
    random = Random("waterways")
    return [
        *draw_channel(city),
        *(describe_outfall(city, place, random) for place, _ in outlets.outfalls),
        *(describe_pump_station(city, place, name)
          for place, name in zip(outlets.pumps, ("Bắc kênh", "Nam kênh"), strict=True)),
        draw_plant(city),
        *lay_rising_mains(city, outlets),
        *draw_catchments(city),
        *place_flood_spots(city, random),
    ]  # fmt: skip


def draw_channel(city: City) -> list[Asset]:
    """The canal as the drainage company has it: its axis, in four reaches."""
    line = LineString(city.quarter.canal.intersection(city.quarter.edge).coords)
    cuts = [line.length * share for share in (0.0, 0.27, 0.5, 0.72, 1.0)]
    assets = []
    for number, (start, end) in enumerate(pairwise(cuts), start=1):
        assets.append(Asset("drainage_channel", city.number("KENH"), cut_line(line, start, end), {
            "name": f"Kênh Bến Nghé, đoạn {number}", "owner": names.CITY, "operator": names.DRAINAGE_COMPANY,
            "status": "in_service", "kind": "canal", "width_mm": CANAL_HALF_M * 2000, "depth_m": 3.2,
            "bed_level_m": round(-2.6 - 0.1 * number, 2), "lining": "sheet_pile" if number < 3 else "masonry",
        }))  # fmt: skip
    return assets


def describe_outfall(city: City, place: Pair, random: Random) -> Asset:
    """One outfall of a storm drain into the canal."""
    return Asset("outfall", city.number("CXA"), Point(place), {
        "owner": names.CITY, "operator": names.DRAINAGE_COMPANY, "status": "in_service", "kind": "storm",
        "nominal_diameter_mm": 1500, "flap_gate": random.random() < 0.6, "receiving_water": "Kênh Bến Nghé",
        "permit_number": f"{random.randrange(100, 999)}/GPXT",
    })  # fmt: skip


def describe_pump_station(city: City, place: Pair, name: str) -> Asset:
    """One pump station for sewage."""
    return Asset("sewage_pump_station", city.number("TB"), Point(place), {
        "name": f"Trạm bơm {name}", "owner": names.CITY, "operator": names.DRAINAGE_COMPANY, "status": "in_service",
        "capacity_m3d": 4_800.0, "pumps": 3, "pump_kind": "dry", "closed_pit": False, "address": "Bờ kênh Bến Nghé",
    })  # fmt: skip


def get_plant_area(city: City) -> Polygon:
    """The land of the treatment plant inside its green belt."""
    return snap_polygon(city.get_lands("wastewater")[0].buffer(-10, join_style="mitre"))


def draw_plant(city: City) -> Asset:
    """The small enclosed treatment plant."""
    area = get_plant_area(city)
    return Asset("wastewater_plant", city.number("XLNT"), MultiPolygon([area]), {
        "name": "Nhà máy xử lý nước thải Xóm Chiếu", "owner": names.CITY, "operator": names.DRAINAGE_COMPANY,
        "status": "in_service", "capacity_m3d": 4_500.0, "process": "enclosed", "enclosed": True,
        "population_served": 24_000, "area_m2": round(area.area, 1),
    })  # fmt: skip


def lay_rising_mains(city: City, outlets: Outlets) -> list[Asset]:
    """The siphon under the canal from the northern pump station, and the rising main to the plant."""
    north, south = outlets.pumps
    end = get_plant_area(city).exterior.interpolate(get_plant_area(city).exterior.project(Point(south)))
    common: dict[str, Value] = {
        "owner": names.CITY, "operator": names.DRAINAGE_COMPANY, "status": "in_service", "system": "foul",
        "shape": "circular", "nominal_diameter_mm": 400, "outer_diameter_mm": 450.0, "flow": "pressure",
        "material": "hdpe", "cover_m": 1.6, "street": "Bến Vân Đồn", "vertical_datum": "hon_dau",
    }  # fmt: skip
    levels = ((north, south, -6.5, -6.5), (south, (round(end.x, 4), round(end.y, 4)), -0.6, -0.2))
    return [
        Asset("sewer_pipe", city.number("CTN"), LineString([(*a, up), (*b, down)]),
              {**common, "invert_up_m": up, "invert_down_m": down})
        for a, b, up, down in levels
    ]  # fmt: skip


def draw_catchments(city: City) -> list[Asset]:
    """Six catchments, cut by the canal and two avenues; the corner in the south-east drains into none."""
    assets = []
    for row, (y1, y2) in enumerate(((-60.0, 500.0), (500.0, 2100.0))):
        for column, (x1, x2) in enumerate(((-60.0, 560.0), (560.0, 1400.0), (1400.0, 2100.0))):
            corners: list[Pair] = [(x1, y1), (x2, y1), (x2, y2), (x1, y2)]
            if (row, column) == (0, 2):
                corners = [(x1, y1), (UNDRAINED[0], y1), UNDRAINED, (x2, UNDRAINED[1]), (x2, y2), (x1, y2)]
            area = city.cut_from_edge(Polygon(corners))
            combined = column == 0
            assets.append(Asset("drainage_catchment", city.number("LV"), MultiPolygon([area]), {
                "name": f"Lưu vực {'Nam' if row == 0 else 'Bắc'} {column + 1}", "operator": names.DRAINAGE_COMPANY,
                "system": "combined" if combined else "storm", "area_ha": round(area.area / 10_000, 2),
                "runoff_coefficient": 0.85 if combined else 0.75, "population": city.count_people(area),
            }))  # fmt: skip
    return assets


def place_flood_spots(city: City, random: Random) -> list[Asset]:
    """Spots in streets near the canal that were under water in the rains of 2025."""
    low = [s for s in city.streets if s.kind in ("street", "lane")]
    low = [s for s in low if abs(to_frame(s.axis.coords[0])[1] - 505) < 330]
    assets = []
    for street in random.sample(low, 14):
        middle = street.axis.interpolate(0.5, normalized=True)
        assets.append(Asset("flood_spot", city.number("NGAP"), Point(round(middle.x, 4), round(middle.y, 4)), {
            "name": f"Ngập {street.name}", "depth_m": round(random.uniform(0.1, 0.45), 2),
            "duration_min": float(random.randrange(20, 180, 10)),
            "cause": random.choice(["rain", "tide", "rain_and_tide"]),
            "flooded_on": date(2025, random.randrange(6, 11), random.randrange(1, 28)), "street": street.name,
        }))  # fmt: skip
    return assets
