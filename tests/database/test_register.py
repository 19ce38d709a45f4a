"""The register over runs and steps: what is kept, what comes back, what becomes of two who write at once."""

import datetime
import hashlib
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update
from sqlalchemy import insert as insert_row
from sqlalchemy.exc import IntegrityError

from gis_infra.accounts.actor import SYSTEM
from gis_infra.accounts.people import add_department, add_person
from gis_infra.analysis.register import working
from gis_infra.analysis.register.groups import read_groups
from gis_infra.analysis.register.reading import (
    RegisterQuery,
    read_conflict,
    read_events,
    read_register,
    stream_register,
)
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_EVENT, CONFLICT_RUN
from gis_infra.analysis.register.working import City, Step
from gis_infra.errors import ConflictError, InvalidParameter, MissingError, NotPermitted, StaleVersion
from gis_infra.storage.transactions import writing
from tests.builders import insert, make_actor
from tests.register import NOW, PAIR, RULES, enter, make_finding

WATER, CABLE = PAIR["left"], PAIR["right"]
LATER = NOW + datetime.timedelta(days=1)
EVENT = {"happened_at": NOW, "action": "commented", "actor": "lan"}


@pytest.fixture
def city(catalogue, tables):
    return City(catalogue, tables)


@pytest.fixture
def step(connection, city):
    """Takes a step as the system, or as somebody else."""
    return lambda number, action, text="", value=None, version=None, actor=SYSTEM: working.take(
        connection, city, actor, Step(number, action, text, value, version), LATER
    )


def read(connection, *names):
    rows = connection.execute(select(*(CONFLICT.c[each] for each in names)).order_by(CONFLICT.c.id))
    return [row[0] if len(names) == 1 else tuple(row) for row in rows]


def read_history(connection, number):
    rows = select(CONFLICT_EVENT.c.action, CONFLICT_EVENT.c.changes).where(CONFLICT_EVENT.c.conflict_id == number)
    return [tuple(row) for row in connection.execute(rows.order_by(CONFLICT_EVENT.c.id))]


def only(connection):
    return read(connection, "id")[0]


@pytest.mark.parametrize(
    ("left", "right", "number", "text"),
    [
        (("water_pipe", 9), ("water_pipe", 10), 2, "city.water_power|water_pipe:10|water_pipe:9|2"),
        (("sewer_pipe", 1), ("a_layer", 5), 1, "city.water_power|a_layer:5|sewer_pipe:1|1"),
        (("water_pipe", 1), None, 1, "city.water_power|water_pipe:1|1"),
    ],
)
def test_a_fingerprint_is_of_rule_assets_in_order_of_text_and_stretch(connection, tables, left, right, number, text):
    enter(connection, tables, [make_finding(left, right, stretch=number)])
    assert read(connection, "fingerprint") == [hashlib.sha256(text.encode()).hexdigest()[:32]]


def test_a_conflict_goes_from_new_to_active_to_resolved_and_comes_back_as_new(connection, tables):
    found = [make_finding(WATER, CABLE)]
    counts = [enter(connection, tables, each) for each in (found, found, found, [], [], found)]
    assert [(each.found_new, each.reopened, each.resolved) for each in counts] == [
        (1, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 1), (0, 0, 0), (0, 1, 0),
    ]  # fmt: skip
    assert read(connection, "status", "version") == [("new", 4)]
    assert read_history(connection, only(connection)) == [
        ("found", None),
        ("found_again", {"status": ["new", "active"]}),
        ("gone", {"status": ["active", "resolved"]}),
        ("came_back", {"status": ["resolved", "new"]}),
    ]


def test_what_people_did_survives_three_runs_with_edits_between(connection, tables, step):
    add_department(connection, "roads", "Giao thông", "Roads")
    found = [make_finding(WATER, CABLE), make_finding(WATER, CABLE, stretch=2)]
    enter(connection, tables, found)
    first, second = read(connection, "id")
    step(first, "own", value="roads")
    step(first, "due", value="2026-12-31")
    enter(connection, tables, found)
    step(first, "approve", "in a casing")
    step(second, "review")
    enter(connection, tables, [make_finding(WATER, CABLE, distance_m=0.15), found[1]])
    step(first, "comment", "measured again on site")
    enter(connection, tables, found[:1])
    assert read(connection, "status", "owner", "due_on", "reason") == [
        ("approved", "roads", datetime.date(2026, 12, 31), "in a casing"),
        ("resolved", None, None, None),
    ]
    assert [action for action, _ in read_history(connection, first)] == [
        "found", "owned", "due", "found_again", "approved", "changed", "commented", "changed",
    ]  # fmt: skip
    assert read_history(connection, first)[5][1] == {"distance_m": [0.2, 0.15]}
    assert [action for action, _ in read_history(connection, second)] == ["found", "found_again", "reviewed", "gone"]


