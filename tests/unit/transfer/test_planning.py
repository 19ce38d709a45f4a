"""What is decided of a file before its rows are read, and what is asked back instead of guessed."""

import geopandas
import pytest
from shapely.geometry import LineString

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.catalogue.tables import build_tables
from gis_infra.errors import InvalidCrs, InvalidParameter
from gis_infra.settings import ROOT
from gis_infra.transfer.coordinates.systems import City
from gis_infra.transfer.planning import open_plan
from gis_infra.transfer.request import ImportRequest, Reading
from tests.sources import TM3_ESRI, write_shapefile
from tests.unit.transfer.text import corpus
from tests.unit.transfer.text.writing import write

CITY = City(9210, (106.30, 10.30, 107.60, 11.51))
LINE = LineString([(603000, 1191000), (603100, 1191100)])
SWAPPED = LineString([(1191000, 603000), (1191100, 603100)])
WRONG_DATUM = TM3_ESRI.format(name="TM3", datum="WGS_1984", meridian=105.75, scale=0.9999)


@pytest.fixture(scope="module")
def water_pipe():
    """The layer and its table."""
    catalogue = read_catalogue(ROOT / "layers")
    return catalogue.get_layer("water_pipe"), build_tables(catalogue, CITY.srid).get("water_pipe")


@pytest.fixture
def plan(water_pipe):
    """The plan for a file, read as `said`."""

    def plan(path, accept_outside=False, **said):
        layer, table = water_pipe
        reading = Reading(**said)
        request = ImportRequest(path, layer, table, CITY, reading=reading, owner="X", accept_outside=accept_outside)
        with open_plan(request) as found:
            return found

    return plan


def write_pipes(tmp_path, shape=LINE, columns=None, **more):
    columns = columns or {"MA_ONG": ["WP-1"], "DUONG": ["Nguyễn Huệ"]}
    return write_shapefile(tmp_path / "pipes.shp", columns, [shape] * len(next(iter(columns.values()))), **more)


@pytest.mark.parametrize(
    ("shape", "prj", "words"),
    [
        (LINE, None, "add --crs EPSG:9210, or --accept-guess"),
        (LINE, WRONG_DATUM, "226 m hang on it.*add --crs EPSG:9210, or --accept-guess"),
        (SWAPPED, None, "add --crs EPSG:9210 --swap-xy, or --accept-guess"),
        (SWAPPED, 9210, "add --crs EPSG:9210 --swap-xy, or --accept-guess"),
    ],
)
def test_a_guess_is_asked_back_with_its_words_and_taken_when_accepted(plan, tmp_path, shape, prj, words):
    path = write_pipes(tmp_path, shape, prj=prj)
    with pytest.raises(InvalidCrs, match=words):
        plan(path)
    accepted = plan(path, accept_guess=True)
    said = plan(path, crs="EPSG:9210", swap_xy=shape is SWAPPED)
    for each in (accepted, said):
        assert (each.srid, each.frame.swap_xy) == (9210, shape is SWAPPED)
    assert accepted.crs.reason.endswith("accepted as a guess")


def test_data_outside_the_city_needs_a_word(plan, tmp_path):
    path = write_pipes(tmp_path, prj=5899)
    with pytest.raises(InvalidCrs, match="not sure"):  # in the city as EPSG:9210
        plan(path)
    with pytest.raises(InvalidCrs, match=r"119\.6 km outside the city.*--accept-outside"):
        plan(path, crs="EPSG:5899")
    assert plan(path, crs="EPSG:5899", accept_outside=True).frame.extent is None


def test_text_in_doubt_is_asked_back_with_candidates_and_their_words(plan, tmp_path):
    path = write_pipes(tmp_path, columns={"MA_ONG": ["WP-1"], "TEN": ["nhà"]}, encoding="TCVN3", prj=9210)
    with pytest.raises(InvalidParameter, match=r"is not sure.*TCVN3 reads 'nhà': --encoding TCVN3"):
        plan(path)
    assert plan(path, encoding="tcvn3").text.encoding.name == "TCVN3"
    assert plan(path, encodings={"TEN": "TCVN3"}).text.get("TEN").name == "TCVN3"


def test_names_of_columns_are_read_by_the_encoding_of_the_text(plan, tmp_path):
    columns = {"Mã ống": ["WP-1"] * 3, "Đường": ["Nguyễn Huệ", "Trần Hưng Đạo", "Lê Lợi"]}
    found = plan(write_pipes(tmp_path, columns=columns, encoding="TCVN3", prj=9210))
    assert list(found.names.values()) == ["Mã ống", "Đường"]
    assert found.text.encoding.name == "TCVN3"


def test_tcvn3_hidden_in_a_geopackage_is_found(plan, tmp_path):
    wards = [write(text, "TCVN3") for text in corpus.WARDS]
    frame = geopandas.GeoDataFrame({"PHUONG": wards}, geometry=[LINE] * len(wards), crs=9210)
    frame.to_file(tmp_path / "pipes.gpkg")
    text = plan(tmp_path / "pipes.gpkg").text
    assert (text.encoding.name, text.is_certain) == ("UTF-8+TCVN3", True)


def test_a_geopackage_in_plain_unicode_needs_no_encoding(plan, tmp_path):
    frame = geopandas.GeoDataFrame({"PHUONG": corpus.WARDS}, geometry=[LINE] * len(corpus.WARDS), crs=9210)
    frame.to_file(tmp_path / "pipes.gpkg")
    assert plan(tmp_path / "pipes.gpkg").text is None
