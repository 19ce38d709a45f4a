"""What a column as a whole tells: the order of its dates, the unit of its numbers."""

import pytest
from shapely import Point

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.settings import ROOT
from gis_infra.transfer.mapping.columns import map_columns
from gis_infra.transfer.mapping.surveying import find_likelier_units, survey
from gis_infra.transfer.request import Reading
from gis_infra.transfer.sources.source import open_source
from gis_infra.transfer.text.encodings import get_encoding
from gis_infra.transfer.text.guessing import TextGuess
from tests.sources import write_shapefile

PIPE = read_catalogue(ROOT / "layers").get_layer("water_pipe")


@pytest.fixture
def look(tmp_path):
    """What the survey of a shapefile with one column says of it."""

    def look(column, values, **said):
        path = write_shapefile(tmp_path / "x.shp", {column: values}, [Point(0, 0)] * len(values))
        with open_source(path, None) as source:
            text = TextGuess(get_encoding("UTF-8"), is_certain=True, reason="")
            return survey(source, {column: column}, text, map_columns(PIPE, (column,), Reading(**said)))

    return look


@pytest.mark.parametrize(
    ("values", "order", "note"),
    [
        (["31/12/2020", "3/4/2020"], "dmy", None),
        (["12/31/2020", "3/4/2020"], "mdy", "dates are read month first, for 12/31/2020 can be no other"),
        (["3/4/2020", "1/2/2021"], "dmy", "dates such as 3/4/2020 are read day first; --unit NGAY_LD=mm/dd/yyyy is"),
        (["4/4/2020"], "dmy", None),
        (["2020-12-31"], "dmy", None),
        (["2020"], "dmy", "dates without a day, such as 2020, are taken as the first day of the month, quarter or"),
        (["Quý II/2020"], "dmy", "dates without a day, such as Quý II/2020"),
        ([""], "dmy", None),
    ],
)
def test_the_whole_column_decides_the_order_of_its_dates(look, values, order, note):
    found = look("NGAY_LD", values)
    assert found.columns[0].date_order == order and found.warnings == ()
    assert [note in each for each in found.notes] == [True] * (note is not None)


def test_one_date_at_the_end_of_a_long_column_settles_all_others(look):
    assert look("NGAY_LD", ["3/4/2020"] * 60_000 + ["12/31/2020"]).columns[0].date_order == "mdy"


def test_dates_of_both_orders_are_a_warning_that_says_how_to_decide(look):
    found = look("NGAY_LD", ["31/12/2020", "12/31/2020", "3/4/2020"])
    assert found.columns[0].date_order == "unsure"
    assert found.warnings == (
        "NGAY_LD has dates with the day first (31/12/2020) and with the month first (12/31/2020); those that could be "
        "either are refused: say --unit NGAY_LD=dd/mm/yyyy or --unit NGAY_LD=mm/dd/yyyy",
    )


def test_an_order_that_is_said_is_not_doubted(look):
    found = look("NGAY_LD", ["31/12/2020", "12/31/2020"], units={"NGAY_LD": "dd/mm/yyyy"})
    assert (found.columns[0].date_order, found.warnings, found.notes) == ("dmy", (), ())


@pytest.mark.parametrize("values", [[0.1, 0.3, 0.6, 2.0], ["0,1", "0,3", "0.6", "2"], [0.1, 0.3, 0.6, 0.0, None]])
def test_diameters_that_look_like_metres_are_doubted_and_not_converted(look, values):
    found = look("DUONG_KINH", values)
    assert found.columns[0].unit is None
    (warning,) = found.warnings
    assert (
        warning.startswith("DUONG_KINH: 0.1 to ") and "are odd for nominal_diameter_mm; in m they would be" in warning
    )
    assert warning.endswith("say --unit DUONG_KINH=m or --unit DUONG_KINH=mm")


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("DUONG_KINH", [100, 150, 200], {}),
        ("DUONG_KINH", [0.1, 0.3, 0.6], {"units": {"DUONG_KINH": "m"}}),
        ("DUONG_KINH", [0.1, 0.3, 0.6], {"units": {"DUONG_KINH": "mm"}}),
        ("DUONG_KINH", [0.1, 0.3], {}),  # too few to tell
        ("DUONG_KINH", [0, 0, 0, 0], {}),
        ("DUONG_KINH", ["0,1 m", "0,3 m", "0,6 m"], {}),
        ("DK_M", [0.1, 0.3, 0.6], {}),
        ("DUONG_KINH", [0.1, 0.3, 0.6, 100], {}),
        ("GHI_CHU", ["1", "2", "3"], {}),
    ],
)
def test_what_is_usual_or_said_is_not_doubted(look, column, values, said):
    assert look(column, values, **said).warnings == ()


@pytest.mark.parametrize(
    ("numbers", "units"),
    [
        ([100, 150, 200], ()),
        ([0.1, 0.3, 0.6], ("m",)),
        ([10, 15, 30], ("cm", "in")),
        ([4, 6, 12], ("cm", "in", "dm")),
        ([1e9, 1e9, 1e9], ()),
        ([], ()),
    ],
)
def test_the_units_in_which_numbers_would_be_usual(numbers, units):
    found = find_likelier_units(numbers, PIPE.get_field("nominal_diameter_mm"))
    assert set(found) == set(units)


def test_a_layer_that_takes_no_column_has_nothing_to_survey(look):
    assert look("XYZ", [1, 2, 3]).warnings == ()