def test_an_approval_does_not_outlive_the_conflict_it_was_given_for(connection, tables, step):
    enter(connection, tables, [make_finding(WATER, CABLE)])
    step(only(connection), "approve", "in a casing")
    enter(connection, tables, [])
    enter(connection, tables, [make_finding(WATER, CABLE)])
    assert read(connection, "status", "reason", "status_by") == [("new", None, None)]


def test_a_run_of_one_pack_or_without_a_rule_leaves_the_others(connection, tables):
    enter(connection, tables, [make_finding(WATER, CABLE, rule) for rule in RULES])
    enter(connection, tables, [], packs=("city",), unchecked=(RULES[1],))
    assert read(connection, "rule", "status") == [(RULES[0], "resolved"), (RULES[1], "new"), (RULES[2], "new")]


def test_a_narrowed_run_resolves_only_what_it_looked_at(connection, tables):
    mine, other = make_finding(WATER, CABLE), make_finding(("water_pipe", 7), ("sewer_pipe", 8), RULES[1])
    enter(connection, tables, [mine, other])
    assert enter(connection, tables, [other], focus=[("sewer_pipe", 8)]).resolved == 0
    assert read(connection, "status") == ["new", "new"]  # of those that stay, only a whole run makes them active
    assert enter(connection, tables, [], focus=[CABLE, ("tree", 1)]).resolved == 1
    assert sorted(read(connection, "left_id", "status")) == [(1, "resolved"), (7, "new")]


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        ({"severity": "possible"}, {"severity": ["violation", "possible"]}),
        ({"required_m": 1.0}, {"required_m": [0.5, 1.0]}),
        ({"severity": "vertical_unknown", "distance_m": None},
         {"severity": ["violation", "vertical_unknown"], "distance_m": [0.2, None]}),
        ({"distance_m": 0.2004, "length_m": 99.0}, None),
    ],
)  # fmt: skip
def test_another_answer_is_told_and_a_hair_is_not(connection, tables, values, changes):
    enter(connection, tables, [make_finding(WATER, CABLE)])
    enter(connection, tables, [make_finding(WATER, CABLE)])
    counts = enter(connection, tables, [make_finding(WATER, CABLE, **values)])
    told = read_history(connection, only(connection))[2:]
    assert (counts.changed, told) == ((1, [("changed", changes)]) if changes else (0, []))
    assert read(connection, "version") == [3 if changes else 2]


def test_a_conflict_is_in_the_nearest_street_everybody_may_know(connection, tables):
    for name, north, values in (
        ("Far", 80, {}),
        ("Secret", 1, {"sensitivity": "restricted"}),
        ("Gone", 2, {"status": "removed"}),
        ("Lê Lợi", 20, {}),
    ):
        line = f"LINESTRING(602990 {1191500 + north},603010 {1191500 + north})"
        insert(connection, tables, "road_segment", wkt=line, name=name, **values)
    enter(connection, tables, [make_finding(WATER, CABLE), make_finding(WATER, CABLE, stretch=2, east_m=500)])
    assert read(connection, "street") == ["Lê Lợi", None]


def test_groups_are_of_street_rule_and_each_owner(connection, catalogue, tables):
    owners = {"left_owner": "Sawaco", "right_owner": "EVN"}
    enter(
        connection,
        tables,
        [
            make_finding(WATER, CABLE, **owners),
            make_finding(WATER, CABLE, RULES[1], left_owner="Sawaco", right_owner="Sawaco"),
            make_finding(WATER, None, RULES[2], left_owner="Sawaco", severity="possible"),
        ],
    )

    def count(by):
        found = read_groups(connection, catalogue, tables, RegisterQuery(SYSTEM), by)
        return [(each.value, each.conflicts) for each in found]

    assert count("asset_owner") == [("Sawaco", 3), ("EVN", 1)]
    assert count("rule") == [(rule, 1) for rule in sorted(RULES)]
    assert count("street") == [(None, 3)]
    assert count("severity") == [("violation", 2), ("possible", 1)]


