"""Layers as JSON Schema."""

import pytest
from jsonschema import Draft202012Validator

from gis_infra.catalogue.schemas import to_json_schema


@pytest.fixture(scope="module")
def pipe(catalogue):
    return to_json_schema(catalogue.get_layer("water_pipe"), "vi")


def test_every_layer_is_valid_json_schema_in_both_languages(catalogue):
    for layer in catalogue.layers.values():
        for language in ("vi", "en"):
            Draft202012Validator.check_schema(to_json_schema(layer, language))


def test_the_geometry_comes_first_and_says_its_type(pipe):
    assert next(iter(pipe["properties"])) == "geometry"
    assert pipe["properties"]["geometry"]["format"] == "geometry-linestring"
    assert pipe["properties"]["geometry"]["x-ogc-role"] == "primary-geometry"


def test_a_number_has_its_title_unit_and_bounds(pipe):
    assert pipe["properties"]["nominal_diameter_mm"] == {
        "title": "Đường kính danh nghĩa",
        "type": "integer",
        "x-ogc-unit": "mm",
        "x-ogc-unitLang": "UCUM",
        "minimum": 15,
        "maximum": 4000,
        "x-ogc-propertySeq": 2,
    }


def test_a_code_lists_its_values_and_their_titles(pipe):
    function = pipe["properties"]["function"]
    assert function["enum"] == ["raw", "transmission", "distribution", "service", "fire"]
    assert function["x-code-titles"]["raw"] == "Nước thô"


def test_dates_and_times_say_their_format_and_ours_are_read_only(pipe):
    assert pipe["properties"]["installed_on"]["format"] == "date"
    created = pipe["properties"]["created_at"]
    assert created["format"] == "date-time" and created["readOnly"] is True
    assert "readOnly" not in pipe["properties"]["owner"]


def test_units_people_write_otherwise_are_given_in_ucum(catalogue):
    transformer = to_json_schema(catalogue.get_layer("distribution_transformer"), "en")
    assert transformer["properties"]["rating_kva"]["x-ogc-unit"] == "kV.A"


@pytest.mark.parametrize(
    ("properties", "valid"),
    [
        ({"nominal_diameter_mm": 4000}, True),
        ({"nominal_diameter_mm": 4001}, False),
        ({"nominal_diameter_mm": 100.5}, False),
        ({"function": "raw"}, True),
        ({"function": "wine"}, False),
        ({"asset_code": "x" * 100}, True),
        ({"asset_code": "x" * 101}, False),
    ],
)
def test_the_schema_allows_what_the_layer_allows(pipe, properties, valid):
    assert Draft202012Validator(pipe).is_valid(properties) is valid


def test_two_calls_share_nothing(catalogue):
    layer = catalogue.get_layer("tree")
    to_json_schema(layer, "en")["properties"]["species"]["title"] = "changed"
    assert to_json_schema(layer, "en")["properties"]["species"]["title"] == "Species"
