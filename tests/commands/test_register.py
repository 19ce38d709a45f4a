"""`gis-infra conflicts show, groups, assign ...`, run as a person would."""

import json
import re
from functools import partial

import pytest
from sqlalchemy import delete, select

from gis_infra.accounts.people import add_person, grant_to_person
from gis_infra.accounts.tables import PERSON
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_RUN
from gis_infra.cli.conflicts import command
from gis_infra.errors import ConflictError, InvalidParameter, MissingError, NotPermitted
from gis_infra.storage.transactions import writing
from tests.register import PAIR, RULES, enter, make_finding


@pytest.fixture
def run(call, known_layers):
    """Run `gis-infra conflicts …` on the tests' database; raises what the program refuses."""
    return partial(call, command)


@pytest.fixture
def number(engine, tables, catalogue):
    """The number of the first of two conflicts; Chi may see them and Dũng edits water pipes."""
    with writing(engine) as connection:
        add_person(connection, "chi", "Chi")
        add_person(connection, "dung", "Dũng")
        grant_to_person(connection, "chi", "viewer", "*", catalogue)
        grant_to_person(connection, "dung", "editor", "sector:water", catalogue)
        grant_to_person(connection, "dung", "viewer", "sector:power", catalogue)
        cover = make_finding(PAIR["left"], None, RULES[2], distance_m=None, severity="vertical_unknown")
        enter(connection, tables, [make_finding(**PAIR, left_owner="Sawaco"), cover])
        found = connection.execute(select(CONFLICT.c.id).where(CONFLICT.c.rule == RULES[0])).scalar_one()
    yield str(found)
    with writing(engine) as connection:
        for table in (CONFLICT, CONFLICT_RUN, PERSON):
            connection.execute(delete(table))


def test_a_conflict_is_shown_with_all_that_became_of_it(run, number):
    assert run("assign", number, "chi").output == f"conflict {number} is new, version 2\n"
    run("comment", number, "--text", "xem hố ga", "--as", "chi")
    told = run("approve", number, "--text", "trong ống lồng", "--as", "dung").output
    assert told == f"conflict {number} is approved, version 3\n"
    shown = run("show", number).output
    assert "assignee: chi" in shown and "reason: trong ống lồng" in shown
    assert "assigned by system: assignee None -> chi" in shown
    assert "commented by chi: xem hố ga" in shown
    assert re.search(r"approved by dung: status new -> approved.*trong ống lồng", shown)
    document = json.loads(run("show", number, "--as", "chi", "--json").output)
    assert document["allowed"] == ["comment", "due", "review", "resolve", "reopen"]


def test_the_list_is_narrowed_and_says_where_heights_are_unknown(run, number):
    assert "height unknown of 0.50 m" in run("list", "--severity", "vertical_unknown").output
    run("due", number, "2026-01-01")
    assert run("list", "--overdue").output.endswith("1 of 1 conflict\n")
    assert run("list", "--asset-owner", "Sawaco").output.endswith("1 of 1 conflict\n")
    found = json.loads(run("list", "--json", "--sort", "-id").output)
    assert [each["id"] for each in found["features"]] == sorted(
        (each["id"] for each in found["features"]), reverse=True
    )


def test_a_sector_and_a_rule_narrow_the_list_and_must_be_there(run, number):
    assert run("list", "--sector", "power").output.endswith("1 of 1 conflict\n")
    assert run("list", "--rule", RULES[0]).output.endswith("1 of 1 conflict\n")
    with pytest.raises(InvalidParameter, match=r"no rule .nope.; there are the packs .*qcvn01"):
        run("list", "--rule", "nope")
    with pytest.raises(InvalidParameter, match=r"sector must be one of .*water"):
        run("groups", "--sector", "gold")


def test_people_a_conflict_may_be_given_to_are_listed(run, number):
    assert run("assignees", number).output.splitlines() == ["chi\tChi", "dung\tDũng"]
    with pytest.raises(NotPermitted, match="chi may not assign"):
        run("assignees", number, "--as", "chi")


def test_groups_are_counted(run, number):
    assert (
        run("groups", "--by", "kind").output == "      1  clearance: 1 violation\n      1  cover: 1 vertical_unknown\n"
    )
    assert json.loads(run("groups", "--by", "asset_owner", "--json").output)["by"] == "asset_owner"


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("reopen", "{}"), ConflictError, "is new; to reopen it"),
        (("review", "0"), MissingError, "there is no conflict 0"),
        (("approve", "{}", "--text", "x", "--as", "chi"), NotPermitted, "chi may not approve"),
        (("assign", "{}", "nobody"), InvalidParameter, "there is no person 'nobody'"),
        (("due", "{}", "soon"), InvalidParameter, "a due date is a day"),
        (("show", "{}", "--as", "nobody"), MissingError, "there is no person 'nobody'"),
    ],
)
def test_what_cannot_be_done_is_said(run, number, arguments, error, words):
    with pytest.raises(error, match=words):
        run(*(each.format(number) for each in arguments))


def test_an_approval_without_a_reason_is_not_taken(run, number):
    refused = run("approve", number)
    assert refused.exit_code == 2 and "Missing option '--text'" in refused.output
