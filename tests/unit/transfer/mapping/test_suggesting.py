"""Which layer a file is for: names alone can be shared by layers, what stands in the columns cannot."""

import pytest

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.settings import ROOT
from gis_infra.transfer.mapping.columns import map_columns
from gis_infra.transfer.mapping.suggesting import measure_fit, suggest_layers
from gis_infra.transfer.request import Reading

CATALOGUE = read_catalogue(ROOT / "layers")
PIPES = ("MA_TUYEN", "DUONG_KINH", "VAT_LIEU", "LOAI_ONG", "TEN_DUONG")


def suggest(columns, hint="data", geometry="LineString", **samples):
    return suggest_layers(CATALOGUE, geometry, columns, hint, samples)


@pytest.mark.parametrize(
    ("samples", "layer"),
    [
        ({"VAT_LIEU": ["Gang dẻo", "uPVC"], "DUONG_KINH": [100, 150]}, "water_pipe"),
        ({"VAT_LIEU": ["Gạch xây", "Sành"], "DUONG_KINH": [1500, 5000], "LOAI_ONG": ["?"]}, "sewer_pipe"),
        ({"VAT_LIEU": ["Đồng", "Nhôm"], "DUONG_KINH": [18, 45], "LOAI_ONG": ["?"]}, "power_cable_underground"),
    ],
)
def test_values_tell_layers_apart_whose_columns_are_called_alike(samples, layer):
    assert suggest(PIPES, **samples)[0].layer.id == layer


def test_a_column_whose_values_do_not_fit_speaks_against_a_layer_and_is_named():
    right, wrong = suggest(PIPES, VAT_LIEU=["Gang dẻo"]), suggest(PIPES, VAT_LIEU=["đỏ", "xanh"])
    score = {each.layer.id: each.score for each in right}
    found = next(each for each in wrong if each.layer.id == "water_pipe")
    assert found.score < score["water_pipe"]
    assert "the values of VAT_LIEU do not fit" in found.reason and "5 of 5 columns map" in found.reason


def test_the_file_s_name_counts_for_some_columns_and_not_for_all():
    assert suggest(("TEN",), hint="ong_cap_nuoc_2024")[0].layer.id == "water_pipe"
    assert suggest(("TEN",), hint="ong_cap_nuoc_2024")[0].reason.startswith("the file is named like it; 1 of 1")
    full = ("MA_CONG", "HE_THONG", "HINH_DANG", "CD_DAY_DAU", "CD_DAY_CUO", "DO_DOC")
    assert suggest(full, hint="water_pipe")[0].layer.id == "sewer_pipe"


def test_units_in_names_speak_for_the_layer_that_has_the_quantity():
    assert suggest(("MA_TRAM", "CONG_SUAT_KVA", "TEN"), geometry="Point")[0].layer.id == "distribution_transformer"
    assert suggest(("MA_TRAM", "CONG_SUAT_MVA", "DA_HA"), geometry="Point")[0].layer.id == "substation"
    assert suggest(("MA_TRAM", "CONG_SUAT_M3/H", "SO_BOM"), geometry="Point")[0].layer.id == "sewage_pump_station"


def test_nothing_is_suggested_for_a_file_nothing_speaks_for():
    assert suggest(("A", "B")) == ()
    assert suggest((), geometry="Point") == ()


@pytest.mark.parametrize(
    ("column", "values", "share"),
    [
        ("VAT_LIEU", ["Gang dẻo", "HDPE", "?", None], 2 / 3),
        ("DUONG_KINH", [100, "DN150", 5, "x"], 0.5),
        ("DUONG_KINH", [], 1.0),
        ("GHI_CHU", [1, "a"], 1.0),
        ("XYZ", [1], 1.0),
        ("NGAY_LD", ["2020", 2021, "3/2020", "hôm qua"], 0.75),
    ],
)
def test_the_share_of_values_a_field_takes(column, values, share):
    mapped = map_columns(CATALOGUE.get_layer("water_pipe"), (column,), Reading()).columns[0]
    assert measure_fit(mapped, values) == pytest.approx(share)


def test_one_wrong_value_of_three_does_not_send_a_file_to_another_layer():
    found = suggest(("MA_ONG", "DUONG_KINH", "TEN_DUONG"), DUONG_KINH=[100, 200, 9], MA_ONG=["K1", "K2", "K3"])
    assert found[0].layer.id == "water_pipe"  # 9 mm is below the least of its field; a cable's may be as thin
