"""Contacts: what is taken, what is refused in which words, who may, two writers; and whom works make us ask."""

import datetime

import pytest
from shapely import MultiPolygon, box

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.contacts import store
from gis_infra.analysis.contacts.entries import Entry, parse_entry
from gis_infra.analysis.rules.model import list_in_force
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.works.checking import check_works
from gis_infra.analysis.works.works import Works
from gis_infra.errors import ConflictError, InvalidParameter, MissingError, NotPermitted, SignInNeeded, StaleVersion
from tests.builders import insert, make_actor

SECTORS = ("power", "telecom", "water")
SRID = 9210
EAST, NORTH = 603000, 1191500
PIT = box(EAST, NORTH, EAST + 10, NORTH + 10)
AREA = {"type": "Polygon", "coordinates": [[[106.6, 10.7], [106.8, 10.7], [106.8, 10.9], [106.6, 10.7]]]}


def parse(**fields):
    return parse_entry({"owner": "Sawaco", "name": "Ban kỹ thuật", **fields}, SECTORS, SRID)


def test_a_contact_is_read_field_by_field():
    found = parse(sectors=["water", "power", "water"], email=" a@b.vn ", phone="+84 28 3829 1777 ext 12",
                  address="1 A\r\nQuận 3", area=AREA)  # fmt: skip
    assert (found.sectors, found.email, found.address) == (("power", "water"), "a@b.vn", "1 A\nQuận 3")
    assert found.area.geom_type == "MultiPolygon" and parse(email="").email is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"owner": " "}, "a contact needs owner"),
        ({"name": 5}, "name must be text, got 5"),
        ({"name": "a\nBcc: x@y.vn"}, "name must be printable text"),
        ({"name": "x" * 201}, "name has 201 letters, at most 200"),
        ({"sectors": "water"}, "sectors must be a list"),
        ({"sectors": ["gas"]}, "a sector is one of power, telecom, water, got 'gas'"),
        ({"email": "a@b"}, "email must be an address like"),
        ({"email": "a@b.vn,c@d.vn"}, "email must be an address like"),
        ({"phone": "call me"}, "phone must be a number like"),
        ({"area": {"type": "Point", "coordinates": [106.7, 10.8]}}, "area must be a Polygon"),
        ({"area": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}}, "far outside the city"),
        ({"fax": "1"}, "a contact has no 'fax'; it has owner, name"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(fields, words):
    with pytest.raises(InvalidParameter, match=words):
        parse(**fields)


def test_a_contact_is_added_changed_and_removed(connection):
    made = store.add_contact(connection, SYSTEM, parse(area=AREA), SRID)
    assert made.version == 1 and made.updated_by == "system" and made.area["type"] == "MultiPolygon"
    changed = store.change_contact(connection, SYSTEM, made, parse(phone="028 1"), SRID)
    assert (changed.version, changed.phone, changed.area) == (2, "028 1", None)
    store.remove_contact(connection, SYSTEM, changed)
    with pytest.raises(MissingError, match=f"there is no contact {made.id}"):
        store.get_contact(connection, SYSTEM, made.id)


def test_the_second_of_two_writers_is_told(connection):
    seen = store.add_contact(connection, SYSTEM, parse(), SRID)
    store.change_contact(connection, SYSTEM, seen, parse(phone="028 1"), SRID)
    with pytest.raises(StaleVersion, match="is at version 2 now, not at 1"):
        store.change_contact(connection, SYSTEM, seen, parse(phone="028 2"), SRID)
    with pytest.raises(StaleVersion, match="is at version 2"):
        store.remove_contact(connection, SYSTEM, seen)


def test_an_owner_has_one_contact_of_a_name(connection):
    store.add_contact(connection, SYSTEM, parse(), SRID)
    with pytest.raises(ConflictError, match="Sawaco has a contact 'Ban kỹ thuật' already"):
        store.add_contact(connection, SYSTEM, parse(), SRID)


@pytest.mark.parametrize(("actor", "error"), [(ANONYMOUS, SignInNeeded), (make_actor(("*", "editor")), NotPermitted)])
def test_only_administrators_keep_contacts(connection, actor, error):
    made = store.add_contact(connection, SYSTEM, parse(), SRID)
    for step in (
        lambda: store.list_contacts(connection, actor),
        lambda: store.add_contact(connection, actor, parse(name="x"), SRID),
        lambda: store.change_contact(connection, actor, made, parse(), SRID),
        lambda: store.remove_contact(connection, actor, made),
    ):
        with pytest.raises(error):
            step()


@pytest.fixture
def ask(connection, settings, catalogue, tables):
    """Owner -> the answer, for works in the pit."""
    ground = Ground(read_rules(settings.layers, catalogue), catalogue, tables)
    rules = list_in_force(ground.book, settings.rule_packs, datetime.date(2026, 11, 23))

    def ask(actor=SYSTEM, **works):
        found = check_works(connection, ground, rules, Works(PIT, **works), actor)
        return {each.owner: each for each in found.asked}

    return ask


@pytest.fixture
def keep(connection, tables):
    def keep(owner, *sectors, area=None, name="Ban"):
        shape = None if area is None else MultiPolygon([area])
        return store.add_contact(connection, SYSTEM, Entry(owner, name, sectors, shape), tables.srid)

    return keep


@pytest.fixture
def lay(connection, tables):
    wkt = f"LINESTRING({EAST - 50} {NORTH + 5},{EAST + 50} {NORTH + 5})"
    return lambda layer, **values: insert(connection, tables, layer, wkt=wkt, **values)


def test_owners_met_come_with_their_contacts_however_they_are_spelled(ask, keep, lay):
    keep("Sawaco", "water")
    lay("water_pipe", owner="SAWACO ", asset_code="A")
    lay("water_pipe", owner="sawaco", asset_code="B")
    assert list(ask()) == ["Sawaco"]
    found = ask()["Sawaco"]
    assert (found.answer, found.layers, [each.name for each in found.contacts]) == ("met", {"water_pipe": 2}, ["Ban"])


def test_nothing_recorded_is_said_only_to_those_who_may_see_all_of_the_sector(ask, keep):
    keep("FPT", "telecom")
    assert ask()["FPT"].answer == "nothing_recorded"
    assert ask(make_actor(("sector:telecom", "viewer")))["FPT"].answer == "nothing_recorded"
    assert ask(make_actor())["FPT"].answer == "not_shown"
    assert ask(make_actor(("telecom_duct", "viewer")))["FPT"].answer == "not_shown"


def test_a_restricted_asset_changes_no_answer_to_who_may_not_see_it(ask, keep, lay):
    keep("FPT", "telecom")
    before = ask(make_actor())
    lay("telecom_duct", owner="FPT", sensitivity="restricted")
    assert ask(make_actor()) == before
    assert ask()["FPT"].answer == "met"


def test_assets_without_an_owner_go_to_the_contacts_of_their_sector(ask, keep, lay):
    keep("Sawaco", "water")
    keep("FPT", "telecom")
    lay("water_pipe")
    found = ask()
    assert [each.owner for each in found[None].contacts] == ["Sawaco"]
    assert (found["Sawaco"].answer, found["FPT"].answer) == ("owner_not_recorded", "nothing_recorded")


def test_contacts_are_those_of_the_place(ask, keep):
    keep("Here", "water", area=box(EAST + 5, NORTH, EAST + 500, NORTH + 500))
    keep("Near", "water", area=box(EAST + 15, NORTH, EAST + 500, NORTH + 500))
    keep("Asked only when met")
    assert list(ask()) == ["Here"]
    assert sorted(ask(buffer_m=6.0)) == ["Here", "Near"]


def test_the_public_is_told_of_owners_met_and_of_no_contacts(ask, keep, lay):
    keep("Thoát nước", "drainage")
    keep("FPT", "telecom")
    lay("sewer_pipe", owner="Thoát nước")
    found = ask(ANONYMOUS)
    assert list(found) == ["Thoát nước"] and found["Thoát nước"].contacts == ()


@pytest.mark.parametrize(("starts_on", "by"), [(datetime.date(2027, 1, 5), datetime.date(2026, 12, 26)), (None, None)])
def test_the_operator_of_a_cable_is_to_be_told_ten_days_before(ask, lay, starts_on, by):
    lay("power_cable_underground", owner="EVN HCMC")
    lay("water_pipe", owner="Sawaco")
    found = ask(starts_on=starts_on)
    assert (found["EVN HCMC"].notify_days, found["EVN HCMC"].notify_by) == (10, by)
    assert found["Sawaco"].notify_days is None
