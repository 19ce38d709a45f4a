"""The zip of a shapefile: its parts, its list of names, and what it refuses."""

import zipfile
from datetime import UTC, date, datetime

import pyogrio
import pytest
import shapely
from pyproj import CRS
from shapely.geometry import LineString, Point

from gis_infra.errors import InvalidParameter, OurError
from gis_infra.transfer.exporting import shapefile
from tests.exports import make_content

PARTS = {
    "fire_hydrant.shp",
    "fire_hydrant.shx",
    "fire_hydrant.dbf",
    "fire_hydrant.prj",
    "fire_hydrant.cpg",
    "NAMES.txt",
}


@pytest.fixture
def write(layers, tmp_path):
    """A function that writes rows and gives the zip and the notes."""

    def write(rows, layer="fire_hydrant", **more):
        path = tmp_path / "file.zip"
        notes = shapefile.write_shapefile(path, make_content(layers[layer], rows, **more))
        return zipfile.ZipFile(path), notes

    return write


def read(archive, tmp_path):
    archive.extractall(tmp_path)
    shp = next(name for name in archive.namelist() if name.endswith(".shp"))
    return pyogrio.read_arrow(tmp_path / shp)


def test_the_zip_holds_every_part_and_the_list_and_nothing_else_stays(write, tmp_path):
    archive, notes = write([{"asset_code": "Trụ 1", "geometry": Point(603000, 1191000)}])
    assert set(archive.namelist()) == PARTS and notes == ()
    assert archive.read("fire_hydrant.cpg") == b"UTF-8"
    assert [path.name for path in tmp_path.iterdir()] == ["file.zip"]


def test_the_prj_is_what_esri_writes(write):
    prj = write([{"geometry": Point(603000, 1191000)}])[0].read("fire_hydrant.prj").decode()
    assert 'GEOGCS["GCS_VN_2000",DATUM["D_Vietnam_2000"' in prj and "AUTHORITY" not in prj
    assert CRS.from_wkt(prj).to_epsg(min_confidence=60) == 9210


def test_values_of_every_type_come_back_and_null_stays_null(write, tmp_path):
    row = {
        "asset_code": "Trụ Đường số 1",
        "nominal_diameter_mm": 150,
        "flow_lps": 0.1,
        "in_service": True,
        "tested_on": date(2025, 1, 2),
        "created_at": datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
        "geometry": Point(1, 2),
    }
    names = [name for name in row if name != "geometry"]
    _, table = read(write([row, {"geometry": Point(1, 2)}], properties=names)[0], tmp_path)
    first, second = table.drop_columns(["wkb_geometry"]).to_pylist()
    assert first == {
        "nominal_di": 150,
        "flow_lps": 0.1,
        "tested_on": date(2025, 1, 2),
        "in_service": True,
        "asset_code": "Trụ Đường số 1",
        "created_at": "2025-01-02 03:04:05.000000Z",
    }
    assert set(second.values()) == {None}


def test_the_list_gives_each_short_name_its_attribute_and_title(write):
    archive, notes = write([], properties=("nominal_diameter_mm", "kind"))
    lines = archive.read("NAMES.txt").decode().split("\r\n")
    assert lines[0] == "column\tattribute\ttên\ttitle"
    assert lines[2] == "nominal_di\tnominal_diameter_mm\tĐường kính danh nghĩa\tNominal diameter"
    assert notes == ("1 names of columns are shortened to ten letters; NAMES.txt in the zip lists them",)
    assert notes[0] in lines


def test_flat_shapes_among_others_get_height_0_which_is_said(write, tmp_path):
    flat, high = LineString([(0, 0), (1, 1)]), LineString([(0, 0, 5), (1, 1, 6)])
    archive, notes = write([{"geometry": flat}, {"geometry": high}, {}], "water_pipe")
    _, table = read(archive, tmp_path)
    shapes = shapely.from_wkb(table["wkb_geometry"].to_pylist())
    assert [shapely.get_coordinates(each, include_z=True)[:, 2].tolist() for each in shapes[:2]] == [[0, 0], [5, 6]]
    assert shapes[2] is None
    assert notes == ("1 features have no heights; here they have height 0, which an import takes for none",)


