"""How conflicts moved over a time, what imports came to in it, and how cameras stand; each of what one may see."""

import datetime
import random

import pytest
from sqlalchemy import insert as insert_into
from sqlalchemy import select

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.analysis.cameras import STATES, Cameras, count_states, list_cameras
from gis_infra.analysis.register import working
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_EVENT
from gis_infra.analysis.register.tallying import CLOSING, OPENING, Movement, add_up, count_moves, count_open
from gis_infra.analysis.register.working import City, Step
from gis_infra.transfer.loading.summing import ImportSum, sum_imports
from gis_infra.transfer.tables import IMPORT_BATCH
from tests.builders import insert, insert_many, make_actor
from tests.register import NOW, RULES, enter, make_finding

LAN = make_actor()
WATER, CABLE, SEWER = ("water_pipe", 1), ("power_cable_underground", 2), ("sewer_pipe", 3)
PAIR = frozenset({"water_pipe", "power_cable_underground"})


def on(day):
    """A moment of November."""
    return datetime.datetime(2026, 11, day, 12, tzinfo=datetime.UTC)


@pytest.fixture
def moves(connection, catalogue, tables):
    """The movement over days, by layers."""

    def count(first, last, actor=SYSTEM):
        return dict(count_moves(connection, catalogue, tables, actor, (on(first), on(last))))

    return count


def test_a_conflict_that_comes_goes_and_comes_back_is_told_in_the_days_it_did(connection, tables, moves):
    found = [make_finding(WATER, CABLE)]
    for day, each in ((2, found), (4, found), (6, []), (8, []), (10, found)):
        enter(connection, tables, each, now=on(day))
    assert moves(3, 5) == {PAIR: Movement(1, 0, 0, 1)}
    assert moves(1, 3) == {PAIR: Movement(0, 1, 0, 1)}
    assert moves(5, 9) == {PAIR: Movement(1, 0, 1, 0)}
    assert moves(1, 20) == {PAIR: Movement(0, 2, 1, 1)}
    assert moves(11, 20) == {PAIR: Movement(1, 0, 0, 1)}
    assert moves(1, 2) == {}


def test_the_moment_a_time_begins_is_in_it_and_the_moment_it_ends_is_not(connection, tables, moves):
    enter(connection, tables, [make_finding(WATER, CABLE)], now=on(2))
    assert moves(2, 3)[PAIR].opened == 1 and moves(1, 2) == {}


def test_what_people_settle_and_reopen_counts_as_what_runs_do(connection, catalogue, tables, moves):
    enter(connection, tables, [make_finding(WATER, CABLE)], now=on(2))
    number = connection.execute(select(CONFLICT.c.id)).scalar_one()
    for day, action in ((4, "review"), (6, "resolve"), (8, "reopen"), (9, "approve")):
        city, step = City(catalogue, tables), Step(number, action, "vì thế")
        working.take(connection, city, SYSTEM, step, on(day))
    assert moves(3, 7)[PAIR] == Movement(1, 0, 1, 0)
    assert moves(7, 20)[PAIR] == Movement(0, 1, 0, 1)


def test_two_steps_that_both_settle_a_conflict_are_one(connection, tables, moves):
    enter(connection, tables, [make_finding(WATER, CABLE)], now=on(2))
    number = connection.execute(select(CONFLICT.c.id)).scalar_one()
    for day, action in ((4, "resolved"), (5, "gone"), (6, "came_back"), (7, "reopened")):
        happened = {"conflict_id": number, "happened_at": on(day), "action": action, "actor": "lan"}
        connection.execute(insert_into(CONFLICT_EVENT).values(happened))
    assert moves(1, 20)[PAIR] == Movement(0, 2, 1, 1)


def test_movements_are_those_of_going_through_the_history_step_by_step(connection, tables, moves):
    enter(connection, tables, [make_finding(WATER, CABLE, RULES[at % 3], stretch=at) for at in range(1, 31)], now=on(1))
    numbers = connection.execute(select(CONFLICT.c.id)).scalars().all()
    dice = random.Random(5)
    history = {number: [(on(1), "found")] for number in numbers}
    for number in numbers:
        for day in sorted(dice.sample(range(2, 29), dice.randint(0, 8))):
            history[number].append((on(day), dice.choice([*OPENING, *CLOSING, "commented", "changed"])))
    events = [
        {"conflict_id": number, "happened_at": moment, "action": action, "actor": "lan"}
        for number, steps in history.items()
        for moment, action in steps[1:]
    ]
    connection.execute(insert_into(CONFLICT_EVENT), events)
    for first, last in ((2, 9), (5, 25), (12, 13), (1, 30)):
        assert moves(first, last)[PAIR] == go_through(history, on(first), on(last))


def go_through(history, start, end):
    """The same by hand."""
    before = opened = settled = after = 0
    for steps in history.values():
        is_open = was_open = False
        for moment, action in steps:
            if moment >= end or action not in (*OPENING, *CLOSING):
                continue
            opens = action in OPENING
            if moment >= start:
                opened += opens and not is_open
                settled += is_open and not opens
            else:
                was_open = opens
            is_open = opens
        before, after = before + was_open, after + is_open
    return Movement(before, opened, settled, after)


@pytest.mark.parametrize("actor", [ANONYMOUS, LAN, make_actor(("water_pipe", "viewer"))])
def test_conflicts_with_an_asset_one_may_not_see_count_for_nothing(connection, catalogue, tables, moves, actor):
    pipe = insert(connection, tables, "water_pipe", wkt="LINESTRING(603000 1191000,603010 1191000)")
    cable = insert(
        connection, tables, "power_cable_underground", wkt="LINESTRING(603000 1191000,603010 1191000)",
        sensitivity="restricted",
    )  # fmt: skip
    enter(connection, tables, [make_finding(("water_pipe", pipe), ("power_cable_underground", cable))], now=on(2))
    assert count_open(connection, catalogue, tables, actor) == () and moves(1, 20, actor) == {}
    assert sum(each.conflicts for each in count_open(connection, catalogue, tables, SYSTEM)) == 1


