"""The schema: made under a lock, true to what the code declares, with the pinned coordinate systems in force."""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, func, inspect, select, text

import gis_infra
from gis_infra.errors import BusyError, StorageError
from gis_infra.spatial import crs
from gis_infra.storage import databases, fitness, schema
from gis_infra.storage.engine import make_engine
from gis_infra.storage.system import SYSTEM, SYSTEM_SCHEMA

UPGRADER = """
import sys
from gis_infra.storage import schema
from gis_infra.storage.engine import make_engine, parse_url
print(schema.upgrade(make_engine(parse_url(sys.argv[1])), 9210).current)
"""


@pytest.fixture
def empty(server: URL) -> Iterator[Engine]:
    """A database of this test's own with nothing in it."""
    name = f"gis_infra_test_{os.getpid()}_empty"
    engine = make_engine(databases.create(server, name))
    yield engine
    engine.dispose()
    databases.drop(server, name)


def render(engine: Engine) -> str:
    """The address of an engine for another process."""
    return engine.url.render_as_string(hide_password=False)


def import_every_table_module() -> None:
    """Import the modules that declare system tables, so that they stand on `SYSTEM`."""
    package = Path(gis_infra.__file__).parent
    for file in sorted(package.rglob("tables.py")):
        importlib.import_module(".".join(["gis_infra", *file.relative_to(package).with_suffix("").parts]))


def test_an_empty_database_is_brought_to_the_wanted_revision_once(empty: Engine):
    assert schema.get_state(empty).current is None
    assert schema.upgrade(empty, 9210).current is None
    assert schema.get_state(empty).is_current
    assert schema.upgrade(empty, 9210).is_current  # the second time there is nothing to do


def test_two_programs_that_upgrade_at_once_take_turns(empty: Engine):
    command = [sys.executable, "-c", UPGRADER, render(empty)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(each.communicate(timeout=60)[0].strip() for each in both)
    assert [each.returncode for each in both] == [0, 0]
    assert said == [schema.get_state(empty).wanted, "None"]  # one found nothing, the other found it done


def test_a_lock_held_too_long_is_told(empty: Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(schema, "LOCK_LIMIT", "100ms")
    with empty.connect() as other:
        other.execute(select(func.pg_advisory_lock(schema.LOCK_KEY)))
        with pytest.raises(BusyError, match="another change holds"):
            schema.upgrade(empty, 9210)


def test_the_system_tables_are_those_the_code_declares(engine: Engine):
    import_every_table_module()
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, kind, _: kind != "schema" or name == SYSTEM_SCHEMA,
                "version_table_schema": SYSTEM_SCHEMA,
                "compare_type": True,
                "compare_server_default": True,
            },
        )
        assert compare_metadata(context, SYSTEM) == []


def test_the_checks_of_the_system_tables_are_those_the_code_declares(engine: Engine):
    # Alembic does not compare CHECK constraints.
    import_every_table_module()
    found = inspect(engine)
    for table in SYSTEM.sorted_tables:
        declared = {str(each.name) for each in table.constraints if each.__visit_name__.endswith("check_constraint")}
        there = {str(each["name"]) for each in found.get_check_constraints(table.name, schema=SYSTEM_SCHEMA)}
        assert declared == there, table.name


def test_a_database_of_a_later_program_is_left_alone(empty: Engine):
    schema.upgrade(empty, 9210)
    with empty.begin() as connection:
        connection.execute(text("UPDATE gis.alembic_version SET version_num = '2031_01_01_01'"))
    with pytest.raises(StorageError, match="at revision 2031_01_01_01, which this gis-infra is too old to know"):
        schema.upgrade(empty, 9210)


def test_a_database_made_for_another_coordinate_system_is_refused(engine: Engine):
    with pytest.raises(StorageError, match="coordinates in EPSG:9210, but GIS_INFRA_CITY_SRID is 5899") as caught:
        schema.upgrade(engine, 5899)
    assert caught.value.where == "GIS_INFRA_CITY_SRID"


def test_this_database_is_fit_for_use(engine: Engine):
    found = fitness.require_usable(engine)
    assert found.server_version >= 150000
    assert found.postgis_here is not None


@pytest.fixture
def owner(empty: Engine) -> Iterator[str]:
    """An account that owns the empty database and is no superuser, as in a city's own PostGIS."""
    name = f"owner_{os.getpid()}"
    database = str(empty.url.database)
    with empty.begin() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN"))
        connection.execute(text(f"ALTER DATABASE {database} OWNER TO {name}"))
    yield name
    with empty.begin() as connection:
        connection.execute(text(f"REASSIGN OWNED BY {name} TO CURRENT_USER"))
        connection.execute(text(f"DROP OWNED BY {name}"))
        connection.execute(text(f"DROP ROLE {name}"))


def test_an_account_that_is_no_superuser_is_told_what_to_ask_for_and_then_upgrades(empty: Engine, owner: str):
    engine = make_engine(empty.url.set(username=owner))
    for grant in (
        "CREATE EXTENSION postgis",
        f"GRANT SELECT, INSERT, UPDATE ON spatial_ref_sys TO {owner}",
    ):
        with pytest.raises(StorageError, match=grant.partition(" TO ")[0]):
            fitness.require_usable(engine)
        with empty.begin() as connection:
            connection.execute(text(grant))
    fitness.require_usable(engine)
    schema.upgrade(engine, 9210)
    assert schema.get_state(engine).is_current
    engine.dispose()


def test_every_pinned_coordinate_system_stands_in_postgis(connection: Connection):
    query = text("SELECT srid, auth_name, auth_srid, srtext, proj4text FROM spatial_ref_sys WHERE srid = ANY(:srids)")
    wanted = {row.srid: row for row in crs.list_spatial_ref_sys_rows()}
    found = connection.execute(query.bindparams(srids=list(wanted))).all()
    assert len(found) == len(wanted) == 21
    for row in found:
        assert crs.SpatialRefSysRow(*row) == wanted[row.srid]


def test_vn2000_goes_to_wgs84_by_the_pinned_operation_in_the_city_centre(connection: Connection):
    # The pair is that of the reference: EPSG:6960 by PROJ's own pipeline.
    place = func.ST_Transform(func.ST_SetSRID(func.ST_MakePoint(603000, 1191000), 9210), 4326)
    longitude, latitude = connection.execute(select(func.ST_X(place), func.ST_Y(place))).one()
    assert (round(longitude, 8), round(latitude, 8)) == (106.69358409, 10.76840366)


def test_sessions_speak_utc(engine: Engine):
    with engine.connect() as connection:
        assert connection.execute(text("SHOW timezone")).scalar_one() == "UTC"


def test_migrations_stand_in_one_line_and_their_names_begin_with_their_revisions():
    scripts = list(ScriptDirectory.from_config(schema.make_config()).walk_revisions())
    assert [str(each.revision) for each in reversed(scripts)] == schema.list_revisions()
    for each in scripts:
        assert Path(each.path).name.startswith(str(each.revision))
