"""Coverage runs from before there were other methods: what they found is kept, there and back."""

import os

import pytest
from alembic import command
from sqlalchemy import text

from gis_infra.storage import databases, schema
from gis_infra.storage.engine import make_engine

OLD = """
INSERT INTO gis.coverage_run (service, started_at, finished_at, actor, method, distance_m, parameters, facilities)
VALUES ('post_office', now(), now(), 'system', 'straight_line', 1000,
    '{"day": "2026-06-30", "steps": {"post_office": [], "building": ["", "restricted"]}}', 3),
    ('post_office', now(), now(), 'system', 'straight_line', 1000, '{"day": "2026-06-30"}', 1);
INSERT INTO gis.coverage_result (run_id, place, scope, code, population, population_served, buildings,
    buildings_served, area_m2, area_served_m2, geom)
VALUES (1, 0, 'city', NULL, 10, 4, 5, 2, 100, 40, NULL),
    (1, 1, 'ward', '26701', 10, 4, 5, 2, 100, 40,
        ST_SetSRID(ST_MakeEnvelope(603000, 1191500, 603010, 1191510), 9210));
INSERT INTO gis.coverage_gap (run_id, rank, ward_code, population, buildings, area_m2, geom)
VALUES (1, 1, '26701', 6, 3, 60, ST_SetSRID(ST_MakeEnvelope(603000, 1191500, 603010, 1191506), 9210));
"""


@pytest.fixture
def old(server):
    """A database as of two migrations before, with two runs."""
    engine = make_engine(databases.create(server, f"gis_infra_test_{os.getpid()}_coverage"))
    schema.upgrade(engine, 9210, "2026_11_23_17")
    with engine.begin() as connection:
        for statement in OLD.split(";\n"):
            if statement.strip():
                connection.execute(text(statement))
    yield engine
    engine.dispose()
    databases.drop(server, f"gis_infra_test_{os.getpid()}_coverage")


def read(engine, statement):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def go_back(engine):
    with engine.connect() as connection:
        config = schema.make_config()
        config.attributes["connection"] = connection
        config.attributes["city_srid"] = 9210
        command.downgrade(config, "2026_11_23_18")


def test_what_older_runs_found_is_kept(old):
    schema.upgrade(old, 9210)
    runs = "SELECT id, day::text, takes, official, shared FROM gis.coverage_run ORDER BY id"
    assert read(old, runs) == [
        (1, "2026-06-30", ["building:", "building:restricted", "post_office:"], True, True),
        (2, "2026-06-30", None, True, True),
    ]
    units = "SELECT scope, service, facilities, people, people_served, people_share FROM gis.coverage_unit ORDER BY id"
    assert read(old, units) == [("city", "post_office", 3, 10, 4, 0.4), ("unit", "post_office", 0, 10, 4, 0.4)]
    gaps = "SELECT unit_code, people, places, st_srid(lonlat), service FROM gis.coverage_gap"
    assert read(old, gaps) == [("26701", 6, 3, 4326, "post_office")]


def test_they_go_back_without_what_the_old_tables_could_not_hold(old):
    schema.upgrade(old, 9210)
    with old.begin() as connection:
        connection.execute(text("UPDATE gis.coverage_run SET official = false WHERE id = 2"))
        connection.execute(
            text("UPDATE gis.coverage_unit SET people = 10.6, area_served_m2 = NULL WHERE scope = 'unit'")
        )
    go_back(old)
    assert read(old, "SELECT id, distance_m FROM gis.coverage_run") == [(1, 1000)]
    results = "SELECT place, scope, population, area_served_m2 FROM gis.coverage_result ORDER BY place"
    assert read(old, results) == [(0, "city", 10, 40), (1, "ward", 11, 0)]
    assert read(old, "SELECT ward_code, population FROM gis.coverage_gap") == [("26701", 6)]
    schema.upgrade(old, 9210)
    assert schema.get_state(old).is_current
