"""What the triggers keep so that every version says who made it, and so that versions never overlap."""

from itertools import pairwise

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError, NotSupportedError

from gis_infra.catalogue.history import build
from gis_infra.features.history import tag
from gis_infra.features.tables import CREATION
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


def list_spans(connection, pipes, versions, id_):
    """The versions of a feature as (from, to), the oldest first."""
    ended = select(versions.c.updated_at, versions.c.ended_at).where(versions.c.id == id_)
    there = select(pipes.c.updated_at, text("NULL::timestamptz")).where(pipes.c.id == id_)
    rows = connection.execute(ended.union_all(there)).all()
    return sorted(map(tuple, rows), key=lambda row: (row[0], row[1] is None, row[1]))


def assert_apart(spans):
    """Each version ends before or when the next begins."""
    assert all(first[1] is not None and first[1] <= second[0] for first, second in pairwise(spans))


def test_who_put_a_feature_in_is_kept_but_for_imports(connection, tables, pipes):
    tag(connection, "lan", "api")
    first = builders.insert(connection, tables, "water_pipe")
    tag(connection, "minh", "import", 7)
    builders.insert(connection, tables, "water_pipe", import_id=7)
    (line,) = connection.execute(select(CREATION)).all()
    began = connection.execute(select(pipes.c.updated_at).where(pipes.c.id == first)).scalar_one()
    assert (line.layer, line.made_by, line.made_via, line.made_import) == ("water_pipe", "lan", "api", None)
    assert (line.first_at, line.last_at) == (began, began)
    assert [(each.lower, each.upper) for each in line.ids] == [(first, first + 1)]


def test_a_statement_that_puts_many_in_leaves_one_line(connection, pipes):
    connection.execute(insert(pipes), [{"name": "a"}])
    connection.execute(text("INSERT INTO infra.water_pipe (name) SELECT i::text FROM generate_series(1, 500) AS i"))
    lines = connection.execute(select(CREATION).order_by(CREATION.c.id)).all()
    assert [sum(part.upper - part.lower for part in line.ids) for line in lines] == [1, 500]
    assert len(lines[1].ids) == 1


def test_putting_nothing_in_leaves_no_line(connection):
    connection.execute(text("INSERT INTO infra.water_pipe (name) SELECT 'x' WHERE false"))
    assert connection.execute(select(CREATION)).all() == []


def test_an_update_that_changes_nothing_makes_no_version(connection, tables, pipes, versions):
    builders.insert(connection, tables, "water_pipe", wkt=LINE, name="a", source_attributes={"b": [1]})
    before = connection.execute(select(pipes.c.updated_at)).scalar_one()
    told = connection.execute(update(pipes).values(name="a", created_at=text("now() - interval '1 year'")))
    connection.execute(text("UPDATE infra.water_pipe SET geom = geom, remarks = NULL"))
    assert told.rowcount == 1
    assert connection.execute(select(versions)).all() == []
    assert connection.execute(select(pipes.c.updated_at)).scalar_one() == before


@pytest.mark.parametrize(
    "change",
    [
        "geom = ST_Force3D(geom)",
        "geom = ST_Reverse(geom)",
        "name = 'A'",
        "name = NULL",
        "source_attributes = '{}'",
        "updated_at = now() - interval '1 day'",
    ],
)
def test_an_update_that_changes_anything_makes_a_version(connection, tables, pipes, versions, change):
    builders.insert(connection, tables, "water_pipe", wkt=LINE, name="a")
    connection.execute(text(f"UPDATE infra.water_pipe SET {change}"))
    (kept,) = connection.execute(select(versions)).all()
    assert kept.ended_at == connection.execute(select(pipes.c.updated_at)).scalar_one() > kept.updated_at


def test_of_rows_that_one_statement_touches_only_the_changed_get_a_version(connection, tables, versions):
    builders.insert(connection, tables, "water_pipe", name="a")
    changed = builders.insert(connection, tables, "water_pipe", name="b")
    connection.execute(text("UPDATE infra.water_pipe SET name = 'a'"))
    assert connection.execute(select(versions.c.id)).scalars().all() == [changed]


def test_two_updates_in_one_transaction_are_two_versions_that_follow(connection, tables, pipes, versions):
    id_ = builders.insert(connection, tables, "water_pipe", name="a")
    for name in ("b", "c"):
        connection.execute(update(pipes).values(name=name))
    spans = list_spans(connection, pipes, versions, id_)
    assert len(spans) == 3
    assert all(first[1] == second[0] for first, second in pairwise(spans))


