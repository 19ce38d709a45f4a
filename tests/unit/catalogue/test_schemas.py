"""Layers as JSON Schema."""

import pytest
from jsonschema import Draft202012Validator

from gis_infra.catalogue.schemas import to_queryables, to_schema, to_sortables


@pytest.fixture(scope="module")
def pipe(catalogue):
    return to_schema(catalogue.get_layer("water_pipe"), "vi")


@pytest.mark.parametrize("make", [to_schema, to_queryables, to_sortables])
def test_every_layer_is_valid_json_schema_in_both_languages(catalogue, make):
    for layer in catalogue.layers.values():
        for language in ("vi", "en"):
            Draft202012Validator.check_schema(make(layer, language))


def test_the_id_and_the_geometry_come_first_and_say_what_they_are(pipe):
    (first, id_schema), (second, geometry) = list(pipe["properties"].items())[:2]
    assert (first, id_schema["x-ogc-role"], id_schema["readOnly"]) == ("id", "id", True)
    assert (second, geometry["x-ogc-role"], geometry["format"]) == (
        "geometry",
        "primary-geometry",
        "geometry-linestring",
    )


def test_a_number_has_its_title_unit_and_bounds(pipe):
    assert pipe["properties"]["nominal_diameter_mm"] == {
        "title": "Đường kính danh nghĩa",
        "type": "integer",
        "format": "int32",
        "x-ogc-unit": "mm",
        "x-ogc-unitLang": "UCUM",
        "minimum": 15,
        "maximum": 4000,
        "x-ogc-propertySeq": 3,
    }


def test_a_code_lists_its_values_and_their_titles(pipe):
    codes = {each["const"]: each["title"] for each in pipe["properties"]["function"]["oneOf"]}
    assert list(codes) == ["raw", "transmission", "distribution", "service", "fire"]
    assert codes["raw"] == "Nước thô"


def test_dates_and_times_say_their_format_and_ours_are_read_only(pipe):
    assert pipe["properties"]["installed_on"]["format"] == "date"
    created = pipe["properties"]["created_at"]
    assert created["format"] == "date-time" and created["readOnly"] is True
    assert "readOnly" not in pipe["properties"]["owner"]


@pytest.mark.parametrize(
    ("layer_id", "start", "end"),
    [
        ("works_project", "starts_on", "ends_on"),
        ("admin_unit", "valid_from", "valid_to"),
        ("water_pipe", "installed_on", "decommissioned_on"),
    ],
)
def test_the_time_a_feature_is_there_is_told_by_two_roles(catalogue, layer_id, start, end):
    properties = to_schema(catalogue.get_layer(layer_id), "en")["properties"]
    roles = {each["x-ogc-role"]: name for name, each in properties.items() if "x-ogc-role" in each}
    assert roles == {
        "id": "id",
        "primary-geometry": "geometry",
        "primary-interval-start": start,
        "primary-interval-end": end,
    }


def test_units_people_write_otherwise_are_given_in_ucum(catalogue):
    transformer = to_schema(catalogue.get_layer("distribution_transformer"), "en")
    assert transformer["properties"]["rating_kva"]["x-ogc-unit"] == "kV.A"


def test_what_may_be_filtered_is_neither_required_nor_read_only(catalogue):
    layer = catalogue.get_layer("water_pipe")
    queryables = to_queryables(layer, "en")
    assert "required" not in queryables and "readOnly" not in str(queryables)
    assert list(queryables["properties"]) == list(to_schema(layer, "en")["properties"])


def test_a_geometry_cannot_be_sorted_by(catalogue):
    sortables = to_sortables(catalogue.get_layer("water_pipe"), "en")["properties"]
    assert "geometry" not in sortables and all("type" in each for each in sortables.values())


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
        ({"colour": "red"}, False),
    ],
)
def test_the_schema_allows_what_the_layer_allows(pipe, properties, valid):
    assert Draft202012Validator(pipe).is_valid(properties) is valid


def test_two_calls_share_nothing(catalogue):
    layer = catalogue.get_layer("tree")
    to_schema(layer, "en")["properties"]["species"]["title"] = "changed"
    assert to_schema(layer, "en")["properties"]["species"]["title"] == "Species"
