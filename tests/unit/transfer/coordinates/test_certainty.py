"""When a guess may be used, and what a refusal says."""

import pytest

from gis_infra.errors import InvalidCrs
from gis_infra.transfer.coordinates.certainty import accept, get_certain_srid, require_in_city
from gis_infra.transfer.coordinates.finding import find_crs
from gis_infra.transfer.coordinates.systems import swap
from tests.unit.transfer.coordinates.definitions_seen import CITY, QUARTER, UTM_QUARTER, esri

ROTTERDAM = (82874.0, 430957.0, 83674.0, 431745.0)


@pytest.mark.parametrize(
    ("wkt", "bounds", "words"),
    [
        ("", QUARTER, ["coordinate system of pipes.shp is not sure", "lands in the city", "add --crs EPSG:9210, or"]),
        ("", swap(QUARTER), ["northing first", "add --crs EPSG:9210 --swap-xy, or --accept-guess"]),
        (esri("WGS_1984"), QUARTER, ["226 m hang on it", "add --crs EPSG:9210, or --accept-guess"]),
        ("", UTM_QUARTER, ["or EPSG:3405 (VN-2000 / UTM zone 48N)", ": --crs EPSG:3405", "EPSG:32648"]),
        ("", ROTTERDAM, ["within 100 km of it", "name the right one with --crs EPSG:n"]),
    ],
)
def test_a_guess_is_refused_with_the_words_to_add(wkt, bounds, words):
    with pytest.raises(InvalidCrs) as refused:
        get_certain_srid(find_crs(None, wkt, bounds, CITY), "pipes.shp")
    assert [each for each in words if each not in str(refused.value)] == []


def test_no_guess_is_offered_for_acceptance_where_there_is_none():
    with pytest.raises(InvalidCrs) as refused:
        get_certain_srid(accept(find_crs(None, "", ROTTERDAM, CITY)), "pipes.shp")
    assert "--accept-guess" not in str(refused.value)


@pytest.mark.parametrize(("wkt", "bounds", "is_swapped"), [("", QUARTER, False), (esri(), swap(QUARTER), True)])
def test_an_accepted_guess_is_used_with_its_axes(wkt, bounds, is_swapped):
    guess = accept(find_crs(None, wkt, bounds, CITY))
    assert (get_certain_srid(guess, "pipes.shp"), guess.swap_xy) == (9210, is_swapped)
    assert guess.reason.endswith("accepted as a guess")


def test_data_outside_the_city_is_refused_unless_asked():
    asked = find_crs("EPSG:9210", "", swap(QUARTER), CITY)
    with pytest.raises(InvalidCrs, match=r"lands 722\.7 km outside .*--crs EPSG:9210 --swap-xy.*--accept-outside"):
        require_in_city(asked, "pipes.shp", accept_outside=False)
    require_in_city(asked, "pipes.shp", accept_outside=True)


def test_data_partly_outside_is_let_through():
    partly = find_crs("EPSG:9210", "", (540000.0, 1190500.0, 604000.0, 1192500.0), CITY)
    require_in_city(partly, "pipes.shp", accept_outside=False)
    assert partly.landing.place == "partly outside the city"


def test_a_system_that_has_no_answer_for_the_numbers_lands_nowhere_and_is_refused():
    asked = find_crs("EPSG:4326", "", QUARTER, CITY)
    with pytest.raises(InvalidCrs, match=r"nowhere on earth.*--crs EPSG:9210"):
        require_in_city(asked, "pipes.shp", accept_outside=True)
