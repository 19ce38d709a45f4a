"""Which column goes into which field."""

import pytest

from gis_infra.catalogue.definitions import Catalogue, Field, Layer, Style, Title
from gis_infra.catalogue.names import fold
from gis_infra.errors import InvalidParameter, UnknownProperty
from gis_infra.transfer.mapping.columns import map_columns
from gis_infra.transfer.mapping.suggesting import find_kind, suggest_layers
from gis_infra.transfer.request import Reading


def make_field(name, vi, *aliases, **more):
    return Field(name, more.pop("type", "text"), Title(vi, name.replace("_", " ")), aliases=aliases, **more)


PIPE = Layer(
    id="water_pipe",
    sector="water",
    title=Title("Ống cấp nước", "Water pipe"),
    geometry="LineString",
    access="shared",
    fields=(
        make_field("nominal_diameter_mm", "Đường kính danh nghĩa", "DN", "DUONG_KINH"),
        make_field("outer_diameter_mm", "Đường kính ngoài"),
        make_field("asset_code", "Mã tài sản", "MA_TS", universal=True),
        make_field("import_id", "Lần nhập", system=True, universal=True),
    ),
    style=Style({}),
)
HYDRANT = Layer("fire_hydrant", "water", Title("Trụ cứu hỏa", "Fire hydrant"), "Point", "public", (), Style({}))


def mapped(*columns, **asked):
    result = map_columns(PIPE, columns, Reading(mapping=asked))
    return {each.column: (each.field.name, each.reason) for each in result.taken if each.field}, result.kept


@pytest.mark.parametrize(
    ("column", "field", "reason"),
    [
        ("nominal_diameter_mm", "nominal_diameter_mm", "by name"),
        ("Duong_kinh", "nominal_diameter_mm", "by alias"),
        ("ĐƯỜNG KÍNH", "nominal_diameter_mm", "by alias"),
        ("dn", "nominal_diameter_mm", "by alias"),
        ("Mã tài sản", "asset_code", "by title"),
        ("ma_tai_san", "asset_code", "by title"),
        ("outer diameter mm", "outer_diameter_mm", "by name"),
        ("nominal_di", "nominal_diameter_mm", "by name cut to ten letters"),
        ("outer_diam", "outer_diameter_mm", "by name cut to ten letters"),
    ],
)
def test_a_column_is_known_by(column, field, reason):
    assert mapped(column) == ({column: (field, reason)}, ())


def test_what_is_known_by_nothing_is_kept():
    assert mapped("GID", "import_id") == ({}, ("GID", "import_id"))


def test_the_surer_name_wins_and_the_other_column_is_kept():
    taken, kept = mapped("DN", "nominal_diameter_mm")
    assert taken == {"nominal_diameter_mm": ("nominal_diameter_mm", "by name")}
    assert kept == ("DN",)


def test_a_cut_name_that_two_fields_could_have_is_not_guessed():
    twins = Layer(
        "x",
        "water",
        Title("x", "x"),
        "Point",
        "public",
        (make_field("pressure_up_bar", "a"), make_field("pressure_up_max", "b")),
        Style({}),
    )
    assert map_columns(twins, ("pressure_u",), Reading()).taken == ()


def test_what_is_asked_goes_before_every_guess():
    taken, kept = mapped("DN", "D2", D2="nominal_diameter_mm", DN="")
    assert taken == {"D2": ("nominal_diameter_mm", "as asked")}
    assert kept == ("DN",)


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"X": "asset_code"}, InvalidParameter, "no column 'X'; it has D"),
        ({"DN": "width"}, UnknownProperty, "no field 'width' to fill; it has"),
        ({"DN": "import_id"}, InvalidParameter, "import_id is kept by the program"),
        ({"DN": "asset_code", "D2": "asset_code"}, InvalidParameter, "two columns are mapped to asset_code"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(asked, error, words):
    with pytest.raises(error, match=words):
        map_columns(PIPE, ("DN", "D2"), Reading(mapping=asked))


def test_names_are_compared_without_marks_case_and_signs():
    assert fold("Đường kính") == fold("DUONG_KINH") == "duongkinh"


def test_layers_are_suggested_by_geometry_name_and_columns():
    catalogue = Catalogue({layer.id: layer for layer in (PIPE, HYDRANT)}, {})
    assert [each.layer.id for each in suggest_layers(catalogue, "3D LineString", ("DN",), "data")] == ["water_pipe"]
    assert [each.layer.id for each in suggest_layers(catalogue, "Point", ("X",), "tru_cuu_hoa")] == ["fire_hydrant"]
    assert suggest_layers(catalogue, "Polygon", ("DN",), "data") == ()


@pytest.mark.parametrize(
    ("geometry", "kind"),
    [("3D MultiPolygon", "area"), ("LineString", "line"), ("MultiPoint", "point"), ("Unknown", None)],
)
def test_kinds_of_geometry(geometry, kind):
    assert find_kind(geometry) == kind
