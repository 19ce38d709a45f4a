"""What a page tells about the number of all matches, without asking again."""

import pytest

from gis_infra.accounts.actor import SYSTEM
from gis_infra.catalogue.definitions import Layer, Style, Title
from gis_infra.features.counting import infer_count
from gis_infra.features.query import Cursor, FeatureQuery

LAYER = Layer("l", "water", Title("l", "l"), "Point", "public", (), Style({}))


@pytest.mark.parametrize(
    ("offset", "cursor", "found", "has_more", "expected"),
    [
        (0, None, 3, False, 3),
        (20, None, 3, False, 23),
        (0, None, 0, False, 0),
        (0, None, 10, True, None),  # more follow, nobody knows how many
        (20, None, 0, False, None),  # past the end: the end may lie anywhere before
        (0, Cursor((), 5), 3, False, None),  # reached by cursor: how many lie before is not known
    ],
)
def test_only_a_last_page_counted_from_the_start_tells_the_number(offset, cursor, found, has_more, expected):
    query = FeatureQuery(LAYER, SYSTEM, offset=offset, cursor=cursor)
    assert infer_count(query, found, has_more) == expected