def test_conflicts_one_after_the_other_are_those_of_the_page(connection, catalogue, tables):
    enter(connection, tables, [make_finding(WATER, CABLE, stretch=number) for number in range(1, 8)])
    for values in ({}, {"limit": 3}, {"limit": 3, "offset": 2, "sort": "-id"}, {"statuses": ("resolved",)}):
        query = RegisterQuery(SYSTEM, **values)
        page = read_register(connection, catalogue, tables, query)
        assert tuple(stream_register(connection, catalogue, tables, query)) == page.conflicts


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (update(CONFLICT).values(last_run_id=10**12), "a run that there is not"),
        (update(CONFLICT_EVENT).values(run_id=10**12), "a run that there is not"),
        (update(CONFLICT_EVENT).values(conflict_id=10**12), "a conflict that there is not"),
        (insert_row(CONFLICT_EVENT).values(conflict_id=10**12, **EVENT), "a conflict that there is not"),
        (delete(CONFLICT_RUN), "name this run"),
    ],
)
def test_what_the_register_names_is_there(connection, tables, statement, words):
    enter(connection, tables, [make_finding(WATER, CABLE)])
    with pytest.raises(IntegrityError, match=words):
        connection.execute(statement)


@pytest.mark.parametrize("statement", [delete(CONFLICT), text("TRUNCATE gis.conflict")])
def test_with_a_conflict_its_history_goes(connection, tables, statement):
    enter(connection, tables, [make_finding(WATER, CABLE)])
    connection.execute(statement)
    assert connection.execute(select(func.count()).select_from(CONFLICT_EVENT)).scalar_one() == 0
    connection.execute(delete(CONFLICT_RUN))  # nothing names it any more


def test_a_step_by_an_old_version_is_refused(connection, tables, step):
    enter(connection, tables, [make_finding(WATER, CABLE)])
    number = only(connection)
    assert step(number, "review", version=1).version == 2
    with pytest.raises(StaleVersion, match=f"conflict {number} is at version 2 by now, not 1"):
        step(number, "approve", "x", version=1)
    assert step(number, "comment", "seen", version=2).version == 2  # a word changes nothing


def test_a_step_that_changes_nothing_leaves_no_trace(connection, tables, step):
    enter(connection, tables, [make_finding(WATER, CABLE)])
    step(only(connection), "due", value="2026-12-31")
    assert step(only(connection), "due", value="2026-12-31").version == 2
    assert len(read_history(connection, only(connection))) == 2


def test_who_edits_neither_layer_decides_nothing(connection, tables, step):
    connection.execute(update(tables.get("water_pipe")).values(owner=None))
    enter(connection, tables, [make_finding(WATER, CABLE)])
    reader = make_actor(("*", "viewer"))
    with pytest.raises(NotPermitted, match="lan may not approve conflict"):
        step(only(connection), "approve", "x", actor=reader)
    editor = make_actor(("power_cable_underground", "editor"), ("*", "viewer"))
    assert step(only(connection), "approve", "x", actor=editor).status == "approved"
    with pytest.raises(MissingError, match="there is no conflict"):
        step(only(connection), "review", actor=make_actor(("tree", "editor")))


def test_the_register_is_asked_by_what_people_wrote(connection, catalogue, tables, step):
    add_person(connection, "chi", "Chi")
    add_department(connection, "roads", "Giao thông", "Roads")
    enter(connection, tables, [make_finding(WATER, CABLE), make_finding(WATER, None, RULES[2])])
    first, second = read(connection, "id")
    step(first, "own", value="roads")
    step(second, "due", value="2026-01-01")

    def ask(**values):
        found = read_register(connection, catalogue, tables, RegisterQuery(SYSTEM, **values))
        return [each.id for each in found.conflicts]

    assert ask(equals={"owner": "roads"}) == [first] and ask(equals={"layer": CABLE[0]}) == [first]
    assert ask(due_before=datetime.date(2026, 6, 1)) == [second] and ask(sort="-id") == [second, first]
    assert ask(equals={"kind": "cover"}) == [second] and ask(rule="nation") == [second]
    with pytest.raises(InvalidParameter, match="there is no person 'chi' who may see conflict"):
        step(first, "assign", value="chi")


PATHS = {
    "review": ("reviewed", {"new", "active"}),
    "approve": ("approved", {"new", "active", "reviewed"}),
    "resolve": ("resolved", {"new", "active", "reviewed", "approved"}),
    "reopen": ("active", {"reviewed", "approved", "resolved"}),
}
ASSETS = {0: (WATER, CABLE), 1: (WATER, ("sewer_pipe", 3)), 2: (("sewer_pipe", 3), None)}
SEEN = st.dictionaries(st.integers(0, 2), st.sampled_from([0.1, 0.2, 0.3]))
WHOLE_RUNS = st.tuples(st.just("run"), SEEN)
NARROWED_RUNS = st.tuples(st.just("near"), SEEN, st.sampled_from([WATER, CABLE, ("sewer_pipe", 3)]))
STEPS = st.tuples(st.just("step"), st.integers(0, 2), st.sampled_from(sorted(PATHS)))


