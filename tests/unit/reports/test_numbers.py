"""Numbers as people read them."""

import pytest

from gis_infra.reports.numbers import show_area, show_number, show_share, show_way


@pytest.mark.parametrize(
    ("share", "vi", "en"),
    [
        (None, "–", "–"),
        (0.0, "0,0 %", "0.0 %"),
        (0.00001, "<0,1 %", "<0.1 %"),
        (0.8123, "81,2 %", "81.2 %"),
        (0.99949, "99,9 %", "99.9 %"),
        (0.99999, ">99,9 %", ">99.9 %"),
        (1.0, "100,0 %", "100.0 %"),
    ],
)
def test_a_share_shows_all_or_nothing_only_where_it_is_that(share, vi, en):
    assert (show_share(share, "vi"), show_share(share, "en")) == (vi, en)


def test_vietnamese_writes_a_decimal_comma_and_a_point_at_thousands():
    assert (show_number(1234567.25, "vi", 2), show_number(1234567.25, "en", 2)) == ("1.234.567,25", "1,234,567.25")


@pytest.mark.parametrize(
    ("area_m2", "shown"), [(None, "–"), (85.4, "85 m²"), (14_900, "1.5 ha"), (999_999, "100.0 ha"), (2.5e6, "2.50 km²")]
)
def test_an_area_is_told_in_the_unit_that_suits_it(area_m2, shown):
    assert show_area(area_m2, "en") == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"), [(None, "m", "–"), (150.0, "m", "150 m"), (2.25, "m", "2.2 m"), (8, "min", "8,0 phút")]
)
def test_a_way_is_told_in_metres_or_minutes(value, unit, shown):
    assert show_way(value, unit, "vi" if unit == "min" else "en") == shown
