"""What a works check and its letters keep to themselves, and what they never claim."""

import datetime
from dataclasses import replace

import pytest
from lxml import html
from shapely import box

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.contacts import store
from gis_infra.analysis.contacts.entries import Entry
from gis_infra.analysis.rules.model import list_in_force
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.works.checking import check_works
from gis_infra.analysis.works.works import Works
from gis_infra.reports.works import to_works_check
from gis_infra.reports.works_letters import render_works_letters
from tests.builders import insert, make_actor

SRID = 9210
EAST, NORTH = 603000, 1191500
WORKS = Works(box(EAST, NORTH, EAST + 10, NORTH + 10))
SEEN_OF_POWER = ("distribution_transformer", "power_line_overhead", "power_pole", "street_light")


@pytest.fixture(scope="module")
def ground(settings, catalogue, tables):
    return Ground(read_rules(settings.layers, catalogue), catalogue, tables)


@pytest.fixture
def check(connection, ground, settings):
    """Checks works for somebody by the packs in force, or by others."""

    def check(actor=SYSTEM, works=WORKS, packs=None):
        rules = list_in_force(ground.book, settings.rule_packs if packs is None else packs, datetime.date(2026, 11, 23))
        return check_works(connection, ground, rules, works, actor)

    return check


@pytest.fixture
def keep(connection):
    return lambda owner, *sectors: store.add_contact(connection, SYSTEM, Entry(owner, "Ban", sectors), SRID)


@pytest.fixture
def lay(connection, tables):
    wkt = f"LINESTRING({EAST - 50} {NORTH + 5},{EAST + 50} {NORTH + 5})"
    return lambda layer, **values: insert(connection, tables, layer, wkt=wkt, **values)


def answer(found, owner):
    return next(each.answer for each in found.asked if each.owner == owner)


def test_who_may_not_see_a_layer_of_the_sector_is_not_told_that_nothing_is_there(check, keep, lay):
    keep("EVN HCMC", "power")
    partly = make_actor(*((each, "viewer") for each in SEEN_OF_POWER))
    before = check(partly)
    assert answer(before, "EVN HCMC") == "not_shown"
    lay("power_cable_underground", owner="EVN HCMC")
    assert check(partly).asked == before.asked
    assert answer(check(), "EVN HCMC") == "met"


def test_what_no_rule_looked_at_is_not_said_to_be_empty(check, keep, lay):
    keep("Sawaco", "water")
    lay("water_pipe", owner="Sawaco")
    assert answer(check(packs=("qcvn01",)), "Sawaco") == "not_shown"


def test_a_letter_about_assets_without_an_owner_tells_those_of_the_sector_that_are_open(
    check, keep, lay, connection, ground
):
    keep("Sawaco", "water")
    keep("FPT", "telecom")
    keep("EVN HCMC", "power")
    lay("water_pipe", asset_code="OPEN-W")
    lay("telecom_duct", asset_code="OPEN-T")
    lay("telecom_cable", asset_code="SECRET-T", sensitivity="restricted")
    lay("power_cable_underground", asset_code="SECRET-P")
    text = render_works_letters(connection, ground, SYSTEM, check(), "en")
    assert "SECRET" not in text
    letters = [(each.find(".//b").text, each.text_content()) for each in html.fromstring(text).findall(".//section")]
    told = {(owner, code) for owner, words in letters for code in ("OPEN-W", "OPEN-T") if code in words}
    assert told == {("Sawaco", "OPEN-W"), ("FPT", "OPEN-T")}
    assert {owner for owner, _ in letters} == {"Sawaco", "FPT", "EVN HCMC"}
    assert not any("whose owner is not recorded" in words for owner, words in letters if owner == "EVN HCMC")


def test_works_that_begin_with_the_calendar_have_no_day_to_tell_before(check, lay):
    lay("power_cable_underground", owner="EVN HCMC")
    (asked,) = check(works=replace(WORKS, starts_on=datetime.date(1, 1, 5))).asked
    assert (asked.notify_days, asked.notify_by) == (10, None)


def test_a_letter_hides_how_soon_others_must_be_told(check, keep, lay, connection, ground):
    keep("Sawaco", "water")
    lay("water_pipe", asset_code="OPEN-W")
    before = render_works_letters(connection, ground, SYSTEM, check(), "en")
    lay("power_cable_underground")
    assert render_works_letters(connection, ground, SYSTEM, check(), "en") == before


def test_a_number_of_days_that_nobody_verified_is_marked_where_it_is_told(check, lay, connection, ground):
    lay("power_cable_underground", owner="EVN HCMC")
    found = check()
    assert [each.notify_verified for each in found.asked] == [False]
    assert [each["notify_verified"] for each in to_works_check(found, SRID)["owners"]] == [False]
    letter = html.fromstring(render_works_letters(connection, ground, SYSTEM, found, "en"))
    (notice,) = [each for each in letter.findall(".//p") if "at least 10 days" in each.text_content()]
    assert "number not verified in its primary text" in notice.text_content()