def test_open_conflicts_are_told_by_layers_and_answer(connection, catalogue, tables):
    found = [
        make_finding(WATER, CABLE),
        make_finding(WATER, CABLE, stretch=2),
        make_finding(WATER, SEWER, RULES[1], severity="possible"),
        make_finding(WATER, None, RULES[2]),
    ]
    enter(connection, tables, found, now=NOW)
    told = {
        (*sorted(each.layers), each.severity): each.conflicts
        for each in count_open(connection, catalogue, tables, SYSTEM)
    }
    assert told == {
        ("power_cable_underground", "water_pipe", "violation"): 2,
        ("sewer_pipe", "water_pipe", "possible"): 1,
        ("water_pipe", "violation"): 1,
    }
    enter(connection, tables, [], now=on(25))
    assert count_open(connection, catalogue, tables, SYSTEM) == ()


def test_movements_together_are_their_sums():
    assert add_up([Movement(1, 2, 3, 0), Movement(4, 1, 0, 5)]) == Movement(5, 3, 3, 5)
    assert add_up([]) == Movement(0, 0, 0, 0)


def put_import(connection, layer, person, day, *, undone=False, inserted=10):
    """An entry of the list of imports."""
    values = {
        "layer_id": layer, "person_id": person, "username": "lan", "file_name": "a.shp", "sha256": "0", "settings": {},
        "started_at": on(day), "finished_at": on(day), "accepted": inserted + 2, "rejected": 1, "inserted": inserted,
        "updated": 2, "unchanged": 0, "skipped": 0, "deleted": 3, "undone_at": on(day) if undone else None,
    }  # fmt: skip
    connection.execute(insert_into(IMPORT_BATCH).values(values))


def test_imports_of_a_time_are_summed_without_those_taken_back(connection, catalogue):
    put_import(connection, "water_pipe", 1, 2)
    put_import(connection, "water_pipe", 1, 3, undone=True, inserted=99)
    put_import(connection, "water_pipe", 2, 4)
    put_import(connection, "fire_hydrant", 1, 4, inserted=1)
    put_import(connection, "water_pipe", 1, 20)
    span = (on(1), on(20))
    assert sum_imports(connection, catalogue, SYSTEM, span) == (
        ImportSum("fire_hydrant", 1, 0, 1, 2, 3, 1),
        ImportSum("water_pipe", 3, 1, 20, 4, 6, 2),
    )
    assert [each.imports for each in sum_imports(connection, catalogue, LAN, span)] == [1, 2]  # her own
    assert sum_imports(connection, catalogue, ANONYMOUS, span) == ()
    stranger = make_actor(("water_pipe", "viewer"))
    assert sum_imports(connection, catalogue, stranger.__class__(7, "minh", None, {}), span) == ()


CAMERAS = [
    {"status": "in_service", "connected": True},
    {"status": None, "connected": True},
    {"status": "in_service", "connected": False},
    {"status": "in_service", "connected": None},
    {"status": "unfit", "connected": True},
    {"status": "removed", "connected": None},
    {"status": "proposed", "connected": False},
]


@pytest.fixture
def cameras(catalogue):
    """Whose cameras."""
    return lambda actor=SYSTEM: Cameras(actor, catalogue.get_layer("public_camera"))


def put_cameras(connection, tables):
    """The cameras, the second without a place."""
    places = [None if at == 1 else f"POINT({603000 + at} 1191000)" for at in range(len(CAMERAS))]
    rows = [
        {**each, "wkt": place, "asset_code": f"CAM-{9 - at}"}
        for at, (each, place) in enumerate(zip(CAMERAS, places, strict=True))
    ]
    insert_many(connection, tables, "public_camera", rows)


def test_a_camera_is_in_one_state(connection, tables, cameras):
    put_cameras(connection, tables)
    assert count_states(connection, tables, cameras()) == {
        "out": 2, "not_linked": 1, "unknown": 1, "planned": 1, "linked": 2,
    }  # fmt: skip


def test_cameras_that_need_somebody_come_first_and_pages_do_not_overlap(connection, tables, cameras):
    put_cameras(connection, tables)
    pages = [list_cameras(connection, tables, cameras(), (None, 3, offset)) for offset in (0, 3, 6)]
    listed = [each for page in pages for each in page]
    assert [each.asset_code for each in listed] == ["CAM-4", "CAM-5", "CAM-7", "CAM-6", "CAM-3", "CAM-8", "CAM-9"]
    assert [STATES.index(each.state) for each in listed] == sorted(STATES.index(each.state) for each in listed)
    assert [each.place is None for each in listed] == [False] * 5 + [True, False]
    (only,) = list_cameras(connection, tables, cameras(), ("not_linked", 10, 0))
    assert only.asset_code == "CAM-7" and only.place == pytest.approx((106.94, 10.77), abs=0.3)


def test_a_camera_one_may_not_see_is_not_counted(connection, tables, cameras):
    insert(connection, tables, "public_camera", wkt="POINT(603000 1191000)", connected=True, sensitivity="restricted")
    assert sum(count_states(connection, tables, cameras(LAN)).values()) == 0
    assert list_cameras(connection, tables, cameras(LAN), (None, 10, 0)) == ()
    assert count_states(connection, tables, cameras())["linked"] == 1
