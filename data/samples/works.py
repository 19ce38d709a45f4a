"""Works projects and excavation permits: none of the base ones meets another in space and time."""

from datetime import date, timedelta
from random import Random

from shapely import MultiPolygon, Polygon

from samples import names
from samples.assets import Asset, Value
from samples.city import City
from samples.plane import cut_line, offset_line, snap_polygon
from samples.sections import get_carriageway
from samples.streets import Street

SECTORS = {"water": names.WATER_COMPANY, "drainage": names.DRAINAGE_COMPANY, "power": names.POWER_COMPANY,
           "telecom": names.TELECOMS[0], "road": names.CONSTRUCTION_OFFICE}  # fmt: skip


def make_works(city: City) -> list[Asset]:
    """Fourteen projects, each in a street of its own, and a permit for each stretch opened last year."""
    random = Random("works")
    streets = [street for street in city.streets if street.kind in ("street", "collector") and street.axis.length > 150]
    chosen = random.sample(streets, 26)
    assets: list[Asset] = []
    areas: list[Polygon] = []
    for street in chosen:
        area = draw_area(street, 40.0, 110.0)
        if all(area.distance(other) > 30 for other in areas):
            areas.append(area)
            project = len(areas) % 2 == 1
            assets.append(describe_project(city, street, area, random) if project
                          else describe_permit(city, street, area, random))  # fmt: skip
    return assets


def age_surfaces(assets: list[Asset]) -> None:
    """Make the surfaces of the streets that base works open older than any ban."""
    works = [asset.geometry for asset in assets if asset.layer == "works_project"]
    for road in (asset for asset in assets if asset.layer == "road_segment"):
        reach = float(str(road.values["width_m"])) / 2 + 1.0
        surfaced = road.values["surfaced_on"]
        if isinstance(surfaced, date) and any(road.geometry.distance(area) < reach for area in works):
            road.values["surfaced_on"] = surfaced - timedelta(days=5 * 365)
            road.values["moratorium_until"] = None


def draw_area(street: Street, start: float, end: float, side: float = 0.0, width: float | None = None) -> Polygon:
    """A strip along a street between two stations; without a width the whole carriageway."""
    half = (width if width is not None else get_carriageway(street)) / 2
    line = cut_line(offset_line(street.axis, side), start, min(end, street.axis.length - 25))
    return snap_polygon(line.buffer(half, cap_style="flat", join_style="mitre"))


def describe_project(city: City, street: Street, area: Polygon, random: Random) -> Asset:
    """One project."""
    sector = random.choice(list(SECTORS))
    start = date(2026, 1, 5) + timedelta(days=random.randrange(0, 700))
    return make_project(city.number("DA"), area, {
        "name": f"Cải tạo {street.name}", "applicant": SECTORS[sector], "works_sector": sector,
        "method": "trenchless" if sector == "telecom" else "open_cut", "depth_m": random.choice([1.2, 1.8, 2.5]),
        "permit_state": "granted" if start.year == 2026 else "applied",
        "phase": "approved" if start.year == 2026 else "design",
        "starts_on": start, "ends_on": start + timedelta(days=random.randrange(20, 120)),
    })  # fmt: skip


def make_project(code: str, area: Polygon, values: dict[str, Value]) -> Asset:
    """A works project with its area."""
    return Asset("works_project", code, MultiPolygon([area]), {"owner": names.CITY, "status": "proposed", **values})


def describe_permit(city: City, street: Street, area: Polygon, random: Random) -> Asset:
    """One permit."""
    issued = date(2025, 1, 10) + timedelta(days=random.randrange(0, 300))
    sector = random.choice(list(SECTORS))
    code = city.number("GP")
    return Asset("excavation_permit", code, MultiPolygon([area]), {
        "name": f"Đào đường {street.name}", "permit_number": f"{code[-3:]}/GP-SXD", "applicant": SECTORS[sector],
        "permit_state": "granted", "issued_on": issued, "valid_from": issued + timedelta(days=5),
        "valid_to": issued + timedelta(days=65), "depth_m": random.choice([0.8, 1.2, 1.6]),
        "reinstated_on": issued + timedelta(days=80), "purpose": "Sửa chữa công trình ngầm",
    })  # fmt: skip
