"""What somebody says of columns, and what is refused of it."""

import pytest

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.errors import GisInfraError, InvalidParameter, UnknownProperty
from gis_infra.settings import ROOT
from gis_infra.transfer.mapping.columns import map_columns
from gis_infra.transfer.request import Reading

PIPE = read_catalogue(ROOT / "layers").get_layer("water_pipe")
COLUMNS = ("DK", "VL", "NGAY_LD", "GHI_CHU", "Cột 5", "D2")


def mapped(**said):
    return {each.column: each for each in map_columns(PIPE, COLUMNS, Reading(**said)).columns}


def test_what_is_said_of_a_column_is_with_it():
    found = mapped(
        mapping={"vl": "material", "cot_5": "street", "GHI_CHU": ""},
        units={"dk": "cm", "NGAY_LD": "MM-DD-YYYY"},
        codes={"VL": {"1": "steel", "?": ""}},
    )
    assert (found["DK"].field.name, found["DK"].unit, found["DK"].reason) == ("nominal_diameter_mm", "cm", "by alias")
    assert (found["VL"].field.name, found["VL"].codes) == ("material", {"1": "steel", "?": ""})
    assert (found["NGAY_LD"].unit, found["NGAY_LD"].date_order) == (None, "mdy")
    assert (found["Cột 5"].field.name, found["Cột 5"].reason) == ("street", "as asked")
    assert (found["GHI_CHU"].field, found["GHI_CHU"].reason) == (None, "as asked")


def test_a_unit_that_is_said_wins_over_the_one_in_the_name():
    found = map_columns(PIPE, ("DK_CM",), Reading(units={"DK_CM": "m"})).columns[0]
    assert found.unit == "m"


def test_a_column_only_a_profile_names_may_be_missing_and_is_told():
    said = Reading(
        mapping={"VL": "material", "GONE": "street"}, units={"GONE2": "cm"}, remembered=frozenset({"GONE", "GONE2"})
    )
    found = map_columns(PIPE, COLUMNS, said)
    assert found.notes == ("the profile names columns the file does not have: GONE, GONE2",)
    assert [each.column for each in found.columns] == list(COLUMNS)


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        ({"mapping": {"DKK": "street"}}, InvalidParameter, "the file has no column 'DKK'; it has DK, "),
        ({"mapping": {"VL": "diameter"}}, UnknownProperty, "no field 'diameter' to fill; it has nominal_diameter_mm, "),
        ({"mapping": {"VL": "nominal_diametre"}}, UnknownProperty, "to fill; it has nominal_diameter_mm, outer_diam"),
        ({"mapping": {"VL": "Đường kính"}}, UnknownProperty, "to fill; it has nominal_diameter_mm, "),
        ({"mapping": {"VL": "import_id"}}, InvalidParameter, "import_id is kept by the program itself"),
        ({"mapping": {"VL": "street", "D2": "street"}}, InvalidParameter, "two columns are mapped to street"),
        ({"units": {"D9": "cm"}}, InvalidParameter, "the file has no column 'D9'; it has D"),
        ({"units": {"D2": "cm"}}, InvalidParameter, "D2 goes to no field, .*; add --map D2=FIELD"),
        (
            {"units": {"DK": "kV"}},
            InvalidParameter,
            "DK goes to a field in mm, and cannot be in 'kV'; allowed are mm, cm",
        ),
        ({"units": {"GHI_CHU": "cm"}}, InvalidParameter, "GHI_CHU goes to remarks, which is no number and has no unit"),
        (
            {"units": {"NGAY_LD": "cm"}},
            InvalidParameter,
            "NGAY_LD holds dates, which are dd/mm/yyyy or mm/dd/yyyy, not",
        ),
        ({"codes": {"DK": {"1": "steel"}}}, InvalidParameter, "DK goes to nominal_diameter_mm, which has no codes"),
        (
            {"mapping": {"VL": "material"}, "codes": {"VL": {"1": "iron"}}},
            InvalidParameter,
            "material has no code 'iron'; it has cast_iron, ductile_iron",
        ),
        ({"codes": {"XX": {"1": "steel"}}}, InvalidParameter, "the file has no column 'XX'"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(said, error, words):
    with pytest.raises(error, match=words) as caught:
        mapped(**said)
    assert isinstance(caught.value, GisInfraError)
    assert not any(name in caught.value.message for name in ("import_id, ", "created_at", "updated_at"))
