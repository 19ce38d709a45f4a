"""Pages of a bare box, whose statements are kept: each page is its own reader's, box's and form's."""

import pytest

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.features import box_pages
from gis_infra.features.query import Cursor, FeatureQuery
from gis_infra.features.reading import read_page
from gis_infra.spatial.boxes import Bbox
from tests.builders import insert_many

LEVELS = ("public", "restricted", "public", "public", "public")
STREET = Bbox(602990, 1190990, 603410, 1191010, 9210)
DEGREES = Bbox(106.69, 10.76, 106.70, 10.78, 4326)


@pytest.fixture
def ask(connection, tables, catalogue):
    """A function that reads a page of hydrants, of which the second is restricted and the fourth is nowhere."""
    rows = [
        {
            "wkt": f"POINT({603000 + 100 * n} 1191000)",
            "asset_code": f"H{n}",
            "sensitivity": ("public", "restricted")[n == 1],
        }
        for n in range(5)
    ]
    insert_many(connection, tables, "fire_hydrant", [*rows[:3], {"asset_code": "H3"}, rows[4]])

    def read(actor=SYSTEM, **more):
        return read_page(connection, tables, FeatureQuery(catalogue.get_layer("fire_hydrant"), actor, **more))

    return read


def codes(page):
    return [feature.properties["asset_code"] for feature in page.features]


def test_a_statement_kept_for_one_reader_is_never_anothers(ask):
    for _ in range(2):
        assert codes(ask(bbox=STREET)) == ["H0", "H1", "H2", "H4"]
        assert codes(ask(ANONYMOUS, bbox=STREET)) == ["H0", "H2", "H4"]


def test_each_page_has_its_own_box_and_numbers(ask):
    narrow = Bbox(602990, 1190990, 603110, 1191010, 9210)
    pages = [ask(bbox=STREET, limit=2), ask(bbox=narrow), ask(bbox=STREET, limit=3), ask(bbox=DEGREES, limit=1)]
    assert [codes(page) for page in pages] == [["H0", "H1"], ["H0", "H1"], ["H0", "H1", "H2"], ["H0"]]
    assert [page.matched for page in pages] == [4, 2, 4, 4]
    after = ask(bbox=STREET, limit=2, cursor=pages[0].next_cursor)
    before = ask(bbox=STREET, limit=2, cursor=Cursor((), after.features[0].id, backwards=True))
    assert (codes(after), codes(before)) == (["H2", "H4"], ["H0", "H1"])


@pytest.mark.parametrize(
    "box",
    [
        Bbox(603000, 1191000, 603000, 1191000, 9210),
        Bbox(603000, 1191000, 603001, 1191001, 9210, heights=(0, 1)),
        Bbox(106.693, -90, 106.6936, 90, 4326, heights=(0, 1)),
        Bbox(179, -90, -179, 90, 4326),
        Bbox(682800, 1190500, 682900, 1191500, 32648),
    ],
    ids=["of no size", "with heights", "degrees with heights", "over the antimeridian", "of another system"],
)
def test_a_box_that_asks_for_more_than_its_corners_is_not_kept(ask, box, tables):
    before = dict(tables.kept)
    assert ask(bbox=box).matched is not None
    assert tables.kept == before


def test_statements_are_not_kept_without_end(ask, tables, monkeypatch):
    monkeypatch.setattr(box_pages, "MOST_KEPT", 3)
    for decimals in range(8):
        assert len(codes(ask(bbox=STREET, decimals=decimals))) == 4
    assert len(tables.kept) <= 3


def test_properties_of_a_kept_statement_are_those_asked_for(ask):
    assert ask(bbox=STREET, properties=("status",)).features[0].properties.keys() == {"status"}
    assert ask(bbox=STREET, properties=("asset_code",)).features[0].properties.keys() == {"asset_code"}