def test_text_of_254_bytes_fits_and_longer_is_refused_with_where_it_is(write, tmp_path):
    fitting = "đ" * 127
    _, table = read(write([{"remarks": fitting}], properties=("remarks",))[0], tmp_path)
    assert table["remarks"].to_pylist() == [fitting]
    with pytest.raises(InvalidParameter) as caught:
        write([{"remarks": "đ" * 128}, {"remarks": "x" * 300}, {"remarks": "ok"}], properties=("remarks",))
    assert caught.value.message == (
        "a shapefile holds 254 bytes of text in a column, and longer are values of remarks (2, the longest 300); "
        "nothing is cut: take GeoPackage, or leave the attribute out with --properties"
    )


def test_a_number_too_large_for_a_dbf_is_refused(write):
    with pytest.raises(InvalidParameter) as caught:
        write([{"flow_lps": -1e300, "geometry": Point(1, 2)}], properties=("flow_lps",))
    assert "at most 15 digits, and larger are values of flow_lps (1e+300); take GeoPackage" in caught.value.message


@pytest.mark.parametrize("number", [999_999_999_999_999.0, -99_999_999_999.123, 0.123456789012345, -1e-9])
def test_a_number_that_fits_keeps_its_digits(write, tmp_path, number):
    rows = [{"flow_lps": number, "geometry": Point(1, 2)}]
    _, table = read(write(rows, properties=("flow_lps",))[0], tmp_path)
    assert table["flow_lps"].to_pylist() == pytest.approx([number], rel=1e-14, abs=1e-15)


@pytest.mark.parametrize(
    ("survey", "part"),
    [
        ({"shaped": 80_000_000}, r"\.shp of the shapefile would have 2\.2 GB"),
        ({"features": 10_000_000, "widths": {"asset_code": 254}}, r"\.dbf of the shapefile would have 2\.5 GB"),
    ],
)
def test_parts_beyond_2_gigabytes_are_refused_before_they_are_written(write, survey, part):
    with pytest.raises(InvalidParameter, match=part) as caught:
        write([], survey=survey)
    assert "take GeoPackage (.gpkg), or a part of the layer" in caught.value.message


@pytest.mark.parametrize("suffix", [".shp", ".shx", ".dbf"])
def test_a_part_whose_last_bytes_are_missing_is_told(write, tmp_path, suffix):
    write([{"asset_code": f"H{n}", "geometry": Point(n, n)} for n in range(3)])[0].extractall(tmp_path)
    shp = tmp_path / "fire_hydrant.shp"
    shapefile.require_whole(shp, 3)
    part = shp.with_suffix(suffix)
    part.write_bytes(part.read_bytes()[:-4])
    with pytest.raises(OurError, match=rf"the \{suffix} was not written whole: .* is the disk full"):
        shapefile.require_whole(shp, 3)


def test_the_sizes_foretold_are_those_of_the_parts_or_less(layers, write, tmp_path):
    lines = [{"asset_code": f"Ống {n}", "geometry": LineString([(n, n), (n, n + 1), (0, 0)])} for n in range(50)]
    for rows in (lines, [{**row, "geometry": shapely.force_3d(row["geometry"], 5)} for row in lines]):
        content = make_content(layers["water_pipe"], rows)
        names = {name: name for name in content.columns}
        foretold = shapefile.estimate_sizes(content, shapefile.describe(content, names))
        sizes = {
            name[-4:]: archive.getinfo(name).file_size
            for archive in [write(rows, "water_pipe")[0]]
            for name in archive.namelist()
        }
        assert all(0.8 * sizes[part] < foretold[part] <= sizes[part] for part in (".shp", ".dbf"))
