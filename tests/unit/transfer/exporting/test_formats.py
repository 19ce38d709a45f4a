"""Which file is written, by the name it is given."""

from pathlib import Path

import pytest

from gis_infra.errors import InvalidParameter
from gis_infra.transfer.exporting.formats import FORMATS, choose_srid, find_by_name, get_format


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pipes.gpkg", "gpkg"),
        ("ống nước.ZIP", "shp"),
        ("pipes.geojson", "geojson"),
        ("pipes.fgb", "fgb"),
        ("pipes.v2.csv", "csv"),
        ("pipes.parquet", "parquet"),
    ],
)
def test_the_ending_says_the_format(name, expected):
    assert find_by_name(Path(name)).id == expected


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pipes", "pipes has no ending of a file that is written here; allowed: .gpkg (GeoPackage)"),
        ("pipes.dxf", "allowed: .gpkg"),
        ("pipes.shp", "a shapefile is several files, which come in one zip: name it pipes.zip"),
    ],
)
def test_another_ending_is_refused_with_what_there_is(name, words):
    with pytest.raises(InvalidParameter) as caught:
        find_by_name(Path(name))
    assert words in caught.value.message


def test_an_unknown_format_is_refused_by_name():
    with pytest.raises(InvalidParameter, match=r"f must be one of gpkg, shp, .*got 'xls'"):
        get_format("xls")


def test_geojson_is_in_degrees_and_the_others_in_the_city_s_system_unless_asked():
    assert {name: choose_srid(each, None, 9210) for name, each in FORMATS.items()} == {
        "gpkg": 9210, "shp": 9210, "geojson": 4326, "fgb": 9210, "csv": 9210, "parquet": 9210,
    }  # fmt: skip
    assert choose_srid(FORMATS["geojson"], 5899, 9210) == 5899