def apply_to_model(model, event):
    """The statuses after a run or a step, by the words of the issue and no SQL."""
    if event[0] == "step":
        _, number, action = event
        status, sources = PATHS[action]
        if model.get(number) in sources:
            model[number] = status
        return
    focus = event[2] if event[0] == "near" else None
    seen = {each for each in event[1] if focus is None or focus in ASSETS[each]}
    for each in list(model):
        if each not in seen and (focus is None or focus in ASSETS[each]):
            model[each] = "resolved"
    for each in seen:
        before = model.get(each)
        if before in (None, "resolved"):
            model[each] = "new"
        elif before == "new" and focus is None:
            model[each] = "active"


def apply_to_register(connection, tables, city, event):
    """The same in the database; what may not be done is refused there, too."""
    if event[0] == "step":
        known = {key: number for number, key in connection.execute(select(CONFLICT.c.id, CONFLICT.c.rule))}
        number = known.get(RULES[event[1]])
        if number is None:
            return
        try:
            working.take(connection, city, SYSTEM, Step(number, event[2], "a reason"), NOW)
        except ConflictError:
            return
        return
    focus = event[2] if event[0] == "near" else None
    findings = [
        make_finding(*ASSETS[each], RULES[each], distance_m=distance)
        for each, distance in event[1].items()
        if focus is None or focus in ASSETS[each]
    ]
    enter(connection, tables, findings, focus=None if focus is None else [focus])


@given(st.lists(st.one_of(WHOLE_RUNS, NARROWED_RUNS, STEPS), max_size=10))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_register_is_what_runs_and_people_made_it(connection, tables, city, events):
    with connection.begin_nested() as undone:
        model = {}
        for event in events:
            apply_to_model(model, event)
            apply_to_register(connection, tables, city, event)
        rows = connection.execute(select(CONFLICT)).all()
        assert {RULES.index(row.rule): row.status for row in rows} == model
        for row in rows:
            require_told(connection, row)
        undone.rollback()


def require_told(connection, row):
    """The history of a conflict, played from its start, ends in what the register says of it."""
    statuses = ["new"]
    for action, changes in read_history(connection, row.id)[1:]:
        assert action != "found"
        if "status" in (changes or {}):
            assert changes["status"][0] == statuses[-1]
            statuses.append(changes["status"][1])
    assert statuses[-1] == row.status
    assert (row.resolved_on is not None) == (row.status == "resolved")
    assert row.status != "approved" or row.reason == "a reason"


@pytest.fixture
def kept(engine, tables):
    """The number of a conflict that other transactions see."""
    with writing(engine) as connection:
        enter(connection, tables, [make_finding(WATER, CABLE)])
        number = only(connection)
    yield number
    with writing(engine) as connection:
        connection.execute(delete(CONFLICT))
        connection.execute(delete(CONFLICT_RUN))


def test_of_two_who_decide_at_once_one_is_told_so(engine, tables, city, kept):
    results = []

    def decide(action):
        try:
            with writing(engine) as connection:
                results.append(working.take(connection, city, SYSTEM, Step(kept, action, "x", version=1), NOW).status)
        except StaleVersion:
            results.append("stale")

    threads = [threading.Thread(target=decide, args=(each,)) for each in ("approve", "review")]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert len(results) == 2 and results.count("stale") == 1


def test_what_somebody_did_while_a_run_was_at_work_is_kept(engine, tables, city, kept):
    with writing(engine) as connection:
        connection.execute(select(func.count()).select_from(CONFLICT)).scalar_one()
        with writing(engine) as other:
            working.take(other, city, SYSTEM, Step(kept, "approve", "while it ran"), NOW)
        enter(connection, tables, [make_finding(WATER, CABLE)])
        later = threading.Thread(target=lambda: take_quietly(engine, city, kept))
        later.start()
        later.join(0.3)
        assert later.is_alive()  # who writes waits for the end of the run, and is not refused
    later.join(30)
    with writing(engine) as connection:
        conflict = read_conflict(connection, city.catalogue, city.tables, SYSTEM, kept)
        events = [each.action for each in read_events(connection, conflict, SYSTEM)]
    assert (conflict.status, events) == ("active", ["found", "approved", "reopened"])


def take_quietly(engine, city, number):
    with writing(engine) as connection:
        working.take(connection, city, SYSTEM, Step(number, "reopen", "later"), NOW)
