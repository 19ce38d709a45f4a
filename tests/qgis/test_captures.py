"""What QGIS once asked in a whole edit session is answered today as it was then: see docs/captures."""

import re

import pytest

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.settings import ROOT
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.qgis.captures import ADDRESS, Names, parse_page, tell_answer
from tests.qgis.conftest import PASSWORD, USER
from tests.web import wfs_city

PAGES = sorted((ROOT / "docs" / "captures").glob("qgis_*.md"))
VERSIONS = ("2.0.0", "1.1.0", "1.0.0")


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    """The application over the small city of the WFS; lan may edit the sector water."""
    with writing(engine) as connection:
        people.add_person(connection, USER, "Lan", password=PASSWORD)
        people.grant_to_person(connection, USER, "editor", "sector:water", catalogue)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        connection.execute(PERSON.delete())


@pytest.fixture
def client(app, engine, tables):
    """A caller of a city in which nobody has edited yet."""
    with writing(engine) as connection:
        wfs_city.fill(connection, tables)
    yield app.test_client()
    with writing(engine) as connection:
        wfs_city.clear(connection, tables)


def test_there_is_a_capture_of_each_version():
    assert {page.stem.rpartition("_")[2] for page in PAGES} == set(VERSIONS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_session_of_qgis_is_answered_as_it_was(client, page):
    text = page.read_text(encoding="utf-8")
    asked = parse_page(text)
    assert len(asked) == text.count("\nAnswered: ") > 15
    names = Names()
    for each in asked:
        answer = client.open(
            names.show(each.target),
            base_url=ADDRESS,
            method=each.method,
            data=names.show(each.body).encode(),
            content_type="text/xml",
            auth=(USER, PASSWORD) if each.signed_in else None,
        )
        layer = "building" if each.answered.endswith("of building") else "fire_hydrant"
        assert tell_answer(answer.status_code, answer.text, layer) == each.answered, each
        names.learn(answer.text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_capture_keeps_nothing_of_who_signed_in_and_no_id(page):
    text = page.read_text(encoding="utf-8")
    assert PASSWORD not in text and "Authorization" not in text and "127.0.0.1" not in text
    assert not re.search(r"\b(fire_hydrant|building)\.\d", "".join(each.body for each in parse_page(text)))
