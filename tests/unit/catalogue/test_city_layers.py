"""The city's own layers: every class of the domain is there, and what other rooms count on."""

import unicodedata

import pytest

from gis_infra.catalogue.definitions import Catalogue

IDS = {
    "power": "distribution_transformer power_cable_underground power_line_overhead power_pole street_light substation",
    "telecom": "base_station post_office telecom_cabinet telecom_cable telecom_chamber telecom_duct",
    "water": "fire_hydrant pressure_zone water_connection water_pipe water_plant water_source water_valve",
    "drainage": "drain_inlet drainage_catchment drainage_channel flood_spot manhole outfall sewage_pump_station "
    "sewer_connection sewer_pipe wastewater_plant",
    "environment": "green_space monitoring_station protected_zone tree waste_site water_body",
    "shared": "admin_unit building excavation_permit fire_station land_parcel population_cell public_camera "
    "road_segment utility_tunnel works_project",
}
SYSTEM = "import_id source_srid created_at updated_at"
UNIVERSAL = (
    "asset_code name owner operator status installed_on decommissioned_on planned_from planned_to vertical_position "
    "cover_m crown_level_m invert_level_m level_reference vertical_datum quality_level horizontal_accuracy_m "
    "vertical_accuracy_m survey_date survey_method surveyor source_dataset sensitivity remarks "
    "import_id source_srid created_at updated_at"
)
LINES = (
    "drainage_channel power_cable_underground power_line_overhead road_segment sewer_pipe telecom_cable telecom_duct "
)
LINES += "utility_tunnel water_pipe"
SURVEYORS_NAMES = [
    ("water_pipe", "DUONG_KINH", "nominal_diameter_mm"),
    ("water_pipe", "DN", "nominal_diameter_mm"),
    ("water_pipe", "CHAT_LIEU", "material"),
    ("water_pipe", "NAM_LD", "installed_on"),
    ("water_pipe", "CHU_SH", "owner"),
    ("sewer_pipe", "MA_CONG", "asset_code"),
    ("sewer_pipe", "CD_DAY_DAU", "invert_up_m"),
    ("manhole", "DO_SAU", "depth_m"),
    ("manhole", "CAO_DO_DAY", "floor_level_m"),
    ("power_cable_underground", "DO_SAU", "cover_m"),
    ("road_segment", "TEN_DUONG", "name"),
    ("telecom_cable", "TEN_DUONG", "street"),
    ("telecom_cable", "SO_SOI", "pair_count"),
    ("fire_hydrant", "DON_VI_QL", "operator"),
    ("building", "SO_TANG", "floors"),
    ("land_parcel", "SO_TO", "map_sheet"),
    ("admin_unit", "MA_XA", "code"),
]


def get_layers(catalogue: Catalogue):
    return list(catalogue.layers.values())


def test_every_class_of_the_domain_is_a_layer_of_its_sector(catalogue):
    found = {sector: {each.id for each in get_layers(catalogue) if each.sector == sector} for sector in IDS}
    assert found == {sector: set(ids.split()) for sector, ids in IDS.items()}
    assert len(catalogue.layers) == 45


def test_every_layer_has_the_universal_attributes_in_one_order(catalogue):
    for layer in get_layers(catalogue):
        assert " ".join(field.name for field in layer.fields if field.universal) == UNIVERSAL, layer.id
        assert " ".join(field.name for field in layer.fields if field.system) == SYSTEM, layer.id


def test_networks_are_lines(catalogue):
    assert {each.id for each in get_layers(catalogue) if each.geometry == "LineString"} == set(LINES.split())


def test_what_could_be_attacked_is_not_public(catalogue):
    restricted = {each.id for each in get_layers(catalogue) if each.access == "restricted"}
    assert restricted == {"power_cable_underground", "substation", "water_connection", "water_plant", "water_source"}


def test_whatever_clearances_are_measured_from_knows_its_size(catalogue):
    sized = {
        each.id: (each.outer_size_mm, each.nominal_size_mm) for each in get_layers(catalogue) if each.outer_size_mm
    }
    assert sized["water_pipe"] == sized["sewer_pipe"] == ("outer_diameter_mm", "nominal_diameter_mm")
    assert sized["telecom_duct"] == ("width_mm", "outer_diameter_mm")
    assert {"power_cable_underground", "telecom_cable", "drainage_channel", "utility_tunnel", "manhole"} <= set(sized)


def test_every_own_number_is_bounded_and_says_its_unit_in_its_name(catalogue):
    units = {"mm": "_mm", "cm": "_cm", "m": "_m", "m2": "_m2", "km2": "_km2", "ha": "_ha", "bar": "_bar", "kV": "_kv"}
    for layer in get_layers(catalogue):
        for field in layer.own_fields:
            if field.type in ("integer", "number"):
                assert field.minimum is not None and field.maximum is not None, f"{layer.id}.{field.name}"
                assert field.name.endswith(units.get(field.unit, "")), f"{layer.id}.{field.name}"


def test_every_own_attribute_has_a_name_in_files_that_fits_a_shapefile(catalogue):
    for layer in get_layers(catalogue):
        for field in layer.fields:
            if not field.system:
                assert any(len(name) <= 10 for name in (field.name, *field.aliases)), f"{layer.id}.{field.name}"


@pytest.mark.parametrize(("layer", "column", "field"), SURVEYORS_NAMES)
def test_the_names_surveyors_use_lead_to_the_right_attribute(catalogue, layer, column, field):
    layer = catalogue.get_layer(layer)
    assert [each.name for each in layer.fields if column in each.aliases] == [field]


def test_vietnamese_titles_are_composed_and_differ_from_english_ones(catalogue):
    for layer in get_layers(catalogue):
        for title in [layer.title, *(field.title for field in layer.fields)]:
            assert unicodedata.is_normalized("NFC", title.vi), title
        assert layer.title.vi != layer.title.en
