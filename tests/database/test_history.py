"""Every version a feature had is kept, whoever changed it and however."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, text, update

from gis_infra.catalogue.history import build
from gis_infra.features.history import tag
from tests import builders

LINE = "LINESTRING (603000 1191000, 603010 1191005)"


@pytest.fixture
def pipes(tables):
    """The table of the water pipes."""
    return tables.get("water_pipe")


@pytest.fixture
def versions(pipes):
    """The table of their earlier versions."""
    return build(pipes)


def read(connection, versions):
    """The kept versions in the order they ended."""
    query = select(versions).order_by(versions.c.ended_at, versions.c.id)
    return connection.execute(query).mappings().all()


def test_an_insert_keeps_nothing(connection, tables, versions):
    builders.insert(connection, tables, "water_pipe", wkt=LINE)
    assert read(connection, versions) == []


def test_an_update_keeps_what_was_and_when_it_ended(connection, tables, pipes, versions):
    id_ = builders.insert(connection, tables, "water_pipe", wkt=LINE, name="old", source_attributes={"a": [1]})
    before = connection.execute(select(pipes)).mappings().one()
    connection.execute(update(pipes).values(name="new"))
    after = connection.execute(select(pipes)).mappings().one()
    (kept,) = read(connection, versions)
    assert kept["id"] == id_
    assert {name: str(kept[name]) for name in before} == {name: str(value) for name, value in before.items()}
    assert kept["updated_at"] < kept["ended_at"] == after["updated_at"]


def test_a_delete_and_a_truncate_keep_the_last_versions(connection, tables, pipes, versions):
    first, second, third = (builders.insert(connection, tables, "water_pipe", wkt=LINE) for _ in range(3))
    connection.execute(delete(pipes).where(pipes.c.id == first))
    connection.execute(text("TRUNCATE infra.water_pipe"))
    kept = read(connection, versions)
    assert [row["id"] for row in kept] == [first, second, third]
    assert all(row["ended_at"] >= row["updated_at"] for row in kept)


def test_a_statement_that_changes_no_row_keeps_nothing(connection, tables, pipes, versions):
    builders.insert(connection, tables, "water_pipe", wkt=LINE)
    connection.execute(update(pipes).where(pipes.c.id == -1).values(name="x"))
    connection.execute(delete(pipes).where(pipes.c.id == -1))
    assert read(connection, versions) == []


@pytest.mark.parametrize("change", ["UPDATE infra.water_pipe SET name = 'x'", "DELETE FROM infra.water_pipe"])
def test_plain_sql_is_entered_as_the_account_and_sql(connection, tables, versions, change):
    builders.insert(connection, tables, "water_pipe")
    connection.execute(text(change))
    (kept,) = read(connection, versions)
    account = connection.execute(text("SELECT session_user")).scalar_one()
    assert (kept["ended_by"], kept["ended_via"], kept["ended_import"]) == (account, "sql", None)


@pytest.mark.parametrize(
    "change",
    ["UPDATE infra.water_pipe SET name = 'x'", "DELETE FROM infra.water_pipe", "TRUNCATE infra.water_pipe"],
)
def test_who_said_their_name_is_entered_by_it(connection, tables, versions, change):
    builders.insert(connection, tables, "water_pipe")
    tag(connection, "lan", "import", 12)
    connection.execute(text(change))
    (kept,) = read(connection, versions)
    assert (kept["ended_by"], kept["ended_via"], kept["ended_import"]) == ("lan", "import", 12)


def test_a_name_said_for_one_transaction_is_not_the_next_ones(engine, tables, pipes, versions):
    with engine.connect() as connection:
        with connection.begin() as first:
            tag(connection, "lan", "import", 12)
            first.rollback()
        with connection.begin() as second:
            builders.insert(connection, tables, "water_pipe")
            connection.execute(update(pipes).values(name="x"))
            assert [row["ended_via"] for row in read(connection, versions)] == ["sql"]
            second.rollback()


def test_a_later_name_replaces_the_earlier_one_whole(connection, tables, pipes, versions):
    builders.insert(connection, tables, "water_pipe")
    tag(connection, "lan", "import", 12)
    tag(connection, "minh", "api")
    connection.execute(update(pipes).values(name="x"))
    (kept,) = read(connection, versions)
    assert (kept["ended_by"], kept["ended_via"], kept["ended_import"]) == ("minh", "api", None)


def test_values_the_layer_would_refuse_today_are_kept_all_the_same(connection, tables, pipes, versions):
    builders.insert(connection, tables, "water_pipe", nominal_diameter_mm=15)
    connection.execute(update(pipes).values(nominal_diameter_mm=20))
    rule = "water_pipe_nominal_diameter_mm_check"
    connection.execute(text(f"ALTER TABLE infra.water_pipe DROP CONSTRAINT {rule}"))
    connection.execute(text(f"ALTER TABLE infra.water_pipe ADD CONSTRAINT {rule} CHECK (nominal_diameter_mm > 15)"))
    connection.execute(update(pipes).values(nominal_diameter_mm=30))
    assert [row["nominal_diameter_mm"] for row in read(connection, versions)] == [15, 20]


@pytest.fixture
def as_surveyor(connection, tables):
    """Runs statements by an account that may change water pipes, of which there is one, and nothing else."""
    builders.insert(connection, tables, "water_pipe")
    connection.execute(text("CREATE ROLE surveyor_of_the_history_test"))
    connection.execute(text("GRANT USAGE ON SCHEMA infra TO surveyor_of_the_history_test"))
    connection.execute(text("GRANT SELECT, UPDATE ON infra.water_pipe TO surveyor_of_the_history_test"))

    def run(*statements):
        connection.execute(text("SET LOCAL ROLE surveyor_of_the_history_test"))
        for statement in statements:
            connection.execute(text(statement))
        connection.execute(text("RESET ROLE"))

    return run


def test_an_account_with_rights_on_the_layer_alone_leaves_versions_too(connection, versions, as_surveyor):
    as_surveyor("UPDATE infra.water_pipe SET name = 'x'")
    assert len(read(connection, versions)) == 1


def test_nothing_of_an_account_is_run_with_more_rights_than_its_own(connection, versions, as_surveyor):
    as_surveyor(
        "CREATE FUNCTION pg_temp.is_sprung() RETURNS boolean LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE 'run as %', current_user; END $$",
        "CREATE TEMPORARY VIEW pg_attribute AS SELECT attrelid, attname, attnum, attisdropped "
        "FROM pg_catalog.pg_attribute WHERE pg_temp.is_sprung()",
        "UPDATE infra.water_pipe SET name = 'x'",
    )
    assert len(read(connection, versions)) == 1


CHANGES = st.lists(
    st.tuples(st.sampled_from(["insert", "update", "delete", "truncate", "mark"]), st.integers(0, 4)), max_size=12
)


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_the_layer_of_any_moment_can_be_read_back(connection, tables, pipes, versions, changes):
    """The oracle copies the whole layer at each mark; history must give the same for that moment."""
    marks = []
    with connection.begin_nested() as savepoint:
        for number, (kind, which) in enumerate(changes):
            if kind == "mark":
                moment = connection.execute(select(func.clock_timestamp())).scalar_one()
                marks.append((moment, read_names(connection, select(pipes.c.id, pipes.c.name))))
            else:
                apply(connection, pipes, kind, which, number)
        for moment, wanted in marks:
            assert read_names(connection, select_as_of(pipes, versions, moment)) == wanted
        savepoint.rollback()


def apply(connection, pipes, kind, which, number):
    """One change; `which` picks the row by its rank."""
    chosen = select(pipes.c.id).order_by(pipes.c.id).offset(which).limit(1).scalar_subquery()
    now = func.clock_timestamp()
    statements = {
        "insert": insert(pipes).values(name=f"n{number}", created_at=now, updated_at=now),
        "update": update(pipes).where(pipes.c.id == chosen).values(name=f"n{number}"),
        "delete": delete(pipes).where(pipes.c.id == chosen),
        "truncate": text("TRUNCATE infra.water_pipe"),
    }
    connection.execute(statements[kind])


def select_as_of(pipes, versions, moment):
    """The rows alive at a moment: those that are there since, and those that ended later."""
    now = select(pipes.c.id, pipes.c.name).where(pipes.c.updated_at <= moment)
    then = select(versions.c.id, versions.c.name).where(versions.c.updated_at <= moment, versions.c.ended_at > moment)
    return now.union_all(then)


def read_names(connection, query):
    return sorted((row.id, row.name) for row in connection.execute(query))
