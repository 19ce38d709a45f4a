"""Conditions, precedence and versions of rules, without files."""

import datetime

import pytest

from gis_infra.analysis.rules.model import (
    AssetClass,
    Condition,
    Member,
    Rule,
    RuleBook,
    RulePack,
    Side,
    hash_version,
    list_in_force,
)
from gis_infra.catalogue.definitions import Title
from gis_infra.errors import InvalidParameter

TITLE = Title("a", "b")
TODAY = datetime.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("operator", "value", "holds"),
    [
        ("in", "foul", True),
        ("in", "storm", False),
        ("in", None, False),
        ("not_in", "foul", False),
        ("not_in", "storm", True),
        ("not_in", None, True),
        ("has", "foul", True),
        ("has", "storm,foul", True),
        ("has", "fouls,storm", False),
        ("has", None, False),
        ("at_least", 200, True),
        ("at_least", 199.9, False),
        ("at_least", None, False),
        ("at_most", 200, True),
        ("at_most", 201, False),
        ("over", 200, False),
        ("over", 201, True),
        ("under", 200, False),
        ("under", None, False),
        ("under", "x", False),
    ],
)
def test_a_missing_value_satisfies_only_what_it_is_not(operator, value, holds):
    assert Condition("x", operator, ("foul",), 200.0).holds(value) is holds


def test_true_and_false_are_written_small():
    assert Condition("in_service", "not_in", ("false",)).holds(False) is False
    assert Condition("in_service", "in", ("true",)).holds(True)


def make_rule(pack, name, required_m, authority="nation", **values):
    origin = {"source": "s", "clause": "c", "legal_basis": "l", "verified": False}
    said = {**origin, "valid_from": datetime.date(2020, 1, 1), **values}
    return Rule(f"{pack}.{name}", pack, "cover", TITLE, Side("main"), None, required_m, authority, **said)


def make_book(*rules):
    packs = {rule.pack: RulePack(rule.pack, TITLE, tuple(r for r in rules if r.pack == rule.pack)) for rule in rules}
    return RuleBook({"main": AssetClass("main", TITLE, (Member("water_pipe"),))}, packs)


def test_city_goes_before_nation_before_generic_then_packs_as_listed_then_the_most_binding():
    book = make_book(
        make_rule("generic", "big", 9.0, "generic"),
        make_rule("second", "big", 5.0),
        make_rule("first", "small", 1.0),
        make_rule("first", "big", 2.0),
        make_rule("city", "tiny", 0.1, "city"),
    )
    order = [rule.id for rule in list_in_force(book, ("generic", "first", "second", "city", "first"), TODAY)]
    assert order == ["city.tiny", "first.big", "first.small", "second.big", "generic.big"]


def test_only_rules_of_the_day_are_in_force():
    old = make_rule("p", "old", 1.0, valid_to=datetime.date(2024, 6, 30))
    new = make_rule("p", "new", 1.0, valid_from=datetime.date(2024, 7, 1))
    book = make_book(old, new)
    assert list_in_force(book, ("p",), datetime.date(2024, 6, 30)) == (old,)
    assert list_in_force(book, ("p",), datetime.date(2024, 7, 1)) == (new,)
    assert list_in_force(book, ("p",), datetime.date(2019, 7, 1)) == ()


def test_an_unknown_pack_is_refused_with_those_there_are():
    with pytest.raises(InvalidParameter, match="there is no rule pack 'qcvn'; there are p"):
        list_in_force(make_book(make_rule("p", "x", 1.0)), ("qcvn",), TODAY)


def test_a_version_changes_with_any_number_and_with_nothing_else():
    book = make_book(make_rule("p", "x", 1.0))
    same, other = make_book(make_rule("p", "x", 1.0)), make_book(make_rule("p", "x", 1.1))
    versions = [hash_version(each, each.packs["p"].rules) for each in (book, same, other)]
    assert versions[0] == versions[1] != versions[2]
