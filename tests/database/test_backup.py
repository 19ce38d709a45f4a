"""A city goes into one file and comes out of it on an empty database, the same to the last digit."""

import os
import uuid

import pytest
from sqlalchemy import func, select, text, update

from gis_infra.accounts import people
from gis_infra.accounts.actor import ANONYMOUS
from gis_infra.catalogue.history import build
from gis_infra.errors import ConflictError, GisInfraError, InvalidSource, StorageError
from gis_infra.features.query import FeatureQuery
from gis_infra.features.reading import read_page
from gis_infra.features.state import get_state
from gis_infra.features.tables import CREATION
from gis_infra.processes.jobs.tables import JOB
from gis_infra.storage import backup, databases, schema
from gis_infra.storage.engine import make_engine
from tests import builders

PIPE = "LINESTRING Z (603000.123 1191000.456 -1.25, 603010 1191000 -1.3)"


@pytest.fixture(scope="module")
def make_database(server):
    """Make an engine on a new, empty database; all are dropped at the end."""
    engines = []

    def make_database():
        name = f"gis_infra_backup_{os.getpid()}_{len(engines)}"
        engines.append(make_engine(databases.create(server, name)))
        return engines[-1]

    yield make_database
    for engine in engines:
        engine.dispose()
        databases.drop(server, engine.url.database)


@pytest.fixture(scope="module")
def full(make_database, tables):
    """A city with two pipes, a hydrant without a place, and a person."""
    engine = make_database()
    schema.upgrade(engine, 9210)
    with engine.begin() as connection:
        builders.insert(connection, tables, "water_pipe", wkt=PIPE, asset_code="P-1", name="Ống Nguyễn Huệ")
        builders.insert(connection, tables, "water_pipe", wkt="LINESTRING (0 0, 1 1)", sensitivity="restricted")
        builders.insert(connection, tables, "fire_hydrant", asset_code="H-1")
        pipes = tables.get("water_pipe")
        connection.execute(update(pipes).where(pipes.c.asset_code == "P-1").values(remarks="later"))
        people.add_person(connection, "lan", "Nguyễn Thị Lan")
        job = {
            "id": uuid.uuid4(),
            "process": "import",
            "person_id": 1,
            "status": "accepted",
            "inputs": {},
            "wanted": {},
        }
        connection.execute(JOB.insert().values(job))
    return engine


@pytest.fixture(scope="module")
def file(full, tmp_path_factory):
    """The backup of that city."""
    path = tmp_path_factory.mktemp("backup") / "city.backup"
    assert backup.back_up(full, path) == path.stat().st_size
    return path


@pytest.fixture(scope="module")
def restored(make_database, file):
    """Another database, filled from the backup."""
    engine = make_database()
    backup.restore(engine, file, 9210)
    return engine


def read_city(engine, catalogue, tables):
    """Everything of the water layers as one who may see all reads it, in both CRSs, and who has an account."""
    with engine.connect() as connection:
        actor = builders.make_actor(("*", "admin"))
        queries = [
            FeatureQuery(catalogue.get_layer(layer), actor, srid=srid, limit=10)
            for layer in ("water_pipe", "fire_hydrant")
            for srid in (4326, 9210)
        ]
        pages = [read_page(connection, tables, query) for query in queries]
        return [(page.features, page.matched) for page in pages], people.list_people(connection)


def test_a_restored_city_is_the_city_that_was_backed_up(full, restored, catalogue, tables):
    before, after = (read_city(engine, catalogue, tables) for engine in (full, restored))
    assert after == before
    assert [matched for _, matched in after[0]] == [2, 2, 1, 1]


def test_the_earlier_versions_of_features_come_back_too(full, restored, tables):
    query = select(build(tables.get("water_pipe")))
    before, after = (read_all(engine, query) for engine in (full, restored))
    assert after == before
    assert [(row["name"], row["remarks"]) for row in after] == [("Ống Nguyễn Huệ", "None")]


