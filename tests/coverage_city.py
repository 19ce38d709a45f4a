"""A small city for tests of coverage: one street with a hydrant on it, a house near it and one far away."""

from sqlalchemy import delete

from gis_infra.analysis.coverage.runs.tables import COVERAGE_RUN, COVERAGE_SCHEDULE
from gis_infra.storage.transactions import writing
from tests.builders import insert

LAYERS = ("admin_unit", "building", "fire_hydrant", "road_segment", "post_office", "telecom_duct")
WARD = "MULTIPOLYGON(((603000 1191500,604000 1191500,604000 1192500,603000 1192500,603000 1191500)))"
STREET = "LINESTRING(603000 1192000,604000 1192000)"


def make_house(east_m, north_m):
    """A house of 20 by 20 m with its middle there."""
    west, east, south, north = east_m - 10, east_m + 10, north_m - 10, north_m + 10
    return f"MULTIPOLYGON((({west} {south},{east} {south},{east} {north},{west} {north},{west} {south})))"


def fill(engine, tables):
    """Put the city into the database; returns the ids of what it holds, by name."""
    with writing(engine) as connection:
        lay = lambda layer, wkt, **values: insert(connection, tables, layer, wkt=wkt, **values)  # noqa: E731
        return {
            "ward": lay("admin_unit", WARD, code="26701", name="Phường Một", level="commune", population=40),
            "street": lay("road_segment", STREET),
            "hydrant": lay("fire_hydrant", "POINT(603500 1192000)", asset_code="TCC-1"),
            "near": lay("building", make_house(603500, 1192020), residents=30),
            "far": lay("building", make_house(603900, 1192020), residents=10),
        }


def clear(engine, tables):
    """Take it away again, with all that was computed of it."""
    with writing(engine) as connection:
        for table in (COVERAGE_RUN, COVERAGE_SCHEDULE, *(tables.get(each) for each in LAYERS)):
            connection.execute(delete(table))
