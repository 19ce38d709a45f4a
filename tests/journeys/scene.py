"""A small quarter made in code: five streets each way, and under them a few assets of every sector, known one by one.

Coordinates are the city's (EPSG:9210), easting first; the south-west corner is `ORIGIN`. Along each street running east
lies a water pipe, a sewer, a telecom cable and a power cable, 0.3 m apart where `CLOSE_CODES` says so.
"""

import datetime
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.coverage.runs.orders import CoverageOrder
from gis_infra.analysis.coverage.runs.running import run_coverage
from gis_infra.analysis.coverage.standards.reading import read_services
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.runs.orders import RunOrder
from gis_infra.analysis.runs.running import run_conflicts
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables
from gis_infra.settings import Settings
from gis_infra.spatial import crs
from tests.builders import insert_many

ORIGIN = (603000.0, 1191500.0)
STREETS = 5
SPACING_M = 120.0
WIDTH_M = 12.0
SIDE_M = SPACING_M * (STREETS - 1)
STREET_NAMES = ("Đường Nguyễn Huệ", "Phố Hàng Ngựa", "Đường Lê Lợi", "Đường Ỷ Lan", "Đường Võ Thị Sáu")

# The pipe and the cable that lie closer than the rules allow; both are of the middle street.
CLOSE_CODES = ("CN-003", "CAP-003")

Row = dict[str, Any]


def at(east: float, north: float) -> str:
    """A point, metres from the corner of the quarter."""
    return f"POINT({ORIGIN[0] + east:.3f} {ORIGIN[1] + north:.3f})"


def line(*places: tuple[float, float]) -> str:
    """A line through places, metres from the corner."""
    return f"LINESTRING({', '.join(to_text(place) for place in places)})"


def area(west: float, south: float, east: float, north: float) -> str:
    """A rectangle of the quarter as a multipolygon."""
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return f"MULTIPOLYGON((({', '.join(to_text(place) for place in ring)})))"


def to_text(place: tuple[float, float]) -> str:
    """Easting and northing of a place given from the corner."""
    return f"{ORIGIN[0] + place[0]:.3f} {ORIGIN[1] + place[1]:.3f}"


def lonlat(east: float, north: float) -> tuple[float, float]:
    """The longitude and latitude of a place given from the corner."""
    longitude, latitude = crs.get_transformer(9210, 4326).transform(ORIGIN[0] + east, ORIGIN[1] + north)
    return longitude, latitude


def view(east: float, north: float, zoom: float) -> str:
    """The part of the map's address that centres it on a place given from the corner."""
    longitude, latitude = lonlat(east, north)
    return f"#{zoom}/{latitude:.7f}/{longitude:.7f}"


def build(connection: Connection, tables: LayerTables) -> None:
    """Put the quarter into the layers of an empty database."""
    for layer_id, rows in list_layers():
        insert_many(connection, tables, layer_id, rows)


def analyse(engine: Engine, settings: Settings, catalogue: Catalogue, tables: LayerTables) -> None:
    """Fill the register of conflicts, and compute who has a hydrant near; the other services are left uncomputed."""
    now = datetime.datetime.now(datetime.UTC)
    ground = Ground(read_rules(settings.layers, catalogue), catalogue, tables)
    run_conflicts(engine, ground, RunOrder(SYSTEM, settings.rule_packs, now))
    services = read_services(settings.layers, catalogue)
    order = CoverageOrder(SYSTEM, "fire_hydrant", now, settings.home / "cache", catalogue)
    run_coverage(engine, tables, services, order)


