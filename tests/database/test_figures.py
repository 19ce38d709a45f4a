"""Figures of layers: what they count and measure, for whom, of when, and how long they are remembered."""

import datetime
import random
from collections import defaultdict

import pytest
import shapely
from sqlalchemy import delete, event, text, update

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.analysis.register.layer import add_register
from gis_infra.catalogue.history import build
from gis_infra.errors import BusyError, InvalidParameter, UnknownLayer
from gis_infra.features.figures.model import Question, list_breakdowns
from gis_infra.features.figures.reading import FigureMemory, read_figures
from gis_infra.features.figures.selecting import subtract_years
from gis_infra.storage.transactions import reading, writing
from tests.builders import insert, insert_many, make_actor

DAY = datetime.date(2026, 11, 23)
LAN = make_actor()  # signed in, nothing granted
PIPE = "LINESTRING(603000 1191000, 603{east:03} 1191000)"


@pytest.fixture
def ask(connection, tables, catalogue):
    """The figures of one layer for somebody."""

    def figures(layer_id, actor=SYSTEM, day=DAY, as_of=None):
        question = Question(actor, [catalogue.get_layer(layer_id)], day, as_of)
        return read_figures(connection, tables, question)[layer_id]

    return figures


def to_counts(parts):
    return {each.key: each.features for each in parts}


@pytest.mark.parametrize(
    ("installed_on", "key"),
    [
        ("2026-11-24", "future"),
        ("2026-11-23", "0"),
        ("2016-11-24", "0"),  # ten years tomorrow
        ("2016-11-23", "10"),
        ("1996-11-24", "20"),
        ("1986-11-24", "30"),
        ("1986-11-23", "40"),
        ("1890-01-01", "40"),
        (None, None),
    ],
)
def test_a_feature_is_of_the_class_of_its_whole_years(connection, tables, ask, installed_on, key):
    insert(connection, tables, "water_pipe", wkt=PIPE.format(east=100), installed_on=installed_on)
    assert to_counts(ask("water_pipe").parts["age"]) == {key: 1}


AGE_OF_EACH_DAY = text(
    "SELECT count(*) FROM generate_series(CAST(:day AS date) - 3700, :day, interval '1 day') AS installed "
    "WHERE (date_part('year', age(:day, installed)) >= :years) <> (installed <= :latest)"
)


@pytest.mark.parametrize(
    "day", [DAY, datetime.date(2028, 2, 29), datetime.date(2027, 2, 28), datetime.date(2027, 3, 1)]
)
def test_ages_are_whole_years_as_the_database_counts_them(connection, day):
    for years in (0, 1, 4, 10):
        values = {"day": day, "years": years, "latest": subtract_years(day, years)}
        assert connection.execute(AGE_OF_EACH_DAY, values).scalar_one() == 0, years


def test_every_breakdown_has_every_feature_once(connection, tables, ask):
    make_pipes(connection, tables, 200)
    found = ask("water_pipe")
    assert set(found.parts) == {"age", "status", "quality_level", "material"} and found.features == 200
    for parts in found.parts.values():
        assert sum(each.features for each in parts) == 200
        assert sum(each.size for each in parts) == pytest.approx(found.size, rel=1e-12)


def make_pipes(connection, tables, number):
    """Pipes of many kinds; returns them as rows."""
    dice = random.Random(8)
    rows = [
        {
            "wkt": PIPE.format(east=dice.randint(1, 999)) if dice.random() < 0.95 else None,
            "installed_on": datetime.date(dice.randint(1980, 2030), dice.randint(1, 12), 5) if at % 3 else None,
            "material": dice.choice([None, "hdpe", "steel", "cast_iron"]),
            "status": dice.choice([None, "in_service", "proposed"]),
            "quality_level": dice.choice([None, "a", "b1", "d"]),
            "sensitivity": dice.choice([None, "public", "shared", "restricted"]),
        }
        for at in range(number)
    ]
    insert_many(connection, tables, "water_pipe", rows)
    return rows


def count_by_hand(rows, name, seen):
    """Features and metres by value, one row after the other."""
    found = defaultdict(lambda: [0, 0.0])
    for row in rows:
        if row["sensitivity"] is not None and row["sensitivity"] not in seen:
            continue
        part = found[classify(row["installed_on"]) if name == "age" else row[name]]
        part[0] += 1
        part[1] += shapely.from_wkt(row["wkt"]).length if row["wkt"] else 0
    return {key: (count, pytest.approx(size, abs=1e-6)) for key, (count, size) in found.items()}


