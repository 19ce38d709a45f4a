"""Opening a file: what is told of it, and what is refused in which words."""

import unicodedata

import geopandas
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from gis_infra.errors import InvalidParameter, InvalidSource
from gis_infra.transfer.sources.batches import read_batches
from gis_infra.transfer.sources.source import list_layers, open_source
from tests.sources import set_language_driver, write_shapefile


@pytest.fixture
def pipes(tmp_path):
    """Two lines with a text and a number, in EPSG:9210."""
    columns = {"TÊN": ["Ống 1", "Ống 2"], "DN": [100, 150]}
    shapes = [LineString([(603000, 1191000), (603010, 1191000)]), LineString([(603000, 1191005), (603010, 1191005)])]
    return write_shapefile(tmp_path / "pipes.shp", columns, shapes, encoding="CP1258", prj=9210)


def look(path, layer=None):
    """The description of a source, no longer open."""
    with open_source(path, layer) as source:
        return source


def test_a_shapefile_is_described(pipes):
    source = look(pipes)
    assert (source.driver, source.layer, source.count) == ("ESRI Shapefile", "pipes", 2)
    assert (source.geometry, source.has_z, source.has_text) == ("LineString", False, True)
    assert source.bounds == (603000, 1191000, 603010, 1191005)
    assert [(field.kind, field.is_text) for field in source.fields] == [("str", True), ("int", False)]
    assert source.wkt.startswith("PROJCS")


def test_columns_and_text_come_as_their_bytes(pipes):
    with open_source(pipes) as source:
        (batch,) = read_batches(source)
    assert batch.column(source.fields[0].name).to_pylist()[0].encode("latin-1") == b"\xd4\xecng 1"


def test_companions_are_found_in_any_case(pipes):
    for suffix in (".dbf", ".shx", ".prj"):
        pipes.with_suffix(suffix).rename(pipes.with_suffix(suffix.upper()))
    assert look(pipes).count == 2


def test_what_the_file_says_of_its_text_is_read(pipes):
    set_language_driver(pipes.with_suffix(".dbf"), 0x57)
    assert look(pipes).declared.by == "the .dbf's language driver 0x57"
    pipes.with_suffix(".cpg").write_text("UTF-8\n")
    assert look(pipes).declared.name == "UTF-8"


def test_a_prj_with_a_name_in_an_8_bit_encoding_does_no_harm(pipes):
    prj = pipes.with_suffix(".prj")
    prj.write_bytes(prj.read_bytes().replace(b"VN-2000", b"B\xcenh D\xad\xacng", 1))
    with open_source(pipes) as source:
        assert sum(batch.num_rows for batch in read_batches(source)) == 2
    assert source.wkt.startswith('PROJCS["B\ufffdnh D')


def truncate(path):
    path.write_bytes(path.read_bytes()[:60])


def cut(path):
    path.write_bytes(path.read_bytes()[:-30])


def empty(path):
    path.write_bytes(b"")


def remove(path):
    path.unlink()


def spoil(path):
    path.write_bytes(b"not a shapefile at all" * 10)


@pytest.mark.parametrize(
    ("suffix", "harm", "words"),
    [
        (".dbf", remove, "pipes.shp has no .dbf beside it, which holds the attributes"),
        (".dbf", empty, "pipes.dbf, which holds the attributes, is empty"),
        (".shp", empty, "pipes.shp is empty"),
        (".shp", truncate, "pipes.shp is not a shapefile"),
        (".shp", spoil, "pipes.shp is not a shapefile"),
        (".shp", cut, "pipes.shp is cut off: it says [0-9]+ bytes and holds [0-9]+"),
        (".shp", remove, "there is no file"),
        (".dbf", spoil, "pipes.dbf is not the attributes of a shapefile"),
        (".dbf", truncate, "pipes.dbf is cut off: it says 2 rows"),
        (".dbf", cut, "pipes.dbf is cut off: it says 2 rows of [0-9]+ bytes and holds less"),
    ],
)
def test_a_shapefile_that_is_not_whole_is_refused(pipes, suffix, harm, words):
    harm(pipes.with_suffix(suffix))
    with pytest.raises(InvalidSource, match=words), open_source(pipes) as source:
        list(read_batches(source))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.dbf", b"x", r"x.dbf is only a part of what is read; name x.shp"),
        ("x.dwg", b"x", r"x.dwg is not read here; allowed: a folder, .shp, .gpkg, .geojson, .*; save it as DXF"),
        ("x.zip", b"x", r"x.zip is not a zip archive, or its end is missing"),
        ("x.geojson", b"{}", r"x.geojson cannot be read"),
        ("x.gpkg", b"nothing", r"x.gpkg cannot be read"),
    ],
)
def test_what_is_no_source_is_refused(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidSource, match=words):
        look(tmp_path / name)


def test_a_folder_without_a_source_says_what_is_read(tmp_path):
    (tmp_path / "plan.dwg").write_bytes(b"x")
    with pytest.raises(
        InvalidSource, match=r"holds no layer; read here: \.shp, .*; left out: plan.dwg: .dwg is not read"
    ):
        look(tmp_path)


@pytest.mark.parametrize(("there", "named"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_a_name_in_letters_that_only_look_the_same_is_told(tmp_path, there, named):
    (tmp_path / unicodedata.normalize(there, "trụ chữa cháy.geojson")).write_bytes(b"{}")
    with pytest.raises(InvalidSource, match=r"there is no file .*; one whose letters only look the same is there"):
        list_layers(tmp_path / unicodedata.normalize(named, "trụ chữa cháy.geojson"))


def test_of_several_layers_one_must_be_named(tmp_path):
    path = tmp_path / "two.gpkg"
    for name in ("a", "b"):
        geopandas.GeoDataFrame({"n": [1]}, geometry=[Point(1, 2)], crs=4326).to_file(path, layer=name, driver="GPKG")
    with pytest.raises(InvalidParameter, match="holds 2 layers, name one with --source-layer: a, b"):
        look(path)
    with pytest.raises(InvalidParameter, match="has no layer 'c'; it has a, b"):
        look(path, "c")
    assert look(path, "b").layer == "b"
    assert look(path, "b").declared is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([".shp", ".shx", ".dbf", ".prj"]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=6),
    st.none() | st.integers(0, 400),
)
def test_spoilt_bytes_are_read_or_refused_but_never_a_fault_of_ours(pipes, suffix, flips, cut_at):
    part = pipes.with_suffix(suffix)
    before = part.read_bytes()
    spoilt = bytearray(before[:cut_at])
    for place, byte in flips:
        if place < len(spoilt):
            spoilt[place] = byte
    part.write_bytes(spoilt)
    try:
        with open_source(pipes) as source:
            assert sum(batch.num_rows for batch in read_batches(source)) >= 0
    except InvalidSource as error:
        assert pipes.stem in error.message
    finally:
        part.write_bytes(before)