def test_versions_follow_one_another_though_the_clock_was_put_back(connection, tables, pipes, versions):
    # The row as a clock that ran an hour ahead had left it.
    id_ = builders.insert(connection, tables, "water_pipe", name="a")
    connection.execute(text("ALTER TABLE infra.water_pipe DISABLE TRIGGER feature_update"))
    connection.execute(text("UPDATE infra.water_pipe SET updated_at = now() + interval '1 hour'"))
    connection.execute(text("ALTER TABLE infra.water_pipe ENABLE TRIGGER feature_update"))
    connection.execute(update(pipes).values(name="b"))
    connection.execute(delete(pipes))
    spans = list_spans(connection, pipes, versions, id_)
    assert [first <= last for first, last in spans] == [True, True, True]
    assert_apart(spans)


PUT_IN_AGAIN = [
    ("DELETE FROM infra.water_pipe", "INSERT INTO infra.water_pipe (id, name) VALUES ({id}, 'b')"),
    ("TRUNCATE infra.water_pipe", "INSERT INTO infra.water_pipe (id, name) VALUES ({id}, 'b')"),
    (
        "WITH gone AS (DELETE FROM infra.water_pipe RETURNING id) "
        "INSERT INTO infra.water_pipe (id, name) SELECT id, 'b' FROM gone",
    ),
]


@pytest.mark.parametrize("statements", PUT_IN_AGAIN)
def test_a_feature_put_in_again_begins_after_its_last_version_ended(connection, tables, pipes, versions, statements):
    tag(connection, "lan", "api")
    id_ = builders.insert(connection, tables, "water_pipe", name="a")
    tag(connection, "minh", "wfs")
    for statement in statements:
        connection.execute(text(statement.format(id=id_)))
    spans = list_spans(connection, pipes, versions, id_)
    assert len(spans) == 2 and spans[0][1] < spans[1][0]
    makers = connection.execute(select(CREATION).order_by(CREATION.c.id)).all()
    assert [(each.made_by, each.made_via) for each in makers] == [("lan", "api"), ("minh", "wfs")]
    assert [each.first_at <= span[0] <= each.last_at for each, span in zip(makers, spans, strict=True)] == [True, True]


def test_upsert_leaves_a_version_of_what_was_there_and_a_maker_of_what_was_not(connection, tables, versions):
    code = {"owner": "Sawaco", "asset_code": "A1"}
    builders.insert(connection, tables, "water_pipe", name="a", **code)
    connection.execute(
        text(
            "INSERT INTO infra.water_pipe (owner, asset_code, name) "
            "VALUES ('Sawaco', 'A1', 'b'), ('Sawaco', 'A2', 'c') "
            "ON CONFLICT (owner, asset_code) WHERE owner IS NOT NULL AND asset_code IS NOT NULL "
            "DO UPDATE SET name = excluded.name"
        )
    )
    assert connection.execute(select(versions.c.name)).scalars().all() == ["a"]
    lines = connection.execute(select(CREATION.c.ids)).scalars().all()
    assert [sum(part.upper - part.lower for part in ids) for ids in lines] == [1, 1]


def test_the_id_of_a_feature_never_changes(connection, tables, pipes):
    builders.insert(connection, tables, "water_pipe")
    with pytest.raises(IntegrityError, match="the id of a feature never changes"):
        connection.execute(update(pipes).values(id=pipes.c.id + 1))


def test_a_feature_cannot_begin_in_the_future(connection):
    with pytest.raises(IntegrityError, match="updated in the future"):
        connection.execute(text("INSERT INTO infra.water_pipe (updated_at) VALUES (now() + interval '1 day')"))


def test_a_layer_is_not_truncated_where_history_would_miss_rows(engine):
    with (
        engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
        pytest.raises(NotSupportedError, match="history would miss rows"),
    ):
        connection.execute(text("TRUNCATE infra.water_pipe"))


def test_an_account_with_rights_on_the_layer_alone_may_put_features_in(connection):
    connection.execute(text("CREATE ROLE surveyor_of_the_versions_test"))
    connection.execute(text("GRANT USAGE ON SCHEMA infra TO surveyor_of_the_versions_test"))
    connection.execute(text("GRANT SELECT, INSERT, DELETE ON infra.water_pipe TO surveyor_of_the_versions_test"))
    connection.execute(text("SET LOCAL ROLE surveyor_of_the_versions_test"))
    id_ = connection.execute(text("INSERT INTO infra.water_pipe (name) VALUES ('x') RETURNING id")).scalar_one()
    connection.execute(text("DELETE FROM infra.water_pipe"))
    connection.execute(text("INSERT INTO infra.water_pipe (id) VALUES (:id)"), {"id": id_})
    connection.execute(text("RESET ROLE"))
    account = connection.execute(text("SELECT session_user")).scalar_one()
    assert connection.execute(select(CREATION.c.made_by)).scalars().all() == [account, account]


def test_functions_that_run_as_their_owner_look_last_among_temporary_objects(connection):
    found = text(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'gis'::regnamespace AND prosecdef "
        "AND NOT coalesce(array_to_string(proconfig, ' '), '') LIKE '%search_path=%, pg_temp%'"
    )
    assert connection.execute(found).scalars().all() == []
