"""The button "Open in QGIS": whoever presses it gets the layers they may see, no others, in the language of the map."""

import re
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import expect

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.analysis.coverage.layers import add_coverage
from gis_infra.analysis.register.layer import add_register
from tests.journeys.conftest import PLANNER, sign_in

KHANH = ("khanh", "mot-mat-khau-dai-34")
BUTTONS = {"vi": "Mở trong QGIS", "en": "Open in QGIS"}
LINKS = {"qgs": {"vi": "Dự án (.qgs)", "en": "Project (.qgs)"}, "qlr": {"vi": "Các lớp (.qlr)", "en": "Layers (.qlr)"}}


@pytest.fixture(scope="module")
def of_water(browser, address, quarter_engine, catalogue):
    """The cookies of somebody who may see the sector water and edit it, and of the others what is shared."""
    with quarter_engine.begin() as connection:
        people.add_person(connection, KHANH[0], "Lê Khánh", password=KHANH[1])
        people.grant_to_person(connection, KHANH[0], "editor", "sector:water", catalogue)
    yield sign_in(browser, address, KHANH)
    with quarter_engine.begin() as connection:
        connection.execute(PERSON.delete().where(PERSON.c.username == KHANH[0]))


@pytest.fixture
def states(signed_in, of_water):
    """The cookies of everybody, by who it is."""
    return {"nobody": None, "planner": signed_in, "water": of_water}


@pytest.fixture
def shown(catalogue, tables):
    """The layers of the map: those of the city, the register of conflicts, and what coverage found."""
    return add_coverage(*add_register(catalogue, tables))[0]


def list_visible(catalogue, who):
    """The layers somebody may see, by id: the public's; with a name also what is shared; with a grant its own."""
    return {
        layer_id: layer
        for layer_id, layer in catalogue.layers.items()
        if who == "planner"
        or layer.access == "public"
        or (who == "water" and (layer.access == "shared" or layer.sector == "water"))
    }


def open_panel(session, language):
    """The window that the button opens on the map in a language."""
    page = session.open(f"#lang={language}" if language == "en" else "")
    page.get_by_role("button", name=BUTTONS[language]).click()
    panel = page.get_by_role("dialog")
    expect(panel).to_be_visible()
    return panel


def take_file(session, panel, suffix, language):
    """What comes of a link in the window: an XML file of that kind."""
    with session.page.expect_download() as told:
        panel.get_by_role("link", name=LINKS[suffix][language]).click()
    assert told.value.suggested_filename == f"gis-infra.{suffix}"
    return Path(told.value.path()).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("who", ["nobody", "planner", "water"])
def test_the_files_have_the_layers_one_may_see_in_the_language_of_the_map(visit, states, shown, address, who, language):
    session = visit(state=states[who])
    panel = open_panel(session, language)
    visible = list_visible(shown, who)
    hidden = [each for each in shown.layers.values() if each.id not in visible]
    for suffix in LINKS:
        text = take_file(session, panel, suffix, language)
        root = etree.fromstring(text.encode())
        sources = [str(each.text) for each in root.iter("datasource")]
        assert sorted(re.search(r"typename='infra:(\w+)'", each)[1] for each in sources) == sorted(visible)
        door = "/wfs" if who == "nobody" else "/wfs/signed-in"
        assert all(f"url='{address}{door}'" in each for each in sources)
        titles = {each.title.get_in(language) for each in visible.values()}
        assert {each.get("name") for each in root.iter("layer-tree-layer")} == titles
        groups = {each.get("name") for each in root.iter("layer-tree-group")}
        assert groups >= {shown.sectors[each.sector].title.get_in(language) for each in visible.values()}
        # What one may not see is not in it in any other way either, and no password is.
        assert [each.id for each in hidden if f"infra:{each.id}'" in text] == []
        assert PLANNER[1] not in text and KHANH[1] not in text


def test_only_who_may_edit_a_layer_gets_it_open_for_editing(visit, states, catalogue):
    session = visit(state=states["water"])
    text = take_file(session, open_panel(session, "en"), "qgs", "en")
    editable = {
        re.search(r"infra:(\w+)'", str(each.findtext("datasource")))[1]
        for each in etree.fromstring(text.encode()).iter("maplayer")
        if each.get("readOnly") == "0"
    }
    assert editable == {layer.id for layer in catalogue.layers.values() if layer.sector == "water"}


def test_the_window_says_what_the_files_are_for(visit, signed_in):
    session = visit(state=signed_in)
    panel = open_panel(session, "en")
    expect(panel).to_contain_text("QGIS will ask for your user name and password.")
    session.shoot("open_in_qgis")
    session.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
