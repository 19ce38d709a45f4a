"""A register from before there were stretches: what it held is kept, there and back."""

import hashlib
import os

import pytest
from alembic import command
from sqlalchemy import text

from gis_infra.storage import databases, schema
from gis_infra.storage.engine import make_engine

OLD_RUN = """
INSERT INTO gis.conflict_run (started_at, finished_at, actor, packs, rules_version, rules, rules_not_checked, checked,
    found, found_new, reopened, resolved)
VALUES (now(), now(), 'system', '{city}', '1', '{}', '{}', '{}', 0, 0, 0, 0)
"""
OLD_CONFLICT = """
INSERT INTO gis.conflict (fingerprint, status, severity, pack, rule, kind, rule_title_vi, rule_title_en, clause, source,
    legal_basis, verified, left_layer, left_id, right_layer, right_id, required_m, distance_m, length_m, geom, found_on,
    last_run_id)
VALUES (:fingerprint, :status, 'violation', 'city', 'city.a', 'clearance', '', '', '', '', '', true, 'water_pipe', 9,
    :right_layer, :right_id, 0.5, 0.2, 1, st_setsrid(st_makepoint(603000, 1191500), 9210), now(), 1)
"""


@pytest.fixture
def old(server):
    """A database as of the migration before, with three conflicts."""
    engine = make_engine(databases.create(server, f"gis_infra_test_{os.getpid()}_register"))
    schema.upgrade(engine, 9210, "2026_11_23_13")
    with engine.begin() as connection:
        connection.execute(text(OLD_RUN))
        for number, (status, layer, id_) in enumerate(
            [("approved", "water_pipe", 10), ("active", None, None), ("resolved", "tree", 1)]
        ):
            values = {"fingerprint": str(number), "status": status, "right_layer": layer, "right_id": id_}
            connection.execute(text(OLD_CONFLICT), values)
        connection.execute(text("UPDATE gis.conflict SET resolved_on = now() WHERE status = 'resolved'"))
    yield engine
    engine.dispose()
    databases.drop(server, f"gis_infra_test_{os.getpid()}_register")


def read(engine, statement):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_what_a_register_held_is_kept_with_a_history(old):
    schema.upgrade(old, 9210)
    found = read(old, "SELECT status, stretch, fingerprint FROM gis.conflict ORDER BY id")
    texts = ("city.a|water_pipe:10|water_pipe:9|1", "city.a|water_pipe:9|1", "city.a|tree:1|water_pipe:9|1")
    digests = [hashlib.sha256(each.encode()).hexdigest()[:32] for each in texts]
    assert found == [("approved", 1, digests[0]), ("active", 1, digests[1]), ("resolved", 1, digests[2])]
    assert read(old, "SELECT reason FROM gis.conflict WHERE status = 'approved'")[0][0].startswith("approved before")
    counts = read(old, "SELECT action, count(*) FROM gis.conflict_event GROUP BY 1 ORDER BY 1")
    assert counts == [("found", 3), ("gone", 1)]


def test_the_register_goes_back_without_what_it_could_not_hold(old):
    schema.upgrade(old, 9210)
    with old.begin() as connection:
        connection.execute(
            text("UPDATE gis.conflict SET severity = 'vertical_unknown', distance_m = NULL WHERE id = 2")
        )
    with old.connect() as connection:
        config = schema.make_config()
        config.attributes["connection"] = connection
        config.attributes["city_srid"] = 9210
        command.downgrade(config, "2026_11_23_13")
    assert read(old, "SELECT id, status FROM gis.conflict ORDER BY id") == [(1, "approved"), (3, "resolved")]
    assert schema.get_state(old).current == "2026_11_23_13"
    schema.upgrade(old, 9210)
    assert schema.get_state(old).is_current
