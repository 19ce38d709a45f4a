"""What files write for codes."""

import pyarrow as pa
import pytest

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.settings import ROOT
from gis_infra.transfer.cleaning.values import convert
from gis_infra.transfer.mapping.columns import MappedColumn

CATALOGUE = read_catalogue(ROOT / "layers")


def convert_one(layer, name, value, **said):
    """The code, or the reason it is refused for."""
    field = CATALOGUE.get_layer(layer).get_field(name)
    result = convert(pa.array([value]), MappedColumn("COT", field, "", codes=said))
    return result.faults.get(0, result.column.to_pylist()[0])


@pytest.mark.parametrize(
    ("layer", "name", "value", "code"),
    [
        ("water_pipe", "material", "gang", "cast_iron"),
        ("water_pipe", "material", "GCI", "cast_iron"),
        ("water_pipe", "material", "Gang dẻo", "ductile_iron"),
        ("water_pipe", "material", "gang cầu", "ductile_iron"),
        ("water_pipe", "material", "DI", "ductile_iron"),
        ("water_pipe", "material", "BTCT", "concrete"),
        ("water_pipe", "material", "Bê tông", "concrete"),
        ("water_pipe", "material", "PE", "hdpe"),
        ("water_pipe", "material", "HDPE100", "hdpe"),
        ("water_pipe", "material", "HDPE PE 100", "hdpe"),
        ("water_pipe", "material", "PVC-U", "upvc"),
        ("water_pipe", "material", "Nhựa uPVC", "upvc"),
        ("water_pipe", "material", "Thép tráng kẽm", "steel"),
        ("water_pipe", "material", "STK", "steel"),
        ("water_pipe", "material", "Ống HDPE D90", "hdpe"),
        ("water_pipe", "material", "uPVC Ø114 PN10", "upvc"),
        ("water_pipe", "material", "Thép (mạ kẽm)", "steel"),
        ("water_pipe", "material", "Ống bằng thép DN300", "steel"),
        ("water_pipe", "material", "(HDPE)", "hdpe"),
        ("water_pipe", "material", "không rõ", "unknown"),
        ("water_pipe", "material", "Chưa xác định", "unknown"),
        ("water_pipe", "function", "Cấp 2", "distribution"),
        ("water_pipe", "function", "ống nhánh", "service"),
        ("water_pipe", "lining", "không", "none"),
        ("water_pipe", "status", "Đang hoạt động", "in_service"),
        ("water_pipe", "status", "hiện hữu", "in_service"),
        ("water_pipe", "status", "Tháo dỡ", "removed"),
        ("sewer_pipe", "material", "Cống BTCT D600", "concrete"),
        ("sewer_pipe", "shape", "Cống hộp", "box"),
        ("sewer_pipe", "system", "Thoát nước mưa", "storm"),
        ("manhole", "vertical_datum", "Hòn Dấu - Hải Phòng", "hon_dau"),
        ("manhole", "survey_method", "GPS RTK", "gnss"),
        ("power_cable_underground", "conductor_material", "Cu", "copper"),
        ("power_pole", "kind", "Cột BTLT 8,5m", "is none of the codes concrete, steel"),
        ("power_pole", "kind", "BTLT", "concrete"),
        ("distribution_transformer", "mounting", "Trạm giàn", "platform"),
        ("telecom_chamber", "kind", "Ganivo", "handhole"),
        ("land_parcel", "land_use", "ODT", "urban_residential"),
        ("land_parcel", "land_use", "CLN", "agricultural"),
        ("tree", "grade", 2, "grade_2"),
        ("water_pipe", "material", "gang thép", "is none of the codes"),
        ("water_pipe", "material", "nhựa", "is none of the codes"),  # PVC or PE: nobody can tell
        ("water_pipe", "material", "HDPE/thép", "is none of the codes"),
        ("water_pipe", "vertical_position", "nổi", "is none of the codes"),  # overhead of a cable, surface of a pipe
    ],
)
def test_a_value_means_a_code_by_code_title_or_synonym(layer, name, value, code):
    assert str(convert_one(layer, name, value)).startswith(code)


def test_every_code_is_known_by_itself_its_titles_and_its_synonyms():
    for layer in CATALOGUE.layers.values():
        for field in layer.fields:
            for code, title in field.codes.items():
                words = [code, title.vi, title.en, *field.code_synonyms.get(code, ())]
                found = convert(pa.array(words), MappedColumn("COT", field, "")).column.to_pylist()
                assert found == [code] * len(words), (layer.id, field.name, words)


def test_what_somebody_said_goes_before_everything_else():
    assert convert_one("water_pipe", "material", "gang", gang="ductile_iron") == "ductile_iron"
    assert convert_one("water_pipe", "material", "GANG ", gang="ductile_iron") == "ductile_iron"
    assert convert_one("water_pipe", "material", 1, **{"1": "steel"}) == "steel"
    assert convert_one("water_pipe", "material", "-", **{"-": "unknown"}) == "unknown"
    assert convert_one("water_pipe", "material", "?", **{"?": ""}) is None


def test_a_value_that_means_nothing_is_refused_with_the_codes_and_the_next_step():
    reason = convert_one("sewer_pipe", "shape", "lục giác")
    assert reason == (
        "is none of the codes circular, box, egg, nor a title or synonym of one; say which with --code COT:VALUE=CODE"
    )
