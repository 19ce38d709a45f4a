"""The conflict engine on PostGIS: each rule kind, each exemption, and the register over several runs."""

import datetime

import pytest
from sqlalchemy import Connection, select

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis import conflicts, rule_reading
from gis_infra.analysis.pairs import Ground
from gis_infra.analysis.rules import select_in_force
from gis_infra.analysis.tables import CONFLICT
from tests.builders import insert

NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
PACKS = ("qcvn01", "vn_cover", "vn_power", "vn_environment", "works")


@pytest.fixture(scope="session")
def book(settings, catalogue):
    return rule_reading.read_rules(settings.layers, catalogue)


@pytest.fixture
def ground(book, catalogue, tables):
    return Ground(book, catalogue, tables)


def run(connection: Connection, ground: Ground, packs=PACKS, now=NOW):
    rules = select_in_force(ground.book, packs, now.date())
    report = conflicts.run_in(connection, ground, conflicts.RunOrder(SYSTEM, packs, now), rules)
    from gis_infra.analysis.scratch import SCRATCH
    SCRATCH.drop_all(connection)
    return report


def read(connection):
    rows = connection.execute(select(CONFLICT).where(CONFLICT.c.status != "resolved").order_by(CONFLICT.c.id))
    return [(r.rule, r.left_code, r.right_code, round(r.distance_m, 4), round(r.length_m, 3)) for r in rows]


def test_a_cable_beside_a_main_is_a_conflict_of_its_whole_length(connection, ground, tables):
    insert(connection, tables, "water_pipe", wkt="LINESTRING(0 0,100 0)", asset_code="W", outer_diameter_mm=200)
    insert(connection, tables, "power_cable_underground", wkt="LINESTRING(0 0.5,100 0.5)", asset_code="P", outer_diameter_mm=100)
    print(run(connection, ground))
    assert read(connection) == [("qcvn01.horizontal.water_main.power_cable", "W", "P", 0.35, 100.0)]
