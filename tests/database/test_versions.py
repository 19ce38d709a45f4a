"""The history of a feature says what a replay of its changes says: what, when, by whom and by what."""

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, text, update

from gis_infra.accounts.actor import ANONYMOUS
from gis_infra.catalogue.history import build
from gis_infra.errors import ConflictError, InvalidFeature, InvalidParameter, NotPermitted, StaleVersion, UnknownFeature
from gis_infra.features.changing.changes import Expected
from gis_infra.features.history import tag, to_version
from gis_infra.features.query import FeatureQuery
from gis_infra.features.versions.reading import read_history, read_version
from gis_infra.features.versions.records import Author, Page, Subject
from gis_infra.features.versions.restoring import restore
from gis_infra.transfer.tables import IMPORT_BATCH
from tests import builders

ALL = builders.make_actor(("*", "admin"), username="chief")
EDITOR = builders.make_actor(("*", "editor"), username="lan")
LINE = "LINESTRING (603000 1191000, 603010 1191005)"


@pytest.fixture
def layer(catalogue):
    """A layer of lines that may be edited."""
    return catalogue.get_layer("water_pipe")


@pytest.fixture
def pipes(tables):
    """Its table."""
    return tables.get("water_pipe")


@dataclass
class Told:
    """A version as the replay has it: the name the feature had, who made it, and who took the feature away after it."""

    name: str
    made: Author
    ended: Author | None = None
    created: bool = False


@dataclass
class Replay:
    """The versions of every feature, the oldest first, and which features are there."""

    versions: dict[int, list[Told]] = field(default_factory=dict)
    there: set[int] = field(default_factory=set)

    def create(self, id_, name, author):
        self.versions.setdefault(id_, []).append(Told(name, author, created=True))
        self.there.add(id_)

    def change(self, id_, name, author):
        if self.versions[id_][-1].name != name:
            self.versions[id_].append(Told(name, author))

    def take_away(self, ids, author):
        for id_ in ids:
            self.versions[id_][-1].ended = author
        self.there -= set(ids)


AUTHORS = {
    "sql": (None, None),
    "api": ("lan", None),
    "wfs": ("minh", None),
    "undo": ("chief", 3),
    "import": ("importer", 7),
}
OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "update", "update", "delete", "revive", "truncate"]),
        st.integers(0, 3),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(sorted(AUTHORS)),
    ),
    min_size=1,
    max_size=14,
)


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(OPERATIONS)
def test_the_history_of_every_feature_is_what_a_replay_says(connection, tables, layer, pipes, operations):
    with connection.begin_nested() as savepoint:
        connection.execute(
            insert(IMPORT_BATCH).values(
                id=7, layer_id=layer.id, username="importer", file_name="a.shp", sha256="", settings={}
            )
        )
        replay = Replay()
        for operation in operations:
            carry_out(connection, pipes, replay, *operation)
        for id_, versions in replay.versions.items():
            assert_told(connection, tables, Subject(layer, ALL, id_), versions, is_there=id_ in replay.there)
        savepoint.rollback()


def carry_out(connection, pipes, replay, kind, which, name, via):
    """One operation on the table and on the replay; `which` picks a feature by its rank."""
    author = say_who(connection, via)
    gone = sorted(set(replay.versions) - replay.there)
    here = pipes.c.id.in_(sorted(replay.there)[which : which + 1])
    if kind == "insert" or (kind == "revive" and gone and via != "import"):
        known = {"id": gone[which % len(gone)]} if kind == "revive" else {}
        number = {"import_id": 7} if via == "import" else {}
        statement = insert(pipes).values(name=name, **known, **number).returning(pipes.c.id)
        replay.create(connection.execute(statement).scalar_one(), name, author)
    elif kind == "update":
        for id_ in connection.execute(update(pipes).where(here).values(name=name).returning(pipes.c.id)).scalars():
            replay.change(id_, name, author)
    elif kind == "delete":
        replay.take_away(connection.execute(delete(pipes).where(here).returning(pipes.c.id)).scalars().all(), author)
    elif kind == "truncate" and which == 0:
        connection.execute(text("TRUNCATE infra.water_pipe"))
        replay.take_away(list(replay.there), author)


def say_who(connection, via):
    """Tell the triggers who writes, and by what; who history should then name."""
    username, number = AUTHORS[via]
    if username is None:
        for name in ("username", "via", "import_id"):
            connection.execute(select(func.set_config(f"gis_infra.{name}", "", True)))
        return Author(connection.execute(text("SELECT session_user")).scalar_one(), "sql", None)
    tag(connection, username, via, number)
    return Author(username, via, number)