def classify(day):
    if day is None:
        return None
    if day > DAY:
        return "future"
    years = DAY.year - day.year - ((day.month, day.day) > (DAY.month, DAY.day))
    return str(min(years // 10 * 10, 40))


@pytest.mark.parametrize(
    ("actor", "seen"),
    [(LAN, ("public", "shared")), (SYSTEM, ("public", "shared", "restricted"))],
    ids=["signed in", "all"],
)
def test_figures_are_those_counted_by_hand_of_what_one_may_see(connection, tables, ask, actor, seen):
    rows = make_pipes(connection, tables, 300)
    found = ask("water_pipe", actor)
    for name, parts in found.parts.items():
        assert {each.key: (each.features, each.size) for each in parts} == count_by_hand(rows, name, seen)
    shown = [row for row in rows if row["sensitivity"] in (None, *seen)]
    assert found.without_shape == sum(row["wkt"] is None for row in shown)


def test_figures_of_a_layer_one_may_not_see_are_not_there(ask):
    with pytest.raises(UnknownLayer, match="water_pipe"):
        ask("water_pipe", ANONYMOUS)


def test_areas_are_square_metres_and_points_have_no_size(connection, tables, ask):
    ring = "603000 1191000,603020 1191000,603020 1191010,603000 1191010,603000 1191000"
    insert(connection, tables, "green_space", wkt=f"MULTIPOLYGON((({ring})))")
    insert(connection, tables, "fire_hydrant", wkt="POINT(603000 1191000)")
    green, hydrant = ask("green_space"), ask("fire_hydrant")
    assert (green.measure, green.size) == ("area", 200.0)
    assert (hydrant.measure, hydrant.features, hydrant.size) == ("none", 1, 0.0)


def test_a_layer_that_holds_nothing_has_figures_of_nothing(ask):
    found = ask("water_pipe")
    assert (found.features, found.size, found.without_shape) == (0, 0, 0)
    assert all(parts == () for parts in found.parts.values())


def test_a_layer_the_program_keeps_has_no_past(connection, tables, catalogue, settings):
    with_register, with_table = add_register(catalogue, tables)
    moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    question = Question(SYSTEM, [with_register.get_layer("conflict")], DAY, moment)
    with pytest.raises(InvalidParameter, match="kept by the program"):
        read_figures(connection, with_table, question)


def test_every_layer_can_be_asked(connection, tables, catalogue):
    layers = list(catalogue.layers.values())
    found = read_figures(connection, tables, Question(SYSTEM, layers, DAY))
    assert list(found) == [each.id for each in layers] and all(list_breakdowns(each) for each in layers)


@pytest.fixture
def kept(engine, tables):
    """What a test commits is gone after it."""
    yield
    table = tables.get("water_pipe")
    with writing(engine) as connection:
        connection.execute(delete(table))
        connection.execute(delete(build(table)))


def test_the_figures_of_a_moment_are_those_it_had(engine, tables, catalogue, kept):
    table = tables.get("water_pipe")
    with writing(engine) as connection:
        first = insert(connection, tables, "water_pipe", wkt=PIPE.format(east=100), material="steel")
        insert(connection, tables, "water_pipe", wkt=PIPE.format(east=50))
    between = datetime.datetime.now(datetime.UTC)
    with writing(engine) as connection:
        connection.execute(delete(table).where(table.c.id == first))
        insert(connection, tables, "water_pipe", wkt=PIPE.format(east=7))
    layers = [catalogue.get_layer("water_pipe")]
    with reading(engine) as connection:
        then = read_figures(connection, tables, Question(SYSTEM, layers, DAY, between))["water_pipe"]
        now = read_figures(connection, tables, Question(SYSTEM, layers, DAY))["water_pipe"]
    assert (then.features, then.size, to_counts(then.parts["material"])) == (2, 150.0, {"steel": 1, None: 1})
    assert (now.features, now.size) == (2, 57.0)


def test_what_was_hidden_since_is_not_told_of_the_past(engine, tables, catalogue, kept):
    table = tables.get("water_pipe")
    with writing(engine) as connection:
        pipe = insert(connection, tables, "water_pipe", wkt=PIPE.format(east=100))
    before = datetime.datetime.now(datetime.UTC)
    with writing(engine) as connection:
        connection.execute(update(table).where(table.c.id == pipe).values(sensitivity="restricted"))
    layers = [catalogue.get_layer("water_pipe")]
    with reading(engine) as connection:
        seen = [
            read_figures(connection, tables, Question(actor, layers, DAY, before))["water_pipe"].features
            for actor in (SYSTEM, LAN)
        ]
    assert seen == [1, 0]


@pytest.fixture
def statements(engine):
    """The statements sent to the database that count."""
    sent = []

    def note(connection, cursor, statement, *others):
        if "is_shapeless" in statement:
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_a_layer_is_read_once_until_it_changes_and_once_for_each_sight(engine, tables, catalogue, statements, kept):
    memory, layers = FigureMemory(), [catalogue.get_layer("water_pipe")]

    def look(actor=SYSTEM, day=DAY):
        with reading(engine) as connection:
            return read_figures(connection, tables, Question(actor, layers, day), memory)["water_pipe"].features

    assert [look(), look(LAN)] == [0, 0] and not statements  # of nothing nothing is asked
    with writing(engine) as connection:
        insert(connection, tables, "water_pipe", wkt=PIPE.format(east=100))
    assert [look(), look(), look(make_actor(("water_pipe", "viewer")))] == [1, 1, 1] and len(statements) == 1
    assert look(LAN) == 1 and len(statements) == 2
    with writing(engine) as connection:
        insert(connection, tables, "water_pipe", wkt=PIPE.format(east=100), sensitivity="restricted")
    assert (look(), look(LAN), look()) == (2, 1, 2) and len(statements) == 4
    look(day=DAY + datetime.timedelta(days=1))
    assert len(statements) == 5


def test_memory_forgets_what_was_not_asked_for_longest():
    memory = FigureMemory(most=2)
    keys = [(name, (), 0, DAY, None) for name in "abc"]
    for key in keys[:2]:
        memory.keep(key, key[0])
    memory.find(keys[0])
    memory.keep(keys[2], "c")
    assert [memory.find(key) for key in keys] == ["a", None, "c"]


def test_who_cannot_wait_for_figures_is_told_so(engine, tables, catalogue, kept):
    with writing(engine) as connection:
        insert(connection, tables, "water_pipe", wkt=PIPE.format(east=100))
    memory = FigureMemory()
    memory.making.acquire()
    with pytest.raises(BusyError, match="figures"), reading(engine, limit_s=0.2) as connection:
        read_figures(connection, tables, Question(SYSTEM, [catalogue.get_layer("water_pipe")], DAY), memory)
