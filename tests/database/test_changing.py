"""Changes of features: all of a list or none, checked as an import is, with who may and who did."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import shapely
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from gis_infra.accounts.actor import ANONYMOUS, Actor
from gis_infra.catalogue.history import build
from gis_infra.errors import (
    ConflictError,
    GisInfraError,
    InvalidFeature,
    NotPermitted,
    SignInNeeded,
    StaleVersion,
    UnknownFeature,
    UnknownLayer,
    UnknownProperty,
)
from gis_infra.features.changing.applying import apply
from gis_infra.features.changing.changes import Delete, Expected, Insert, Origin, Replace, Shape, Update
from gis_infra.features.history import to_version
from tests import builders
from tests.builders import make_actor

CITY = Origin(9210)
EDITOR = make_actor(("*", "editor"), username="hoa")
CHIEF = make_actor(("*", "admin"), username="chief")
LINE = "LINESTRING (603000 1191000, 603010 1191005)"
EXTENT = (106.30, 10.30, 107.60, 11.51)


@pytest.fixture
def layer(catalogue):
    """The layer of water pipes."""
    return catalogue.get_layer("water_pipe")


@pytest.fixture
def run(connection, tables):
    """Apply changes as an editor."""

    def run(*changes, actor=EDITOR):
        return apply(connection, tables, changes, actor, "api")

    return run


@pytest.fixture
def read(connection, tables):
    """The water pipes, by id."""
    pipes = tables.get("water_pipe")

    def read():
        rows = connection.execute(select(pipes, func.st_astext(pipes.c.geom).label("wkt"))).mappings()
        return {row["id"]: row for row in rows}

    return read


def shape(wkt=LINE, origin=CITY):
    return Shape(shapely.to_wkb(shapely.from_wkt(wkt)), origin)


def test_a_feature_is_inserted_changed_replaced_and_deleted(run, read, layer):
    (new,) = run(Insert(layer, {"name": "Ống", "nominal_diameter_mm": 150, "installed_on": date(2020, 1, 2)}, shape()))
    row = read()[new.id]
    assert (row["name"], row["nominal_diameter_mm"], row["installed_on"]) == ("Ống", 150, date(2020, 1, 2))
    assert row["wkt"] == "LINESTRING(603000 1191000,603010 1191005)" and row["updated_at"] == new.updated_at
    (changed,) = run(Update(layer, new.id, {"name": None, "remarks": "đo lại"}))
    row = read()[new.id]
    assert (row["name"], row["remarks"], row["nominal_diameter_mm"]) == (None, "đo lại", 150)
    assert row["updated_at"] == changed.updated_at > new.updated_at
    run(Replace(layer, new.id, {"name": "mới"}, shape("LINESTRING (603000 1191000, 603020 1191005)")))
    row = read()[new.id]
    assert (row["name"], row["remarks"], row["nominal_diameter_mm"]) == ("mới", None, None)
    assert row["wkt"] == "LINESTRING(603000 1191000,603020 1191005)"
    assert run(Delete(layer, new.id))[0].updated_at is None
    assert new.id not in read()


def test_what_stays_as_it_is_gets_no_version(run, connection, tables, layer):
    (new,) = run(Insert(layer, {"name": "a", "cover_m": 1.5}, shape()))
    same = (
        Update(layer, new.id, {"name": "a"}),
        Update(layer, new.id, {}, shape()),
        Replace(layer, new.id, {"name": "a", "cover_m": 1.5}, shape()),
    )
    for change in same:
        assert run(change)[0].updated_at == new.updated_at
    versions = build(tables.get("water_pipe"))
    assert connection.execute(select(func.count()).select_from(versions)).scalar_one() == 0


def test_a_list_makes_one_version_of_a_feature_and_tells_who(run, connection, tables, layer):
    (new,) = run(Insert(layer, {"name": "a"}, shape()))
    run(Update(layer, new.id, {"name": "b"}), Update(layer, new.id, {"remarks": "x"}))
    kept = connection.execute(select(build(tables.get("water_pipe")))).mappings().all()
    assert [(row["name"], row["ended_by"], row["ended_via"]) for row in kept] == [("a", "hoa", "api")]


def test_ids_come_back_in_the_order_of_the_changes(run, read, catalogue, layer):
    valve = catalogue.get_layer("water_valve")
    point = shape("POINT (603000 1191000)")
    changes = [
        Insert(valve if number % 3 else layer, {"name": str(number)}, point if number % 3 else shape())
        for number in range(20)
    ]
    applied = run(*changes)
    assert [each.layer.id for each in applied] == [change.layer.id for change in changes]
    rows = read()
    for number, each in enumerate(applied):
        assert number % 3 or rows[each.id]["name"] == str(number)


def test_codes_may_change_hands_within_a_list(run, read, layer):
    one, two, three = run(*(Insert(layer, {"owner": "S", "asset_code": code}, shape()) for code in ("A", "B", "C")))
    run(
        Update(layer, one.id, {"asset_code": "B"}),
        Update(layer, two.id, {"asset_code": "A"}),
        Delete(layer, three.id),
        Insert(layer, {"owner": "S", "asset_code": "C"}, shape()),
    )
    rows = read()
    assert (rows[one.id]["asset_code"], rows[two.id]["asset_code"], three.id in rows) == ("B", "A", False)
    assert sorted(row["asset_code"] for row in rows.values()) == ["A", "B", "C"]


def test_a_version_brought_back_has_its_id_and_what_it_came_with(run, read, layer):
    (new,) = run(Insert(layer, {"name": "a"}, shape()))
    run(Delete(layer, new.id))
    born = new.updated_at - timedelta(days=400)
    kept = {"source_attributes": {"DN": "100", "x": [1]}, "source_srid": 3405, "import_id": 7, "created_at": born}
    back, other = run(Insert(layer, {"name": "a", **kept}, shape(), id=new.id), Insert(layer, {"name": "new"}, shape()))
    row = read()[new.id]
    assert back.id == new.id != other.id and {name: row[name] for name in kept} == kept
    run(Replace(layer, new.id, {"name": "b"}, shape()))
    assert {name: read()[new.id][name] for name in kept} == kept
    with pytest.raises(ConflictError):
        run(Insert(layer, {}, shape(), id=new.id))


# What is not allowed.


def test_everything_that_is_wrong_is_told_at_once(run, read, layer):
    with pytest.raises(InvalidFeature) as caught:
        run(
            Insert(layer, {"nominal_diameter_mm": 5}, shape()),
            Insert(layer, {"status": "new"}, shape("POINT (603000 1191000)")),
            Insert(layer, {}, None),
            Insert(layer, {"owner": "S", "asset_code": "A"}, shape()),
            Insert(layer, {"owner": "S", "asset_code": "A"}, shape()),
        )
    assert [(fault.index, fault.field) for fault in caught.value.faults] == [
        (0, "nominal_diameter_mm"),
        (1, "geometry"),
        (1, "status"),
        (2, "geometry"),
        (4, "asset_code"),
    ]
    assert str(caught.value).endswith("; and 4 more") and read() == {}


def test_of_many_faults_the_first_hundred_are_told(run, layer):
    with pytest.raises(InvalidFeature, match=r"feature 0: nominal_diameter_mm '5' .*; and 249 more") as caught:
        run(*(Insert(layer, {"nominal_diameter_mm": 5}, shape()) for _ in range(250)))
    assert [fault.index for fault in caught.value.faults] == list(range(100))


@pytest.mark.parametrize(
    ("wkt", "origin", "words"),
    [
        ("LINESTRING (603000 1191000, 603000 1191000)", CITY, "is a line shorter than 1 mm"),
        ("LINESTRING EMPTY", CITY, "is empty"),
        ("MULTILINESTRING ((0 0, 1 1), (5 5, 6 6))", CITY, "has 2 separate parts; the layer takes LineString"),
        (
            "LINESTRING (106.69 10.76, 106.7 10.77)",
            Origin(4326, True),
            "lies where the coordinate system has no answer",
        ),
        ("LINESTRING (0 0, 1 1)", Origin(9210, extent=EXTENT), "lies outside the city at 0.00000000 0.00000000"),
        (
            "LINESTRING (108.2 16, 108.3 16)",
            Origin(4326, extent=EXTENT),
            "lies outside the city at 762079.908 1771123.658 (in the request 108.20000000 16.00000000)",
        ),
    ],
)
def test_a_shape_is_refused_as_an_import_refuses_it(run, layer, wkt, origin, words):
    pattern = words.replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(InvalidFeature, match=pattern):
        run(Insert(layer, {}, shape(wkt, origin)))


def test_a_shape_is_mended_as_an_import_mends_it_or_refused_with_the_place(run, catalogue, connection, tables):
    parcel = catalogue.get_layer("land_parcel")
    multi = parcel.geometry.startswith("Multi")
    spike = (
        "(603000 1191000, 603100 1191000, 603100 1191100, 603050 1191100, 603050 1191100.001, 603050 1191100,"
        " 603000 1191100, 603000 1191000)"
    )
    bow = "(603000 1191000, 603100 1191100, 603100 1191000, 603000 1191080, 603000 1191000)"
    wrap = (lambda ring: f"MULTIPOLYGON (({ring}))") if multi else (lambda ring: f"POLYGON ({ring})")
    (mended,) = run(Insert(parcel, {}, shape(wrap(spike))))
    (remark,) = mended.remarks
    assert remark.field == "geometry" and "was repaired" in remark.reason
    table = tables.get("land_parcel")
    assert connection.execute(select(func.st_isvalid(table.c.geom)).where(table.c.id == mended.id)).scalar_one()
    with pytest.raises(InvalidFeature, match=r"is not valid, and a repair would change it: .* at 6030\d\d"):
        run(Insert(parcel, {}, shape(wrap(bow))))


def test_what_was_wrong_before_is_not_held_against_a_change_of_something_else(run, connection, tables, layer):
    before = {"installed_on": date(2020, 1, 2), "decommissioned_on": date(2020, 1, 1)}
    id_ = builders.insert(connection, tables, "water_pipe", wkt=LINE, **before)
    run(Update(layer, id_, {"remarks": "x"}))
    run(Replace(layer, id_, {**before, "remarks": "y"}, shape()))
    for worse in ({"installed_on": date(2020, 1, 3)}, {"decommissioned_on": date(2019, 1, 1)}):
        with pytest.raises(InvalidFeature, match="must hold: installed_on <= decommissioned_on"):
            run(Update(layer, id_, worse))
    bare = builders.insert(connection, tables, "water_pipe")
    run(Update(layer, bare, {"remarks": "no shape, as before"}), Replace(layer, bare, {}, None))
    with pytest.raises(InvalidFeature, match="must have a shape"):
        run(Update(layer, id_, {}, None))


def test_a_property_that_is_not_there_or_not_to_be_written_is_refused(run, layer):
    for name in ("colour", "updated_at", "id", "geom"):
        with pytest.raises(UnknownProperty, match=f"has no property '{name}' to be written"):
            run(Insert(layer, {name: None}, shape()))


@pytest.mark.parametrize("key", ["owner", "asset_code"])
def test_an_asset_code_counts_within_its_owner_alone(run, read, layer, key):
    run(Insert(layer, {"owner": "S", "asset_code": "A"}, shape()))
    run(Insert(layer, {"owner": "S", "asset_code": "A", key: "other"}, shape()))
    run(*(Insert(layer, {"owner": "S", "asset_code": "A", key: None}, shape()) for _ in range(2)))
    same = {"owner": "S", "asset_code": "A"}
    found = [{name: row[name] for name in same} for _, row in sorted(read().items())]
    assert found == [{**same, **more} for more in ({}, {key: "other"}, {key: None}, {key: None})]


def test_a_code_that_is_taken_is_told_with_the_other_only_where_it_may_be_seen(run, connection, tables, layer):
    seen = builders.insert(connection, tables, "water_pipe", owner="S", asset_code="A")
    builders.insert(connection, tables, "water_pipe", owner="S", asset_code="B", sensitivity="restricted")
    half = Half(1, "half", None, {"*": "editor"})
    with pytest.raises(ConflictError, match=f"'A' is that of feature {seen}; an asset code of S comes but once"):
        run(Insert(layer, {"owner": "S", "asset_code": "A"}, shape()), actor=half)
    with pytest.raises(ConflictError, match="'B' is taken; an asset code of S"):
        run(Insert(layer, {"owner": "S", "asset_code": "B"}, shape()), actor=half)


# Who may.


class Half(Actor):
    """Somebody who may edit, but not see what is restricted."""

    def get_clearance(self, layer):
        return "shared"


@pytest.mark.parametrize(
    ("actor", "error"),
    [
        (ANONYMOUS, UnknownLayer),
        (make_actor(), NotPermitted),
        (make_actor(("water_pipe", "viewer")), NotPermitted),
        (make_actor(("water_valve", "editor")), NotPermitted),
    ],
)
def test_who_may_not_edit_is_refused_whatever_they_name(run, read, layer, actor, error):
    (new,) = run(Insert(layer, {}, shape()))
    for change in (Insert(layer, {"colour": 1}, None), Update(layer, 10**12, {}), Delete(layer, new.id)):
        with pytest.raises(error):
            run(change, actor=actor)
    assert list(read()) == [new.id]


def test_the_public_is_asked_to_sign_in_where_it_may_look(run, catalogue):
    with pytest.raises(SignInNeeded):
        run(Insert(catalogue.get_layer("fire_hydrant"), {}, None), actor=ANONYMOUS)


def test_a_row_that_may_not_be_seen_is_not_there(run, read, connection, tables, layer):
    hidden = builders.insert(connection, tables, "water_pipe", wkt=LINE, sensitivity="restricted")
    half = Half(1, "half", None, {"*": "editor"})
    never = Expected(frozenset({"0"}))
    for change in (Update(layer, hidden, {}), Replace(layer, hidden, {}, None, never), Delete(layer, hidden, never)):
        with pytest.raises(UnknownFeature, match=f"layer water_pipe has no feature {hidden}"):
            run(change, actor=half)
    assert read()[hidden]["wkt"]


def test_nobody_puts_a_feature_out_of_their_own_sight(run, connection, tables, layer):
    id_ = builders.insert(connection, tables, "water_pipe", wkt=LINE)
    half = Half(1, "half", None, {"*": "editor"})
    for change in (
        Insert(layer, {"sensitivity": "restricted"}, shape()),
        Update(layer, id_, {"sensitivity": "restricted"}),
    ):
        with pytest.raises(NotPermitted, match="could not see a restricted feature"):
            run(change, actor=half)


@pytest.mark.parametrize(
    ("before", "after", "is_opened"),
    [
        ("restricted", None, True),
        ("restricted", "public", True),
        ("restricted", "shared", True),
        ("shared", "public", False),  # the layer is shared itself
        ("shared", None, False),
        (None, "public", False),
        (None, "restricted", False),
        ("restricted", "restricted", False),
    ],
)
def test_what_is_kept_back_is_opened_by_who_administers_alone(run, connection, tables, layer, before, after, is_opened):
    id_ = builders.insert(connection, tables, "water_pipe", wkt=LINE, sensitivity=before)
    if is_opened:
        with pytest.raises(NotPermitted, match="is opened by who administers layer water_pipe; hoa does not"):
            run(Update(layer, id_, {"sensitivity": after}))
    else:
        run(Update(layer, id_, {"sensitivity": after}))
    run(Update(layer, id_, {"sensitivity": after}), actor=CHIEF)


def test_a_replacement_that_does_not_say_who_may_see_it_changes_nothing_in_that(run, read, connection, tables, layer):
    id_ = builders.insert(connection, tables, "water_pipe", wkt=LINE, sensitivity="restricted", name="a")
    run(Replace(layer, id_, {"name": "b"}, shape()))
    assert (read()[id_]["name"], read()[id_]["sensitivity"]) == ("b", "restricted")


# Versions.


def test_a_change_upon_an_old_version_is_refused(run, read, layer):
    (new,) = run(Insert(layer, {"name": "a"}, shape()))
    old = Expected(frozenset({to_version(new.updated_at)}))
    (changed,) = run(Update(layer, new.id, {"name": "b"}, version=old))
    for change in (
        Update(layer, new.id, {"name": "c"}, version=old),
        Replace(layer, new.id, {}, shape(), version=old),
        Delete(layer, new.id, version=old),
        Update(layer, new.id, {}, version=Expected(frozenset())),
        Update(layer, new.id, {}, version=Expected(unmodified_since=changed.updated_at - timedelta(seconds=2))),
    ):
        with pytest.raises(StaleVersion, match=f"feature {new.id} was changed after you read it"):
            run(change)
    assert read()[new.id]["name"] == "b"
    run(Update(layer, new.id, {"name": "c"}, version=Expected(frozenset({"0", to_version(changed.updated_at)}))))


def test_a_list_with_one_old_version_changes_nothing(run, read, layer):
    one, two = run(*(Insert(layer, {"name": "a"}, shape()) for _ in range(2)))
    with pytest.raises(StaleVersion):
        run(Update(layer, one.id, {"name": "b"}), Delete(layer, two.id, Expected(frozenset({"0"}))))
    assert [row["name"] for row in read().values()] == ["a", "a"]


# Everything at once, against a plain account of what the table should hold.

CODES = st.sampled_from([None, "A", "B", "C"])
SIZES = st.sampled_from([None, 100, 150, 5])  # 5 mm is not allowed
VALUES = st.fixed_dictionaries({}, optional={"asset_code": CODES, "nominal_diameter_mm": SIZES, "name": CODES})
STEPS = st.one_of(
    st.tuples(st.just("insert"), st.just(0), VALUES),
    st.tuples(st.sampled_from(["update", "replace", "delete"]), st.integers(0, 5), VALUES),
)


@dataclass
class Account:
    """What the table should hold: id -> asset code, size, name; and every id there ever was."""

    rows: dict
    ids: list

    def carry_out(self, steps):
        """The rows after a list of steps, the new ones under their place in the list; or the error there should be."""
        rows, touched = {id_: dict(row) for id_, row in self.rows.items()}, set()
        blank = {"asset_code": None, "nominal_diameter_mm": None, "name": None}
        for place, (kind, target, values) in enumerate(steps):
            key = ("new", place) if kind == "insert" else self.ids[target % len(self.ids)]
            if kind != "insert" and key not in rows:
                return UnknownFeature
            touched.add(key)
            if kind == "delete":
                del rows[key]
            else:
                rows[key] = {**(rows[key] if kind == "update" else blank), **values}
        if any(rows[key]["nominal_diameter_mm"] == 5 for key in touched & set(rows)):
            return InvalidFeature
        codes = [row["asset_code"] for row in rows.values() if row["asset_code"] is not None]
        return rows if len(codes) == len(set(codes)) else ConflictError


def make_change(step, layer, ids):
    """The change a step stands for; all features have the same owner."""
    kind, target, values = step
    if kind == "insert":
        return Insert(layer, {"owner": "S", **values}, shape())
    id_ = ids[target % len(ids)]
    if kind == "delete":
        return Delete(layer, id_)
    return Replace(layer, id_, {"owner": "S", **values}, shape()) if kind == "replace" else Update(layer, id_, values)


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=st.lists(st.lists(STEPS, min_size=1, max_size=6), min_size=1, max_size=5))
@example(
    lists=[
        [("insert", 0, {"asset_code": "A"}), ("insert", 0, {"asset_code": "B"}), ("insert", 0, {"asset_code": "C"})],
        [("update", n, {"asset_code": code}) for n, code in ((1, "B"), (2, "C"), (3, "A"))],
    ]
)
def test_the_table_holds_what_a_plain_account_of_the_changes_says(connection, tables, layer, lists):
    transaction = connection.begin_nested()
    (first,) = apply(connection, tables, [Insert(layer, {"owner": "S"}, shape())], EDITOR, "api")
    account = Account({first.id: {"asset_code": None, "nominal_diameter_mm": None, "name": None}}, [first.id])
    for steps in lists:
        expected = account.carry_out(steps)
        changes = [make_change(step, layer, account.ids) for step in steps]
        savepoint = connection.begin_nested()
        try:
            applied = apply(connection, tables, changes, EDITOR, "api")
        except GisInfraError as error:
            savepoint.rollback()
            assert expected is type(error), error
        else:
            savepoint.commit()
            assert isinstance(expected, dict), expected
            names = {("new", place): each.id for place, each in enumerate(applied)}
            account.rows = {names.get(key, key): row for key, row in expected.items()}
            account.ids += [names[key] for key in expected if key in names]
        assert read_account(connection, tables) == account.rows
    transaction.rollback()


def read_account(connection, tables):
    """What the table holds, as the account has it."""
    pipes = tables.get("water_pipe")
    columns = (pipes.c.asset_code, pipes.c.nominal_diameter_mm, pipes.c.name)
    rows = connection.execute(select(pipes.c.id, *columns)).mappings()
    return {row["id"]: {column.name: row[column.name] for column in columns} for row in rows}