def assert_told(connection, tables, subject, versions, *, is_there):
    """The history has these versions, page by page and one by one."""
    found, page = [], Page(limit=3)
    while True:
        history = read_history(connection, tables, subject, page)
        assert (history.total, history.is_deleted) == (len(versions), not is_there)
        found += history.versions
        if history.next_before is None:
            break
        page = Page(limit=3, before=history.next_before)
    found.reverse()
    assert [each.number for each in found] == list(range(1, len(versions) + 1))
    assert [(each.made, each.ended, each.is_first) for each in found] == [
        (each.made, each.ended, each.created) for each in versions
    ]
    for before, each, told in zip([None, *versions], found, versions, strict=False):
        named = {change.name: (change.old, change.new) for change in each.changes}
        wanted = {} if before is None or before.name == told.name else {"name": (before.name, told.name)}
        assert {name: pair for name, pair in named.items() if name == "name"} == wanted
        _, feature = read_version(
            connection, tables, FeatureQuery(subject.layer, subject.actor), subject.feature_id, each.number
        )
        assert feature.properties["name"] == told.name


@pytest.fixture
def pipe(connection, tables, layer, pipes):
    """A pipe of two versions, the second without a name and 5 m to the north-east, as an editor asks for it."""
    id_ = builders.insert(connection, tables, "water_pipe", wkt=LINE, name="a", source_attributes={"DN": "100"})
    connection.execute(update(pipes).values(name=None, geom=func.st_translate(pipes.c.geom, 3, 4)))
    return Subject(layer, EDITOR, id_)


def read_row(connection, pipes, *names):
    """Values of the only pipe."""
    row = connection.execute(select(pipes, func.st_astext(pipes.c.geom).label("wkt"))).mappings().one()
    return tuple(row[name] for name in names)


def test_a_restored_version_is_all_it_was(connection, tables, pipes, pipe):
    connection.execute(update(pipes).values(source_attributes=None, remarks="new"))
    applied = restore(connection, tables, pipe, 1)
    assert read_row(connection, pipes, "name", "remarks", "source_attributes", "updated_at") == (
        "a",
        None,
        {"DN": "100"},
        applied.updated_at,
    )
    assert read_row(connection, pipes, "wkt") == ("LINESTRING(603000 1191000,603010 1191005)",)
    newest = read_history(connection, tables, pipe).versions[0]
    assert (newest.number, newest.made) == (4, Author("lan", "undo", None))


def test_a_feature_that_comes_back_keeps_its_id_and_its_day_of_birth(connection, tables, pipes, pipe):
    born = read_row(connection, pipes, "created_at")
    connection.execute(delete(pipes))
    applied = restore(connection, tables, pipe, 1)
    assert read_row(connection, pipes, "id", "name", "updated_at") == (pipe.feature_id, "a", applied.updated_at)
    assert read_row(connection, pipes, "created_at") == born
    history = read_history(connection, tables, pipe)
    assert (history.total, history.is_deleted, history.versions[0].made.username) == (3, False, "lan")


def test_restoring_what_is_already_so_makes_no_version(connection, tables, pipe):
    restore(connection, tables, pipe, 2)
    assert read_history(connection, tables, pipe).total == 2


def test_restoring_is_refused_to_who_may_not_edit(connection, tables, layer, pipe):
    viewer = Subject(layer, builders.make_actor(("*", "viewer")), pipe.feature_id)
    with pytest.raises(NotPermitted):
        restore(connection, tables, viewer, 1)


def test_a_feature_that_was_kept_back_when_it_was_deleted_comes_back_so(connection, tables, layer, pipes, pipe):
    connection.execute(update(pipes).values(sensitivity="restricted"))
    connection.execute(delete(pipes))
    with pytest.raises(NotPermitted, match="a feature kept restricted is opened by who administers layer water_pipe"):
        restore(connection, tables, pipe, 1)
    restore(connection, tables, pipe, 3)
    assert read_row(connection, pipes, "sensitivity") == ("restricted",)
    connection.execute(delete(pipes))
    restore(connection, tables, Subject(layer, ALL, pipe.feature_id), 1)
    assert read_row(connection, pipes, "sensitivity") == (None,)


def test_restoring_asks_for_what_is_there_as_it_was_seen(connection, tables, pipes, pipe):
    (now,) = read_row(connection, pipes, "updated_at")
    with pytest.raises(StaleVersion):
        restore(connection, tables, pipe, 1, Expected(frozenset({"1"})))
    restore(connection, tables, pipe, 1, Expected(frozenset({to_version(now)})))
    connection.execute(delete(pipes))
    with pytest.raises(StaleVersion, match="was deleted"):
        restore(connection, tables, pipe, 1, Expected(frozenset({to_version(now)})))


def test_what_the_layer_does_not_allow_any_more_is_not_restored(connection, tables, pipes, pipe):
    connection.execute(update(build(pipes)).values(nominal_diameter_mm=-5))
    with pytest.raises(InvalidFeature, match=r"nominal_diameter_mm .*-5.* is below the least allowed"):
        restore(connection, tables, pipe, 1)