def list_layers() -> Iterator[tuple[str, list[Row]]]:
    """Every layer of the quarter with its rows."""
    yield "admin_unit", list(make_wards())
    yield "water_body", [{"name": "Rạch Bến Nghé", "wkt": area(-60, -70, SIDE_M + 60, -35)}]
    yield "green_space", [{"name": "Công viên Tao Đàn", "wkt": area(250, 250, 350, 350)}]
    yield "building", list(make_buildings())
    yield "road_segment", list(make_streets())
    yield "water_pipe", list(make_lines("CN", 3.0, nominal_diameter_mm=150, function="distribution", material="hdpe"))
    yield "sewer_pipe", list(make_lines("TN", 0.0, nominal_diameter_mm=600, system="combined", flow="gravity"))
    yield "telecom_cable", list(make_lines("VT", -3.0, medium="fibre", laying="duct"))
    yield "power_cable_underground", list(make_cables())
    yield "manhole", list(make_nodes("HG", 0.0, 40.0))
    yield "fire_hydrant", list(make_nodes("TCC", 4.5, 2 * SPACING_M, flow_lps=10.0, in_service=True))
    yield "street_light", list(make_nodes("DEN", -5.5, 30.0))
    yield "post_office", [{"name": "Bưu cục Bến Nghé", "wkt": at(70, 70)}]
    yield "tree", list(make_nodes("CX", 5.5, 24.0))


def make_wards() -> Iterator[Row]:
    """Two wards side by side."""
    half = SIDE_M / 2
    for code, name, west, east in (
        ("26740", "Phường Bến Nghé", -60, half),
        ("26743", "Phường Ỷ Yên", half, SIDE_M + 60),
    ):
        shape = area(west, -80, east, SIDE_M + 40)
        yield {"code": code, "name": name, "level": "commune", "population": 12000, "wkt": shape}


def make_streets() -> Iterator[Row]:
    """Five streets running east, and five running north."""
    for number, name in enumerate(STREET_NAMES):
        offset = number * SPACING_M
        yield {"name": name, "width_m": WIDTH_M, "road_class": "local", "wkt": line((0, offset), (SIDE_M, offset))}
        yield {"name": f"Hẻm {number + 1}", "width_m": 8.0, "wkt": line((offset, 0), (offset, SIDE_M))}


def make_buildings() -> Iterator[Row]:
    """Sixteen buildings in each block but the park's, each with five residents."""
    for column in range(STREETS - 1):
        for row in range(STREETS - 1):
            if (column, row) != (2, 2):
                yield from make_block(column * SPACING_M + 10, row * SPACING_M + 10)


def make_block(east: float, north: float) -> Iterator[Row]:
    """Two rows of eight houses, each 12 by 30 m."""
    for number in range(16):
        west, south = east + (number % 8) * 12.5, north + (number // 8) * 62
        shape = area(west, south, west + 11.5, south + 34)
        yield {"floors": 3, "residents": 5, "use": "residential", "wkt": shape}


def make_lines(prefix: str, offset_m: float, **values: Any) -> Iterator[Row]:
    """One line along each street running east, `offset_m` north of its middle."""
    for number in range(STREETS):
        north = number * SPACING_M + offset_m
        code = f"{prefix}-{number + 1:03}"
        owner = {"CN": "Sawaco", "TN": "Trung tâm Thoát nước", "VT": "VNPT"}[prefix]
        facts = {"asset_code": code, "owner": owner, "status": "in_service", "installed_on": "2012-05-20"}
        yield {**facts, **values, "wkt": line((6, north), (SIDE_M - 6, north))}


def make_cables() -> Iterator[Row]:
    """Power cables 4 m south of the middle, but the middle street's lies 0.3 m from the water pipe's middle."""
    for number in range(STREETS):
        code = f"CAP-{number + 1:03}"
        north = number * SPACING_M + (3.3 if code in CLOSE_CODES else -4.0)
        facts = {"asset_code": code, "owner": "EVNHCMC", "status": "in_service", "voltage_kv": 22, "laying": "direct"}
        yield {**facts, "wkt": line((10, north), (SIDE_M - 10, north))}


def make_nodes(prefix: str, offset_m: float, step_m: float, **values: Any) -> Iterator[Row]:
    """Points along the streets running east, every `step_m`."""
    for street in range(STREETS):
        for number in range(int((SIDE_M - 12) / step_m)):
            place = at(10 + number * step_m, street * SPACING_M + offset_m)
            yield {"asset_code": f"{prefix}-{street + 1}{number:02}", "status": "in_service", **values, "wkt": place}