def test_who_put_features_in_is_known_after_a_restore_as_before(full, restored):
    query = select(CREATION).order_by(CREATION.c.id)
    before, after = (read_all(engine, query) for engine in (full, restored))
    assert after == before and [row["layer"] for row in after] == ["water_pipe", "water_pipe", "fire_hydrant"]


def read_all(engine, query):
    with engine.connect() as connection:
        return [{name: str(value) for name, value in row.items()} for row in connection.execute(query).mappings()]


def test_derived_geometries_and_counts_are_right_after_a_restore(restored, catalogue, tables):
    table = tables.get("water_pipe")
    with restored.connect() as connection:
        moved = func.st_asewkb(func.st_transform(table.c.geom, 4326)) != func.st_asewkb(table.c.lonlat)
        assert connection.scalar(select(func.count()).where(moved)) == 0
        query = FeatureQuery(catalogue.get_layer("fire_hydrant"), ANONYMOUS, limit=0)
        assert read_page(connection, tables, query).matched == 1
        assert get_state(connection, "water_pipe").revision > 0


def test_jobs_that_waited_are_not_brought_back(full, restored):
    query = select(func.count()).select_from(JOB)
    assert [read_all(engine, query)[0]["count_1"] for engine in (full, restored)] == ["1", "0"]


def test_new_rows_after_a_restore_get_new_ids(restored, tables):
    with restored.connect() as connection:
        assert builders.insert(connection, tables, "water_pipe", wkt=PIPE) == 3


def test_a_backup_is_its_owners_alone(file):
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_backup_into_no_folder_is_refused_in_words(full, tmp_path):
    with pytest.raises(StorageError, match=r"no backup can be written to .*/none: No such file"):
        backup.back_up(full, tmp_path / "none" / "city.backup")


def test_a_backup_never_takes_another_files_place(full, tmp_path):
    (tmp_path / "city.backup").write_text("precious")
    with pytest.raises(ConflictError, match="is there already"):
        backup.back_up(full, tmp_path / "city.backup")
    assert (tmp_path / "city.backup").read_text() == "precious"


def test_a_backup_is_not_restored_over_a_city(full, file):
    with pytest.raises(ConflictError, match="into an empty one only"):
        backup.restore(full, file, 9210)


def test_a_backup_cut_short_restores_no_row(make_database, file, tmp_path):
    cut = tmp_path / "cut.backup"
    cut.write_bytes(file.read_bytes()[:-2000])
    engine = make_database()
    with pytest.raises(GisInfraError, match=r"is no backup|pg_restore failed"):
        backup.restore(engine, cut, 9210)
    with engine.connect() as connection:
        there = connection.scalar(text("SELECT to_regclass('infra.water_pipe') IS NOT NULL"))
        assert not there or connection.scalar(text("SELECT count(*) FROM infra.water_pipe")) == 0


@pytest.mark.parametrize("content", [None, b"", b"PK"])
def test_what_is_no_backup_is_refused_and_makes_nothing(make_database, tmp_path, content):
    path = tmp_path / "city.backup"
    if content is not None:
        path.write_bytes(content)
    engine = make_database()
    with pytest.raises(InvalidSource, match=r"there is no file|is no backup"):
        backup.restore(engine, path, 9210)
    assert schema.get_state(engine).current is None


def test_a_password_is_in_no_argument_and_no_error(full, monkeypatch):
    seen = []
    monkeypatch.setattr(backup.subprocess, "run", lambda command, **how: seen.append((command, how)) or FAILED)
    with pytest.raises(GisInfraError, match="pg_dump failed: no") as caught:
        backup.run("pg_dump", [], full.url.set(password="s3cret"))
    assert "s3cret" not in str(caught.value) + str(seen[-1][0])
    assert seen[-1][1]["env"]["PGPASSWORD"] == "s3cret"


class Failed:
    """What a program that failed leaves."""

    returncode, stderr, stdout = 1, "no\n", ""


FAILED = Failed()