def test_a_feature_whose_code_another_has_by_now_is_not_brought_back(connection, tables, layer, pipes):
    code = {"owner": "Sawaco", "asset_code": "A1"}
    id_ = builders.insert(connection, tables, "water_pipe", wkt=LINE, **code)
    connection.execute(delete(pipes))
    builders.insert(connection, tables, "water_pipe", wkt=LINE, **code)
    with pytest.raises(ConflictError, match="A1"):
        restore(connection, tables, Subject(layer, EDITOR, id_), 1)


def test_there_is_no_version_beyond_those_there_are(connection, tables, pipe):
    for number in (0, 3):
        with pytest.raises(UnknownFeature, match=f"has no version {number}; it has 1 to 2"):
            restore(connection, tables, pipe, number)
    with pytest.raises(UnknownFeature, match="has no feature 99"):
        read_history(connection, tables, Subject(pipe.layer, pipe.actor, 99))
    with pytest.raises(InvalidParameter, match="from 1 to 100"):
        read_history(connection, tables, pipe, Page(limit=101))


MOVES = [
    ("LINESTRING (603000 1191000, 603010 1191000)", "LINESTRING (603000 1191003, 603010 1191003)", 3, 0, None),
    ("LINESTRING (603000 1191000, 603010 1191000)", "LINESTRING (603000 1191000, 603020 1191000)", 10, 10, None),
    # A bend of 3 m in the middle: 2 * sqrt(4^2 + 3^2) in the place of 8.
    (
        "LINESTRING (603000 1191000, 603008 1191000)",
        "LINESTRING (603000 1191000, 603004 1191003, 603008 1191000)",
        3,
        2,
        None,
    ),
    ("LINESTRING (603000 1191000, 603010 1191000)", "LINESTRING (603010 1191000, 603000 1191000)", 0, 0, None),
]


@pytest.mark.parametrize(("before", "after", "moved", "longer", "larger"), MOVES)
def test_a_change_of_shape_is_told_in_metres(connection, tables, layer, pipes, before, after, moved, longer, larger):
    id_ = builders.insert(connection, tables, "water_pipe", wkt=before)
    connection.execute(update(pipes).values(geom=func.st_geomfromtext(after, 9210)))
    shape = read_history(connection, tables, Subject(layer, ALL, id_)).versions[0].shape
    assert (shape.moved_m, shape.length_change_m, shape.area_change_m2) == pytest.approx((moved, longer, larger))


def test_a_ring_that_grows_is_told_by_its_outline_and_its_area(connection, tables, catalogue):
    buildings = tables.get("building")
    square = "POLYGON ((603000 1191000, 603010 1191000, 603010 1191010, 603000 1191010, 603000 1191000))"
    wider = "POLYGON ((603000 1191000, 603012 1191000, 603012 1191010, 603000 1191010, 603000 1191000))"
    kind = catalogue.get_layer("building").geometry
    multi = "ST_Multi" if kind.startswith("Multi") else ""
    id_ = connection.execute(
        text(f"INSERT INTO infra.building (geom) VALUES ({multi}(ST_GeomFromText(:wkt, 9210))) RETURNING id"),
        {"wkt": square},
    ).scalar_one()
    made = func.st_geomfromtext(wider, 9210)
    connection.execute(update(buildings).values(geom=func.st_multi(made) if multi else made))
    subject = Subject(catalogue.get_layer("building"), ALL, id_)
    shape = read_history(connection, tables, subject).versions[0].shape
    assert (shape.moved_m, shape.length_change_m, shape.area_change_m2) == (2, None, 20)


def test_a_shape_that_comes_or_goes_has_no_distance(connection, tables, layer, pipes):
    id_ = builders.insert(connection, tables, "water_pipe", wkt=LINE)
    connection.execute(update(pipes).values(geom=None))
    shape = read_history(connection, tables, Subject(layer, ALL, id_)).versions[0].shape
    assert (shape.moved_m, shape.length_change_m, shape.area_change_m2) == (None, None, None)


def test_an_import_of_old_made_what_it_put_in_but_not_what_came_back(connection, tables, pipes, pipe):
    """Before it was kept who puts features in, import_id told it, unless the feature was brought back later."""
    connection.execute(text("DELETE FROM gis.creation"))
    subject = Subject(pipe.layer, ALL, pipe.feature_id)
    connection.execute(update(build(pipes)).values(import_id=7))
    first = read_history(connection, tables, subject).versions[-1]
    assert first.made == Author(None, "import", 7)
    connection.execute(text("UPDATE history.water_pipe SET created_at = created_at - interval '1 day'"))
    assert read_history(connection, tables, subject).versions[-1].made == Author()


def test_the_public_is_told_no_names(connection, tables, catalogue):
    tag(connection, "minh", "api")
    id_ = builders.insert(connection, tables, "tree", height_m=3)
    connection.execute(update(tables.get("tree")).values(height_m=4))
    versions = read_history(connection, tables, Subject(catalogue.get_layer("tree"), ANONYMOUS, id_)).versions
    assert {each.made for each in versions} == {Author(None, "api", None)}
