"""Tile addresses and the boxes they stand for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from gis_infra.errors import InvalidParameter, MissingError
from gis_infra.tiles.addresses import TileAddress, get_bend, get_box, parse_address

# Half the width of the world in EPSG:3857.
HALF = 20037508.342789244


def test_the_tile_of_ben_thanh_market_holds_it():
    box = get_box(TileAddress(14, 7698, 13047))
    assert box.west < 106.6983 < box.east and box.south < 10.7725 < box.north


@pytest.mark.parametrize(
    ("parts", "error", "words"),
    [
        (("a", "0", "0"), InvalidParameter, "zoom of a tile must be a whole number, got 'a'"),
        (("1", "-1", "0"), InvalidParameter, "row of a tile must be a whole number"),
        (("1", "0", "1.5"), InvalidParameter, "column of a tile must be a whole number"),
        (("23", "0", "0"), MissingError, "zoom goes from 0 to 22, got 23"),
        (("3", "8", "0"), MissingError, "at zoom 3 row and column go from 0 to 7, got 8 and 0"),
        (("0", "0", "1"), MissingError, "from 0 to 0"),
        (("1", "1", "11636452416387021843"), MissingError, "there is no tile of column 11636452416387021843"),
    ],
)
def test_a_tile_that_cannot_be_is_refused_by_name(parts, error, words):
    with pytest.raises(error) as caught:
        parse_address(*parts)
    assert words in caught.value.message


@st.composite
def addresses(draw, least=0):
    zoom = draw(st.integers(least, 22))
    return TileAddress(zoom, draw(st.integers(0, 2**zoom - 1)), draw(st.integers(0, 2**zoom - 1)))


@given(addresses())
@settings(max_examples=50)
def test_the_box_is_the_square_of_web_mercator(address):
    """The oracle is PROJ's EPSG:3857 on the corners of the square."""
    side = 2 * HALF / 2**address.zoom
    x, y = address.column * side - HALF, HALF - address.row * side
    back = Transformer.from_crs(3857, 4326, always_xy=True)
    west, north = back.transform(x, y)
    east, south = back.transform(x + side, y - side)
    box = get_box(address)
    assert (box.west, box.south, box.east, box.north) == pytest.approx((west, south, east, north), abs=1e-9)


@given(st.integers(12, 22), st.floats(0.4, 0.55))
@settings(max_examples=40)
def test_near_the_equator_the_bend_cannot_be_seen_from_zoom_12(zoom, share):
    assert get_bend(TileAddress(zoom, int(share * 2**zoom), 0)) < 0.5


def test_the_bend_of_the_whole_north_is_large():
    assert get_bend(TileAddress(1, 0, 0)) > 100
