"""A small city for the suites of the WFS and of GML: every geometry, many types of values, and gaps.

The official suite takes features by the dozen and slows with every row, so there are few; but of each filled layer at
least three, because it locks some of them and leaves others, and two alike in nothing, because it compares them.

There are no whole numbers and no heights: it compares an xsd:int in XPath as an anySimpleType, which does not exist,
and the suite of GML takes heights in a system of two axes for a fault, which is how everybody writes them.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.catalogue.tables import build_tables
from gis_infra.settings import read_settings
from gis_infra.storage import schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine
from gis_infra.storage.transactions import writing
from tests.builders import insert_many

# The suite of 2016 knows the coordinate systems of that time: VN-2000 / UTM 48N is the one that holds this city.
VARIABLES = {"GIS_INFRA_CITY_SRID": "3405"}
FEATURES = 6
# Of the corner of the city, in that system, metres.
X, Y = 685000, 1191500


def load(environment: Mapping[str, str]) -> None:
    """Make the database those settings speak of and put the small city into it; the server adds no samples then."""
    settings = read_settings(environment)
    tables = build_tables(read_catalogue(settings.layers), settings.city_srid)
    engine = make_engine(PrivateCluster(settings.home).ensure_running())
    schema.upgrade(engine, settings.city_srid)
    with writing(engine) as connection:
        for layer_id, rows in make_rows().items():
            insert_many(connection, tables, layer_id, rows)
    engine.dispose()


def make_rows() -> Mapping[str, list[dict[str, Any]]]:
    """The rows of each layer that is not empty; the first layer of the catalogue is one that the suite asks by id."""
    numbers = range(FEATURES)
    return {
        "distribution_transformer": [make_transformer(n) for n in numbers],
        "fire_hydrant": [make_hydrant(n) for n in numbers],
        "sewer_pipe": [make_pipe(n) for n in numbers],
        "building": [make_building(n) for n in numbers],
        "works_project": [make_project(n) for n in numbers],
    }


def make_hydrant(n: int) -> dict[str, Any]:
    """A point with numbers whole and not, a boolean and a date; one has hardly a value."""
    place = {"wkt": f"POINT ({X + 100 * n} {Y + 10 * n})", **make_universal(n)}
    if n == FEATURES - 1:
        return place
    return place | {
        "kind": ("pillar", "underground", "wall")[n % 3],
        "flow_lps": 12.5 + n,
        "pressure_bar": 2.5,
        "in_service": n % 2 == 0,
        "street": f"Đường số {n}",
    }


def make_transformer(n: int) -> dict[str, Any]:
    """A point."""
    return {"wkt": f"POINT ({X + 20 * n} {Y - 50 - n})", **make_universal(n)}


def make_pipe(n: int) -> dict[str, Any]:
    """A line, which crosses the first buildings."""
    y = Y + 40 * n
    return {"wkt": f"LINESTRING ({X} {y}, {X + 50} {y + 20}, {X + 100} {y})", **make_universal(n)}


def make_building(n: int) -> dict[str, Any]:
    """An area, every other one in two parts, the first with a yard."""
    x, y = X + 60 * n, Y + 20 * n
    square = f"({x} {y}, {x + 30} {y}, {x + 30} {y + 30}, {x} {y + 30}, {x} {y})"
    yard = f", ({x + 10} {y + 10}, {x + 10} {y + 20}, {x + 20} {y + 20}, {x + 20} {y + 10}, {x + 10} {y + 10})"
    other = f", (({x + 40} {y}, {x + 50} {y}, {x + 50} {y + 10}, {x + 40} {y}))" if n % 2 else ""
    return {"wkt": f"MULTIPOLYGON (({square}{yard if n == 0 else ''}){other})", **make_universal(n)}


def make_project(n: int) -> dict[str, Any]:
    """An area."""
    x, y = X + 50 * n, Y - 100
    area = f"MULTIPOLYGON ((({x} {y}, {x + 40} {y}, {x + 40} {y + 200}, {x} {y + 200}, {x} {y})))"
    return {"wkt": area, **make_universal(n)}


def make_universal(n: int) -> dict[str, Any]:
    """What every layer has; the last feature has a code alone. All were made at different times."""
    code = {"asset_code": f"C{n:02}", "created_at": datetime(2026, 1, 1 + n, 8, 30, tzinfo=UTC)}
    if n == FEATURES - 1:
        return code
    return code | {
        "name": f"Công trình <{n}> & phụ",
        "remarks": f"Ghi chú {n}",
        "installed_on": date(2010 + n, 6, 30),
        "survey_date": date(2024, 3, 1 + n),
        "owner": "Công ty A",
        "status": "in_service" if n % 2 else "proposed",
        "cover_m": 0.5 + n / 10,
    }
